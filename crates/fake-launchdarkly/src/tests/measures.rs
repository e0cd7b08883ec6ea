//! Code references, segments, metrics and experiments.

use super::*;

#[test]
fn lists_say_how_many_they_are_in_their_own_ways() {
    let server = serve_company();
    let page = json(&server, "/api/v2/segments/storefront/production?limit=3");
    assert_eq!((items(&page).len(), &page["totalCount"]), (3, &Value::from(4)));
    assert_eq!(json(&server, "/api/v2/projects/storefront/experiments?limit=1")["total_count"], 3);
    assert_eq!(json(&server, "/api/v2/projects/storefront/layers")["totalCount"], 1);
    assert!(json(&server, "/api/v2/code-refs/repositories").get("totalCount").is_none());
    assert_eq!(get(&server, "/api/v2/projects/storefront/metric-groups").status, 403);
    assert_eq!(get(&server, "/api/v2/segments/storefront/nowhere").status, 404);
    assert_eq!(get(&server, "/api/v2/code-refs/statistics/nowhere").status, 404);
}
