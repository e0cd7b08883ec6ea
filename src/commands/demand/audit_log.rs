//! `flaglake audit-log list`.

use std::time::Duration;

use jiff::Timestamp;

use super::show::Content::{First, Of, Path};
use super::{Access, show};
use crate::Result;
use crate::cli::AuditLogList;
use crate::demand::audit::{self, Wanted};

/// Who did something: a member, an application or a service token.
pub(super) const WHO: [&str; 4] = ["subject_name", "member_email", "token_name", "app_name"];

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
    let found = access.read(audit::list(access.client(), &wanted)).await?;
    let shown = [
        ("when", Of("occurred_at")),
        ("who", First(&WHO)),
        ("what", First(&["title_verb", "short_description", "kind"])),
        ("name", First(&["target_name", "name"])),
        ("where", Path(&["project_key", "environment_key"])),
        ("comment", Of("comment")),
    ];
    show::list(&found, &shown, options.format)
}

/// The moment so long ago, in milliseconds since 1970.
fn ago(age: Duration) -> i64 {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp::now().as_millisecond().saturating_sub(age).max(0)
}
