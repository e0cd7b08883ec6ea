//! An endpoint of the API: the only description from which requests are made.

use crate::model::resource::{AnyResource, Resource};

/// An endpoint, as errors and the rate limiter know it.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The resource that it concerns, as errors name it.
    pub resource: &'static str,
    /// The action that a role must allow; empty where none is documented.
    pub permission: &'static str,
    /// The path, with parameters in braces. Requests with the same route share a rate limit.
    pub route: &'static str,
    /// Whether the endpoint is in beta: it answers 403 unless a header asks for the beta version.
    pub is_beta: bool,
}

impl Endpoint {
    /// The endpoint of a resource's list.
    pub const fn of<R: Resource>() -> Self {
        Endpoint { resource: R::NAME, permission: R::PERMISSION, route: R::PATH, is_beta: R::BETA }
    }

    /// The endpoint of a resource's list, for a resource of any type.
    pub fn of_any(resource: &dyn AnyResource) -> Self {
        Endpoint {
            resource: resource.name(),
            permission: resource.permission(),
            route: resource.path(),
            is_beta: resource.is_beta(),
        }
    }

    /// Another endpoint of the same resource, which needs the same permission.
    #[must_use]
    pub const fn at(self, route: &'static str) -> Self {
        Endpoint { route, ..self }
    }

    /// The segments of the path, with `keys` in place of the parameters.
    pub(super) fn segments(&self, keys: &[&str]) -> Vec<String> {
        let mut keys = keys.iter();
        let fill = |part: &str| {
            let key = if part.starts_with('{') { keys.next().copied() } else { Some(part) };
            key.unwrap_or_default().to_owned()
        };
        self.route.split('/').filter(|part| !part.is_empty()).map(fill).collect()
    }
}
