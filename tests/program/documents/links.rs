//! Links lead to files and headings that exist; README.md stays small.

use std::path::Path;

use crate::support::page;

/// The maximum lines and bytes of README.md.
const BUDGET: (usize, usize) = (250, 20 * 1024);
/// The maximum bytes of an image.
const MAX_IMAGE: u64 = 200 * 1024;

#[test]
fn the_readme_is_within_its_budget() {
    let text = page::read("README.md");
    let size = (text.lines().count(), text.len());
    assert!(size.0 <= BUDGET.0 && size.1 <= BUDGET.1, "README.md has {size:?}, not {BUDGET:?}");
}

#[test]
fn every_link_leads_somewhere() {
    for name in page::names() {
        let text = page::read(&name);
        for target in page::links(&text).filter(|target| !target.starts_with("https://")) {
            follow(&name, target);
        }
    }
}

/// Fails unless `target`, which the page called `name` links to, exists.
fn follow(name: &str, target: &str) {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(name).parent().unwrap();
    let path = if file.is_empty() { name.into() } else { folder.join(file) };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    assert!(path.exists(), "{name} links to `{target}`, which does not exist");
    if !anchor.is_empty() {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = page::anchors(&text).any(|one| one == anchor);
        assert!(found, "{name} links to `{target}`, which has no such heading");
    }
}

#[test]
fn every_page_is_linked_from_an_index() {
    let indexes = page::names().into_iter().filter(|name| name.ends_with("README.md"));
    let is_linked = |name: &String| {
        indexes.clone().any(|index| {
            let folder = index.trim_end_matches("README.md").to_owned();
            let text = page::read(&index);
            page::links(&text).any(|target| format!("{folder}{target}") == *name)
        })
    };
    let pages = page::names().into_iter().filter(|name| name != "README.md");
    let missing: Vec<_> =
        pages.filter(|name| *name != "docs/README.md" && !is_linked(name)).collect();
    assert!(missing.is_empty(), "no index links to {missing:?}");
}

#[test]
fn images_are_small() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/images");
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let size = entry.metadata().unwrap().len();
        assert!(size <= MAX_IMAGE, "{:?} has {size} bytes", entry.file_name());
    }
}
