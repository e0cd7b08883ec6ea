//! Code references, segments, metrics and experiments.

use rusqlite::Connection;

use super::*;
use crate::demo::account::{Environment, Project};
use crate::model::resource::AnyResource;
use crate::model::scope::Scope;
use crate::stage::Writer;
use crate::{catalog, resources};

const RESOURCES: [&str; 8] = [
    "code_reference_repositories",
    "code_references",
    "segments",
    "metrics",
    "metric_groups",
    "experiments",
    "holdouts",
    "layers",
];

fn asked_for(server: &Server, resource: &dyn AnyResource, project: &str) -> String {
    let path = resource.path().replace("{project}", project);
    let path = path.replace("{environment}", "production");
    let version = if resource.is_beta() { "beta" } else { "20240415" };
    let got = get_as(server, &path, DEMO_TOKEN, &format!("LD-API-Version: {version}\r\n"));
    assert_eq!(got.status, 200, "{path}: {}", got.body);
    got.body
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
    for name in ["code_reference_repositories", "code_references", "segments"] {
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
        assert!(items(&body).is_empty(), "{}", resource.name());
        assert!(body["flags"].as_object().is_none_or(serde_json::Map::is_empty));
    }
}

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
