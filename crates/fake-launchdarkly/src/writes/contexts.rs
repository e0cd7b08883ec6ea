//! Members of big segments: `POST /segments/{project}/{environment}/{segment}/contexts`.

use std::collections::HashSet;

use serde_json::Value;

use super::big::Big;
use super::objects::require;
use super::segments::{approved, record};
use super::targets::keys;
use super::{Done, WriteCall, WriteOutcome, WriteRoute};
use crate::Family;
use crate::call::Refusal;

pub(super) const ROUTES: &[WriteRoute] = &[
    WriteRoute {
        family: Family::Segments,
        method: "POST",
        pattern: "segments/{project}/{environment}/{segment}/contexts",
        answer: update,
    },
    WriteRoute {
        family: Family::Segments,
        method: "POST",
        pattern: "segments/{project}/{environment}/{segment}/users",
        answer: update,
    },
];

/// Keys to add and to remove on one side of a segment.
struct Side {
    add: Vec<String>,
    remove: Vec<String>,
}

fn update(call: &mut WriteCall) -> WriteOutcome {
    let segment = segment(call)?;
    let body = call.json()?;
    let sides = [Side::parse(&body["included"])?, Side::parse(&body["excluded"])?];
    let actions = actions(&sides);
    actions.iter().try_for_each(|action| call.permit(action))?;
    approved(call, call.behaviour.writes.contexts_approvals)?;
    let count: usize = sides.iter().map(|side| side.add.len() + side.remove.len()).sum();
    let most = call.behaviour.writes.most_contexts.unwrap_or(usize::MAX);
    require(count <= most, &format!("more than {most} keys"))?;
    let at_ms = call.stored.clock_ms();
    let [included, excluded] = sides;
    let big = big(call, &segment);
    included.apply(&mut big.included);
    excluded.apply(&mut big.excluded);
    big.changed(at_ms);
    record(call, &segment, ("updated the segment", &actions), None);
    Ok(Done::empty())
}

/// The big segment that the path names.
pub(super) fn segment(call: &mut WriteCall) -> Result<Value, Refusal> {
    call.place()?;
    let (place, key) = (&call.arguments[..2], call.argument(2).to_owned());
    let segment = call.find(Family::Segments, place, &key)?.object;
    require(segment["unbounded"] == true, "the segment is not a big segment")?;
    Ok(segment)
}

/// The members of the big segment that the path names, to be changed.
pub(super) fn big<'a>(call: &'a mut WriteCall, segment: &Value) -> &'a mut Big {
    let [project, environment] = [0, 1].map(|position| call.argument(position).to_owned());
    let key = segment["key"].as_str().unwrap_or_default().to_owned();
    let place = call.stored.written.bigs.entry([project, environment]).or_default();
    place.entry(key).or_insert_with(|| Big::of(segment))
}

fn actions(sides: &[Side; 2]) -> Vec<&'static str> {
    let is_empty = |side: &Side| side.add.is_empty() && side.remove.is_empty();
    let named = sides.iter().zip(["updateIncluded", "updateExcluded"]);
    named.filter(|(side, _)| !is_empty(side)).map(|(_, action)| action).collect()
}

impl Side {
    fn parse(side: &Value) -> Result<Self, Refusal> {
        let listed = |name: &str| match side.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(values) => keys(values),
        };
        Ok(Side { add: listed("add")?, remove: listed("remove")? })
    }

    fn apply(self, members: &mut HashSet<String>) {
        for key in &self.remove {
            members.remove(key);
        }
        members.extend(self.add);
    }
}
