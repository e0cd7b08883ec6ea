//! The built program, which a tracer (Debian's package `strace`) kills while it publishes its
//! second extraction, before a given step. After each kill, real readers open all tables, and the
//! next run completes what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::captured::ACCOUNT;
use super::kills::{accumulates, assert_at_one_extraction, assert_sound};
use super::log::{self, Objects};
use super::memory::export;
use super::real_readers::{Readers, by_logs};
use super::tables::{OUTPUT, account};
use crate::support::{Run, lake, program};

const SIGKILL: i32 = 9;

/// Tables of each kind, in a time that a test may take.
const RESOURCES: &str = "projects,environments,teams,audit_log";

/// The calls that make a step of publishing visible, and those that remove something.
const CALLS: [&str; 5] = ["rename", "renameat", "renameat2", "unlink", "unlinkat"];

/// A call of a run that is watched.
#[derive(Debug)]
struct Step {
    call: String,
    /// Which one it is of the calls with its name that its thread makes, from 1.
    number: usize,
    /// The call as the tracer shows it, with the names of files.
    text: String,
}

/// The program under a tracer; `None` where that is not installed, or may not trace.
fn traced(run: &Run, options: &[&str]) -> Option<Command> {
    let mut tracer = program("strace")?;
    tracer.args(["-f", "-qq", "-s", "4096"]).args(options);
    let program = command(run);
    tracer.arg(program.get_program()).args(program.get_args());
    tracer.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    tracer.current_dir(program.get_current_dir().unwrap());
    tracer.stdout(Stdio::null()).stderr(Stdio::null());
    Some(tracer)
}

/// The steps of a trace whose files are in the lake.
fn steps(trace: &str) -> Vec<Step> {
    let mut numbers = BTreeMap::new();
    let mut steps = Vec::new();
    for line in trace.lines() {
        let Some((thread, text)) = line.split_once(' ') else { continue };
        let Some((call, _)) = text.trim_start().split_once('(') else { continue };
        let number = numbers.entry((thread.to_owned(), call.to_owned())).or_insert(0);
        *number += 1;
        let step = Step { call: call.to_owned(), number: *number, text: text.to_owned() };
        if step.text.contains("lake/") && !step.text.contains(".flaglake") {
            steps.push(step);
        }
    }
    steps
}

