//! Lists: their columns, their requests, their forms.

use fake_launchdarkly::company;

use super::*;

/// The demo account.
fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

fn items(run: &Run, command: &str) -> Vec<Value> {
    json(run, command, &[])["items"].as_array().unwrap().clone()
}

#[test]
fn every_list_has_the_columns_of_its_table() {
    let run = company();
    for (command, table) in [
        ("projects list", "projects"),
        ("environments list --project storefront", "environments"),
        ("flags list --project storefront", "flags"),
        ("approvals list", "approval_requests"),
        ("audit-log list", "audit_log_entries"),
        ("segments list --project storefront --environment production", "segments"),
        ("metrics list --project storefront", "metrics"),
        ("members list", "members"),
    ] {
        let tables = flaglake::resources::tables();
        let table = tables.iter().find(|one| one.name == table).unwrap();
        let columns = table.columns.iter().map(|column| column.name.to_owned());
        let mut expected: Vec<_> = columns.collect();
        expected.sort();
        let items = items(&run, command);
        assert!(!items.is_empty(), "{command}");
        let actual: Vec<_> = items[0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(actual, expected, "{command}");
    }
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn the_audit_log_takes_one_request() {
    let run = company();
    let entries = items(&run, "audit-log list");
    assert_eq!(entries.len(), 20);
    let requests = run.server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!((&*requests[0].path, requests[0].query("limit")), ("/api/v2/auditlog", Some("20")));
    let times: Vec<_> = entries.iter().map(|one| one["occurred_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "{times:?}");
    assert!(times[0].len() == 24 && times[0].ends_with('Z'), "{}", times[0]);
}

#[test]
fn more_entries_take_more_requests_and_none_comes_twice() {
    let run = company();
    let entries = items(&run, "audit-log list --limit 45");
    let ids: std::collections::BTreeSet<_> =
        entries.iter().map(|one| one["entry_id"].as_str().unwrap()).collect();
    assert_eq!((entries.len(), ids.len()), (45, 45));
    assert_eq!(run.server.requests().len(), 3);
}

#[test]
fn entries_are_found_by_project_flag_and_age() {
    let run = company();
    let of_project = items(&run, "audit-log list --project payments --limit 3");
    assert!(of_project.iter().all(|one| one["project_key"] == "payments"));
    assert_eq!(of_project.len(), 3);
    let key = of_project
        .iter()
        .find(|one| one["resource_kind"] == "flag")
        .map(|one| one["resource_key"].clone());
    let key = key.unwrap_or_default().as_str().unwrap_or("none").to_owned();
    run.server.forget_requests();
    let of_flag = json(&run, "audit-log list --project payments --flag", &[&key]);
    let of_flag = of_flag["items"].as_array().unwrap();
    assert!(of_flag.iter().all(|one| one["resource_key"] == key.as_str()), "{of_flag:?}");
    let spec = format!("proj/payments:env/*:flag/{key}");
    assert_eq!(run.server.requests()[0].query("spec"), Some(&*spec));
    run.server.forget_requests();
    items(&run, "audit-log list --since 24h");
    assert!(run.server.requests()[0].query("after").is_some());
}

#[test]
fn launchdarkly_searches_flags() {
    let run = company();
    let found = items(&run, "flags list --project storefront --search checkout");
    assert!(!found.is_empty());
    let filter = run.server.requests()[0].query("filter").map(str::to_owned);
    assert_eq!(filter.as_deref(), Some("query:checkout"));
    run.server.forget_requests();
    let more = ["--search", "a,b:c"];
    json(&run, "flags list --project storefront", &more);
    assert_eq!(run.server.requests()[0].query("filter"), Some("query:a%2Cb%3Ac"));
}

#[test]
fn flags_have_their_state_in_an_environment() {
    let run = run();
    let flags = items(&run, "flags list --project web --environment live");
    let beta = flags.iter().find(|flag| flag["flag_key"] == "beta").unwrap();
    assert_eq!((&beta["is_on"], &beta["status"]), (&true.into(), &"launched".into()));
    assert_eq!(beta["last_requested_at"], "2017-07-14T02:40:00.000Z");
    assert_eq!(beta["environment_key"], "live");
    assert!(flags.iter().all(|flag| flag["flag_key"] != "old"), "archived flags are not listed");
}

#[test]
fn lists_that_launchdarkly_cannot_search_are_filtered() {
    let run = company();
    let all = items(&run, "metrics list --project storefront");
    let key = all[0]["metric_key"].as_str().unwrap().to_uppercase();
    let found = json(&run, "metrics list --project storefront --search", &[&key]);
    let found = found["items"].as_array().unwrap();
    assert!(!found.is_empty() && found.len() < all.len(), "{found:?}");
}

#[test]
fn unknown_places_are_usage_errors_with_the_nearest_key() {
    let run = company();
    for (command, nearest) in [
        ("environments list --project storefrnt", "`storefront`"),
        ("flags list --project storefrnt", "`storefront`"),
        ("flags list --project storefront --environment prodution", "`production`"),
        ("segments list --project storefront --environment stagin", "`staging`"),
        ("metrics list --project storefrnt", "`storefront`"),
    ] {
        let error = ask(&run, command, &[]).failed(2, "usage");
        assert!(error["message"].as_str().unwrap().contains(nearest), "{command}: {error}");
    }
}

#[test]
fn dots_are_no_keys() {
    let run = company();
    for dots in [".", ".."] {
        for command in [
            "environments list --project",
            "flags list --project",
            "flags list --project storefront --environment",
            "flags show --project storefront",
            "flags on --yes --environment production --project storefront",
            "flags archive --yes --project storefront",
            "segments list --environment production --project",
            "segments show --project storefront --environment production",
            "metrics list --project",
            "approvals list --project",
            "approvals show",
            "approvals apply --yes",
            "approvals withdraw",
            "audit-log list --project",
        ] {
            ask(&run, command, &[dots]).failed(2, "usage");
        }
    }
}

#[test]
fn a_table_fits_the_width() {
    let run = company();
    for columns in [80, 120] {
        let arguments = ["flags", "list", "--project", "storefront", "--environment", "production"];
        let mut command = run.command(&arguments);
        let ended =
            crate::support::ended(command.env("COLUMNS", columns.to_string()).output().unwrap());
        let text = ended.succeeded().stdout;
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns, "{widest}: {text}");
    }
}

#[test]
fn csv_has_a_header_and_all_columns() {
    let run = company();
    let text = ask(&run, "projects list --format csv", &[]).succeeded().stdout;
    let mut lines = text.lines();
    assert!(lines.next().unwrap().starts_with("project_key,project_id,name,"), "{text}");
    assert_eq!(lines.count(), 4);
}

#[test]
fn a_segment_is_shown_with_its_parts() {
    let run = company();
    let list = "segments list --project storefront --environment production";
    let key = items(&run, list)[0]["segment_key"].as_str().unwrap().to_owned();
    let show = "segments show --project storefront --environment production";
    let segment = json(&run, show, &[&key]);
    assert_eq!(segment["segment_key"], key.as_str());
    assert!(segment["tags"].is_array() && segment["rules"].is_array(), "{segment}");
    let error = ask(&run, show, &[&key[1..]]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains(&key), "{error}");
}

#[test]
fn an_empty_list_has_its_header() {
    let run = run();
    for (command, column) in [
        ("approvals list", "approval_request_id,"),
        ("members list --search nobody-has-this-name", "member_id,"),
        ("metrics list --project web --search nothing-like-this", "project_key,metric_key,"),
        ("flags list --project web --search nothing --environment live", "project_key,flag_key,"),
    ] {
        let printed = ask(&run, command, &["--format", "csv"]).succeeded().stdout;
        assert!(printed.starts_with(column), "{command}: {printed}");
        assert_eq!(printed.lines().count(), 1, "{command}: {printed}");
    }
}

#[test]
fn members_are_found_by_their_whole_name() {
    let run = company();
    let member = items(&run, "members list")[0].clone();
    let text = |name: &str| member[name].as_str().unwrap();
    let name = format!("{} {}", text("first_name"), text("last_name"));
    let found = json(&run, "members list --search", &[&name.to_uppercase()]);
    assert_eq!(found["items"][0]["member_id"], member["member_id"]);
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_one() {
    use fake_launchdarkly::UnknownEnvironment;
    for answered in [UnknownEnvironment::Ignore, UnknownEnvironment::NotFound] {
        let run = run();
        run.server.behave(|behaviour| behaviour.unknown_environment = answered);
        for (command, nearest) in [
            ("approvals list --project webb", "`web`"),
            ("audit-log list --project webb", "`web`"),
            ("audit-log list --project web --flag bet", "`beta`"),
            ("flags restore odl --project web --yes", "`old`"),
            ("flags show beta --project web --environment gaurded", "`guarded`"),
            ("flags list --project web --environment gaurded", "`guarded`"),
        ] {
            let error = ask(&run, command, &[]).failed(2, "usage");
            assert!(error["message"].as_str().unwrap().contains(nearest), "{command}: {error}");
        }
    }
}
