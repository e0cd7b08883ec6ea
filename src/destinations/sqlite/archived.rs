//! The statuses of archived flags that a run did not read.

use rusqlite::Connection;

use super::migrate::outside;
use super::moment::END;
use crate::model::history::History;
use crate::model::resource::Resource;
use crate::record::{Coverage, Record};
use crate::resources::flags::Flags;

/// The table of flags.
const FLAGS: &str = "flags";

/// Removes the rows of archived flags, and closes their versions, in scopes that this run did not
/// read. LaunchDarkly has no status of an archived flag, so no later run would update these rows.
/// Scopes that this run read are already up to date.
pub(super) fn close(
    connection: &Connection,
    History { of, versions }: &History,
    coverage: &Coverage,
    record: &Record,
) -> rusqlite::Result<()> {
    let (is_unread, scopes) = match coverage {
        Coverage::Whole => return Ok(()),
        Coverage::Except(scopes) => {
            let (outside, scopes) = outside(scopes);
            (format!("NOT {outside}"), scopes)
        }
        // The statement has one parameter, which must be used.
        Coverage::None => ("?1 = ''".to_owned(), String::new()),
    };
    if record.coverage(Flags::NAME) != Coverage::Whole || of.references().all(|name| name != FLAGS)
    {
        return Ok(());
    }
    let are_archived = format!(
        "{is_unread} AND (project_key, flag_key) IN (
             SELECT project_key, flag_key FROM main.flags WHERE state = 'archived')"
    );
    let sql = format!("DELETE FROM main.{} WHERE {are_archived}", of.name);
    connection.execute(&sql, [&scopes])?;
    let sql = format!(
        "UPDATE main.{} SET valid_to = {END} WHERE valid_to IS NULL AND {are_archived}",
        versions.name
    );
    connection.execute(&sql, [scopes]).map(drop)
}