fn command(run: &Run) -> Command {
    let mut command = run.command(&["extract", "--quiet", OUTPUT[0], OUTPUT[1]]);
    command.env("FLAGLAKE_RESOURCES", RESOURCES);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[track_caller]
fn publish(run: &Run) {
    assert!(command(run).status().unwrap().success());
}

/// A lake with one extraction, and an account that has changed since.
struct Changed {
    run: Run,
    root: PathBuf,
    first: Objects,
    first_id: String,
}

impl Changed {
    fn new() -> Self {
        let run = account();
        run.server.change(|account| account.account_id = ACCOUNT.into());
        name(&run, "one");
        publish(&run);
        let root = run.path("lake");
        let (first, first_id) = (log::objects(&root), lake::newest(&root));
        name(&run, "two");
        Changed { run, root, first, first_id }
    }

    /// Goes back to the lake with one extraction.
    fn reset(&self) {
        fs::remove_dir_all(&self.root).unwrap();
        export(&self.first, &self.root);
    }

    /// Runs to the end; returns the steps.
    fn watch(&self) -> Option<Vec<Step>> {
        self.reset();
        let (calls, trace) = (format!("trace={}", CALLS.join(",")), self.run.path("trace"));
        let mut run = traced(&self.run, &["-e", &calls, "-o", trace.to_str().unwrap()])?;
        assert!(run.status().unwrap().success());
        Some(steps(&fs::read_to_string(trace).unwrap()))
    }

    /// Runs, and kills the run just before a step.
    #[track_caller]
    fn kill(&self, Step { call, number, .. }: &Step) {
        self.reset();
        let kill = format!("inject={call}:signal=SIGKILL:when={number}");
        let mut run = traced(&self.run, &["-e", &format!("trace={call}"), "-e", &kill]).unwrap();
        assert_eq!(run.status().unwrap().signal(), Some(SIGKILL), "{call} {number}");
    }

    /// Every project has the name of its extraction.
    #[track_caller]
    fn assert_names(&self, objects: &Objects) {
        for live in log::table(objects, "projects").newest() {
            let rows = lake::rows(&self.root.join(&live.file)).join("\n");
            let (name, other) =
                if live.extraction == self.first_id { ("one", "two") } else { ("two", "one") };
            assert!(rows.contains(&format!("\"name {name}\"")), "{rows}");
            assert!(!rows.contains(&format!("\"name {other}\"")), "{rows}");
        }
    }
}

/// Names all projects.
fn name(run: &Run, name: &str) {
    run.server.change(|account| {
        account.projects.iter_mut().for_each(|project| project.name = format!("name {name}"));
    });
}

/// The rows of each table that does not tell of the runs.
fn rows(root: &Path, objects: &Objects) -> BTreeMap<String, Vec<String>> {
    let tables = log::tables(objects).into_iter().filter(|(name, _)| !lake::tells_time(name));
    let rows = |table: log::Table| {
        let files = table.newest().iter().flat_map(|live| lake::rows(&root.join(&live.file)));
        let mut rows: Vec<_> = files.collect();
        rows.sort();
        rows
    };
    tables.map(|(name, table)| (name, rows(table))).collect()
}

/// No file is left of which no manifest and no log tells.
#[track_caller]
fn assert_no_remains(root: &Path) {
    let complete = lake::complete(root, &lake::account(root));
    for (_, partition) in lake::files(root).into_keys() {
        let (_, id) = partition.split_once("extraction_id=").unwrap();
        assert!(complete.contains(id), "{partition}");
    }
    let begun = log::objects(root).into_keys().filter(|name| name.ends_with(".new"));
    assert_eq!(begun.collect::<Vec<_>>(), Vec::<String>::new());
}

/// Kills a run before each of the steps that `choose` selects.
fn survives(choose: impl Fn(Vec<Step>) -> Vec<Step>) {
    let Some(mut readers) = Readers::start() else { return };
    let lake = Changed::new();
    let Some(steps) = lake.watch() else { return };
    let expected = rows(&lake.root, &log::objects(&lake.root));
    let (mut before, mut between, mut after) = (0, 0, 0);
    for step in choose(steps) {
        lake.kill(&step);
        let killed = log::objects(&lake.root);
        assert_sound(&killed);
        lake.assert_names(&killed);
        let found = by_logs(&killed);
        let newest = readers.check(&lake.root, &found);
        let is_snapshot = |name: &str| !lake::tells_time(name) && !accumulates(name);
        let snapshots = found.iter().filter(|(name, _)| is_snapshot(name));
        let ids: BTreeSet<_> = snapshots.flat_map(|(_, rows)| rows.keys()).collect();
        between += usize::from(ids.len() > 1);
        before += usize::from(ids.iter().eq([&&lake.first_id]));
        after += usize::from(newest != [lake.first_id.as_str()]);
        publish(&lake.run);
        let mended = log::objects(&lake.root);
        assert_at_one_extraction(&mended);
        assert_no_remains(&lake.root);
        assert_eq!(rows(&lake.root, &mended), expected, "{step:?}");
    }
    let mended = log::objects(&lake.root);
    readers.check(&lake.root, &by_logs(&mended));
    assert!(before > 0 && between > 0 && after > 0, "{before} {between} {after}");
}

/// A step in whose call is `part`.
#[track_caller]
fn find(steps: &mut Vec<Step>, part: &str) -> Step {
    let at = steps.iter().position(|step| step.text.contains(part));
    steps.remove(at.unwrap_or_else(|| panic!("no step has `{part}`: {steps:?}")))
}

#[test]
fn real_readers_find_whole_tables_after_a_kill_and_the_next_run_completes_them() {
    survives(|mut steps| {
        // The manifest makes the extraction count; then tables are committed, the newest extraction
        // last, and programs are pointed to it.
        let parts =
            ["/_extractions/", "/environments/_delta_log/", "/latest_extraction/_delta_log/"];
        let mut chosen: Vec<_> = parts.iter().map(|part| find(&mut steps, part)).collect();
        chosen.push(find(&mut steps, "/_latest/"));
        chosen
    });
}

#[test]
#[ignore = "long: a kill before every step"]
fn real_readers_find_whole_tables_after_a_kill_before_every_step() {
    survives(|steps| steps);
}
