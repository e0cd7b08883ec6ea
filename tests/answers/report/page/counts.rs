//! Numbers of charts lead to the rows that they count.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{count, is_calm, page};
use crate::report::change;
use crate::support::browser::Browser;
use crate::support::{Run, binary, ended};
use fake_launchdarkly::{Behaviour, company};

/// Each number of the charts' tables with the number of flags in its list: chart, column, number, flags,
/// address. The lists are not shown: a browser ignores addresses that change hundreds of times.
const FOLLOWED: &str = "[...document.querySelectorAll('.chart td a')].map((link) => {
    const { list: id, filters } = asked(link.hash);
    const list = listOf(id);
    const order = list.order(filters);
    const flags = list.flags(order) ?? order.length;
    const column = link.closest('table').tHead.rows[0].cells[link.closest('td').cellIndex].textContent;
    return [link.closest('figure').id, column, link.textContent, wholeNumber.format(flags), link.hash];
})";

/// The numbers that lead to their lists, as `chart column`.
#[track_caller]
fn numbers_that_lead_to_their_rows(browser: &mut Browser) -> BTreeSet<String> {
    let followed: Vec<[String; 5]> = serde_json::from_value(browser.evaluate(FOLLOWED)).unwrap();
    assert!(followed.len() > 60, "{}", followed.len());
    for [chart, column, number, rows, address] in &followed {
        assert_eq!(number, rows, "{chart}, {column}: {address}");
    }
    followed.into_iter().map(|[chart, column, ..]| format!("{chart} {column}")).collect()
}

#[test]
fn a_number_of_a_chart_is_the_number_of_its_rows() {
    let (folder, path) = page(600);
    let unchecked = "UPDATE flag_lifecycle SET stage = 'code_not_checked' WHERE stage = 'unknown' AND rowid / 12 % 2";
    change(&folder, unchecked);
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let columns = numbers_that_lead_to_their_rows(&mut browser);
    let expected = "chart-ages Permanent, chart-ages Temporary, chart-lifecycle Archived, \
        chart-lifecycle Code not checked, chart-lifecycle Deprecated, chart-lifecycle Live, chart-lifecycle Ready for code removal, \
        chart-lifecycle Ready to archive, chart-lifecycle Unknown, chart-owners Live flags, \
        chart-owners Ready for code removal, chart-owners Ready to archive, chart-owners Unknown, \
        chart-statuses Active, chart-statuses Inactive, chart-statuses Launched, \
        chart-statuses New, chart-statuses Unknown, chart-velocity Archived, chart-velocity Created";
    let expected: BTreeSet<_> = expected.split(", ").map(str::to_owned).collect();
    assert_eq!(columns, expected);
    is_calm(&mut browser, &path);
}

/// The page of the demo account, of which these resources were not read.
fn demo(skipped: &[&str]) -> Run {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let run = Run::new(company::account(now_ms), Behaviour::default());
    // An earlier day for the trend.
    run.extract(&[]);
    let sql = "UPDATE project_daily SET day = date(day, '-1 day')";
    run.database().execute_batch(sql).unwrap();
    run.extract(&skipped.iter().flat_map(|name| ["--skip", *name]).collect::<Vec<_>>());
    run.run(&["report"]).succeeded();
    run
}

#[test]
fn numbers_of_a_real_output_are_the_numbers_of_their_rows() {
    let Some(mut browser) = Browser::start() else { return };
    for skipped in [&[][..], &["code_references"], &["flag_statuses", "members"]] {
        let run = demo(skipped);
        browser.open(&run.path("report.html"), "");
        let columns = numbers_that_lead_to_their_rows(&mut browser);
        let has = |name: &str| columns.contains(name);
        assert_eq!(has("chart-statuses Launched"), !skipped.contains(&"flag_statuses"));
        assert!(has("chart-trend Live flags"), "{skipped:?}: {columns:?}");
    }
}

#[test]
fn a_bar_leads_where_its_number_does() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.look(1280, 900, "light");
    browser.open(&path, "");
    let bars = "[...document.querySelectorAll('.bars a')].map((bar) => {
        const links = [...bar.closest('figure').querySelectorAll('td a')];
        const named = links.find((link) => link.hash === bar.hash
            && bar.getAttribute('aria-label').endsWith(`: ${link.textContent}`)
            && bar.getAttribute('aria-label').startsWith(link.closest('tr').cells[0].textContent));
        const { width, height } = bar.getBoundingClientRect();
        return [bar.closest('figure').id, named !== undefined && width >= 4 && height > 0];
    })";
    let bars: Vec<(String, bool)> = serde_json::from_value(browser.evaluate(bars)).unwrap();
    assert!(bars.iter().all(|(_, is_right)| *is_right), "{bars:?}");
    let charts: BTreeSet<_> = bars.iter().map(|(chart, _)| chart.as_str()).collect();
    let all = ["chart-ages", "chart-lifecycle", "chart-owners", "chart-statuses", "chart-velocity"];
    assert_eq!(charts, all.into());
    // Each lies over the bar that Chart.js draws.
    let over = "(() => {
        const chart = drawn.find(({ canvas }) => canvas.dataset.chart === 'lifecycle');
        const bar = chart.canvas.parentElement.querySelector('.bars a');
        const { left, top, width, height } = bar.getBoundingClientRect();
        const canvas = chart.canvas.getBoundingClientRect();
        const event = { native: true, chart, x: left + width / 2 - canvas.left, y: top + height / 2 - canvas.top };
        const [hit] = chart.getElementsAtEventForMode(event, 'nearest', { intersect: true }, true);
        return bar.getAttribute('aria-label').includes(chart.data.datasets[hit.datasetIndex].label) && hit.index === 0;
    })()";
    assert_eq!(browser.evaluate(over), true);
    is_calm(&mut browser, &path);
}

