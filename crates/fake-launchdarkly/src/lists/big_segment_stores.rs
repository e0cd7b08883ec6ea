//! `/integration-capabilities/big-segment-store`: where big segments are kept, credentials
//! included.

use serde_json::json;

use super::integration_configurations::start;
use super::{Account, Json, Listing, Total};

pub(super) const LISTING: Listing = Listing {
    pattern: "integration-capabilities/big-segment-store",
    pages: None,
    total: Total::None,
    is_beta: true,
    items,
};

/// Stores for the first environment of the first projects. The second store reports errors; the
/// third never ran.
fn items(account: &Account, _: &[String]) -> Vec<Json> {
    let now_ms = account.now_ms;
    let error = json!({"statusCode": 500, "message": "no answer from fake-secret-store", "timestamp": now_ms});
    let stores = [
        (
            "redis",
            json!({"available": true, "potentiallyStale": false, "lastSync": now_ms - 9_000}),
        ),
        (
            "dynamodb",
            json!({"available": false, "potentiallyStale": true, "lastSync": now_ms - 86_400_000,
                   "lastError": now_ms - 1_000, "errors": [error]}),
        ),
        ("redis", json!({"available": false, "lastSync": 0, "lastError": 0, "errors": null})),
    ];
    let places = account.projects.iter().zip(stores).filter_map(|(project, (key, status))| {
        let place = project.environments.first()?;
        Some(start("big-segment-store", project, place, key).raw("_status", &status.to_string()))
    });
    places.map(|store| store.close()).collect()
}
