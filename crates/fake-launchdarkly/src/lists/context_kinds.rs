//! `/projects/{project}/context-kinds`

use serde_json::json;

use super::{Listing, Total};
use crate::account::{Account, Json};

pub(super) const LISTING: Listing = Listing {
    pattern: "projects/{project}/context-kinds",
    pages: None,
    total: Total::None,
    is_beta: false,
    items,
};

/// Key, name, description, days since a context was last seen, archived.
const KINDS: [(&str, &str, &str, Option<i64>, bool); 3] = [
    ("user", "User", "Whoever uses the product.", Some(0), false),
    ("account", "Account", "The company that somebody buys for.", Some(1), false),
    ("visitor", "Visitor", "", None, true),
];

fn items(account: &Account, _: &[String]) -> Vec<Json> {
    const DAY_MS: i64 = 86_400_000;
    let kind =
        |&(key, name, description, seen, archived): &(&str, &str, &str, Option<i64>, bool)| {
            let mut kind = json!({
                "key": key, "name": name, "description": description, "version": 2,
                "creationDate": account.now_ms - 700 * DAY_MS,
                "lastModified": account.now_ms - 200 * DAY_MS,
                "createdFrom": if archived { "manual-add" } else { "auto-add" },
                "hideInTargeting": archived, "archived": archived, "_links": {},
            });
            if let Some(days) = seen {
                kind["lastSeen"] = json!(account.now_ms - days * DAY_MS);
            }
            kind.to_string()
        };
    KINDS.iter().map(kind).collect()
}
