//! The states of a batch of events.

use super::rows::Status;

/// The state of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// It is stored, and was certainly not sent.
    Ready,
    /// It may have been sent.
    Sending,
    /// LaunchDarkly has accepted it.
    Acknowledged,
    /// LaunchDarkly has refused it as a whole.
    Refused,
    /// It was sent too long ago to be sent again with the same ID.
    Unknown,
    /// It was unknown, and the user decided that it counts as sent.
    Skipped,
}

impl BatchState {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            BatchState::Ready => "ready",
            BatchState::Sending => "sending",
            BatchState::Acknowledged => "acknowledged",
            BatchState::Refused => "refused",
            BatchState::Unknown => "unknown",
            BatchState::Skipped => "skipped",
        }
    }

    /// The state of this name. Of one that is not known, it may have been sent.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "ready" => BatchState::Ready,
            "acknowledged" => BatchState::Acknowledged,
            "refused" => BatchState::Refused,
            "unknown" => BatchState::Unknown,
            "skipped" => BatchState::Skipped,
            _ => BatchState::Sending,
        }
    }

    /// Whether nothing more is done with it.
    pub const fn is_settled(self) -> bool {
        matches!(self, BatchState::Acknowledged | BatchState::Refused | BatchState::Skipped)
    }

    /// The status of its rows once it is settled; `None` if they are as if never sent.
    pub(super) const fn of_rows(self) -> Option<Status> {
        match self {
            BatchState::Unknown => Some(Status::Unknown),
            BatchState::Skipped => Some(Status::Skipped),
            BatchState::Ready
            | BatchState::Sending
            | BatchState::Acknowledged
            | BatchState::Refused => None,
        }
    }
}
