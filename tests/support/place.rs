//! Where the commands of README.md and `docs/` run: an empty folder, the binary, and a fake LaunchDarkly.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use fake_launchdarkly::account::Token;
use fake_launchdarkly::{Behaviour, Server, company};
use flaglake::launchdarkly::token::VARIABLES;
use tempfile::TempDir;

use crate::support::page::Block;
use crate::support::python;
use crate::support::schedule::understand;
use crate::support::{Ended, NO_DEMO_PAST, binary, ended, lake};
use crate::support::{docker, packages};

/// The token that README.md exports; the fake LaunchDarkly knows it.
pub const TOKEN: &str = "api-your-token";
/// The extraction whose files `docs/outputs.md` shows.
const EXTRACTION: &str = "x20261120T020000Z";
/// The account whose files `docs/outputs.md` shows.
const ACCOUNT: &str = "account_id=5a1d3f8e2c9b4a7d6e0f1b2c";
/// An instance that is named beats `LD_BASE_URI`; an address beats both. Nothing leaves this
/// machine.
const WRAPPER: &str = "#!/bin/sh
case \" $* \" in *\" --instance \"*) set -- \"$@\" --base-uri \"$LD_BASE_URI\" ;; esac
exec \"$BINARY\" \"$@\"
";

/// A fake LaunchDarkly, and a folder with `flaglake` for the `PATH`.
pub struct Place {
    server: Server,
    programs: TempDir,
    /// The configuration file that a page shows, for the commands after it.
    configuration: RefCell<Option<String>>,
}

impl Place {
    pub fn new() -> Self {
        let account = company::account(jiff::Timestamp::now().as_millisecond());
        let account = account.with_token(Token::new(TOKEN, "nightly extraction"));
        let programs = TempDir::new().unwrap();
        let wrapper = programs.path().join("flaglake");
        fs::write(&wrapper, WRAPPER).unwrap();
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
        let server = Server::spawn(account, Behaviour::default()).unwrap();
        Place { server, programs, configuration: RefCell::default() }
    }

    /// The address of the fake LaunchDarkly.
    pub fn base_uri(&self) -> String {
        self.server.base_uri()
    }

    /// Keeps the configuration file of a page for its commands.
    pub fn configure(&self, text: Option<String>) {
        self.configuration.replace(text);
    }

    /// Runs a block in a folder with nothing but the page's configuration file; `None` where what it needs is not installed, or where a
    /// script of `tests/program/recipes.rs` runs it.
    pub fn run_commands(&self, block: &Block, fails: bool) -> Option<Ended> {
        if is_recipe(block) || docker::check(block) {
            return None;
        }
        if let Some(ran) = packages::run(block) {
            return ran;
        }
        let script: Vec<_> = block.body.lines().filter_map(runnable).collect();
        let script = script.join("\n");
        let joined = script.replace("\\\n", "");
        let commands = joined.lines().filter_map(|line| line.strip_prefix("flaglake "));
        commands.for_each(|command| understand(command, block));
        let folder = TempDir::new().unwrap();
        if let Some(text) = &*self.configuration.borrow() {
            fs::write(folder.path().join("flaglake.toml"), text).unwrap();
        }
        let mut command = self.command("sh", folder.path());
        let bucket = match bucket_name(&block.body) {
            Some(name) => Some(Bucket::start(name)?),
            None => None,
        };
        // README shows what a first run of the demo prints.
        if !block.body.starts_with("cargo run -- extract --demo") {
            command.env(NO_DEMO_PAST.0, NO_DEMO_PAST.1);
        }
        if block.body.contains("--demo") {
            command.env_remove(VARIABLES[0]).env_remove("LD_BASE_URI");
        }
        if let Some(bucket) = &bucket {
            command.env("AWS_ENDPOINT_URL", &bucket.address);
            command.env("AWS_ACCESS_KEY_ID", "fake").env("AWS_SECRET_ACCESS_KEY", "fake");
        }
        let ended = ended(command.args(["-euc", &script]).output().unwrap());
        assert_eq!(ended.status != 0, fails, "{block}: {ended:?}");
        Some(ended)
    }

    /// Runs a block beside a database, two Parquet extractions and Delta tables; `None` where it needs
    /// what is not installed.
    pub fn run_python(&self, block: &Block) -> Option<Ended> {
        let folder = TempDir::new().unwrap();
        let imports = block.body.lines().filter_map(|line| line.strip_prefix("import "));
        if !python::has(&imports.collect::<Vec<_>>()) {
            return None;
        }
        for output in ["launchdarkly.db", "parquet:lake", "parquet:lake"] {
            extract(folder.path(), output);
        }
        if block.body.contains("delta") {
            extract(folder.path(), "delta:tables");
        }
        let mut command = self.command("python3", folder.path());
        let extensions = [("(TYPE sqlite", "sqlite_scanner"), ("delta_scan(", "delta")];
        for (_, extension) in extensions.iter().filter(|(sign, _)| block.body.contains(sign)) {
            let home = python::home_with_duckdb_extension(folder.path(), extension)?;
            command.env("HOME", home);
        }
        Some(ended(command.args(["-c", &block.body]).output().unwrap()).succeeded())
    }

