//! What is in a schema: whether flaglake may publish to it, and the last extraction there.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use super::address::Schema;
use super::connection::{broken, refused};
use crate::catalog;
use crate::catalog::postgres::all;
use crate::model::table::TableInfo;
use crate::model::table::postgres::{data_type, has_key, qualified};
use crate::{Error, Result};

/// A relation that has the name of a table of flaglake.
#[derive(Debug, Default)]
pub(super) struct Relation {
    kind: String,
    is_own: bool,
    pub comment: Option<String>,
    /// The columns with their types and comments.
    pub columns: BTreeMap<String, (String, Option<String>)>,
    key: Vec<String>,
}

/// The last extraction in a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    pub extraction_id: Option<String>,
    pub account_id: Option<String>,
    pub schema_version: Option<i64>,
}

/// A schema.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Whether the schema exists.
    pub exists: bool,
    pub relations: BTreeMap<String, Relation>,
    pub state: State,
}

const RELATIONS: &str = "
    SELECT c.relname::text, c.relkind::text, pg_has_role(c.relowner, 'USAGE'),
        obj_description(c.oid, 'pg_class'), a.attname::text, format_type(a.atttypid, NULL),
        col_description(c.oid, a.attnum)
    FROM pg_class AS c
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
      AND c.relname = ANY ($2)";

const KEYS: &str = "
    SELECT c.relname::text, a.attname::text
    FROM pg_constraint AS p
    JOIN pg_class AS c ON c.oid = p.conrelid
    CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE p.contype = 'p' AND c.relname = ANY ($2)
      AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    ORDER BY 1, k.place";

const RIGHTS: &str = "
    SELECT (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')
            FROM pg_namespace WHERE nspname = $1),
        has_database_privilege(current_database(), 'CREATE'),
        current_setting('transaction_read_only') = 'on',
        current_setting('server_encoding')";

impl Found {
    /// Looks at a schema, and checks that this user may publish to it.
    ///
    /// # Errors
    /// `output_failed` where publishing would destroy other data, or is not allowed.
    pub(super) async fn look(client: &Client, schema: &Schema) -> Result<Self> {
        let failed = |error| broken(schema, &error);
        let all = all();
        let mut found = Found::default();
        found.rights(client, schema).await?;
        found.relations(client, schema).await.map_err(failed)?;
        let (name, names) = (&schema.name, all.iter().map(|one| one.name).collect::<Vec<_>>());
        for row in client.query(KEYS, &[name, &names]).await.map_err(failed)? {
            found.relations.entry(row.get(0)).or_default().key.push(row.get(1));
        }
        let record = crate::record::tables().into_iter().next().unwrap_or_default();
        if found.relations.get(record.name).is_some_and(|one| one.is_own) {
            found.state = found.last(client, schema).await?;
        }
        found.check(schema, &all)?;
        Ok(found)
    }

    /// Looks at a schema that is only read. Any role may, that may read its tables.
    ///
    /// # Errors
    /// `output_failed` where its record of runs cannot be read, or is of a newer version.
    pub(super) async fn look_to_read(client: &Client, schema: &Schema) -> Result<Self> {
        let mut found = Found::default();
        let looked = found.relations(client, schema).await;
        looked.map_err(|error| broken(schema, &error))?;
        found.state = found.last(client, schema).await?;
        found.check_version(schema)?;
        Ok(found)
    }

    async fn relations(
        &mut self,
        client: &Client,
        schema: &Schema,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        let all = all();
        let names: Vec<_> = all.iter().map(|one| one.name).collect();
        for row in client.query(RELATIONS, &[&schema.name, &names]).await? {
            let relation = self.relations.entry(row.get(0)).or_default();
            (relation.kind, relation.is_own) = (row.get(1), row.get(2));
            relation.comment = row.get(3);
            if let Some(column) = row.get::<_, Option<String>>(4) {
                relation.columns.insert(column, (row.get(5), row.get(6)));
            }
        }
        Ok(())
    }

