//! The examples of code on the pages for contributors are those of the code, and the files that the
//! pages name exist.

use std::fs;
use std::path::Path;

use crate::support::page;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The folders of files that pages name.
const FOLDERS: [&str; 7] = ["src/", "tests/", "crates/", "schema/", "fixtures/", "docs/", ".ci/"];

/// The pages for those who change the code.
fn pages() -> Vec<String> {
    let is_for_them = |name: &String| {
        name.starts_with("docs/development")
            || ["CONTRIBUTING.md", "SECURITY.md"].contains(&&**name)
    };
    page::names().into_iter().filter(is_for_them).collect()
}

/// The file that a comment before a block names: `<!-- src/lib.rs -->`.
fn source(page: &str, line: usize) -> Option<&str> {
    let before = page.lines().nth(line.checked_sub(2)?)?;
    before.strip_prefix("<!-- ")?.strip_suffix(" -->")
}

/// The first line of `example` that is not in `code`, after those before it.
fn missing<'e>(example: &'e str, code: &str) -> Option<&'e str> {
    let mut lines = code.lines();
    example.lines().find(|shown| !lines.any(|line| line == *shown))
}

#[test]
fn every_example_is_code_of_the_file_that_it_names() {
    let mut count = 0;
    for name in pages() {
        let page = page::read(&name);
        for block in page::blocks(&name, &page) {
            let path = source(&page, block.line);
            let path = path.unwrap_or_else(|| panic!("{block}: a comment before it names no file"));
            let code = page::read(path);
            let missing = missing(&block.body, &code);
            assert_eq!(missing, None, "{block}: {path} has no such line, in this order");
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn every_file_that_the_pages_name_exists() {
    let mut count = 0;
    for name in pages() {
        let page = page::read(&name);
        let spans = page.split('`').skip(1).step_by(2);
        let paths = spans.filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)));
        for path in paths {
            assert!(Path::new(ROOT).join(path).exists(), "{name}: there is no {path}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn contributing_leads_to_a_page_for_each_part() {
    let text = page::read("CONTRIBUTING.md");
    for entry in fs::read_dir(format!("{ROOT}/docs/development")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(text.contains(&format!("(docs/development/{name})")), "{name}");
    }
}
