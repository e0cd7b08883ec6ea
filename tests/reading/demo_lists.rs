//! The lists of the demo account, through the resources that read them.

use std::collections::BTreeSet;
use std::fmt::Write;

use fake_launchdarkly::account::{Account, DEMO_TOKEN, Environment, Project, Team};
use fake_launchdarkly::generated::NOW_MS;
use fake_launchdarkly::{Behaviour, Server, company};
use flaglake::launchdarkly::identity::DEMO_ACCOUNT_ID;
use flaglake::model::scope::Scope;
use flaglake::model::table::{Sink, Value as Cell, Written};
use flaglake::resources::PageRows;
use flaglake::resources::specifier::Specifier;
use flaglake::stage::Writer;
use flaglake::{catalog, resources};
use rusqlite::Connection;
use serde_json::Value;

use crate::support::http;

fn serve(account: Account) -> Server {
    Server::spawn(account, Behaviour::default()).unwrap()
}

fn serve_company() -> Server {
    serve(company::account(NOW_MS))
}

#[test]
fn the_demo_account_is_known_by_its_id() {
    assert_eq!(fake_launchdarkly::account::account_id(), DEMO_ACCOUNT_ID);
}

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
    fn write(&mut self, _: &'static str, cells: &[Cell<'_>]) -> flaglake::Result<Written> {
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
    http::get(server, &format!("/api/v2/{path}"), DEMO_TOKEN, "beta")
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

const RESOURCES: [&str; 9] = [
    "code_reference_files",
    "code_reference_repositories",
    "code_references",
    "segments",
    "metrics",
    "metric_groups",
    "experiments",
    "holdouts",
    "layers",
];

fn asked_for(server: &Server, resource: &dyn PageRows, project: &str) -> String {
    let path = resource.path().replace("{project}", project);
    let mut path = path.replace("{environment}", "production") + "?";
    let own = resource.project_query().map(|name| (name, project));
    for (name, value) in resource.query().iter().copied().chain(own) {
        write!(path, "{name}={value}&").unwrap();
    }
    let version = if resource.is_beta() { "beta" } else { "20240415" };
    http::get(server, &path, DEMO_TOKEN, version)
}

#[test]
fn what_is_served_fills_every_table_and_leaves_no_secret() {
    let server = serve_company();
    let connection = Connection::open_in_memory().unwrap();
    let tables = catalog::tables();
    connection.execute_batch(&catalog::sqlite::script(&tables)).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    let mut writer = Writer::new(&connection, &tables).unwrap();
    let scope = Scope::environment("storefront", "production");
    for resource in RESOURCES.map(|name| resources::find(name).unwrap()) {
        let body = asked_for(&server, resource, "storefront");
        resource.extract(body.as_bytes(), &scope, &mut writer).unwrap();
        for table in resource.tables().iter().filter(|table| table.name != "segment_flags") {
            let sql = format!("SELECT count(*) FROM {}", table.name);
            let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert!(count > 0, "{} is empty", table.name);
            for column in &table.columns {
                let sql = format!(
                    "SELECT count(*) FROM {} WHERE {} LIKE '%fake-secret%'",
                    table.name, column.name
                );
                let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
                assert_eq!(count, 0, "{}.{}", table.name, column.name);
            }
        }
    }
}

#[test]
fn secrets_and_end_users_are_served() {
    let server = serve_company();
    for name in
        ["code_reference_files", "code_reference_repositories", "code_references", "segments"]
    {
        let body = asked_for(&server, resources::find(name).unwrap(), "storefront");
        assert!(body.contains("fake-secret-"), "{name}");
    }
}

#[test]
fn a_project_without_flags_has_none_of_them() {
    let project = Project::new("empty").with_environment(Environment::new("production"));
    let server = serve(Account::new(NOW_MS).with_project(project));
    for resource in RESOURCES.map(|name| resources::find(name).unwrap()) {
        let body: Value = serde_json::from_str(&asked_for(&server, resource, "empty")).unwrap();
        assert!(body["items"].as_array().is_none_or(Vec::is_empty), "{}", resource.name());
        assert!(body["flags"].as_object().is_none_or(serde_json::Map::is_empty));
    }
}

#[test]
fn the_specifiers_of_the_demo_log_name_what_is_there() {
    let account = company::account(NOW_MS);
    let accesses = account.audit_log.iter().flat_map(|entry| &entry.accesses);
    let mut kinds = BTreeSet::new();
    for (_, resource) in accesses {
        let found = Specifier::parse(resource);
        let key = found.resource_key.unwrap();
        let project = found.project_key.and_then(|key| account.project(key));
        let is_there = match found.resource_kind.unwrap() {
            "flag" => project.unwrap().flag(key).is_some(),
            "env" => project.unwrap().environment(key).is_some(),
            "team" => account.team(key).is_some(),
            _ => account.member(key).is_some(),
        };
        assert!(is_there, "{resource}");
        kinds.extend(found.resource_kind);
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["env", "flag", "member", "team"]);
}
