//! The question on a terminal.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Stdio};

use super::*;
use crate::support::ended;

/// A command on a terminal.
struct Talk {
    child: Child,
    terminal: File,
    shown: String,
}

impl Talk {
    fn start(run: &Run, command: &str) -> Self {
        Talk::start_after(run, command, b"")
    }

    /// Starts a command after `typed` was typed.
    fn start_after(run: &Run, command: &str, typed: &[u8]) -> Self {
        let terminal = nix::pty::openpty(None, None).unwrap();
        let mut master = File::from(terminal.master);
        master.write_all(typed).unwrap();
        let words: Vec<_> = command.split(' ').collect();
        let mut command = run.command(&words);
        command.stdin(terminal.slave.try_clone().unwrap()).stderr(terminal.slave);
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        Talk { child, terminal: master, shown: String::new() }
    }

    /// Reads what is shown, up to `text`.
    fn wait_for(&mut self, text: &str) {
        let mut bytes = [0; 4096];
        while !self.shown.contains(text) {
            let count = self.terminal.read(&mut bytes).unwrap_or(0);
            assert!(count > 0, "no `{text}` in {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }

    fn answer(mut self, prompt: &str, answer: &str) -> Ended {
        self.wait_for(prompt);
        self.terminal.write_all(format!("{answer}\n").as_bytes()).unwrap();
        self.end()
    }

    /// What the command has written until its end; the terminal's part is the error output.
    fn end(mut self) -> Ended {
        let reader = std::thread::spawn(move || {
            let mut rest = Vec::new();
            // The end of a terminal is an error.
            let _ = self.terminal.read_to_end(&mut rest);
            rest
        });
        let mut ended = ended(self.child.wait_with_output().unwrap());
        let rest = reader.join().unwrap();
        ended.stderr = format!("{}{}", self.shown, String::from_utf8_lossy(&rest));
        ended
    }
}

const PLAIN: &str = "flags on beta --project web --environment test";
const CRITICAL: &str = "flags on beta --project web --environment production";
const YES_OR_NO: &str = "[y/N] ";
const KEY: &str = "to confirm: ";

#[test]
fn yes_makes_the_change_and_no_does_not() {
    let run = run();
    let no = Talk::start(&run, PLAIN).answer(YES_OR_NO, "n");
    assert_eq!((no.status, writes(&run)), (10, vec![]), "{no:?}");
    let yes = Talk::start(&run, PLAIN).answer(YES_OR_NO, "y").succeeded();
    assert!(yes.stderr.contains("off: everybody gets `false`"), "{}", yes.stderr);
    assert!(yes.stdout.contains("on: everybody gets `true`"), "{}", yes.stdout);
    assert_eq!(writes(&run), [PATCH]);
}

#[test]
fn a_critical_environment_wants_its_key_typed() {
    let run = run();
    for answer in ["y", "yes", "Production", ""] {
        let ended = Talk::start(&run, CRITICAL).answer(KEY, answer);
        assert_eq!((ended.status, writes(&run)), (10, vec![]), "{answer}: {ended:?}");
    }
    Talk::start(&run, CRITICAL).answer(KEY, "production").succeeded();
    assert!(is_on(&run, "production"));
}

#[test]
fn so_does_an_environment_that_confirms_changes() {
    let run = run();
    run.server.change(|account| {
        account.project_mut("web").unwrap().environments[0].confirm_changes = true;
    });
    assert_eq!(Talk::start(&run, PLAIN).answer(KEY, "y").status, 10);
    Talk::start(&run, PLAIN).answer(KEY, "test").succeeded();
    assert_eq!(writes(&run), [PATCH]);
}

#[test]
fn an_interrupt_at_the_question_changes_nothing() {
    let run = run();
    let mut talk = Talk::start(&run, PLAIN);
    talk.wait_for(YES_OR_NO);
    let child = rustix::process::Pid::from_child(&talk.child);
    rustix::process::kill_process(child, rustix::process::Signal::INT).unwrap();
    let ended = talk.end();
    assert_eq!((ended.status, writes(&run)), (130, vec![]), "{ended:?}");
    assert!(ended.stderr.contains("nothing was changed"), "{}", ended.stderr);
}

#[test]
fn the_end_of_input_is_a_no() {
    let run = run();
    let mut talk = Talk::start(&run, PLAIN);
    talk.wait_for(YES_OR_NO);
    // Control-D.
    talk.terminal.write_all(&[4]).unwrap();
    assert_eq!((talk.end().status, writes(&run)), (10, vec![]));
}

#[test]
fn a_flag_in_use_wants_its_key_typed() {
    let run = run();
    let command = "flags archive beta --project web --comment gone";
    assert_eq!(Talk::start(&run, command).answer(KEY, "y").status, 10);
    let ended = Talk::start(&run, command).answer(KEY, "beta").succeeded();
    assert!(ended.stderr.contains("needs-beta"), "{}", ended.stderr);
    assert_eq!(writes(&run), [PATCH]);
}

#[test]
fn withdrawing_asks_on_a_terminal() {
    let run = run();
    let asked = "flags on beta --project web --environment guarded --request-approval";
    let asked = json(&run, asked, &[]);
    let command = format!("approvals withdraw {}", asked["approval_request_id"].as_str().unwrap());
    assert_eq!(Talk::start(&run, &command).answer(YES_OR_NO, "n").status, 10);
    assert_eq!(requests(&run).len(), 1);
    Talk::start(&run, &command).answer(YES_OR_NO, "y").succeeded();
    assert_eq!(requests(&run).len(), 0);
}

#[test]
fn a_flag_that_changes_while_the_question_is_shown_is_a_conflict() {
    let run = run();
    for (command, prompt, answer) in [
        (PLAIN, YES_OR_NO, "y\n"),
        ("flags archive beta --project web --comment gone", KEY, "beta\n"),
    ] {
        let mut talk = Talk::start(&run, command);
        talk.wait_for(prompt);
        run.server.change(|account| {
            let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
            flag.version += 1;
            let mut state = flag.environment("test").into_owned();
            state.config.version += 1;
            flag.environments.insert("test".to_owned(), state);
        });
        talk.terminal.write_all(answer.as_bytes()).unwrap();
        let ended = talk.end();
        assert_eq!((ended.status, writes(&run)), (13, vec![]), "{ended:?}");
        assert!(ended.stderr.contains("nothing was changed"), "{}", ended.stderr);
    }
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let run = run();
    let mut talk = Talk::start_after(&run, PLAIN, b"y\n");
    talk.wait_for(YES_OR_NO);
    talk.terminal.write_all(b"n\n").unwrap();
    assert_eq!((talk.end().status, writes(&run)), (10, vec![]));
}

#[test]
fn a_request_without_an_environment_wants_its_id_typed() {
    for resource in [Value::Null, "proj/web:aiconfig/beta".into()] {
        let (run, id) = asked("guarded", true);
        change_request(&run, |request| request["resourceId"] = resource);
        let command = format!("approvals apply {id}");
        for answer in ["", " ", "y"] {
            let ended = Talk::start(&run, &command).answer(KEY, answer);
            assert_eq!((ended.status, writes(&run)), (10, vec![]), "{answer}: {ended:?}");
        }
        let mut talk = Talk::start(&run, &command);
        talk.wait_for("Type the ID of the approval request to confirm: ");
        talk.terminal.write_all(&[4]).unwrap();
        assert_eq!((talk.end().status, writes(&run)), (10, vec![]));
        // The fake account knows no such request; what counts is that it is sent.
        Talk::start(&run, &command).answer(KEY, &id);
        assert_eq!(writes(&run).len(), 1);
    }
}

#[test]
fn a_change_that_somebody_else_has_made_is_not_made_again() {
    let run = run();
    let mut talk = Talk::start(&run, PLAIN);
    talk.wait_for(YES_OR_NO);
    run.server.change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
        let mut state = flag.environment("test").into_owned();
        (state.config.on, state.config.version) = (true, state.config.version + 1);
        flag.environments.insert("test".to_owned(), state);
    });
    talk.terminal.write_all(b"y\n").unwrap();
    let ended = talk.end().succeeded();
    assert!(ended.stdout.starts_with("unchanged"), "{}", ended.stdout);
    assert_eq!(writes(&run), [""; 0]);
}
