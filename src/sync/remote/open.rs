//! Opens a state file on this machine or in a bucket.

use super::Remote;
use crate::Result;
use crate::model::privacy::Privacy;
use crate::sync::place::StatePlace;
use crate::sync::state::{Access, State};

/// Opens a state file, wherever it is.
///
/// # Errors
/// `output_failed` if it cannot be opened, or is in use.
pub async fn open(
    place: &StatePlace,
    access: Access,
    privacy: Privacy,
) -> Result<(State, Option<Remote>)> {
    let url = match place {
        StatePlace::File(path) => return Ok((State::open(path, access, privacy)?, None)),
        StatePlace::Bucket(url) => url,
    };
    let mut remote = Remote::fetch(url, access).await?;
    match remote.open(access, privacy).await {
        Ok(state) => Ok((state, Some(remote))),
        Err(error) => {
            remote.release().await;
            Err(error)
        }
    }
}

/// Closes a state file that was opened to be written and turned out to be missing: nothing is left.
pub async fn abandon(state: State, remote: Option<Remote>) {
    let path = state.path().to_owned();
    let is_new = state.is_new;
    drop(state);
    match remote {
        Some(mut remote) => remote.release().await,
        None if is_new => {
            let _ = std::fs::remove_file(path);
        }
        None => {}
    }
}
