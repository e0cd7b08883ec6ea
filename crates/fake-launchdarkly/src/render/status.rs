//! Flag statuses.

use jiff::Timestamp;

use super::flag;
use crate::account::FlagStatus;
use crate::call::escaped;
use crate::json::{self, Object};
use crate::{Behaviour, NeverRequested};

/// A status in the list of one environment. Only its links identify the flag.
pub(crate) fn linked(
    behaviour: &Behaviour,
    project: &str,
    environment: &str,
    flag: &str,
    status: &FlagStatus,
) -> String {
    let own = if behaviour.status_self_lacks_environment {
        format!("/api/v2/flag-statuses/{}/{}", escaped(project), escaped(flag))
    } else {
        format!("{}/{}", path(project, environment), escaped(flag))
    };
    let parent = (!behaviour.omit_status_parent).then(|| ("parent", flag::path(project, flag)));
    let links = json::links(parent.into_iter().chain([("self", own)]));
    fields(Object::new().raw("_links", &links), behaviour, status).close()
}

/// A status as the answer about one flag has it, by environment.
pub(crate) fn plain(behaviour: &Behaviour, status: &FlagStatus) -> String {
    fields(Object::new(), behaviour, status).close()
}

/// The path of an environment's statuses.
pub(crate) fn path(project: &str, environment: &str) -> String {
    format!("/api/v2/flag-statuses/{}/{}", escaped(project), escaped(environment))
}

fn fields(object: Object, behaviour: &Behaviour, status: &FlagStatus) -> Object {
    let requested = match (status.last_requested_ms, behaviour.never_requested) {
        (Some(at_ms), _) => Some(json::string(&time(at_ms))),
        (None, NeverRequested::Null) => Some("null".to_owned()),
        (None, NeverRequested::Absent) => None,
    };
    object
        .text("name", &status.name)
        .raw_if("lastRequested", requested.as_deref())
        .raw_if("default", status.default.as_deref())
}

/// The only times in the API that are not epoch milliseconds.
fn time(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}
