//! The wheel and the archive that `.ci/package` makes of the program under test, and what installs
//! them.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::support::page::Block;
use crate::support::{Ended, ended, program};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What the name of a wheel and of an archive starts with.
pub const NAME: &str = concat!("flaglake-", env!("CARGO_PKG_VERSION"));
/// The programs that install a wheel.
const INSTALLERS: [&str; 3] = ["pip", "pipx", "uv"];

/// A folder with the wheel and the archive; `None` with a message where maturin is not installed.
///
/// They are made once, and stay there until the next run of the tests.
pub fn folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOLDER.get_or_init(|| program("maturin").map(build)).as_deref()
}

/// The archive; it has the name that `docs/install.md` shows.
pub fn archive() -> String {
    format!("{NAME}-x86_64-unknown-linux-gnu.tar.gz")
}

fn build(maturin: Command) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(format!("{ROOT}/.ci/package"));
    command.arg(&folder).args(["x86_64-unknown-linux-gnu", "--profile", "dev"]);
    for (name, value) in maturin.get_envs() {
        command.env(name, value.unwrap());
    }
    // `tests/packages/cargo` hands out the program under test instead of building it once more.
    command.env("CARGO", format!("{ROOT}/tests/packages/cargo"));
    command.env("FLAGLAKE_BINARY", stripped(&folder));
    ended(command.output().unwrap()).succeeded();
    folder
}

/// The program without debug information, which makes half of its size, as what is distributed has
/// none.
fn stripped(folder: &Path) -> PathBuf {
    let (from, to) = (env!("CARGO_BIN_EXE_flaglake"), folder.join("program/flaglake"));
    fs::create_dir(folder.join("program")).unwrap();
    let strip = program("strip").map(|mut strip| strip.arg("-o").arg(&to).arg(from).status());
    if !strip.is_some_and(|status| status.unwrap().success()) {
        fs::copy(from, &to).unwrap();
    }
    to
}

/// A Python environment without a package, in a folder of its own.
pub fn environment() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut python = program("python3").unwrap();
    python.args(["-m", "venv", "--without-pip"]).arg(folder.path());
    ended(python.output().unwrap()).succeeded();
    folder
}

/// Runs a block that installs flaglake as its reader would, with the packages of [`folder`] in place
/// of those that a registry has. `None` where the block does something else, or where a program is
/// missing.
pub fn run(block: &Block) -> Option<Option<Ended>> {
    let first = block.body.split(' ').next().unwrap_or_default();
    let is_archive = block.body.contains(&archive());
    if !is_archive && !INSTALLERS.contains(&first) {
        return None;
    }
    Some(install(block, first))
}

fn install(block: &Block, installer: &str) -> Option<Ended> {
    let (packages, _) = (folder()?, program(installer)?);
    let environment = environment();
    let home = environment.path();
    let path = format!("{}/bin:{}", home.display(), std::env::var("PATH").unwrap());
    let mut shell = program("sh")?;
    shell.current_dir(home).env("HOME", home).env("PATH", path);
    // Nothing leaves this machine.
    shell.env("PIP_NO_INDEX", "1").env("UV_OFFLINE", "1").env("UV_PYTHON_DOWNLOADS", "never");
    shell.env("PIP_FIND_LINKS", packages).env("UV_FIND_LINKS", packages);
    shell.env("PIP_PYTHON", home.join("bin/python3"));
    for (name, folder) in FOLDERS {
        shell.env(name, home.join(folder));
    }
    for file in [archive(), format!("{}.sha256", archive())] {
        fs::copy(packages.join(&file), home.join(&file)).unwrap();
    }
    let ended = ended(shell.args(["-euc", &block.body]).output().unwrap()).succeeded();
    assert!(home.join("bin/flaglake").is_file(), "{block}: it installed no program: {ended:?}");
    Some(ended)
}

/// Variables that keep what is installed in one folder.
const FOLDERS: [(&str, &str); 6] = [
    ("UV_TOOL_DIR", "tools"),
    ("UV_TOOL_BIN_DIR", "bin"),
    ("UV_CACHE_DIR", "cache"),
    ("PIPX_HOME", "pipx"),
    ("PIPX_BIN_DIR", "bin"),
    ("PIPX_MAN_DIR", "man"),
];
