//! Several accounts in one lake.

use std::fs;

use serde_json::Value;

use crate::inputs::{LAKE, company, extract, figure, json, refusal, report};
use crate::support::Run;

const ACCOUNTS: [&str; 2] = ["commercial", "federal"];

/// A lake of two accounts, of which the second has fewer flags.
pub fn two() -> Run {
    let run = company();
    for (index, id) in ACCOUNTS.into_iter().enumerate() {
        run.server.change(|account| {
            account.account_id = id.into();
            account.projects.truncate(4 - index);
        });
        extract(&run, &[]);
    }
    run
}

fn live(report: &Value) -> i64 {
    figure(report, "live_flags")["value"].as_i64().unwrap()
}

#[test]
fn accounts_stand_side_by_side() {
    let run = two();
    let page = json(&run, LAKE, &[]);
    assert_eq!(page["schema_version"], 1);
    let accounts = page["accounts"].as_array().unwrap();
    let names: Vec<_> = accounts.iter().map(|account| account["account"].clone()).collect();
    assert_eq!(names, ACCOUNTS);
    for account in accounts {
        let own = json(&run, LAKE, &["--account", account["account"].as_str().unwrap()]);
        assert_eq!(own["extraction"]["account_id"], account["account"]);
        for part in ["extraction", "headline", "scorecards", "owners", "freshness"] {
            assert_eq!(account[part], own[part], "{part}");
        }
    }
    assert!(live(&accounts[0]) > live(&accounts[1]));
    let total = &page["totals"][0];
    assert_eq!((&total["id"], &total["label"]), (&"live_flags".into(), &"Live flags".into()));
    assert_eq!(total["value"], live(&accounts[0]) + live(&accounts[1]));
}

#[test]
fn a_sum_with_an_unknown_part_is_unknown() {
    let run = two();
    extract(&run, &["--skip", "flags"]);
    let page = json(&run, LAKE, &[]);
    assert_eq!(page["totals"][0]["value"], Value::Null);
    assert_eq!(page["totals"][0]["unknown_accounts"][0], "federal");
    let text = report(&run, LAKE, &["--format", "text"]).succeeded().stdout;
    assert!(
        text.lines().any(|line| line.starts_with("all ") && line.contains("unknown")),
        "{text}"
    );
}

