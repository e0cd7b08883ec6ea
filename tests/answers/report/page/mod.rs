//! The report's page in a headless Chromium; skipped, and said so, where there is none.

mod counts;
mod lists;
mod look;
mod work;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::browser::Browser;
use crate::support::sample;
use crate::support::{binary, ended};

/// The sample's page, and its folder.
pub fn page(flags: usize) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    sample::make(&folder.path().join("launchdarkly.db"), flags);
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    let path = folder.path().join("report.html");
    (folder, path)
}

/// The text of each cell in a column of the list that is shown.
fn column(browser: &mut Browser, index: usize) -> Vec<String> {
    let cells = format!(
        "[...document.querySelectorAll('#list-table tbody tr')].map((row) => row.cells[{index}].innerText)"
    );
    serde_json::from_value(browser.evaluate(&cells)).unwrap()
}

fn count(browser: &mut Browser) -> String {
    browser
        .evaluate("document.getElementById('list-count').textContent")
        .as_str()
        .unwrap()
        .to_owned()
}

/// The page caused no policy violation, no error and no request, and executed no name as script.
#[track_caller]
pub fn is_calm(browser: &mut Browser, path: &Path) {
    assert_eq!(browser.evaluate("document.title"), "Feature flags, 2026-11-20");
    assert_eq!(browser.evaluate("document.querySelectorAll('img, iframe').length"), 0);
    assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    let page = format!("file://{}", path.display());
    let is_own = |address: &String| address.starts_with(&page) || address == "about:blank";
    assert!(browser.requests.iter().all(is_own), "{:?}", browser.requests);
}
