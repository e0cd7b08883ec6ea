//! The arguments of `flaglake schema`.

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use crate::terminal::values::Trimmed;

/// `flaglake schema`
#[derive(Args, Clone, Debug)]
pub struct SchemaArguments {
    /// The table or view to explain; without it, all are printed
    #[arg(value_name = "TABLE")]
    pub table: Option<String>,
    /// The form to print
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<SchemaFormat>::new()), default_value_t, env = "FLAGLAKE_SCHEMA_FORMAT")]
    pub format: SchemaFormat,
}

/// The format that `flaglake schema` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// The data dictionary
    #[default]
    Markdown,
    /// How the tables hang together: diagrams for Mermaid
    Mermaid,
    /// SQLite DDL, with the views
    Sql,
    /// PostgreSQL DDL, with comments
    Postgres,
    /// SQLite DDL of the state file of `flaglake sync`
    State,
    /// Arrow schemas, which are those of the Parquet files, as JSON
    Arrow,
    /// dbt sources, with tests
    Dbt,
    /// JSON Schema of what commands print with `--format json`
    Commands,
    /// Metadata for Datasette: descriptions, and queries that use the views
    Datasette,
    /// A dashboard for Grafana's SQLite data source
    Grafana,
}
