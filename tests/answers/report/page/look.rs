//! The appearance of the page, and its accessibility.

use serde_json::json;

use super::{is_calm, page};
use crate::support::browser::Browser;
use crate::support::sample;

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
            "[...document.querySelectorAll('a[href^=\"#\"]:not([href^=\"#list=\"])')].filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1)))).length",
        ),
    ] {
        assert_eq!(browser.evaluate(script), 0, "{what}");
    }
    assert_eq!(browser.evaluate("document.querySelectorAll('main, header.top, h1').length"), 3);
    browser.press("Tab", 9, "");
    assert_eq!(browser.evaluate("document.activeElement.className"), "skip");
    is_calm(&mut browser, &path);
}
