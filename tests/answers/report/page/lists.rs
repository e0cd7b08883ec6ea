//! The lists of the page: sorting, filters, addresses and CSV.

use rusqlite::Connection;
use serde_json::json;

use super::{column, count, is_calm, page};
use crate::support::browser::Browser;
use crate::support::{binary, ended};

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
    assert_eq!(
        browser.evaluate(notice),
        "There is no list “nothing-like-that”. This is the first list."
    );
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
fn a_page_has_the_first_rows_of_a_long_list_and_says_so() {
    let (folder, path) = page(3_000);
    let json = crate::report::json(&folder);
    let lists = json["lists"].as_array().unwrap();
    let flags = lists.iter().find(|list| list["id"] == "flags").unwrap()["rows"].as_array();
    assert_eq!(flags.unwrap().len(), 3_000);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "#list=flags");
    assert_eq!(count(&mut browser), "the first 1,000 of 3,000 rows");
    let notice = "document.querySelector('#list-gaps .notice').textContent";
    assert_eq!(
        browser.evaluate(notice),
        "This page has the first 1,000 of 3,000 rows. All are in the view flag_lifecycle of the \
         output, and in the JSON of flaglake report"
    );
    browser.keep_picture("long-list");
    let name =
        browser.evaluate("document.querySelector('.names [aria-current] .count').textContent");
    assert_eq!(name, "3,000");
    browser.open(&path, "#list=flags&find=flag-00000");
    assert_eq!(count(&mut browser), "1 of the first 1,000 of 3,000 rows");
    is_calm(&mut browser, &path);
}

#[test]
fn flags_that_the_list_of_all_flags_leaves_out_have_names_and_owners() {
    let (folder, path) = page(3_000);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "#list=removal_verdicts");
    let cells = "(() => { const cells = (key) => view.list.column(key).cells;
        return cells('flag_key').map((key, row) => [cells('project_key')[row], key, cells('name')[row], cells('owner')[row]]); })()";
    let shown: Vec<[Option<String>; 4]> = serde_json::from_value(browser.evaluate(cells)).unwrap();
    let left_out = browser.evaluate("payload.names.flags.length").as_i64().unwrap();
    assert!(shown.len() == 1_000 && left_out > 500, "{left_out}");
    let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    let sql = "SELECT flags.name, coalesce(maintainer_email, teams.name, maintainer_team_key, maintainer_id)
               FROM flags LEFT JOIN teams ON team_key = maintainer_team_key
               WHERE project_key = ?1 AND flag_key = ?2";
    let mut statement = connection.prepare(sql).unwrap();
    for [project, flag, name, owner] in shown {
        let expected = statement.query_row([project, flag], |row| Ok([row.get(0)?, row.get(1)?]));
        assert_eq!([name, owner], expected.unwrap());
    }
}

#[test]
fn a_subject_leads_to_its_scorecards() {
    let (folder, path) = page(600);
    let name = "Kasse_1 & <i>Co</i>";
    let sql = format!("UPDATE scorecards SET subject_name = '{name}' WHERE subject = 'project-02'");
    crate::report::change(&folder, &sql);
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let link = "[...document.querySelectorAll('.matrix th a')].find((link) => link.textContent.startsWith('Kasse'))";
    browser.evaluate(&format!("{link}.click()"));
    browser.wait("document.getElementById('list-title').textContent === 'Scorecards'");
    assert!(count(&mut browser).starts_with("6 of "), "{}", count(&mut browser));
    assert!(column(&mut browser, 2).iter().all(|shown| shown == name));
    let headings = "document.querySelector('#list-table thead').textContent";
    assert!(!browser.evaluate(headings).as_str().unwrap().contains("Key"), "CSV has it");
    is_calm(&mut browser, &path);
}

#[test]
fn the_figure_of_net_new_flags_leads_to_created_and_archived_ones() {
    let (folder, path) = page(600);
    let json = crate::report::json(&folder);
    let figures = json["headline"].as_array().unwrap();
    let net = figures.iter().find(|one| one["id"] == "net_new_flags").unwrap();
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let mut rows = |name: &str| -> i64 {
        let link = format!(
            "[...document.querySelectorAll('.figure a')].find((link) => link.textContent === '{name}')"
        );
        browser.evaluate(&format!("{link}.click()"));
        let column = format!("'{name}_at'");
        let filter = "document.querySelector('#column-filters button')?.dataset.column";
        browser.wait(&format!("{filter} === {column}"));
        browser.evaluate("view.order.length").as_i64().unwrap()
    };
    let (created, archived) = (rows("created"), rows("archived"));
    assert!(created > 0 && archived > 0);
    assert_eq!(net["value"], created - archived);
    assert_eq!(net["note"], format!("{created} created, {archived} archived"));
    is_calm(&mut browser, &path);
}
