//! A database with the rows that a report needs, and with hostile names.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::path::Path;

use flaglake::catalog;
use flaglake::model::thresholds;
use rusqlite::Connection;

/// Names of some flags of the sample, and of one of its projects.
pub const HOSTILE: &str = "</script><script>document.title = \"owned\"</script>";

/// Makes the sample at `path`, with so many flags.
pub fn make(path: &Path, flags: usize) -> Connection {
    let script = include_str!("report.sql");
    let script = script.replace("{flags}", &flags.to_string());
    let script = script.replace("{version}", &catalog::SCHEMA_VERSION.to_string());
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(&format!("BEGIN; {script} COMMIT;")).unwrap();
    thresholds::write(&connection, "main").unwrap();
    connection
}
