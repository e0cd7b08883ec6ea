//! `flaglake flags list`.

use super::show::Content::Of;
use super::{Access, show};
use crate::Result;
use crate::cli::FlagList;
use crate::demand::flags;

/// Lists the flags of a project.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub(super) async fn list(arguments: &FlagList) -> Result<()> {
    let options = &arguments.options;
    let access = Access::new(&options.connection).await?;
    let environment = arguments.environment.as_deref();
    let search = arguments.search.as_deref();
    let read = flags::read(access.client(), &arguments.project, environment, search);
    let found = access.read(read).await?;
    let mut shown = vec![("flag", Of("flag_key")), ("name", Of("name")), ("state", Of("state"))];
    if environment.is_some() {
        let more = [
            ("on", Of("is_on")),
            ("status", Of("status")),
            ("last requested", Of("last_requested_at")),
        ];
        shown.extend(more);
    }
    show::list(&found, &shown, options.format)
}
