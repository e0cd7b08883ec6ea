//! The routes, one file per family.

mod approval_requests;
mod auditlog;
mod caller_identity;
mod dependent_flags;
mod environments;
mod flag_statuses;
mod flags;
mod members;
mod metrics;
mod projects;
mod segments;
mod tags;
mod teams;
mod tokens;

use percent_encoding::percent_decode_str;

use super::Family;
use super::call::{Call, Outcome};
use super::lists;

pub(super) use caller_identity::of_environment;
pub(super) use flags::one as one_flag;

/// A path and how it is answered.
#[derive(Clone, Copy)]
pub(super) struct Route {
    /// The family whose permission and limits apply.
    pub family: Family,
    /// The path below `/api/v2`, with arguments in braces.
    pub pattern: &'static str,
    /// Answers a `GET`.
    pub answer: fn(&Call) -> Outcome,
}

/// All routes.
const FAMILIES: [&[Route]; 14] = [
    caller_identity::ROUTES,
    projects::ROUTES,
    environments::ROUTES,
    tags::ROUTES,
    teams::ROUTES,
    members::ROUTES,
    flags::ROUTES,
    flag_statuses::ROUTES,
    auditlog::ROUTES,
    approval_requests::ROUTES,
    dependent_flags::ROUTES,
    metrics::ROUTES,
    segments::ROUTES,
    tokens::ROUTES,
];

/// The route of a path, with its decoded arguments.
pub(super) fn find(path: &str) -> Option<(Route, Vec<String>)> {
    let path = below(Family::Projects, path)?;
    let mut routes = FAMILIES.into_iter().flatten().copied().chain(lists::routes());
    routes.find_map(|route| Some((route, arguments(route.pattern, path)?)))
}

/// The path below `/api/v2`, or below the root of the host for events, as patterns have it.
pub(super) fn below(family: Family, path: &str) -> Option<&str> {
    let root = if family == Family::EventImport { "/" } else { "/api/v2/" };
    path.strip_prefix(root)
}

/// The decoded arguments of a path, if it has the form of the pattern.
pub(super) fn arguments(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') {
            arguments.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
        } else if segment != expected {
            return None;
        }
    }
    segments.next().is_none().then_some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_decoded_segment_by_segment() {
        let (route, arguments) = find("/api/v2/flags/a%2Fb/%2e%2e%20x").unwrap();
        assert_eq!(route.pattern, "flags/{project}/{flag}");
        assert_eq!(arguments, ["a/b", ".. x"]);
    }

    #[test]
    fn other_paths_have_no_route() {
        for path in ["/", "/api/v2", "/api/v2/flags", "/api/v2/flags/a/b/c", "/api/v1/projects"] {
            assert!(find(path).is_none(), "{path}");
        }
    }
}
