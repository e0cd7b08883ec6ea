//! The table definitions are valid, `schema/` agrees with them, and fixtures fill every column.

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

use flaglake::catalog::history;
use flaglake::model::history::History;
use flaglake::model::scope::Scope;
use flaglake::model::table::TableInfo;
use flaglake::model::table::{ColumnInfo, MAX_COLUMNS};
use flaglake::stage::Writer;
use flaglake::{catalog, resources};
use rusqlite::Connection;

use crate::support::{binary, ended};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

#[test]
fn schema_files_are_up_to_date() {
    for (name, expected) in catalog::files() {
        let path = format!("{}/schema/{name}", env!("CARGO_MANIFEST_DIR"));
        if is_update() {
            fs::write(&path, &expected).unwrap();
        }
        let actual = fs::read_to_string(&path).unwrap_or_default();
        assert!(actual == expected, "schema/{name} is stale: run UPDATE_SCHEMA=1 cargo test");
    }
}

fn is_update() -> bool {
    env::var_os("UPDATE_SCHEMA").is_some()
}

#[test]
fn pages_of_tables_and_views_are_up_to_date() {
    for (path, expected) in catalog::pages::pages() {
        let file = format!("{DOCS}/{path}");
        if is_update() {
            fs::write(&file, &expected).unwrap();
        }
        let actual = fs::read_to_string(&file).unwrap_or_default();
        assert!(actual == expected, "docs/{path} is stale: run UPDATE_SCHEMA=1 cargo test");
    }
}

#[test]
fn every_page_of_a_table_or_view_has_a_definition() {
    let pages: BTreeSet<_> = catalog::pages::pages().into_iter().map(|(path, _)| path).collect();
    for folder in ["tables", "views"] {
        for entry in fs::read_dir(format!("{DOCS}/{folder}")).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if path.ends_with("/README.md") || pages.contains(&path) {
                continue;
            }
            assert!(is_update(), "docs/{path} has no definition: run UPDATE_SCHEMA=1 cargo test");
            fs::remove_file(entry.path()).unwrap();
        }
    }
}

/// The tables of outputs and those of the state file.
fn every_table() -> impl Iterator<Item = TableInfo> {
    catalog::tables().into_iter().chain(catalog::kept()).chain(catalog::state())
}

#[test]
fn names_are_unique_and_snake_case() {
    let snake = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let mut tables = BTreeSet::new();
    for table in every_table() {
        assert!(snake(table.name) && tables.insert(table.name), "{}", table.name);
        let mut columns = BTreeSet::new();
        for column in &table.columns {
            assert!(snake(column.name), "{}.{}", table.name, column.name);
            assert!(columns.insert(column.name), "{}.{} twice", table.name, column.name);
        }
        assert!(table.columns.len() <= MAX_COLUMNS, "{} is too wide", table.name);
    }
}

#[test]
fn keys_come_first_and_references_carry_their_parents_key() {
    let tables = catalog::tables();
    for (index, table) in tables.iter().enumerate() {
        let first: Vec<_> =
            table.columns.iter().take(table.key.len()).map(|column| column.name).collect();
        assert_eq!(first, table.key, "{}", table.name);
        assert!(table.columns.iter().take(first.len()).all(|column| !column.nullable));
        for parent in table.references() {
            let parent = tables[..index].iter().find(|earlier| earlier.name == parent);
            let parent = parent.unwrap_or_else(|| panic!("{}: a parent comes later", table.name));
            assert!(parent.key.iter().all(|key| table.position(key).is_some()), "{}", table.name);
        }
        assert!(table.version.is_none_or(|version| table.position(version).is_some()));
    }
}

#[test]
fn every_example_of_a_table_runs() {
    let connection = filled();
    let kept: Vec<_> = catalog::kept().into_iter().chain(catalog::state()).collect();
    for table in &kept {
        connection.execute_batch(&flaglake::model::table::ddl::create_table(table, &[])).unwrap();
    }
    for table in catalog::tables().iter().chain(&kept) {
        let example = catalog::example::of(table);
        assert!(example.contains(table.name), "{example}");
        let outcome = connection.prepare(&example).and_then(|mut statement| {
            statement.query([])?.next()?;
            Ok(())
        });
        assert!(outcome.is_ok(), "{example}: {outcome:?}");
    }
}

