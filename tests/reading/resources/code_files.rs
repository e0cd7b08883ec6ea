//! The places in code that mention flags.

use std::collections::BTreeSet;
use std::fs;

use flaglake::model::scope::Scope;
use flaglake::stage::Writer;
use flaglake::{catalog, resources};
use rusqlite::Connection;

use crate::resources::company;
use crate::support::rows;

#[test]
fn every_counted_place_has_a_row() {
    let run = company();
    run.extract(&["--resources", "code_references,code_reference_files"]);
    let counted = "SELECT project_key, flag_key, repository, branch, file_count, hunk_count
                   FROM code_references ORDER BY 1, 2, 3";
    let found = "SELECT project_key, flag_key, repository, branch, count(DISTINCT path), count(*)
                 FROM code_reference_files GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3";
    let counted = rows(&run.database(), counted);
    assert!(counted.len() > 50);
    assert_eq!(rows(&run.database(), found), counted);
}

#[test]
fn each_project_is_asked_for_by_its_key() {
    let run = company();
    run.extract(&["--resources", "code_reference_files", "--project", "payments"]);
    let requests = run.server.requests();
    let queries = requests.iter().filter(|request| request.path.ends_with("/repositories"));
    let queries: BTreeSet<_> = queries.map(|request| request.query.clone()).collect();
    let asked = [("projKey", "payments"), ("withReferencesForDefaultBranch", "true")];
    let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(queries, BTreeSet::from([asked.to_vec()]));
    let projects = "SELECT DISTINCT project_key FROM code_reference_files";
    assert_eq!(rows(&run.database(), projects), ["\"payments\""]);
}

#[test]
fn places_of_other_projects_or_branches_make_no_row() {
    let connection = Connection::open_in_memory().unwrap();
    let tables = catalog::tables();
    connection.execute_batch(&catalog::sqlite::script(&tables)).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/code_reference_files.json");
    let mut writer = Writer::new(&connection, &tables).unwrap();
    let resource = resources::find("code_reference_files").unwrap();
    resource.extract(&fs::read(path).unwrap(), &Scope::project("web"), &mut writer).unwrap();
    let url = "https://git.example.com/shop/web-shop/-/blob/8f2c/src/theme%20%F0%9F%8C%92/theme.ts";
    let sql =
        "SELECT flag_key, repository, path, line, url FROM code_reference_files ORDER BY 1, 2, 4";
    let theme = "\"web-shop\" | \"src/theme 🌒/theme.ts\"";
    assert_eq!(
        rows(&connection, sql),
        [
            "\"dark-mode\" | \"old/scripts.git\" | \"deploy.sh\" | 0 | NULL".to_owned(),
            format!("\"dark-mode\" | {theme} | 45 | \"{url}#L45\""),
            format!("\"dark-mode\" | {theme} | 90 | \"{url}#L90\""),
            format!("\"deleted-long-ago\" | {theme} | 12 | \"{url}#L12\""),
        ]
    );
}
