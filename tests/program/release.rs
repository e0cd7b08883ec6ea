//! What a release is made of: metadata, crates, the container file and the workflows.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use clap::Parser;
use flaglake::cli::Cli;
use tempfile::TempDir;
use toml::Table;

use crate::support::{ended, packages, page, program, rust_files};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn toml(name: &str) -> Table {
    page::read(name).parse().unwrap()
}

/// The files of a folder.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("{ROOT}/{folder}")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| format!("{folder}/{name}")).collect()
}

fn workflows() -> Vec<String> {
    files(".github/workflows")
}

/// A program finds nothing wrong in these files.
fn accept(name: &str, arguments: &[&str], files: &[String]) {
    let Some(mut command) = program(name) else { return };
    let output = command.current_dir(ROOT).args(arguments).args(files).output().unwrap();
    ended(output).succeeded();
}

#[test]
fn actionlint_accepts_the_workflows() {
    accept("actionlint", &["-no-color"], &workflows());
}

#[test]
fn hadolint_accepts_the_container_file() {
    accept("hadolint", &[], &["Dockerfile".to_owned()]);
}

#[test]
fn shellcheck_accepts_the_scripts() {
    accept("shellcheck", &[], &[".ci/run".to_owned(), ".ci/package".to_owned()]);
}

#[test]
fn issue_templates_are_forms_that_github_knows() {
    let (config, forms): (Vec<_>, Vec<_>) =
        files(".github/ISSUE_TEMPLATE").into_iter().partition(|name| name.ends_with("/config.yml"));
    assert_eq!((config.len(), forms.len()), (1, 3));
    for (schema, files) in [("issue-config", config), ("issue-forms", forms)] {
        let schema = format!("vendor.github-{schema}");
        accept("check-jsonschema", &["--builtin-schema", &schema], &files);
    }
}

#[test]
fn cargo_binstall_finds_the_archives_of_a_release() {
    let cargo = toml("Cargo.toml");
    let metadata = &cargo["package"]["metadata"]["binstall"];
    let filled = |name: &str| {
        let pairs = [
            ("{ repo }", "repository"),
            ("{ version }", env!("CARGO_PKG_VERSION")),
            ("{ target }", "x86_64-unknown-linux-gnu"),
            ("{ bin }", "flaglake"),
            ("{ binary-ext }", ""),
        ];
        let text = metadata[name].as_str().unwrap().to_owned();
        pairs.iter().fold(text, |text, (from, to)| text.replace(from, to))
    };
    let tag = concat!("v", env!("CARGO_PKG_VERSION"));
    let archive = packages::archive();
    assert_eq!(filled("pkg-url"), format!("repository/releases/download/{tag}/{archive}"));
    let folder = archive.trim_end_matches(".tar.gz");
    assert_eq!(filled("bin-dir"), format!("{folder}/flaglake"));
}

#[test]
fn every_action_is_pinned_to_a_commit() {
    let mut count = 0;
    for name in workflows() {
        let text = page::read(&name);
        let uses = text.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, one)| one);
        for action in uses.filter(|action| !action.starts_with("./")) {
            let (_, pin) = action.split_once('@').unwrap();
            let (commit, version) = pin.split_once(" # v").unwrap_or((pin, ""));
            let is_commit = commit.len() == 40 && commit.bytes().all(|one| one.is_ascii_hexdigit());
            assert!(is_commit && !version.is_empty(), "{name}: {action}");
            count += 1;
        }
    }
    assert!(count > 10);
}

#[test]
fn only_jobs_that_publish_may_write() {
    for name in workflows() {
        let text = page::read(&name);
        assert!(text.contains("\npermissions:\n  contents: read\n"), "{name}");
    }
    let release = page::read(".github/workflows/release.yml");
    let jobs = release.split("\n  publish-").skip(1);
    for job in jobs {
        assert!(job.contains("if: github.ref_type == 'tag'\n"), "{job}");
        assert!(job.contains("gate, packages, image, crates]"), "{job}");
    }
}

#[test]
fn the_pages_name_the_platforms_that_are_built() {
    let release = page::read(".github/workflows/release.yml");
    let targets = release.lines().filter_map(|line| line.trim().strip_prefix("- target: "));
    let targets: BTreeSet<_> = targets.map(|target| format!("`{target}`")).collect();
    assert_eq!(targets.len(), 4);
    let install = page::read("docs/install.md");
    let rows = page::section(&install, "## Platforms").filter(|line| line.starts_with("| `"));
    let named: BTreeSet<_> = rows.map(|row| page::cells(row)[0].to_owned()).collect();
    assert_eq!(named, targets, "docs/install.md (left) and release.yml (right)");
}

