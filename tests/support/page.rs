//! A Markdown page as data: its fenced blocks, its generated parts, its links.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::ops::Range;

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The page's path below the root of the repository.
    pub page: String,
    /// What follows the opening fence.
    pub language: String,
    /// The line of the opening fence, from 1.
    pub line: usize,
    /// Where in the page the body is.
    pub range: Range<usize>,
    pub body: String,
}

impl std::fmt::Display for Block {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}, line {}", self.page, self.line)
    }
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The pages at the top of the repository.
const TOP: [&str; 4] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// The paths of the pages at the top and of every page below `docs/`, sorted.
pub fn names() -> Vec<String> {
    let mut names: Vec<_> = TOP.iter().map(ToString::to_string).collect();
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(format!("{ROOT}/{folder}")).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else if name.ends_with(".md") {
                names.push(name);
            }
        }
    }
    names.sort();
    names
}

/// Whether the blocks of the page called `name` are parts of files of the code.
pub fn is_example(name: &str) -> bool {
    name.starts_with("docs/development/")
}

/// The text of the page called `name`.
pub fn read(name: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Whether `src/catalog/pages.rs` generates the page called `name`.
pub fn is_generated(name: &str) -> bool {
    let is_index = name.ends_with("/README.md");
    !is_index && ["docs/tables/", "docs/views/"].iter().any(|folder| name.starts_with(folder))
}

/// The fenced blocks of a page, in order.
pub fn blocks(name: &str, page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, usize, usize)> = None;
    let mut position = 0;
    for (index, line) in page.split_inclusive('\n').enumerate() {
        let start = position;
        position += line.len();
        let Some(language) = line.trim_end().strip_prefix("```") else { continue };
        open = match open.take() {
            None => Some((language.to_owned(), index + 1, position)),
            Some((language, line, from)) => {
                let body = page[from..start].to_owned();
                let (page, range) = (name.to_owned(), from..start);
                blocks.push(Block { page, language, line, range, body });
                None
            }
        };
    }
    assert!(open.is_none(), "a fenced block is never closed: {open:?}");
    blocks
}

/// Where in `page` the generated part called `name` is.
pub fn generated(page: &str, name: &str) -> Range<usize> {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let start = page.find(&begin).unwrap_or_else(|| panic!("there is no `{begin}`"));
    let stop = page.find(&end).unwrap_or_else(|| panic!("there is no `{end}`"));
    start + begin.len()..stop
}

/// The lines of the section under `heading`, up to the next heading of its level.
pub fn section<'p>(page: &'p str, heading: &'p str) -> impl Iterator<Item = &'p str> {
    let after = page.lines().skip_while(move |line| *line != heading).skip(1);
    after.take_while(|line| !line.starts_with("## "))
}

/// The cells of a table's row.
pub fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

/// A table as Markdown.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |cell: &String| match cell.as_str() {
        "" => " |".to_owned(),
        text => format!(" {text} |"),
    };
    let header: Vec<_> = header.iter().map(ToString::to_string).collect();
    let rule = vec!["---".to_owned(); header.len()];
    let lines = [&header, &rule].into_iter().chain(rows);
    lines.map(|row| format!("|{}\n", row.iter().map(cell).collect::<String>())).collect()
}

/// The targets of the links in `page`.
pub fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// The anchors of the headings in `page`, as GitHub makes them.
pub fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim()))
}

fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    lower.chars().filter(is_kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}
