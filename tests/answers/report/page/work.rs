//! The work list on the page.

use super::{is_calm, page};
use crate::report::{change, json, page as text, place};
use crate::support::browser::Browser;

const OF_ONE_TEAM: &str = "UPDATE flags SET maintainer_team_key = 'team-1', maintainer_id = NULL,
                               maintainer_email = NULL";

/// The part of the page that is the work list.
fn section(page: &str) -> &str {
    let (_, rest) = page.split_once("<section id=\"work\"").unwrap();
    rest.split_once("</section>").unwrap().0
}

#[test]
fn every_flag_of_the_work_list_is_on_the_page() {
    let folder = place();
    let page = text(&folder);
    let section = section(&page);
    let json = json(&folder);
    let work = json["work"].as_array().unwrap();
    assert_eq!(section.matches("<li class=\"task\">").count(), work.len());
    for flag in work {
        let [project, key] =
            [&flag["project_key"], &flag["flag_key"]].map(|key| key.as_str().unwrap());
        let link = format!("launchdarkly.com/projects/{project}/flags/{key}\" target");
        assert_eq!(section.matches(&link).count(), 1, "{key}");
    }
    let count = |step: &str, is_safe: bool| {
        let is_it = |flag: &&serde_json::Value| {
            flag["step"] == step && (!is_safe || flag["verdict"] == "safe")
        };
        work.iter().filter(is_it).count()
    };
    assert!(count("archive", true) > 0 && count("archive", true) < count("archive", false));
    assert_eq!(section.matches("<dt>Archive it</dt>").count(), count("archive", true));
    let later = count("remove_from_code", false);
    assert_eq!(section.matches("<dt>Archive afterwards</dt>").count(), later);
    assert_eq!(
        section.matches("flaglake flags archive --project ").count(),
        count("archive", true) + later
    );
    assert_eq!(
        section.matches("<dt>Value that stays</dt><dd><code>true</code>").count(),
        work.len()
    );
    let order =
        "The owners with the most flags come first; of each, the safe flags, then the oldest.";
    assert!(section.contains(order), "{section}");
    let shares = section.split("<article class=\"share\"").skip(1);
    let numbers: Vec<_> =
        shares.map(|share| share.matches("<li class=\"task\">").count()).collect();
    let owners = &numbers[..numbers.len() - 1];
    assert!(owners.is_sorted_by(|one, next| one >= next), "nobody comes last: {numbers:?}");
}

#[test]
fn places_in_code_are_links_to_pages_only() {
    let page = text(&place());
    let section = section(&page);
    assert!(section.contains("href=\"https://example.com/shop/blob/main/src/cart.rs#L3\""));
    assert!(!section.contains("javascript:"), "only its name is shown");
    assert!(section.contains("&#60;i&#62;cart&#60;/i&#62;.rs:14<br>"), "{section}");
    assert!(section.contains("<br>and 1 more</dd>"), "four of five are shown");
}

#[test]
fn a_long_work_list_says_where_the_rest_is() {
    let folder = place();
    change(&folder, OF_ONE_TEAM);
    change(&folder, "UPDATE forward_values SET value = substr(hex(zeroblob(500)), 1, 999)");
    let page = text(&folder);
    assert!(section(&page).contains(&format!("<code>{}…</code>", "0".repeat(200))));
    let work = json(&folder)["work"].as_array().unwrap().len();
    assert_eq!(section(&page).matches("<li class=\"task\">").count(), 50);
    let rest =
        format!("{} more: <code>flaglake report --format csv --owner team-1</code>", work - 50);
    assert!(section(&page).contains(&rest), "{rest}");
}

#[test]
fn an_account_without_work_says_so() {
    let folder = place();
    change(&folder, "DELETE FROM flag_judgements");
    let page = text(&folder);
    assert!(section(&page).contains("No flag is known to be ready."));
    assert!(!page.contains("href=\"#work\">Which flags"));
}

#[test]
fn an_address_shows_the_work_of_one_owner_without_scripts() {
    let (folder, path) = page(600);
    let owner = "ada lovelace@example.com";
    change(
        &folder,
        &format!(
            "UPDATE flags SET maintainer_team_key = '{owner}' WHERE maintainer_team_key = 'team-1'"
        ),
    );
    let page = text(&folder);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&path, "");
    let shown = "[...document.querySelectorAll('.share')].filter((one) => one.checkVisibility()).map((one) => one.id)";
    let tasks =
        "[...document.querySelectorAll('.task')].filter((one) => one.checkVisibility()).length";
    let all = browser.evaluate("document.querySelectorAll('.share').length");
    assert_eq!(browser.evaluate(&format!("{shown}.length")), all);
    let few = browser.evaluate(tasks).as_i64().unwrap();
    assert!(
        few <= all.as_i64().unwrap() * 5
            && few
                < browser.evaluate("document.querySelectorAll('.task').length").as_i64().unwrap()
    );
    assert_eq!(browser.evaluate("document.querySelector('#work .one').checkVisibility()"), false);
    for fragment in ["#owner=ada%20lovelace%40example.com", "#no-owner"] {
        assert!(page.contains(&format!("<h3><a href=\"{fragment}\">")), "{fragment}");
        browser.evaluate(&format!("location.hash = '{fragment}'"));
        browser.wait(&format!("{shown}.length === 1"));
        let id =
            if fragment == "#no-owner" { "no-owner".to_owned() } else { format!("owner={owner}") };
        assert_eq!(browser.evaluate(&format!("{shown}[0]")), id);
        let own = browser
            .evaluate(&format!("document.getElementById('{id}').querySelectorAll('.task').length"));
        assert_eq!(browser.evaluate(tasks), own);
    }
    browser.evaluate("document.querySelector('#work .one a').click()");
    browser.wait(&format!("{shown}.length === {all}"));
    is_calm(&mut browser, &path);
}

#[test]
fn the_address_of_an_owner_opens_at_the_work_of_this_owner() {
    let (_folder, path) = page(600);
    let Some(mut browser) = Browser::start() else { return };
    for (width, name) in [(1400, "owner"), (390, "owner-narrow")] {
        browser.look(width, 900, "dark");
        browser.open(&path, "#owner=team-1");
        browser.wait(
            "Math.abs(document.querySelector('.share:target').getBoundingClientRect().top - 56) < 3",
        );
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.evaluate(overflow), 0, "{width}");
        browser.keep_picture(name);
    }
    is_calm(&mut browser, &path);
}
