//! The parts of flags that a walk needs, and the states of the flags that it asks for.

use serde::{Deserialize, Serialize};

use crate::resources::flags::Flag;
use crate::system::hash::hash;

/// The states of the flags that a walk asks for. The list without a filter has live and deprecated
/// flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum States {
    Current,
    Deprecated,
    Archived,
    /// Archived flags, by the older parameter `archived`, for a server that ignores the filter.
    ArchivedByParameter,
}

impl States {
    pub const fn filter(self) -> Option<&'static str> {
        match self {
            States::Current | States::ArchivedByParameter => None,
            States::Deprecated => Some("state:deprecated"),
            States::Archived => Some("state:archived"),
        }
    }

    /// Whether `flag` has one of these states.
    pub const fn admits(self, flag: &Sighting) -> bool {
        match self {
            States::Current => true,
            States::Deprecated => flag.deprecated,
            States::Archived | States::ArchivedByParameter => flag.archived,
        }
    }
}

/// The part of a flag that a walk needs. It is kept in the journal; the flag's rows are in the
/// stage.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sighting {
    #[serde(rename = "k")]
    pub hash: u64,
    #[serde(rename = "c")]
    pub created: i64,
    #[serde(rename = "d", default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    #[serde(rename = "a", default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl Sighting {
    pub fn of(flag: &Flag) -> Self {
        let (hash, created) = (hash(&flag.key), flag.creation_date);
        Sighting { hash, created, deprecated: flag.deprecated, archived: flag.archived }
    }
}
