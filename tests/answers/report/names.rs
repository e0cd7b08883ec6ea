//! Names, keys and bounds that people see instead of IDs.

use fake_launchdarkly::{Behaviour, company};
use serde_json::Value;

use crate::report::{change, page, place, report};
use crate::support::Run;

/// The IDs of LaunchDarkly in a text.
fn ids(text: &str) -> Vec<&str> {
    let is_id = |word: &&str| word.len() == 24 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(|one: char| !one.is_ascii_alphanumeric()).filter(is_id).collect()
}

fn company() -> Run {
    let now = jiff::Timestamp::now().as_millisecond();
    let run = Run::new(company::account(now), Behaviour::default());
    run.extract(&["--resources", "all"]);
    run
}

fn of_run(run: &Run, format: &str) -> String {
    run.run(&["report", "--output", "-", "--format", format]).succeeded().stdout
}

/// What people see of a page without scripts.
fn shown(page: &str) -> String {
    let markup = page.split_once("<main").unwrap().1.split_once("<footer").unwrap().0;
    markup.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

#[test]
fn no_id_is_shown_where_a_name_is_known() {
    let run = company();
    let page = of_run(&run, "html");
    assert_eq!(ids(&shown(&page)), Vec::<&str>::new());
    assert!(page.contains("<bdi>Lars Nygaard</bdi>"), "the scorecards name owners");
    assert!(page.contains("<bdi>Payments platform</bdi></a> <bdi class=\"quiet\">payments</bdi>"));
    assert!(page.contains("<bdi>Payments platform (payments)</bdi>"), "charts name projects");
    for format in ["text", "markdown"] {
        let text = of_run(&run, format);
        // The account has no name.
        assert_eq!(ids(&text).len(), 1, "{format}: {text}");
    }
}

#[test]
fn owners_in_lists_have_the_names_of_the_scorecards() {
    let run = company();
    let report: Value = serde_json::from_str(&of_run(&run, "json")).unwrap();
    let lists = report["lists"].as_array().unwrap();
    let flags = lists.iter().find(|list| list["id"] == "flags").unwrap();
    let owners = flags["rows"].as_array().unwrap().iter().filter_map(|row| row["owner"].as_str());
    let owners: Vec<_> = owners.collect();
    assert!(owners.contains(&"Lars Nygaard") && owners.iter().any(|one| one.starts_with("Former")));
    assert!(owners.iter().all(|owner| ids(owner).is_empty()), "{owners:?}");
}

#[test]
fn a_failing_pipeline_is_told_the_names() {
    let folder = place();
    change(
        &folder,
        "UPDATE scorecards SET status = 'pass';
         UPDATE scorecards SET status = 'fail', subject = '5d30db71f18021153675ed1a', subject_name = 'Lars'
             WHERE subject_kind = 'owner';
         UPDATE scorecards SET status = 'fail', subject_name = 'Kasse' WHERE subject = 'team-1'",
    );
    let arguments = ["--format", "csv", "--fail-on", "fail", "--error-format", "json"];
    let error = report(&folder, &arguments).failed(9, "scorecard_failed");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("of team Kasse (team-1)") && message.contains("of owner Lars"));
    assert!(!message.contains("5d30db71"), "{message}");
}

#[test]
fn a_figure_that_is_not_exact_is_shown_as_a_range_and_leads_to_its_list() {
    let folder = place();
    change(
        &folder,
        "UPDATE scorecards SET status = 'pass', output = 5.0;
         UPDATE scorecards SET output = NULL, output_min = 40.0, output_max = 62.25, subject_name = 'Kasse & Co'
             WHERE subject = 'team-1'",
    );
    let page = page(&folder);
    let list = "#list=scorecards&#38;scorecard=removal_backlog&#38;subject_kind=team&#38;subject_name=Kasse%20%26%20Co";
    assert!(page.contains(&format!("<a href=\"{list}\">40–62.2 %</a>")), "{list}");
    let stale = "#list=stale_flags&#38;critical=yes&#38;project=project-00";
    assert!(page.contains(&format!("<a href=\"{stale}\">5 %</a>")), "{stale}");
}

#[test]
fn a_title_stands_above_every_form() {
    let folder = place();
    let titled = |format: &str| {
        let arguments = ["--title", "Our <b>flags</b>", "--output", "-", "--format", format];
        report(&folder, &arguments).succeeded().stdout
    };
    let page = titled("html");
    for element in
        ["<title>Our &#60;b&#62;flags&#60;/b&#62;, ", "<h1>Our &#60;b&#62;flags&#60;/b&#62;</h1>"]
    {
        assert!(page.contains(element), "{element}");
    }
    assert!(titled("text").starts_with("Our <b>flags</b>: account account-1, "));
    assert!(titled("markdown").starts_with("# Our \\<b\\>flags\\</b\\>\n"));
}

#[test]
fn a_report_says_that_the_account_is_the_demo() {
    let demo = "This is the demo: the account and all of its data are invented.";
    let folder = place();
    for format in ["html", "text", "markdown"] {
        let form = || report(&folder, &["--output", "-", "--format", format]).succeeded().stdout;
        change(&folder, "UPDATE extractions SET account_id = 'account-1'");
        assert!(!form().contains(demo), "{format}");
        let id = fake_launchdarkly::account::account_id();
        change(&folder, &format!("UPDATE extractions SET account_id = '{id}'"));
        assert!(form().contains(demo), "{format}");
    }
}
