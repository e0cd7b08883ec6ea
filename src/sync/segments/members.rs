//! The segment as LaunchDarkly holds it, and the guards that depend on it.

use super::{Members, SegmentKind};
use crate::Result;
use crate::launchdarkly::writes::segments::{self as api, Segment, SegmentPlace};
use crate::sync::context::Context;
use crate::sync::guards::guarded;
use crate::sync::places::{Checked, if_permitted};

/// The most members of a standard segment:
/// <https://launchdarkly.com/docs/home/flags/segment-types>.
pub(super) const MOST_MEMBERS: i64 = 15_000;

/// From here on, a standard segment slows the start of SDKs.
pub(super) const MANY_MEMBERS: i64 = 10_000;

/// Reads a segment; `None` if there is none.
pub(super) async fn read(
    context: &Context<'_>,
    place: &SegmentPlace,
) -> Result<Checked<Option<Segment>>> {
    let found = context.client.object::<Segment>(&api::one(place)).await;
    match found {
        Err(error) if error.http_status() == Some(404) => Ok(Checked::Known(None)),
        found => if_permitted(found.map(Some), &format!("The segment `{}`", place.segment)),
    }
}

impl Members {
    /// The members of a big segment, as LaunchDarkly counts them; `None` if it does not say it.
    pub(super) fn included_count(&self) -> Option<i64> {
        self.before.as_ref()?.unbounded_metadata?.included_count
    }

    /// Refuses a segment that is not the one that the options describe.
    pub(super) fn check_segment(&self) -> Result<()> {
        let Some(segment) = &self.before else { return Ok(()) };
        let key = &self.options.place.segment;
        if let Some(owner) = segment.external.as_deref().filter(|owner| !owner.is_empty()) {
            return Err(guarded(
                format!("the segment `{key}` is synced by `{owner}`"),
                "only that integration changes its members; use another segment",
            ));
        }
        if segment.import_in_progress == Some(true) {
            return Err(guarded(
                format!("an import into the segment `{key}` is running"),
                "run again when it has ended",
            ));
        }
        self.check_kind(segment)
    }

    fn check_kind(&self, segment: &Segment) -> Result<()> {
        let key = &self.options.place.segment;
        let is_big = segment.unbounded == Some(true);
        if is_big != (self.options.kind == SegmentKind::Big) {
            let (kind, option) = if is_big { ("big", "big") } else { ("standard", "standard") };
            return Err(guarded(
                format!("`{key}` is a {kind} segment"),
                format!(
                    "use `--kind {option}`, or another segment: a segment's kind cannot change"
                ),
            ));
        }
        let wanted = &self.options.context_kind;
        match segment.unbounded_context_kind.as_deref().filter(|kind| !kind.is_empty()) {
            Some(kind) if is_big && kind != wanted => Err(guarded(
                format!("the members of `{key}` are of the context kind `{kind}`, not `{wanted}`"),
                format!("use `--context-kind {kind}`, or another segment"),
            )),
            _ => Ok(()),
        }
    }
}
