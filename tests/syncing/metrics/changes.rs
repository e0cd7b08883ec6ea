//! Changes of metrics that exist.

use serde_json::json;

use super::{TWO, edit, last_actions, metric, metrics, two, writes};
use crate::setup::{
    SYNC_METRICS, counts, rejected, summary, sync, sync_without_writes, synced, write,
};

#[test]
fn unchanged_metrics_are_not_written() {
    let run = two();
    let again = summary(&sync_without_writes(&run, SYNC_METRICS, &[]).succeeded());
    assert_eq!(counts(&again, ["read", "unchanged"]), [2, 2]);
    // Other order, other defaults: the same meaning.
    let other = TWO.replace("a,b", "b,a,b").replace("key,name", "key,kind,name");
    let other = other.replace("signup,Sign-ups", "signup,custom,Sign-ups");
    write(&run, "metrics.csv", other.replace("orders,Orders", "orders,,Orders"));
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
}

#[test]
fn a_changed_name_is_one_patch_with_one_operation() {
    let run = two();
    write(&run, "metrics.csv", TWO.replace("Orders", "All orders"));
    let summary = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary, ["created", "updated", "unchanged"]), [0, 1, 1]);
    assert_eq!(writes(&run), ["PATCH orders"]);
    assert_eq!(last_actions(&run), ["updateName"]);
    let body = json!([{"op": "replace", "path": "/name", "value": "All orders"}]).to_string();
    assert_eq!(crate::setup::writes(&run)[0].body_bytes, body.len());
    assert_eq!(metric(&run, "orders")["name"], "All orders");
}

#[test]
fn several_changed_fields_are_one_patch() {
    let run = two();
    write(&run, "metrics.csv", TWO.replace("Orders,ordered,count,", "New,bought,occurrence,x"));
    synced(&run, SYNC_METRICS, &[]);
    assert_eq!(writes(&run), ["PATCH orders"]);
    let orders = metric(&run, "orders");
    assert_eq!((&orders["name"], &orders["eventKey"]), (&json!("New"), &json!("bought")));
    assert_eq!(
        (&orders["tags"], &orders["unitAggregationType"]),
        (&json!(["x"]), &json!("average"))
    );
}

#[test]
fn an_edit_by_somebody_else_is_healed() {
    let run = two();
    edit(&run, "signup", |metric| metric["name"] = json!("Renamed"));
    let summary = synced(&run, SYNC_METRICS, &[]);
    assert_eq!(counts(&summary, ["updated", "unchanged"]), [1, 1]);
    assert_eq!(metric(&run, "signup")["name"], "Sign-ups");
}

#[test]
fn fields_without_a_column_are_left_alone() {
    let run = two();
    edit(&run, "signup", |metric| metric["description"] = json!("Theirs"));
    write(&run, "metrics.csv", "key,name\nsignup,New name\n");
    synced(&run, SYNC_METRICS, &["--max-drop", "100%"]);
    let signup = metric(&run, "signup");
    assert_eq!((&signup["description"], &signup["name"]), (&json!("Theirs"), &json!("New name")));
    assert_eq!(metrics(&run).len(), 2, "metrics that the source lacks stay");
}

#[test]
fn the_kind_of_a_metric_cannot_change() {
    let run = two();
    let text = "key,name,kind,event_key,urls\n\
                signup,Other,pageview,,https://example.com/\norders,Better,custom,ordered,\n";
    write(&run, "metrics.csv", text);
    let ended = sync(&run, SYNC_METRICS, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["invalid", "updated"]), [1, 1]);
    assert_eq!(rejected(&run), ["1 | \"signup\" | \"kind_changed\""]);
    assert_eq!(writes(&run), ["PATCH orders"]);
}

#[test]
fn a_metric_in_use_changes_harmless_fields_only() {
    for count in ["activeExperimentCount", "activeGuardedRolloutCount"] {
        let run = two();
        edit(&run, "orders", |metric| metric[count] = json!(1));
        write(&run, "metrics.csv", TWO.replace("Orders,ordered,count,", "New,ordered,count,x"));
        synced(&run, SYNC_METRICS, &[]);
        write(&run, "metrics.csv", TWO.replace("ordered", "bought"));
        sync_without_writes(&run, SYNC_METRICS, &[]).failed(11, "rows_rejected");
        assert_eq!(rejected(&run), ["2 | \"orders\" | \"in_use\""]);
        synced(&run, SYNC_METRICS, &["--allow-in-use"]);
        assert_eq!(metric(&run, "orders")["eventKey"], "bought");
    }
}

#[test]
fn the_mode_update_creates_nothing() {
    let run = two();
    let text = TWO.replace("Orders", "New") + "fresh,Fresh,happened,occurrence,\n";
    write(&run, "metrics.csv", text);
    let summary = synced(&run, SYNC_METRICS, &["--mode", "update"]);
    assert_eq!(counts(&summary, ["created", "updated", "unchanged"]), [0, 1, 2]);
    assert_eq!(writes(&run), ["PATCH orders"]);
}

#[test]
fn the_mode_create_changes_nothing() {
    let run = two();
    let text = TWO.replace("Orders", "New") + "fresh,Fresh,happened,occurrence,\n";
    write(&run, "metrics.csv", text);
    let summary = synced(&run, SYNC_METRICS, &["--mode", "create"]);
    assert_eq!(counts(&summary, ["created", "updated", "unchanged"]), [1, 0, 2]);
    assert_eq!(writes(&run), ["POST"]);
}

#[test]
fn fields_of_only_on_create_keep_later_edits() {
    let run = two();
    edit(&run, "orders", |metric| metric["name"] = json!("Edited by hand"));
    let more = ["--only-on-create", "name,description"];
    sync_without_writes(&run, SYNC_METRICS, &more).succeeded();
    write(&run, "metrics.csv", TWO.to_owned() + "fresh,Fresh,happened,occurrence,\n");
    synced(&run, SYNC_METRICS, &more);
    assert_eq!(metric(&run, "orders")["name"], "Edited by hand");
    assert_eq!(metric(&run, "fresh")["name"], "Fresh");
    let unknown = sync_without_writes(&run, SYNC_METRICS, &["--only-on-create", "nmae"]);
    let error = unknown.failed(2, "usage");
    assert!(error.to_string().contains("`name`"), "{error}");
}

#[test]
fn nulls_clear_only_where_that_is_asked_for() {
    let run = two();
    let text = TWO.replace("key,name", "key,description,name").replace("Sign-ups", "X,Sign-ups");
    write(&run, "metrics.csv", text.replace("orders,", "orders,Y,"));
    synced(&run, SYNC_METRICS, &[]);
    write(&run, "metrics.csv", "key,description,tags\nsignup,,\norders,Y,\n");
    sync_without_writes(&run, SYNC_METRICS, &[]).succeeded();
    synced(&run, SYNC_METRICS, &["--nulls", "clear"]);
    let signup = metric(&run, "signup");
    assert!(signup["description"].as_str().unwrap_or_default().is_empty(), "{signup}");
    assert_eq!((&signup["tags"], &signup["name"]), (&json!([]), &json!("Sign-ups")));
    sync_without_writes(&run, SYNC_METRICS, &["--nulls", "clear"]).succeeded();
}