    async fn rights(&mut self, client: &Client, schema: &Schema) -> Result<()> {
        let name = &schema.name;
        let row = client.query_one(RIGHTS, &[name]).await;
        let row = row.map_err(|error| broken(schema, &error))?;
        let in_schema: Option<bool> = row.get(0);
        self.exists = in_schema.is_some();
        let (may_create, is_read_only): (bool, bool) = (row.get(1), row.get(2));
        let encoding: String = row.get(3);
        if is_read_only {
            return Err(refused(
                schema,
                "this user may only read there",
                "name the primary server, and a user that may write",
            ));
        }
        if encoding != "UTF8" {
            let reason = format!("the database's encoding is {encoding}, and texts are UTF-8");
            return Err(refused(schema, &reason, "create a database with `--encoding UTF8`"));
        }
        if in_schema == Some(false) || (!self.exists && !may_create) {
            let hint = format!(
                "the user needs CREATE and USAGE on the schema `{name}`, or CREATE on the database \
                 where it is missing"
            );
            return Err(refused(schema, "this user may not create tables there", &hint));
        }
        Ok(())
    }

    /// The columns of a table that the schema has; `None` where it has no such table.
    pub(super) fn columns_of(&self, table: &TableInfo) -> Option<TableInfo> {
        let relation = self.relations.get(table.name)?;
        let mut known = table.clone();
        known.columns.retain(|column| relation.columns.contains_key(column.name));
        Some(known)
    }

    fn has(&self, table: &str, column: &str) -> bool {
        let relation = self.relations.get(table);
        relation.is_some_and(|relation| relation.columns.contains_key(column))
    }

    /// The extraction that was published last. Its mark tells which one that is.
    async fn last(&self, client: &Client, schema: &Schema) -> Result<State> {
        let table = crate::record::tables().into_iter().next().unwrap_or_default();
        let needed = ["extraction_id", "account_id", "schema_version", "started_at", "is_latest"];
        let is_table = self.relations.get(table.name).is_some_and(|one| one.kind == "r");
        if !is_table || !needed.iter().all(|column| self.has(table.name, column)) {
            return Ok(State::default());
        }
        let name = qualified(&schema.name, &table);
        let sql = format!(
            "SELECT extraction_id, account_id, schema_version FROM {name}
             ORDER BY is_latest DESC, started_at DESC, extraction_id DESC LIMIT 1"
        );
        let row = client.query_opt(&sql, &[]).await.map_err(|error| broken(schema, &error))?;
        let state = |row: tokio_postgres::Row| State {
            extraction_id: row.try_get(0).ok(),
            account_id: row.try_get(1).ok().flatten(),
            schema_version: row.try_get(2).ok(),
        };
        Ok(row.map(state).unwrap_or_default())
    }

    fn check_version(&self, schema: &Schema) -> Result<()> {
        let version = self.state.schema_version.unwrap_or_default();
        if version > catalog::SCHEMA_VERSION {
            let reason = format!("a newer version of flaglake wrote it (schema version {version})");
            return Err(refused(schema, &reason, "update flaglake"));
        }
        Ok(())
    }

    fn check(&self, schema: &Schema, all: &[TableInfo]) -> Result<()> {
        self.check_version(schema)?;
        let foreign = all.iter().find_map(|table| {
            let relation = self.relations.get(table.name)?;
            relation.foreign_part(table).map(|part| not_ours(schema, &part))
        });
        foreign.map_or(Ok(()), Err)
    }
}

fn not_ours(schema: &Schema, part: &str) -> Error {
    let hint = "flaglake replaces the rows of its tables: name another schema (`?schema=NAME`), or \
                rename your own table or column";
    refused(schema, part, hint)
}

impl Relation {
    /// The part of a relation that is somebody else's. No version of flaglake has removed a column,
    /// or changed a key or a type.
    fn foreign_part(&self, table: &TableInfo) -> Option<String> {
        let name = table.name;
        if self.kind != "r" {
            return Some(format!("its `{name}` is not a table, and was not made by flaglake"));
        }
        if !self.is_own {
            return Some(format!("its table `{name}` belongs to another role"));
        }
        let key: &[&str] = if has_key(table) { &table.key } else { &[] };
        if self.key != key {
            return Some(format!("its table `{name}` was not made by flaglake"));
        }
        self.columns.iter().find_map(|(column, (ty, _))| {
            let known = table.position(column).and_then(|index| table.columns.get(index));
            if known.is_some_and(|known| data_type(known.ty) == ty) {
                return None;
            }
            Some(format!("its column `{column}` of table `{name}` was not made by flaglake"))
        })
    }
}
