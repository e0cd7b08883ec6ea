//! A small account, made by hand, on which the right answers can be worked out.

use std::path::Path;

use flaglake::model::scope::Level;
use flaglake::model::table::{TableInfo, Type};
use flaglake::model::thresholds;
use flaglake::{catalog, resources};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params, params_from_iter};
use serde_json::Value;

use crate::views::targeting;

/// The current time in every test.
pub const NOW: &str = "2026-11-20T02:00:00.000Z";
/// Half a second, in days.
pub const MOMENT: f64 = 0.5 / 86_400.0;

/// A database with the tables and views of an output, and one extraction that read everything.
pub struct Account {
    pub connection: Connection,
    tables: Vec<TableInfo>,
}

impl Account {
    pub fn new() -> Self {
        let tables: Vec<_> = catalog::tables().into_iter().chain(catalog::kept()).collect();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&catalog::sqlite::script(&tables)).unwrap();
        thresholds::write(&connection, "main").unwrap();
        let account = Account { connection, tables };
        account
            .insert("extractions", &[("extraction_id", "now".into()), ("started_at", NOW.into())]);
        for resource in resources::ALL {
            if matches!(resource.level(), Level::Account | Level::Team) {
                account.outcome(resource.name(), "", "complete");
            }
        }
        account
    }

    /// An output that a run has written.
    pub fn open(path: &Path) -> Self {
        Account { connection: Connection::open(path).unwrap(), tables: Vec::new() }
    }

    /// Sets one value of a setting.
    pub fn setting(&self, name: &str, project: &str, position: i64, value: &str) -> &Self {
        let sql = "INSERT OR REPLACE INTO scorecard_settings VALUES (?1, ?2, ?3, ?4)";
        self.connection.execute(sql, params![name, project, position, value]).unwrap();
        self
    }

    /// Inserts a row. A column that is not named is NULL where it may be, else empty, zero or now.
    pub fn insert(&self, table: &str, cells: &[(&str, Value)]) -> &Self {
        let info = self.tables.iter().find(|info| info.name == table).expect(table);
        for (name, _) in cells {
            assert!(info.position(name).is_some(), "{table} has no column {name}");
        }
        let values = info.columns.iter().map(|column| {
            let cell = cells.iter().find(|(name, _)| *name == column.name);
            cell.map_or_else(|| default(column.nullable, column.ty), |(_, value)| bound(value))
        });
        let marks = vec!["?"; info.columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} VALUES ({marks})");
        self.connection.execute(&sql, params_from_iter(values)).unwrap();
        self
    }

    /// A project whose lists have all been read.
    pub fn project(&self, project: &str) -> &Self {
        self.insert("projects", &[("project_key", project.into())]);
        for resource in resources::ALL.iter().filter(|one| one.level() == Level::Project) {
            self.outcome(resource.name(), project, "complete");
        }
        self
    }

    /// An environment whose lists have all been read.
    pub fn environment(&self, project: &str, environment: &str, critical: bool) -> &Self {
        self.insert(
            "environments",
            &[
                ("project_key", project.into()),
                ("environment_key", environment.into()),
                ("critical", critical.into()),
            ],
        );
        let scope = format!("{project}/{environment}");
        for resource in resources::ALL.iter().filter(|one| one.level() == Level::Environment) {
            self.outcome(resource.name(), &scope, "complete");
        }
        self
    }

    /// A live, temporary flag that was created `days` ago, with more `cells`.
    pub fn flag(&self, project: &str, flag: &str, days: f64, cells: &[(&str, Value)]) -> &Self {
        let mut all = vec![
            ("project_key", project.into()),
            ("flag_key", flag.into()),
            ("state", "live".into()),
            ("temporary", true.into()),
            ("created_at", ago(days)),
        ];
        let keep = |(name, _): &(&str, Value)| cells.iter().all(|(other, _)| other != name);
        all.retain(keep);
        all.extend(cells.iter().cloned());
        self.insert("flags", &all)
    }

    /// A flag's status in an environment; it was last requested `days` ago, or never.
    pub fn status(
        &self,
        (project, flag, environment): (&str, &str, &str),
        status: &str,
        days: Option<f64>,
    ) -> &Self {
        self.insert(
            "flag_statuses",
            &[
                ("project_key", project.into()),
                ("flag_key", flag.into()),
                ("environment_key", environment.into()),
                ("status", status.into()),
                ("last_requested_at", days.map_or(Value::Null, ago)),
            ],
        )
    }

    /// A flag's configuration in an environment, last changed `days` ago, with more `cells`.
    pub fn configuration(
        &self,
        (project, flag, environment): (&str, &str, &str),
        days: f64,
        cells: &[(&str, Value)],
    ) -> &Self {
        let mut all = vec![
            ("project_key", project.into()),
            ("flag_key", flag.into()),
            ("environment_key", environment.into()),
            ("last_modified_at", ago(days)),
        ];
        all.extend(cells.iter().cloned());
        self.insert("flag_environments", &all)
    }

    /// Code on a default branch that mentions a flag.
    pub fn code_reference(&self, project: &str, flag: &str) -> &Self {
        self.insert(
            "code_references",
            &[
                ("project_key", project.into()),
                ("flag_key", flag.into()),
                ("repository", "shop".into()),
                ("branch", "main".into()),
                ("hunk_count", 3.into()),
                ("file_count", 1.into()),
            ],
        )
    }

    /// A targeting rule with these `clauses`, with more `cells`; its variation is NULL unless they
    /// say so.
    pub fn rule(
        &self,
        at: (&str, &str, &str),
        index: usize,
        clauses: &str,
        cells: &[(&str, Value)],
    ) -> &Self {
        let rule = [("rule_index", index.into()), ("clauses", clauses.into())];
        self.insert("flag_rules", &[&inside(at)[..], &rule, cells].concat())
    }

    /// A percentage rollout of a rule, or of the default rule where the index is -1: variations
    /// with their weights.
    pub fn rollout(&self, at: (&str, &str, &str), rule: i64, weights: &[(i64, i64)]) -> &Self {
        for (variation, weight) in weights {
            let share = [
                ("rule_index", rule.into()),
                ("variation", (*variation).into()),
                ("weight", (*weight).into()),
            ];
            self.insert("flag_rollouts", &[&inside(at)[..], &share].concat());
        }
        self
    }

    /// Individual targets: so many users who are served a variation.
    pub fn target(&self, at: (&str, &str, &str), kind: &str, variation: i64, users: i64) -> &Self {
        let target = [
            ("context_kind", kind.into()),
            ("variation", variation.into()),
            ("value_count", users.into()),
        ];
        self.insert("flag_targets", &[&inside(at)[..], &target].concat())
    }

    /// Makes a flag depend on the flag `on` in an environment.
    pub fn prerequisite(&self, at: (&str, &str, &str), on: &str) -> &Self {
        let on = [("prerequisite_flag_key", on.into())];
        self.insert("flag_prerequisites", &[&inside(at)[..], &on].concat())
    }

    /// Says how reading a resource in a scope ended, in the newest extraction.
    pub fn outcome(&self, resource: &str, scope: &str, outcome: &str) -> &Self {
        self.connection
            .execute(
                "DELETE FROM extraction_resources
                 WHERE extraction_id = 'now' AND resource = ?1 AND scope = ?2",
                [resource, scope],
            )
            .unwrap();
        self.insert(
            "extraction_resources",
            &[
                ("extraction_id", "now".into()),
                ("resource", resource.into()),
                ("scope", scope.into()),
                ("outcome", outcome.into()),
            ],
        )
    }

    /// Changes a threshold, as a user would.
    pub fn threshold(&self, threshold: &str, value: f64) -> &Self {
        let sql = "UPDATE scorecard_thresholds SET value = ?2 WHERE threshold = ?1";
        assert_eq!(self.connection.execute(sql, params![threshold, value]).unwrap(), 1);
        self
    }

    /// The rows that `sql` selects, cells with ` | ` between, NULL as `NULL`.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        if !self.tables.is_empty() {
            targeting::fill(&self.connection);
        }
        let mut statement = self.connection.prepare(sql).unwrap();
        let count = statement.column_count();
        let cell = |value: Cell| match value {
            Cell::Null => "NULL".to_owned(),
            Cell::Integer(integer) => integer.to_string(),
            Cell::Real(real) => real.to_string(),
            Cell::Text(text) => text,
            Cell::Blob(_) => panic!("a view has no bytes"),
        };
        let row = |row: &rusqlite::Row<'_>| {
            let cells = (0..count).map(|index| cell(row.get(index).unwrap()));
            Ok(cells.collect::<Vec<_>>().join(" | "))
        };
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    }
}

/// The keys of what is inside a flag's configuration.
fn inside<'a>((project, flag, environment): (&str, &str, &str)) -> [(&'a str, Value); 3] {
    [
        ("project_key", project.into()),
        ("flag_key", flag.into()),
        ("environment_key", environment.into()),
    ]
}

/// The moment `days` before now.
pub fn ago(days: f64) -> Value {
    let now: jiff::Timestamp = NOW.parse().unwrap();
    let span = jiff::SignedDuration::from_secs_f64(days * 86_400.0);
    format!("{:.3}", now.checked_sub(span).unwrap()).into()
}

/// A cell as SQLite takes it.
fn bound(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(bool) => i64::from(*bool).into(),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().unwrap().into(), Cell::Integer)
        }
        Value::String(text) => text.clone().into(),
        other => other.to_string().into(),
    }
}

fn default(nullable: bool, ty: Type) -> Cell {
    match ty {
        _ if nullable => Cell::Null,
        Type::Text => String::new().into(),
        Type::Json => "null".to_owned().into(),
        Type::Int | Type::Bool => 0.into(),
        Type::Real => 0.0.into(),
        Type::Time => NOW.to_owned().into(),
    }
}
