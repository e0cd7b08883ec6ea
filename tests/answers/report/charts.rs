//! The charts of the report's page.

use rusqlite::Connection;

use crate::report::page::{is_calm, page};
use crate::support::browser::Browser;
use crate::support::{binary, ended};

#[test]
fn every_age_has_its_label() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    let ages = "drawn.find((chart) => chart.canvas.dataset.chart === 'ages').scales.x";
    let cut = format!(
        "((x) => x.ticks.length !== 7 || x.ticks.some(({{ label }}, index) => label.some((line) => {{
            x.ctx.font = `${{x._resolveTickFontOptions(index).size}}px ${{Chart.defaults.font.family}}`;
            return x.ctx.measureText(line).width > x.width / 7;
        }})))({ages})"
    );
    for width in [1400, 390, 360] {
        browser.look(width, 900, "light");
        browser.open(&path, "");
        assert_eq!(browser.evaluate(&cut), false, "{width}");
    }
    browser.evaluate("drawChartsForPaper()");
    assert_eq!(browser.evaluate(&format!("{ages}.ticks.length")), 7);
    is_calm(&mut browser, &path);
}

#[test]
fn days_without_an_extraction_keep_their_place() {
    let (folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    let long = "x".repeat(90);
    let sql = format!(
        "DELETE FROM project_daily WHERE day NOT IN ('2026-11-20', '2026-11-19', '2026-11-10');
         UPDATE environments SET environment_key = 'begin-{long}' WHERE environment_key = 'production'"
    );
    connection.execute_batch(&sql).unwrap();
    ended(binary(folder.path()).arg("report").output().unwrap()).succeeded();
    browser.open(&path, "");
    let trend = "drawn.find((chart) => chart.canvas.dataset.chart === 'trend')";
    let places = browser.evaluate(&format!("{trend}.data.datasets[0].data.map(({{ x }}) => x)"));
    let places: Vec<i64> = serde_json::from_value(places).unwrap();
    assert_eq!([places[1] - places[0], places[2] - places[1]], [9, 1]);
    let legend = browser.evaluate(&format!("{trend}.legend.legendItems[0].pointStyle"));
    assert_eq!(legend, "line");
    let names = "drawn.find((chart) => chart.canvas.dataset.chart === 'statuses').scales.y";
    let first = browser.evaluate(&format!("{names}.ticks[0].label"));
    let first = first.as_str().unwrap();
    assert!(first.contains("begin-xx") && first.ends_with('…'), "{first}");
    is_calm(&mut browser, &path);
}