#[test]
fn versions_have_the_columns_of_their_table() {
    let tables = catalog::tables();
    let names: Vec<_> = history::all().iter().map(|history| history.of.name).collect();
    let of = [
        "environments",
        "team_maintainers",
        "flags",
        "flag_environments",
        "flag_statuses",
        "code_references",
    ];
    assert_eq!(names, of);
    for History { of, versions } in history::all() {
        assert_eq!(versions.name, format!("{}_history", of.name));
        let (columns, own) = versions.columns.split_at(of.columns.len());
        assert!(tables.contains(of) && columns == of.columns);
        let own: Vec<_> = own.iter().map(|column| column.name).collect();
        assert_eq!(own, ["valid_from", "valid_to", "extraction_id"]);
        assert_eq!(versions.key, [&of.key[..], &["valid_from"]].concat());
    }
}

#[test]
fn a_volatile_column_is_never_part_of_a_key() {
    for table in catalog::tables() {
        for column in table.columns.iter().filter(|column| column.volatile) {
            assert!(table.history && !table.key.contains(&column.name), "{}", column.name);
        }
    }
}

#[test]
fn documents_are_sentences() {
    for table in every_table() {
        let columns = table.columns.iter().map(|column| column.doc);
        for doc in columns.chain([table.doc]) {
            assert!(doc.ends_with('.') && !doc.contains('\n'), "{}: {doc:?}", table.name);
        }
    }
}

#[test]
fn times_and_booleans_are_named_as_such() {
    use flaglake::model::table::Type;
    for table in every_table() {
        for column in &table.columns {
            let is_time = column.ty == Type::Time;
            let ends = |end| column.name.ends_with(end);
            let is_bound = column.name.starts_with("valid_");
            let sounds_so = is_bound || ends("_at") || ends("_since");
            assert_eq!(sounds_so, is_time, "{}.{}", table.name, column.name);
        }
    }
}

