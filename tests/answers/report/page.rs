//! The report's page in a headless Chromium; skipped, and said so, where there is none.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::support::browser::Browser;
use crate::support::sample;
use crate::support::{binary, ended};

/// The time that feels immediate, with room for slow machines that run other tests.
const SWIFT: Duration = Duration::from_secs(10);

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

#[test]
fn the_page_shows_every_chart_and_list_without_a_complaint() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.look(1280, 900, "light");
    browser.open(&path, "");
    assert_eq!(browser.evaluate("document.querySelectorAll('canvas[data-chart]').length"), 6);
    let blank = "[...document.querySelectorAll('canvas')].filter((canvas) =>
        !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)).length";
    assert_eq!(browser.evaluate(blank), 0, "every chart is drawn");
    assert_eq!(browser.evaluate("document.querySelectorAll('.chart details[open]').length"), 0);
    let lists =
        browser.evaluate("[...document.querySelectorAll('.names a')].map((link) => link.hash)");
    let lists: Vec<String> = serde_json::from_value(lists).unwrap();
    assert!(lists.len() > 15);
    for list in lists {
        browser.evaluate(&format!("location.hash = '{list}'"));
        browser.wait(&format!("document.querySelector('.names [aria-current]').hash === '{list}'"));
        let shown = browser.evaluate(
            "document.querySelectorAll('#list-table tbody tr').length > 0 ||
            document.getElementById('list-empty').innerText.length > 0",
        );
        assert_eq!(shown, true, "{list}");
    }
    is_calm(&mut browser, &path);
}

#[test]
fn lists_sort_by_keyboard_and_find_words() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "#list=flags");
    assert_eq!(count(&mut browser), "600 rows");
    browser.evaluate("document.querySelector('[data-sort=age_days]').focus()");
    browser.press("Enter", 13, "\r");
    browser
        .wait("document.querySelector('[aria-sort]')?.getAttribute('aria-sort') === 'descending'");
    let ages = |browser: &mut Browser| -> Vec<i64> {
        column(browser, 5).iter().map(|age| age.parse().unwrap()).collect()
    };
    let oldest = ages(&mut browser);
    assert!(oldest.len() == 50 && oldest.is_sorted_by(|one, two| one >= two) && oldest[0] == 899);
    // The focus stays on the heading: the key that sorts down sorts up again.
    browser.press("Enter", 13, "\r");
    browser.wait("document.querySelector('[aria-sort]').getAttribute('aria-sort') === 'ascending'");
    assert!(ages(&mut browser).is_sorted());
    browser.evaluate("document.getElementById('find').focus()");
    for character in "flag-00077".chars() {
        browser.call("Input.insertText", json!({ "text": character.to_string() }));
    }
    browser.wait("document.getElementById('list-count').textContent === '1 of 600 rows'");
    assert!(column(&mut browser, 0)[0].starts_with("flag-00077"));
    let address = browser.evaluate("location.hash");
    assert_eq!(address, "#list=flags&sort=age_days%3Aascending&find=flag-00077");
    is_calm(&mut browser, &path);
}

#[test]
fn an_address_says_what_is_shown() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(
        &path,
        "#list=stale_flags&sort=age_days:ascending&project=project-03&find=production",
    );
    let projects = column(&mut browser, 1);
    assert!(!projects.is_empty() && projects.iter().all(|key| key == "project-03"), "{projects:?}");
    assert_eq!(browser.evaluate("document.getElementById('project').value"), "project-03");
    browser.open(&path, "#list=flags&owner=somebody-who-left");
    assert_eq!(count(&mut browser), "0 of 600 rows");
    assert_eq!(browser.evaluate("document.getElementById('owner').value"), "somebody-who-left");
    browser.open(&path, "#list=nothing-like-that&sort=x&find=%&critical=yes");
    assert_eq!(browser.evaluate("document.documentElement.dataset.ready"), "true");
    let notice = "document.querySelector('#list-gaps .notice').textContent";
    assert_eq!(browser.evaluate(notice), "There is no list “nothing-like-that”: this is another.");
    is_calm(&mut browser, &path);
}