#[test]
fn the_page_of_an_organisation_is_one_file_without_scripts() {
    let run = two();
    report(&run, LAKE, &[]).succeeded();
    let page = fs::read_to_string(run.path("report.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && !page.contains("<script"));
    assert!(page.contains("default-src 'none'; script-src ; style-src 'sha256-"));
    for part in ACCOUNTS.into_iter().chain(["All accounts", "Ready to archive", "127.0.0.1"]) {
        assert!(page.contains(part), "{part}");
    }
    let hostile = "</th><script>alert(1)</script>";
    run.server.change(|account| account.account_id = hostile.into());
    extract(&run, &[]);
    report(&run, LAKE, &[]).succeeded();
    let page = fs::read_to_string(run.path("report.html")).unwrap();
    assert!(page.contains("alert(1)") && !page.contains("<script"));
}

/// The part of the page that is the work list.
fn work_list(page: &str) -> &str {
    let (_, rest) = page.split_once("<section id=\"work\"").unwrap();
    rest.split_once("</section>").unwrap().0
}

/// What follows each `start` in a page, up to the next quotation mark.
fn each<'p>(page: &'p str, start: &'p str) -> Vec<&'p str> {
    page.split(start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn each_account_has_its_work_list() {
    let run = two();
    let page = json(&run, LAKE, &[]);
    report(&run, LAKE, &[]).succeeded();
    let text = fs::read_to_string(run.path("report.html")).unwrap();
    let lists: Vec<_> = work_list(&text).split("<div class=\"account\">").skip(1).collect();
    assert_eq!(lists.len(), ACCOUNTS.len());
    for (account, list) in page["accounts"].as_array().unwrap().iter().zip(lists) {
        let name = account["account"].as_str().unwrap();
        let own = json(&run, LAKE, &["--account", name]);
        assert_eq!((&account["work"], &account["flag_url"]), (&own["work"], &own["flag_url"]));
        let work = account["work"].as_array().unwrap();
        assert!(work.len() > 15 && list.contains(&format!("<h3><bdi>{name}</bdi></h3>")));
        assert_eq!(list.matches("<li class=\"task\">").count(), work.len());
        for flag in work {
            let key = flag["flag_key"].as_str().unwrap();
            assert_eq!(list.matches(&format!("/flags/{key}\" target")).count(), 1, "{key}");
        }
        let address = run.server.base_uri();
        let address =
            format!(" --base-uri {} --input {LAKE}</code>", address.trim_end_matches('/'));
        let commands = list.matches("<code>flaglake flags archive --project ").count();
        assert!(commands > 5);
        assert_eq!(list.matches(&address).count(), commands, "{address}");
        let csv = format!("flaglake report --input {LAKE} --account {name} --format csv");
        assert!(list.contains(&format!("<code>{csv}")));
        run.run(&csv.split(' ').skip(1).collect::<Vec<_>>()).succeeded();
        assert!(each(list, "id=\"").iter().all(|id| id.starts_with(&format!("account={name}&"))));
    }
    // Each owner of each account has an address.
    let (mut ids, mut links) =
        (each(&text, "<article class=\"share\" id=\""), each(&text, "href=\"#account="));
    let all = ids.len();
    assert!(links.len() >= 2 * all, "in the list of owners, and above the flags");
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), all);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn text_shows_a_line_for_each_account() {
    let text = report(&two(), LAKE, &["--format", "text"]).succeeded().stdout;
    assert!(text.starts_with("Feature flags of 2 accounts\n"), "{text}");
    for start in ["commercial  ", "federal  ", "all  ", "  Scorecards: ", "  To clean up: "] {
        assert!(text.lines().any(|line| line.starts_with(start)), "{start}: {text}");
    }
}

#[test]
fn the_title_of_an_organisation_can_be_set() {
    let run = two();
    let titled = |format: &str| {
        let arguments = ["--title", "Our <i>flags</i>", "--output", "-", "--format", format];
        report(&run, LAKE, &arguments).succeeded().stdout
    };
    assert!(titled("text").starts_with("Our <i>flags</i>: 2 accounts\n"));
    let (page, title) = (titled("html"), "Our &#60;i&#62;flags&#60;/i&#62;: 2 accounts");
    assert!(page.contains(&format!("<title>{title}</title>")));
    assert!(page.contains(&format!("<h1>{title}</h1>")));
}

#[test]
fn failed_scorecards_name_their_account() {
    let run = two();
    let error = report(&run, LAKE, &["--fail-on", "fail"]).failed(9, "scorecard_failed");
    assert!(error["message"].as_str().unwrap().contains("of account commercial"), "{error}");
    assert!(run.path("report.html").exists());
}

#[test]
fn an_account_that_is_not_there_is_refused() {
    let run = two();
    let refused = refusal(&run, &["--account", "eu"], 2, "usage");
    assert!(
        refused.contains("`eu`") && refused.contains("`commercial` and `federal`"),
        "{refused}"
    );
    run.extract(&[]);
    json(&run, "launchdarkly.db", &["--account", "federal"]);
    let arguments = ["--format", "json", "--account", "eu"];
    let error = report(&run, "launchdarkly.db", &arguments).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`federal`"), "{error}");
}

#[test]
fn the_output_of_extract_is_the_input_of_a_report() {
    let run = two();
    let mut command = run.command(&["report", "--format", "json"]);
    let ended = command.env("FLAGLAKE_OUTPUT", LAKE).env("FLAGLAKE_ACCOUNT", "federal").output();
    let ended = crate::support::ended(ended.unwrap()).succeeded();
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["extraction"]["account_id"], "federal");
}