    /// Every path that a block shows is there after an extraction.
    pub fn look_for_files(&self, block: &Block) {
        let folder = TempDir::new().unwrap();
        extract(folder.path(), "parquet:lake");
        let lake = folder.path().join("lake");
        let (account, id) = (lake::account(&lake), lake::newest(&lake));
        let actual = |line: &str| line.trim().replace(EXTRACTION, &id).replace(ACCOUNT, &account);
        let mut lines = block.body.lines().map(actual);
        let root = folder.path().join(lines.next().unwrap());
        for path in lines {
            assert!(root.join(&path).exists(), "{block}: there is no `{path}`");
        }
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let path = env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command.current_dir(folder).env_clear().stdin(Stdio::null());
        command.env("HOME", env::var_os("HOME").unwrap_or_default());
        command.env("PATH", format!("{}:{path}", self.programs.path().display()));
        command.env("BINARY", env!("CARGO_BIN_EXE_flaglake"));
        command.env("LD_BASE_URI", self.server.base_uri()).env(VARIABLES[0], TOKEN);
        command
    }
}

/// A line as this test runs it: cargo has built the binary, and is running the tests.
fn runnable(line: &str) -> Option<String> {
    match line.strip_prefix("cargo run -- ") {
        Some(arguments) => Some(format!("flaglake {arguments}")),
        None => (!line.starts_with("cargo ")).then(|| line.to_owned()),
    }
}

fn extract(folder: &Path, output: &str) {
    let arguments = ["extract", "--demo", "--output", output];
    ended(binary(folder).args(arguments).output().unwrap()).succeeded();
}

/// The scripts that `tests/program/recipes.rs` runs, by the program that they are about.
const RECIPES: [(&str, &str); 3] = [
    ("dbt build", include_str!("../recipes/dbt.sh")),
    ("datasette ", include_str!("../recipes/datasette.sh")),
    ("spark-submit ", include_str!("../recipes/spark.sh")),
];

/// Whether a block is run by a script of `tests/program/recipes.rs`, which then has all of its
/// lines.
fn is_recipe(block: &Block) -> bool {
    let is_about = |program: &str| block.body.lines().any(|line| line.starts_with(program));
    let Some((_, script)) = RECIPES.iter().find(|(program, _)| is_about(program)) else {
        return false;
    };
    let mut steps = script.lines();
    for line in block.body.lines() {
        let found = steps.any(|step| step.starts_with(line));
        assert!(found, "{block}: no script has the line `{line}`, in this order");
    }
    true
}

/// The lines of `block` are in the output, in their order. `…` stands for anything.
pub fn compare_output(ran: Option<&Ended>, block: &Block) {
    let Some(ended) = ran else { return };
    let output = format!("{}{}", ended.stdout, ended.stderr);
    let mut lines = output.lines();
    for shown in block.body.lines().filter(|line| *line != "…") {
        let found = lines.any(|line| is_alike(shown, line));
        assert!(found, "{block}: the output has no line\n{shown}\nwhere it should:\n{output}");
    }
}

/// Whether `line` is `shown`, but for what `…` stands for and how long something took.
fn is_alike(shown: &str, line: &str) -> bool {
    let without_times = |text: &str| {
        let is_time = |word: &&str| word.contains('.') && word.parse::<f64>().is_ok();
        let words = text.trim_end().split(' ').map(|word| if is_time(&word) { "?" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    let (shown, line) = (without_times(shown), without_times(line));
    match shown.split_once('…') {
        Some((start, end)) => line.starts_with(start) && line.ends_with(end),
        None => line == shown,
    }
}

/// The last line of standard error is the error in `block`, and the exit status is its own.
pub fn compare_error(ran: Option<&Ended>, block: &Block) {
    let ended = ran.expect("a command before it");
    let last = ended.stderr.lines().last().unwrap_or_default();
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect(text);
    assert_eq!(parse(last), parse(&block.body), "{block}");
    assert_eq!(parse(last)["exit_status"], ended.status, "{block}");
}

fn bucket_name(script: &str) -> Option<&str> {
    script.split_once("s3://")?.1.split(['/', ' ', '\n']).next()
}

/// An S3 emulator with one bucket.
struct Bucket {
    process: Child,
    address: String,
}

impl Bucket {
    /// `None` where the emulator is not installed.
    fn start(name: &str) -> Option<Self> {
        if !python::has(&["moto.server", "boto3"]) {
            return None;
        }
        let mut script = python::script(include_str!("../python/serve_s3.py"));
        // It ends with its standard input.
        script.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = script.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Some(Bucket { process, address: address.trim().to_owned() })
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
