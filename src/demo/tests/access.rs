//! The lists about access and integrations, through the resources that read them.

use super::*;
use crate::model::scope::Scope;
use crate::model::table::{Sink, Value as Cell, Written};
use crate::resources;

/// Resource, path, and whether its list holds secrets.
const LISTS: [(&str, &str, bool); 9] = [
    ("roles", "roles", false),
    ("team_roles", "teams/payments/roles", false),
    ("access_tokens", "tokens?showAll=true", true),
    ("webhooks", "webhooks", true),
    ("relay_proxy_configurations", "account/relay-auto-configs", true),
    ("destinations", "destinations", true),
    ("integration_configurations", "integration-capabilities/featureStore", true),
    ("big_segment_stores", "integration-capabilities/big-segment-store", true),
    ("applications", "applications?limit=100", false),
];

/// The text of all cells.
#[derive(Default)]
struct Texts(Vec<String>);

impl Sink for Texts {
    fn write(&mut self, _: &'static str, cells: &[Cell<'_>]) -> crate::Result<Written> {
        let text = |cell: &Cell<'_>| match cell {
            Cell::Text(text) => Some((*text).to_owned()),
            _ => None,
        };
        self.0.extend(cells.iter().filter_map(text));
        Ok(Written::Fresh)
    }

    fn wants(&self, _: &str) -> bool {
        true
    }
}

fn page(server: &Server, path: &str) -> String {
    let got = get_as(server, &format!("/api/v2/{path}"), DEMO_TOKEN, "LD-API-Version: beta\r\n");
    assert_eq!(got.status, 200, "{path}");
    got.body
}

fn texts(resource: &str, page: &str) -> Vec<String> {
    let resource = resources::find(resource).expect("a resource");
    let mut texts = Texts::default();
    resource.extract(page.as_bytes(), &Scope::project("payments"), &mut texts).expect("its list");
    texts.0
}

#[test]
fn lists_hold_secrets_of_which_no_cell_holds_any() {
    let server = serve_company();
    for (resource, path, has_secrets) in LISTS {
        let page = page(&server, path);
        assert_eq!(page.contains("fake-secret-"), has_secrets, "{path}");
        let texts = texts(resource, &page);
        assert!(texts.len() > 3, "{path}");
        assert!(texts.iter().all(|text| !text.contains("fake-secret")), "{path}: {texts:?}");
    }
}

#[test]
fn an_account_with_nothing_in_it_has_empty_lists() {
    let server = serve(Account::new(NOW_MS).with_team(Team::new("payments", NOW_MS)));
    for (resource, path, _) in LISTS {
        assert!(texts(resource, &page(&server, path)).is_empty(), "{path}");
    }
}

#[test]
fn teams_have_role_attributes_and_roles_where_asked_for() {
    let server = serve_company();
    let team = |query: &str| {
        let teams = json(&server, &format!("/api/v2/teams{query}"));
        items(&teams).iter().find(|team| team["key"] == "payments").cloned().unwrap()
    };
    assert_eq!(team("")["roleAttributes"], Value::Null);
    let project = &team("?expand=members,roleAttributes")["roleAttributes"]["project"];
    assert_eq!(project.to_string(), r#"["payments","internal-tools"]"#);
    let roles = json(&server, "/api/v2/teams/payments/roles");
    assert_eq!(roles["totalCount"], items(&roles).len());
    assert_eq!(items(&roles)[1]["projects"]["totalCount"], 2);
    let one = json(&server, "/api/v2/teams/payments?expand=roles");
    assert_eq!(one["roles"]["items"], roles["items"]);
}
