//! The switches of requests that write.

use std::time::Duration;

/// How long the server remembers the ID of a payload of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadMemory {
    /// For ever: no event of a repeated payload counts twice.
    #[default]
    Forever,
    /// For this long on the server's clock, which is the account's `now_ms` plus the time that the
    /// server has run.
    For(Duration),
    /// Not at all.
    Never,
}

/// The size of a compressed body that counts against the limit of a payload of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SizeCounted {
    /// The compressed one.
    #[default]
    Packed,
    /// The decompressed one.
    Unpacked,
}

/// What the limit of operations on the targets of a segment applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetsCounted {
    /// All instructions of a request together.
    #[default]
    PerRequest,
    /// Each instruction.
    PerInstruction,
}

/// An edit by somebody else, right after a segment was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignEdit {
    /// Key of the project.
    pub project: String,
    /// Key of the environment.
    pub environment: String,
    /// Key of the segment.
    pub segment: String,
    /// Context kind of the keys.
    pub context_kind: String,
    /// The number of the `GET` of this segment, from 1, after which the edit happens.
    pub after_get: usize,
    /// Included keys to add.
    pub add: Vec<String>,
    /// Included keys to remove.
    pub remove: Vec<String>,
}

/// The switches of requests that write. The default is the documented behaviour, and the more
/// permissive one where nothing is documented.
#[derive(Clone, Debug)]
pub struct Writes {
    /// The status of a write that the token may not perform: 403, or 401, which is documented too.
    /// Events always answer 401.
    pub denied_status: u16,
    /// Every n-th write of events, metrics and segments that succeeds is not answered: the
    /// connection closes.
    pub lost_answers: Option<usize>,
    /// Every n-th write that succeeds is answered with this status.
    pub fail_after: Option<(usize, u16)>,
    /// Every n-th write is answered with this status and not carried out.
    pub fail_before: Option<(usize, u16)>,
    /// Every n-th `PATCH` is answered with 409 and not carried out.
    pub conflicts: Option<usize>,
    /// How many requests that write to a new metric or segment are answered with 404.
    pub fresh_not_found: usize,
    /// Whether events are kept; otherwise they are counted only.
    pub keep_events: bool,
    /// Unknown: how long the IDs of payloads are remembered.
    pub payload_memory: PayloadMemory,
    /// The largest payload of events, in bytes.
    pub events_limit: usize,
    /// Unknown: whether the compressed or the decompressed size counts against that limit.
    pub events_size: SizeCounted,
    /// Unknown: the status of a payload above the limit, 413 or 400.
    pub too_large_status: u16,
    /// Unknown: the status of a payload that comes in chunks, 411 or 400.
    pub chunked_status: u16,
    /// Unknown: whether the list of metrics has archived ones.
    pub list_archived_metrics: bool,
    /// Contradicted: whether a new metric ignores `maintainerId`.
    pub ignore_new_maintainer: bool,
    /// Unknown: the status that big segments are refused with on a plan without them.
    pub big_segments_refused: Option<u16>,
    /// The most operations on targets of a segment.
    pub most_targets: usize,
    /// Unknown: what that limit applies to.
    pub targets_counted: TargetsCounted,
    /// The most members of a standard segment, if that is enforced.
    pub most_members: Option<usize>,
    /// Contradicted: whether a semantic patch of a segment needs `environmentKey`.
    pub require_environment_key: bool,
    /// Whether changes of segments require approval.
    pub segment_approvals: bool,
    /// Edits by somebody else between a `GET` and a `PATCH` of a segment.
    pub foreign_edits: Vec<ForeignEdit>,
    /// Unknown: the most keys in a request for the members of a big segment.
    pub most_contexts: Option<usize>,
    /// Unknown: whether changes of the members of a big segment require approval.
    pub contexts_approvals: bool,
    /// How late the counts of a big segment are.
    pub counts_late: Duration,
    /// How many times an import of members is asked for until it is complete. A `GET` of the
    /// segment counts too.
    pub import_polls: usize,
    /// Every n-th import stops, and nothing of it is taken.
    pub stopped_imports: Option<usize>,
    /// Whether imports wait for the instruction `processBigSegmentImport`.
    pub imports_need_approval: bool,
    /// Whether changes of flags require approval; by default the environment's settings say so.
    pub flag_approvals: Option<bool>,
    /// Unknown: whether turning a flag on or off conflicts with every pending approval request or
    /// scheduled change that does the same or the opposite.
    pub pending_conflicts: bool,
    /// Unknown: the status of applying an approval request before it is approved.
    pub early_apply_status: u16,
}

impl Default for Writes {
    fn default() -> Self {
        Writes {
            denied_status: 403,
            lost_answers: None,
            fail_after: None,
            fail_before: None,
            conflicts: None,
            fresh_not_found: 0,
            keep_events: true,
            payload_memory: PayloadMemory::default(),
            events_limit: 10_000_000,
            events_size: SizeCounted::default(),
            too_large_status: 413,
            chunked_status: 411,
            list_archived_metrics: true,
            ignore_new_maintainer: false,
            big_segments_refused: None,
            most_targets: 1500,
            targets_counted: TargetsCounted::default(),
            most_members: None,
            require_environment_key: false,
            segment_approvals: false,
            foreign_edits: Vec::new(),
            most_contexts: None,
            contexts_approvals: false,
            counts_late: Duration::ZERO,
            import_polls: 2,
            stopped_imports: None,
            imports_need_approval: false,
            flag_approvals: None,
            pending_conflicts: true,
            early_apply_status: 400,
        }
    }
}
