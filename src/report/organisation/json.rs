//! The accounts as JSON, for programs.

use super::data::Organisation;
use crate::error::Kind;
use crate::{Error, Result};

/// All of it as one JSON object.
///
/// # Errors
/// Never, unless there is a bug.
pub fn render(organisation: &Organisation) -> Result<String> {
    let text = serde_json::to_string_pretty(organisation);
    text.map(|text| text + "\n").map_err(|error| Error::new(Kind::Internal, error.to_string()))
}
