//! The tags of the account.

use super::fetch::{Fetch, request};
use super::list::{Keyed, List};
use crate::Result;
use crate::model::scope::Scope;
use crate::resources::tags::Tags;

impl Keyed for String {
    fn key(&self) -> &str {
        self
    }
}

/// Reads the tags, if they are selected.
pub(super) async fn read(fetch: &Fetch<'_>) -> Result<()> {
    if !fetch.wants::<Tags>() {
        return Ok(());
    }
    let tally = fetch.tally::<Tags>(&Scope::Account);
    let request = request::<Tags>(&[]).counted(&tally.requests);
    let mut tags = Vec::<String>::new();
    List::of::<Tags>(fetch, request).collect(fetch, &tally, &mut tags).await?;
    fetch.stage.jobs().write::<Tags>(Scope::Account, tags).await?;
    tally.complete();
    Ok(())
}