#[test]
fn an_active_filter_can_be_cleared_without_choices() {
    let (folder, path) = page(600);
    let nobody = "UPDATE flags SET maintainer_id = NULL, maintainer_email = NULL,
                  maintainer_team_key = NULL";
    crate::report::change(&folder, nobody);
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    let Some(mut browser) = Browser::start() else { return };
    let is_hidden = "document.getElementById('owner-filter').hidden";
    browser.open(&path, "#list=flags");
    assert_eq!(browser.evaluate(is_hidden), true);
    browser.open(&path, "#list=flags&owner=somebody-who-left");
    assert_eq!(browser.evaluate(is_hidden), false);
    assert_eq!(count(&mut browser), "0 of 600 rows");
}

#[test]
fn a_figure_leads_to_its_rows() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let number = |browser: &mut Browser, index: usize| {
        let card = format!("document.querySelectorAll('.figure')[{index}]");
        let found = browser.evaluate(&format!("{card}.querySelector('.number').textContent"));
        browser.evaluate(&format!("{card}.querySelector('h3 a').click()"));
        browser.wait("document.querySelectorAll('#column-filters button').length === 1");
        found.as_str().unwrap().to_owned()
    };
    let live = number(&mut browser, 0);
    browser.wait("document.getElementById('list-title').textContent === 'All flags'");
    assert_eq!(count(&mut browser), format!("{live} of 600 rows"));
    let stale = number(&mut browser, 1);
    browser.wait("document.getElementById('list-title').textContent === 'Stale flags'");
    assert!(count(&mut browser).starts_with(&format!("{stale} of ")), "{}", count(&mut browser));
    browser.evaluate("document.querySelector('#column-filters button').click()");
    browser.wait("location.hash === '#list=stale_flags'");
    assert!(count(&mut browser).contains(" rows, "), "flags are fewer than rows");
    is_calm(&mut browser, &path);
}

#[test]
fn flags_lead_to_launchdarkly_and_names_are_text() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "#list=flags&find=flag-00001");
    let link = browser.evaluate("document.querySelector('td.flag a').href");
    assert_eq!(link, "https://app.launchdarkly.com/projects/project-01/flags/flag-00001");
    let encoded = browser.evaluate("flagUrl('a b', 'ä/../?x#$&')");
    assert_eq!(
        encoded,
        "https://app.launchdarkly.com/projects/a%20b/flags/%C3%A4%2F..%2F%3Fx%23%24%26"
    );
    let name = browser.evaluate("document.querySelector('td.flag .name').textContent");
    assert_eq!(name, sample::HOSTILE);
    is_calm(&mut browser, &path);
}

#[test]
fn csv_has_every_row_and_no_formula() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "#list=flags&project=project-03");
    let csv = browser.evaluate("toCsv(view.list, view.order)");
    let csv = csv.as_str().unwrap();
    assert_eq!(csv.matches("\r\n").count(), 51);
    assert!(csv.starts_with(
        "\"project_key\",\"flag_key\",\"name\",\"state\",\"stage\",\"temporary\",\"age_days\""
    ));
    assert!(csv.contains(r#""'=HYPERLINK(""https://example.com"",""3"")""#), "{csv}");
    for formula in ["=1", "+1", "-1", "@A1", "\t=1", " =1", "\r=1"] {
        let quoted = browser.evaluate(&format!("quoted({})", json!(formula)));
        assert_eq!(quoted, format!("\"'{formula}\""));
    }
    assert_eq!(browser.evaluate("quoted('a \"b\"') + quoted(-3)"), "\"a \"\"b\"\"\"-3");
    browser.evaluate("document.getElementById('copy').click()");
    browser.wait("document.getElementById('list-count').textContent === 'Copied 50 rows as CSV.'");
    is_calm(&mut browser, &path);
}

#[test]
fn the_page_fits_a_telephone_and_follows_the_theme() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    let background = "getComputedStyle(document.body).backgroundColor";
    for (width, name) in [(1280, "light"), (390, "narrow"), (360, "narrowest")] {
        browser.look(width, 900, "light");
        browser.open(&path, "#list=stale_flags");
        let overflow = browser.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        assert_eq!(overflow, 0, "{width}");
        browser.evaluate("scrollTo({ top: 0, behavior: 'instant' })");
        browser.keep_picture(name);
    }
    browser.look(1280, 900, "dark");
    browser.open(&path, "");
    browser.keep_picture("dark");
    let dark = browser.evaluate(background);
    browser.evaluate("document.getElementById('theme').click()");
    assert_eq!(browser.evaluate("document.documentElement.dataset.theme"), "light");
    assert_ne!(browser.evaluate(background), dark);
    browser.call("Page.printToPDF", json!({}));
    browser.keep_picture("print");
    is_calm(&mut browser, &path);
}