#[test]
fn the_wheel_says_what_the_crate_says() {
    let (cargo, python) = (toml("Cargo.toml"), toml("pyproject.toml"));
    let (package, project) = (&cargo["package"], &python["project"]);
    let workspace = &cargo["workspace"]["package"];
    for field in ["name", "description", "keywords"] {
        assert_eq!(package[field], project[field], "{field}");
    }
    assert_eq!(workspace["license"], project["license"]);
    assert_eq!(workspace["repository"], project["urls"]["Repository"]);
    let address = workspace["repository"].as_str().unwrap();
    for url in project["urls"].as_table().unwrap().values() {
        assert!(url.as_str().unwrap().starts_with(address), "{url:?}");
    }
    let text = project["readme"]["text"].as_str().unwrap();
    assert_eq!(page::links(text).collect::<Vec<_>>(), [address]);
    assert!(page::read("Dockerfile").contains(&format!("source=\"{address}\"")));
}

#[test]
fn both_crates_have_the_version_that_one_needs_of_the_other() {
    let fake = toml("crates/fake-launchdarkly/Cargo.toml");
    let needed = &toml("Cargo.toml")["dependencies"]["fake-launchdarkly"]["version"];
    assert_eq!(fake["package"]["version"], *needed);
}

#[test]
fn the_container_file_uses_the_oldest_rust_and_runs_an_extraction() {
    let text = page::read("Dockerfile");
    let rust = &toml("Cargo.toml")["workspace"]["package"]["rust-version"];
    assert!(text.contains(&format!("FROM rust:{}-", rust.as_str().unwrap())), "{text}");
    let words = |name: &str| -> Vec<String> {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        serde_json::from_str(line).unwrap()
    };
    Cli::try_parse_from([words("ENTRYPOINT "), words("CMD ")].concat()).unwrap();
}

/// The files, from the root, that the crate in `folder` includes at build time. Where a macro makes
/// the name, what it starts with.
fn included(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in rust_files(&Path::new(ROOT).join(folder)) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for rest in code.split("include_str!(").skip(1) {
            let name = rest.split('"').nth(1).unwrap();
            found.push(normal(&path.parent().unwrap().join(name)));
        }
    }
    found
}

/// A path below the root without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.strip_prefix(ROOT).unwrap().components() {
        if component == Component::ParentDir {
            normal.pop();
        } else {
            normal.push(component);
        }
    }
    normal
}

#[test]
fn a_crate_holds_every_file_that_it_includes() {
    for (package, folder) in [("flaglake", ""), ("fake-launchdarkly", "crates/fake-launchdarkly")] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(ROOT).args(["package", "--list", "--offline", "--allow-dirty"]);
        cargo.args(["--package", package]);
        let files = ended(cargo.output().unwrap()).succeeded().stdout;
        let files: Vec<_> = files.lines().map(|file| Path::new(folder).join(file)).collect();
        let has = |path: &Path| {
            let start = path.to_str().unwrap();
            files.iter().any(|file| file.to_str().unwrap().starts_with(start))
        };
        let source = Path::new(folder).join("src");
        let includes = included(source.to_str().unwrap());
        assert!(includes.len() > 3, "{includes:?}");
        includes.iter().for_each(|path| assert!(has(path), "{package}: {}", path.display()));
        assert!(has(&Path::new(folder).join("LICENSE")), "{package}");
        let tests = files.iter().filter(|file| file.starts_with("tests") || file.ends_with("fuzz"));
        assert_eq!(tests.count(), 0, "{package}");
    }
}

#[test]
fn an_image_is_built_from_all_that_cargo_needs_and_no_more() {
    let text = page::read(".dockerignore");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines[0], "*");
    let context = TempDir::new().unwrap();
    let kept: Vec<_> = lines[1..].iter().map(|line| line.strip_prefix('!').unwrap()).collect();
    for name in &kept {
        symlink(Path::new(ROOT).join(name), context.path().join(name)).unwrap();
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(context.path()).args(["metadata", "--no-deps", "--locked", "--offline"]);
    ended(cargo.args(["--format-version", "1"]).output().unwrap()).succeeded();
    // A target that is named must exist in every build; `cargo metadata` does not look.
    assert!(toml("Cargo.toml").contains_key("bench") && kept.contains(&"benches"));
    for path in [included("src"), included("crates")].concat() {
        let first = path.components().next().unwrap();
        let first = first.as_os_str().to_str().unwrap();
        assert!(kept.contains(&first), "{}", path.display());
    }
}
