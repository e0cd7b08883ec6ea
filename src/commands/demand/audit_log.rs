//! `flaglake audit-log list`.

use std::time::Duration;

use jiff::Timestamp;

use super::{Access, show};
use crate::Result;
use crate::cli::AuditLogList;
use crate::demand::audit::{self, Wanted};

/// Lists the newest entries.
///
/// # Errors
/// By the table of codes.
pub(super) async fn list(arguments: &AuditLogList) -> Result<()> {
    let options = &arguments.options;
    let access = Access::new(&options.connection).await?;
    let wanted = Wanted {
        limit: usize::try_from(arguments.limit).unwrap_or(usize::MAX),
        project: arguments.project.clone(),
        flag: arguments.flag.clone(),
        after: arguments.since.map(ago),
    };
    let found = access.read(audit::read(access.client(), &wanted)).await?;
    let shown = [
        ("when", "occurred_at"),
        ("who", "subject_name"),
        ("what", "title_verb"),
        ("name", "target_name"),
        ("project", "project_key"),
        ("environment", "environment_key"),
        ("comment", "comment"),
    ];
    show::list(&found, &shown, options.format)
}

/// The moment so long ago, in milliseconds since 1970.
fn ago(age: Duration) -> i64 {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp::now().as_millisecond().saturating_sub(age).max(0)
}
