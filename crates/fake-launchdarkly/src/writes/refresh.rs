//! What lists show of the writes that have happened since their items were written.

use serde_json::{Value, json};

use crate::account::Json;
use crate::fragments::Stored;
use crate::lists;
use crate::{Behaviour, Family};

/// Brings the items of a list up to date.
pub(crate) fn refresh(
    stored: &Stored,
    behaviour: &Behaviour,
    (family, arguments): (Family, &[String]),
    items: &mut [Json],
) {
    match family {
        Family::Metrics => metrics(stored, arguments, items),
        Family::Segments => segments(stored, behaviour, arguments, items),
        _ => {}
    }
}

/// A metric was last seen when the last event with its event key arrived.
fn metrics(stored: &Stored, arguments: &[String], items: &mut [Json]) {
    let seen = arguments.first().and_then(|project| stored.written.events.seen_ms.get(project));
    let Some(seen) = seen else { return };
    for item in items {
        let Ok(mut metric) = serde_json::from_str::<Value>(item) else { continue };
        if let Some(at_ms) = metric["eventKey"].as_str().and_then(|key| seen.get(key)) {
            metric["lastSeen"] = json!(at_ms);
            *item = metric.to_string();
        }
    }
}

/// The counts of a big segment are as late as the switches say.
fn segments(stored: &Stored, behaviour: &Behaviour, arguments: &[String], items: &mut [Json]) {
    let clock_ms = stored.clock_ms();
    for (key, big) in stored.written.big_segments(arguments) {
        let Some(position) = lists::by_key(items, key) else { continue };
        let Ok(mut segment) = serde_json::from_str::<Value>(&items[position]) else { continue };
        big.show(&mut segment["_unboundedMetadata"], clock_ms, behaviour.writes.counts_late);
        segment["_importInProgress"] = json!(stored.written.is_importing(arguments, key));
        items[position] = segment.to_string();
    }
}