#[test]
fn every_element_has_an_accessible_name_and_role() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    for (what, script) in [
        (
            "charts without a name",
            "document.querySelectorAll('canvas:not([role=img][aria-label])').length",
        ),
        (
            "charts without a table",
            "[...document.querySelectorAll('.chart')].filter((chart) => !chart.querySelector('table')).length",
        ),
        (
            "fields without a label",
            "[...document.querySelectorAll('input, select')].filter((field) => field.labels.length === 0).length",
        ),
        (
            "buttons without words",
            "[...document.querySelectorAll('button')].filter((button) => !button.textContent.trim()).length",
        ),
        (
            "headings of tables without a scope",
            "document.querySelectorAll('th:not([scope])').length",
        ),
        (
            "sections without a heading",
            "document.querySelectorAll('section:not([aria-labelledby])').length",
        ),
        (
            "IDs that stand twice",
            "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); return ids.length - new Set(ids).size; })()",
        ),
        (
            "links that lead nowhere",
            "[...document.querySelectorAll('a[href^=\"#\"]:not([href^=\"#list=\"])')].filter((link) => !document.querySelector(link.hash)).length",
        ),
    ] {
        assert_eq!(browser.evaluate(script), 0, "{what}");
    }
    assert_eq!(browser.evaluate("document.querySelectorAll('main, header.top, h1').length"), 3);
    browser.press("Tab", 9, "");
    assert_eq!(browser.evaluate("document.activeElement.className"), "skip");
    is_calm(&mut browser, &path);
}

#[test]
fn twenty_thousand_flags_open_sort_and_filter_without_lag() {
    let (_folder, path) = page(20_000);
    let Some(mut browser) = Browser::start() else { return };
    let opened = browser.open(&path, "#list=flags");
    assert_eq!(count(&mut browser), "20,000 rows");
    let time = |browser: &mut Browser, action: &str| {
        let script = format!(
            "(() => {{ const start = performance.now(); {action}; \
            document.body.offsetHeight; return performance.now() - start; }})()"
        );
        Duration::from_secs_f64(browser.evaluate(&script).as_f64().unwrap() / 1000.0)
    };
    let sort = |key: &str| format!("document.querySelector('[data-sort={key}]').click()");
    let by_age = time(&mut browser, &sort("age_days"));
    let by_key = time(&mut browser, &sort("flag_key"));
    assert_eq!(column(&mut browser, 0)[0].lines().next(), Some("flag-00000"));
    let filter = "const input = document.getElementById('find'); input.value = '07777';
        input.dispatchEvent(new Event('input'))";
    let filtered = time(&mut browser, filter);
    assert_eq!(count(&mut browser), "1 of 20,000 rows");
    println!("opened {opened:?}, by age {by_age:?}, by key {by_key:?}, filtered {filtered:?}");
    assert!(opened < SWIFT && by_age < SWIFT / 5 && by_key < SWIFT / 5 && filtered < SWIFT / 5);
    is_calm(&mut browser, &path);
}
