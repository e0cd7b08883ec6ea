//! The structure of the code: each module uses only modules below it.

use std::fs;
use std::path::Path;

use crate::support::rust_files;

/// The modules of `lib.rs`, from the ground up.
fn layers() -> Vec<String> {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let names = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    names.map(str::to_owned).collect()
}

/// The top-level module that a file is part of.
fn module(path: &Path) -> String {
    let first = path.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The top-level modules that a file names after `crate::`, its unit tests included.
fn used(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => found.extend(first_names(list)),
            None => found.extend(name(rest)),
        }
    }
    found
}

/// The first name of each path in `a::b, c, d::{e, f}} …`.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut found, mut start) = (0, Vec::new(), 0);
    for (index, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.extend(name(list[start..index].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(name(list[start..index].trim()));
                start = index + 1;
            }
            _ => {}
        }
    }
    found
}

fn name(path: &str) -> Option<String> {
    let end = path.find(|one: char| !one.is_alphanumeric() && one != '_').unwrap_or(path.len());
    Some(path[..end].to_owned()).filter(|name| !name.is_empty())
}

/// The imports of a later module, as `file: module`.
fn upward(layers: &[String]) -> Vec<String> {
    let position = |name: &str| layers.iter().position(|layer| layer == name);
    let mut found = Vec::new();
    for path in rust_files(Path::new("src")) {
        let own = module(&path);
        let Some(own) = position(&own) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        let later = used(&text).into_iter().filter(|name| position(name) > Some(own));
        found.extend(later.map(|name| format!("{}: {name}", path.display())));
    }
    found
}

#[test]
fn a_module_uses_only_modules_listed_before_it() {
    let layers = layers();
    assert!(layers.len() > 10, "{layers:?}");
    assert_eq!(upward(&layers), Vec::<String>::new());
}

#[test]
fn every_way_to_write_an_import_is_read() {
    assert_eq!(
        used("use crate::{Error, a::{b, c}, d};\nlet x = crate::e::f();"),
        ["Error", "a", "d", "e"]
    );
    assert_eq!(used("// crate::a::b\nuse crate::c;\n#[cfg(test)]\nuse crate::d;"), ["c", "d"]);
}

#[test]
fn an_upward_import_is_found() {
    let mut reversed = layers();
    reversed.reverse();
    assert!(upward(&reversed).len() > 50);
}

#[test]
fn the_client_names_no_option_of_a_command() {
    let sources = rust_files(Path::new("src/launchdarkly"));
    assert!(sources.len() > 20, "{sources:?}");
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        for named in ["`--", "flaglake extract", "flaglake check"] {
            assert!(!text.contains(named), "{}: {named}", path.display());
        }
    }
}
