//! Imports of the members of big segments: `POST …/{segment}/imports`, `GET …/imports/{id}`.

use serde_json::{Value, json};

use super::big::Big;
use super::contexts::{big, segment};
use super::csv::first_column;
use super::multipart::parts;
use super::objects::{links, require};
use super::segments::record;
use super::state::SegmentPath;
use super::{Done, WriteCall, WriteOutcome, WriteRoute};
use crate::Family;
use crate::call::{Refusal, escaped};
use crate::fragments::Stored;

const PATTERN: &str = "segments/{project}/{environment}/{segment}/imports";
const PATTERN_OF_ONE: &str = "segments/{project}/{environment}/{segment}/imports/{import}";

pub(super) const ROUTES: &[WriteRoute] = &[
    WriteRoute { family: Family::Segments, method: "POST", pattern: PATTERN, answer: start },
    WriteRoute { family: Family::Segments, method: "GET", pattern: PATTERN_OF_ONE, answer: poll },
];

/// The largest file.
const LARGEST_FILE: usize = 40 << 20;
/// The most keys in a file.
const MOST_KEYS: usize = 1_000_000;

/// One import.
#[derive(Debug)]
pub(crate) struct Import {
    /// The segment.
    pub path: SegmentPath,
    id: String,
    status: &'static str,
    replaces: bool,
    keys: Vec<String>,
    filename: String,
    created_ms: i64,
    polls: usize,
    stops: bool,
}

impl Import {
    /// Whether it is neither complete nor stopped.
    pub fn is_running(&self) -> bool {
        !matches!(self.status, "complete" | "stopped")
    }

    fn json(&self) -> Value {
        let path = location(&self.path, &self.id);
        let file = json!({"filename": self.filename, "status": self.status, "creationTime": self.created_ms});
        json!({
            "id": self.id, "segmentKey": self.path[2], "creationTime": self.created_ms,
            "mode": if self.replaces { "replace" } else { "merge" }, "status": self.status,
            "files": [file], "_links": links(&path),
        })
    }

    /// Counts a request for its progress, and says whether it is over now.
    fn advance(&mut self, polls: usize) -> bool {
        if !self.is_running() || self.status == "pending_approval" {
            return false;
        }
        self.polls += 1;
        let is_over = self.polls >= polls;
        self.status = match (is_over, self.stops) {
            (false, _) => "in_progress",
            (true, true) => "stopped",
            (true, false) => "complete",
        };
        is_over
    }

    fn take(&mut self, members: &mut Big, at_ms: i64) {
        if self.status == "complete" {
            if self.replaces {
                members.clear();
            }
            members.included.extend(std::mem::take(&mut self.keys));
            members.changed(at_ms);
        }
    }
}

fn location(path: &SegmentPath, id: &str) -> String {
    let [project, environment, segment] = path.each_ref().map(|key| escaped(key));
    format!("/api/v2/segments/{project}/{environment}/{segment}/imports/{id}")
}

/// One import at a time runs in an environment.
fn start(call: &mut WriteCall) -> WriteOutcome {
    let segment = segment(call)?;
    call.permit("updateIncluded")?;
    let import = read(call)?;
    let place = &call.arguments[..2];
    let running = |import: &Import| import.path[..2] == *place && import.is_running();
    if call.stored.written.imports.iter().any(running) {
        return Err(Refusal::new(409, "conflict", "an import is running"));
    }
    let location = location(&import.path, &import.id);
    big(call, &segment);
    record(call, &segment, ("imported members of the segment", &["updateIncluded"]), None);
    call.stored.written.imports.push(import);
    if call.behaviour.writes.import_polls == 0 {
        advance(call.stored, 0, call.arguments);
    }
    Ok(Done::empty().with_header("location", location))
}

fn read(call: &mut WriteCall) -> Result<Import, Refusal> {
    let (id, created_ms) = (call.fresh_id("import"), call.stamp());
    let form = form(call)?;
    let switches = &call.behaviour.writes;
    let number = call.stored.written.imports.len() + 1;
    let waits = switches.imports_need_approval || form.waits;
    Ok(Import {
        path: [0, 1, 2].map(|position| call.argument(position).to_owned()),
        id,
        status: if waits { "pending_approval" } else { "preparing" },
        replaces: form.replaces,
        keys: form.keys,
        filename: form.filename,
        created_ms,
        polls: 0,
        stops: switches.stopped_imports.is_some_and(|n| n > 0 && number.is_multiple_of(n)),
    })
}

/// The fields of the form that starts an import.
struct Form {
    keys: Vec<String>,
    filename: String,
    replaces: bool,
    waits: bool,
}

fn form(call: &WriteCall) -> Result<Form, Refusal> {
    let body = call.body()?;
    let body = std::str::from_utf8(&body).map_err(|_| Refusal::invalid("the file is not UTF-8"))?;
    let kind = call.ask.content_type.as_deref().unwrap_or("");
    let parts = parts(kind, body).ok_or_else(|| Refusal::invalid("the body is not a form"))?;
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let text = |name: &str| part(name).map(|part| part.content.trim());
    let file = part("file").ok_or_else(|| Refusal::invalid("file is missing"))?;
    let mode = text("mode").unwrap_or("");
    require(matches!(mode, "merge" | "replace"), "mode must be merge or replace")?;
    Ok(Form {
        keys: keys(file.content)?,
        filename: file.filename.unwrap_or("").to_owned(),
        replaces: mode == "replace",
        waits: text("waitOnApprovals") == Some("true"),
    })
}

fn keys(file: &str) -> Result<Vec<String>, Refusal> {
    require(file.len() <= LARGEST_FILE, "the file is larger than 40 MB")?;
    let keys = first_column(file);
    require(keys.len() <= MOST_KEYS, "the file has more than 1,000,000 keys")?;
    Ok(keys)
}

/// Reading the progress of an import is what makes it proceed.
fn poll(call: &mut WriteCall) -> WriteOutcome {
    segment(call)?;
    let (path, id) = (&call.arguments[..3], call.argument(3).to_owned());
    advance(call.stored, call.behaviour.writes.import_polls, path);
    let found = call.stored.written.imports.iter().find(|one| one.id == id && one.path == *path);
    found.map(|import| Done::ok(import.json().to_string())).ok_or(Refusal::documented(404))
}

/// Lets the imports into a segment proceed.
pub(super) fn advance(stored: &mut Stored, polls: usize, path: &[String]) {
    let clock_ms = stored.clock_ms();
    let written = &mut stored.written;
    for import in written.imports.iter_mut().filter(|import| import.path == *path) {
        let [project, environment, key] = &import.path;
        let place = written.bigs.get_mut(&[project.clone(), environment.clone()]);
        let members = place.and_then(|place| place.get_mut(key));
        if let Some(members) = members
            && import.advance(polls)
        {
            import.take(members, clock_ms);
        }
    }
}

/// Lets an import proceed that waits for approval.
pub(super) fn process(call: &mut WriteCall, instruction: &Value) -> Result<(), Refusal> {
    let id = instruction["importId"].as_str().unwrap_or_default();
    let waits = |import: &&mut Import| import.id == id && import.status == "pending_approval";
    let import = call.stored.written.imports.iter_mut().find(waits);
    let import = import.ok_or_else(|| Refusal::invalid("there is no such import"))?;
    import.status = "ready";
    Ok(())
}