#[test]
fn a_chart_is_one_stop_at_the_keyboard() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let stops = "[...document.querySelectorAll('.bars')].map((group) => group.querySelectorAll('[tabindex=\"0\"]').length)";
    assert_eq!(browser.evaluate(stops), serde_json::json!([1, 1, 1, 1, 1]));
    let now = "document.activeElement.getAttribute('aria-label')";
    browser.evaluate("document.querySelector('#chart-lifecycle .bars a').focus()");
    let first = browser.evaluate(now);
    browser.press("ArrowDown", 40, "");
    let second = browser.evaluate(now);
    assert_ne!(first, second);
    assert_eq!(browser.evaluate("document.activeElement.tabIndex"), 0);
    browser.press("Home", 36, "");
    assert_eq!(browser.evaluate(now), first);
    browser.press("End", 35, "");
    browser.press("ArrowRight", 39, "");
    let last = browser.evaluate(now);
    let number = last.as_str().unwrap().rsplit(": ").next().unwrap().to_owned();
    browser.press("Enter", 13, "\r");
    browser.wait("location.hash.startsWith('#list=')");
    browser.wait("document.activeElement.id === 'list-title'");
    assert!(count(&mut browser).starts_with(&format!("{number} of ")), "{last}");
    // A series that is hidden has no links.
    let hide = "(() => {
        const chart = drawn.find(({ canvas }) => canvas.dataset.chart === 'lifecycle');
        chart.setDatasetVisibility(0, false);
        chart.update();
        return [...document.querySelectorAll('#chart-lifecycle .bars a')].filter((one) => one.getAttribute('aria-label').includes(', Live: ')).length;
    })()";
    assert_eq!(browser.evaluate(hide), 0);
    is_calm(&mut browser, &path);
}

#[test]
fn filters_say_what_they_let_pass() {
    let (folder, path) = page(600);
    change(
        &folder,
        "UPDATE flags SET maintainer_team_key = 'team-0' WHERE maintainer_team_key = 'team-1'",
    );
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    let Some(mut browser) = Browser::start() else { return };
    for (address, words) in [
        ("#list=flags&state=live,deprecated", "State: live or deprecated ✕"),
        ("#list=flags&age_days=90..182", "Age in days: from 90, below 182 ✕"),
        ("#list=flags&age_days=730..", "Age in days: from 730 ✕"),
        ("#list=flags&created_at=2026-10..2026-11", "Created: from 2026-10, below 2026-11 ✕"),
        ("#list=flags&owner_key=", "Owner: nobody ✕"),
        ("#list=flags&owner_key=team-0", "Owner: Platform ✕"),
        ("#list=flags&owner_key=member-3", "Owner: person3@example.com ✕"),
    ] {
        browser.open(&path, address);
        let shown =
            browser.evaluate("document.querySelector('#column-filters button').textContent");
        assert_eq!(shown, words);
        let rows = browser.evaluate("view.order.length").as_i64().unwrap();
        assert!(rows > 0 && rows < 600, "{address}: {rows}");
    }
    is_calm(&mut browser, &path);
}

#[test]
fn a_list_that_is_cut_says_what_the_number_counts() {
    let (_folder, path) = page(6_000);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let link = "[...document.querySelectorAll('#chart-statuses td a')].at(-1)";
    let number = browser.evaluate(&format!("{link}.textContent"));
    let all = format!("; {} flags in all", number.as_str().unwrap());
    browser.evaluate(&format!("{link}.click()"));
    browser.wait("document.getElementById('list-title').textContent === 'Status by environment'");
    assert!(count(&mut browser).ends_with(&all), "{}", count(&mut browser));
    assert!(count(&mut browser).contains(" of the first 10,000 of "), "{}", count(&mut browser));
    // The order of the rows changes nothing, another filter does.
    browser.evaluate("document.querySelector('#list-table [data-sort=flag_key]').click()");
    assert!(count(&mut browser).ends_with(&all), "{}", count(&mut browser));
    browser.evaluate("document.querySelector('#column-filters button').click()");
    assert!(!count(&mut browser).contains("in all"), "{}", count(&mut browser));
    let figure = browser.evaluate("document.querySelector('.figure .number').textContent");
    browser.open(&path, "#list=flags&state=live");
    let all = format!("; {} flags in all", figure.as_str().unwrap());
    assert!(count(&mut browser).ends_with(&all), "{}", count(&mut browser));
    assert_eq!(browser.evaluate("typeof payload"), Value::from("object"));
    is_calm(&mut browser, &path);
}
