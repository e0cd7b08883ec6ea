//! The page of several accounts in a headless Chromium.

use serde_json::json;

use crate::inputs::accounts::two;
use crate::inputs::{LAKE, report};
use crate::support::browser::Browser;

/// The parts of the work list that can be seen.
const SHOWN: &str = "[...document.querySelectorAll('.share')].filter((one) => one.checkVisibility()).map((one) => one.id)";

#[test]
fn an_address_shows_the_work_of_one_owner_in_one_account() {
    let run = two();
    report(&run, LAKE, &[]).succeeded();
    let Some(mut browser) = Browser::start() else { return };
    for (width, scheme, name) in [(1400, "light", "accounts"), (390, "dark", "accounts-narrow")] {
        browser.look(width, 900, scheme);
        let url = format!("file://{}", run.path("report.html").display());
        browser.call("Page.navigate", json!({ "url": url }));
        browser.wait("document.readyState === 'complete' && document.title.endsWith('2 accounts')");
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.evaluate(overflow), 0, "{width}");
        let names = "[...document.querySelectorAll('[role=region]')].map((one) => one.getAttribute('aria-label'))";
        let twice = format!("((names) => names.length - new Set(names).size)({names})");
        assert_eq!(browser.evaluate(&twice), 0, "each region has a name of its own");
        let all = browser.evaluate(&format!("{SHOWN}.length"));
        assert_eq!(browser.evaluate("document.querySelectorAll('.share').length"), all);
        browser.evaluate("document.getElementById('work').scrollIntoView()");
        browser.keep_picture(name);
        let owner = "account=federal&owner=platform";
        browser.evaluate(&format!("location.hash = '#{owner}'"));
        browser.wait(&format!("{SHOWN}.length === 1"));
        assert_eq!(browser.evaluate(&format!("{SHOWN}[0]")), owner);
        let accounts = "[...document.querySelectorAll('.account')].filter((one) => one.checkVisibility()).length";
        assert_eq!(browser.evaluate(accounts), 1);
        browser.keep_picture(&format!("{name}-owner"));
        browser.evaluate("document.querySelector('.account:has(:target) .one a').click()");
        browser.wait(&format!("{SHOWN}.length === {all}"));
    }
    assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
}
