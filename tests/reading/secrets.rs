//! The token, SDK keys, mobile keys and `_pubnub` reach nothing that is written.

use std::fs;
use std::path::Path;

use crate::support::{Ended, Run};
use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::{Answer, Behaviour, Scripted, company};

const NOW: i64 = 1_790_000_000_000;

/// Every secret of the account, as the server sends it in clear.
fn secrets(run: &Run) -> Vec<String> {
    let mut secrets = vec![DEMO_TOKEN.to_owned()];
    run.server.read(|account| {
        for environment in account.projects.iter().flat_map(|project| &project.environments) {
            secrets.extend([environment.api_key.clone(), environment.mobile_key.clone()]);
            secrets.push(environment.cipher_key.clone());
        }
    });
    assert!(secrets.len() > 40);
    secrets
}

/// Looks for secrets, and for anything that looks like one, below `folder`.
fn assert_clean_files(folder: &Path, secrets: &[String]) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            assert_clean_files(&entry.path(), secrets);
            continue;
        }
        // A killed run's stage may be half-written; its bytes are looked at all the same.
        assert_clean(
            &fs::read(entry.path()).unwrap(),
            secrets,
            &entry.path().display().to_string(),
        );
    }
}

fn assert_clean(bytes: &[u8], secrets: &[String], place: &str) {
    let text = String::from_utf8_lossy(bytes);
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "{secret} is in {place}");
    }
    for shape in ["sdk-fake", "mob-fake", "fake-cipher-key", "fake-secret"] {
        assert!(!text.contains(shape), "{shape} is in {place}");
    }
}

fn assert_clean_messages(ended: &Ended, secrets: &[String]) {
    assert_clean(ended.stdout.as_bytes(), secrets, "standard output");
    assert_clean(ended.stderr.as_bytes(), secrets, "standard error");
}

#[test]
fn no_secret_reaches_the_outputs_or_the_log_at_trace_level() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    let secrets = secrets(&run);
    for output in ["sqlite:launchdarkly.db", "parquet:lake"] {
        for format in ["text", "json"] {
            let log = ["--resources", "all", "-vv", "--log-format", format];
            let ended = run.extract(&[&["--output", output], &log[..]].concat());
            assert!(ended.stderr.contains("api/v2/flags"), "the log is at trace level");
            assert_clean_messages(&ended, &secrets);
        }
    }
    assert_clean_files(run.folder.path(), &secrets);
}

#[test]
fn no_secret_reaches_the_stage_of_a_run_that_dies() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    let secrets = secrets(&run);
    // The last list never comes, so that the stage is as full as it gets when the run is killed.
    let hang = Answer::Delay(std::time::Duration::from_secs(600));
    run.server.behave(|behaviour| {
        behaviour.script =
            vec![Scripted::once("/api/v2/flag-statuses/internal-tools", hang).times(99)]
    });
    let mut child = run
        .command(&["extract", "--resources", "all"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while run.requests("/flag-statuses/internal-tools") == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was stuck");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(run.path(".launchdarkly.db.stage").exists());
    assert_clean_files(run.folder.path(), &secrets);
}

#[test]
fn no_secret_reaches_an_error() {
    let leaky = [
        Answer::json(
            400,
            format!(r#"{{"code":"x","message":"token {DEMO_TOKEN} and sdk-fake-1"}}"#),
        ),
        Answer::json(200, r#"{"items":[{"key":"web","tags":"sdk-fake-1"}],"_links":{}}"#),
        Answer::json(200, r#"{"items":"mob-fake-2"}"#),
        Answer::raw(200, "text/html", "<p>sdk-fake-1 mob-fake-2</p>"),
        Answer::json(500, r#"{"message":"sdk-fake-1"}"#),
    ];
    for answer in leaky {
        let script = vec![Scripted::once("/api/v2/projects", answer).times(99)];
        let run = Run::new(company::account(NOW), Behaviour { script, ..Behaviour::default() });
        let secrets = secrets(&run);
        let ended = run.run(&["extract", "--retries", "0", "-vv", "--error-format", "json"]);
        assert_ne!(ended.status, 0);
        assert_clean_messages(&ended, &secrets);
    }
}

#[test]
fn the_token_is_not_an_argument() {
    let run = Run::new(company::account(NOW), Behaviour::default());
    let help = run.run(&["extract", "--help"]).stdout;
    assert!(!help.contains(DEMO_TOKEN));
    let given = run.run(&["extract", "--access-token", DEMO_TOKEN]);
    assert_eq!(given.status, 2);
}