/// The fields of the API's documented schemas, one `Schema.field` a line.
fn documented_fields() -> BTreeSet<String> {
    let path = format!("{}/fixtures/documented_fields.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Fields that hold objects with documented fields of their own.
const CONTAINERS: &[&str] = &[
    "BranchRep.references",
    "Environment.approvalSettings",
    "FeatureFlag.clientSideAvailability",
    "FeatureFlag.defaults",
    "FeatureFlag.experiments",
    "FeatureFlag.migrationSettings",
    "FeatureFlagConfig.evaluation",
    "FeatureFlagConfig.fallthrough",
    "FeatureFlagConfig.migrationSettings",
    "Project.defaultClientSideAvailability",
    "Project.environments",
    "ReferenceRep.hunks",
    "Rollout.variations",
    "Rule.rollout",
    "Team.maintainers",
    "Team.members",
    "TeamMaintainers.items",
    "VariationOrRolloutRep.rollout",
    "FeatureFlagConfig.targets",
    "Member.teams",
    "ApplicationRep._maintainer",
    "BigSegmentStoreIntegration._status",
    "CustomRole.assignedTo",
    "TeamCustomRole.projects",
    "AIConfigVariation.judgeConfiguration",
    "Audience.configuration",
    "Audience.environment",
    "AudienceConfiguration.releaseGuardianConfiguration",
    "AuditLogEntryListingRep.app",
    "AuditLogEntryListingRep.member",
    "AuditLogEntryListingRep.parent",
    "AuditLogEntryListingRep.relatedAIConfig",
    "AuditLogEntryListingRep.relatedExperiment",
    "AuditLogEntryListingRep.relatedFlag",
    "AuditLogEntryListingRep.subject",
    "AuditLogEntryListingRep.target",
    "AuditLogEntryListingRep.token",
    "CustomWorkflowMeta.stage",
    "ExpandableApprovalRequestResponse.customWorkflowMetadata",
    "ExpandableApprovalRequestResponse.integrationMetadata",
    "ExpandableApprovalRequestResponse.source",
    "FeatureFlag.stale",
    "IntegrationMetadata.externalStatus",
    "Maintainer.maintainerMember",
    "Maintainer.maintainerTeam",
    "View.maintainer",
    "View.resourceSummary",
    "UserSegment._unboundedMetadata",
    "UserSegment.includedContexts",
    "UserSegment.excludedContexts",
    "MetricListingRep.eventDefault",
    "MetricListingRep.dataSource",
    "MetricListingRep.lastModified",
    "MetricGroupRep.maintainer",
    "Experiment.currentIteration",
    "Experiment.draftIteration",
    "Experiment.analysisConfig",
    "IterationRep.layerSnapshot",
    "IterationRep.covariateInfo",
    "SimpleHoldoutRep.experiments",
    "LayerConfigurationRep.reservations",
];

#[test]
fn every_documented_field_has_a_column_or_a_reason() {
    let tables = catalog::tables();
    let stored = tables.iter().flat_map(|table| table.columns.iter().map(|column| column.source));
    let dropped = resources::ALL.iter().flat_map(|one| one.dropped().iter().map(|one| one.field));
    let known: BTreeSet<_> = stored.chain(dropped).map(str::to_owned).collect();
    let missing: Vec<_> = documented_fields()
        .into_iter()
        .filter(|field| !known.contains(field) && !CONTAINERS.contains(&field.as_str()))
        .collect();
    assert!(missing.is_empty(), "these fields are neither stored nor dropped: {missing:?}");
}

#[test]
fn every_source_is_a_documented_field() {
    let documented = documented_fields();
    for table in catalog::tables() {
        for column in table.columns.iter().filter(|column| column.source != "-") {
            // This field is in recorded answers, but not in the documentation.
            assert!(documented.contains(column.source), "{}: {}", table.name, column.source);
        }
    }
}

fn fixture(resource: &str) -> Vec<u8> {
    fs::read(format!("{}/fixtures/{resource}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every fixture in one database.
fn filled() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    let tables = catalog::tables();
    connection.execute_batch(&catalog::sqlite::script(&tables)).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    let mut writer = Writer::new(&connection, &tables).unwrap();
    for resource in resources::ALL {
        let scope = match resource.name() {
            "team_maintainers" | "team_roles" => Scope::team("checkout"),
            _ => Scope::environment("web", "production"),
        };
        resource.extract(&fixture(resource.name()), &scope, &mut writer).unwrap();
    }
    drop(writer);
    connection
}

#[test]
fn every_column_is_filled_by_a_fixture() {
    let connection = filled();
    for table in resources::tables() {
        // The destination fills `status_since` when it publishes.
        let staged = |column: &&ColumnInfo| column.name != "status_since";
        for column in table.columns.iter().filter(staged) {
            let sql = format!("SELECT count({}) FROM {}", column.name, table.name);
            let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert!(count > 0, "{}.{} is never filled", table.name, column.name);
        }
    }
}

#[test]
fn every_nullable_column_is_null_in_some_fixture() {
    let connection = filled();
    let mut never = BTreeMap::new();
    for table in resources::tables() {
        // Those that are NULL for another type than the documented one:
        // tests/reading/hostile/types.rs.
        let nullable = table.columns.iter().filter(|column| column.nullable && !column.lenient);
        for column in nullable {
            let sql = format!("SELECT count(*) FROM {} WHERE {} IS NULL", table.name, column.name);
            let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            if count == 0 {
                never.insert(format!("{}.{}", table.name, column.name), ());
            }
        }
    }
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn fixtures_refer_to_each_other() {
    let connection = filled();
    let mut check = connection.prepare("PRAGMA foreign_key_check").unwrap();
    let broken: Vec<String> =
        check.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn no_secret_of_a_fixture_is_stored() {
    let connection = filled();
    for table in catalog::tables() {
        for column in &table.columns {
            let sql = format!(
                "SELECT count(*) FROM {0} WHERE {1} LIKE '%sdk-%' OR {1} LIKE '%mob-%' OR {1} LIKE '%cipher%' \
                 OR {1} LIKE '%fake-secret%'",
                table.name, column.name
            );
            let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(count, 0, "{}.{}", table.name, column.name);
        }
    }
}

#[test]
fn the_binary_explains_one_table() {
    let folder = tempfile::TempDir::new().unwrap();
    let run = |arguments: &[&str]| ended(binary(folder.path()).args(arguments).output().unwrap());
    let page = run(&["schema", "Stale_Flags"]).succeeded().stdout;
    assert!(page.starts_with("stale_flags\n") && page.contains("\nExample\n"), "{page}");
    let error = run(&["schema", "flgs", "--error-format", "json"]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`flags`"), "{error}");
    run(&["schema", "flags", "--format", "sql", "--error-format", "json"]).failed(2, "usage");
}
