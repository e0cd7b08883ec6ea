//! The smallest request for each list.

use std::sync::Arc;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::line::Line;
use super::names::Names;
use super::places::Places;
use crate::Result;
use crate::extract::{is_unavailable, request, without};
use crate::launchdarkly::json_stream::page::End;
use crate::launchdarkly::{Client, Endpoint, Request};
use crate::model::resource::{AnyResource, Paging, Resource};

/// Checks an optional resource.
pub(super) async fn check(
    client: &Arc<Client>,
    resource: &'static dyn AnyResource,
    places: &Places,
    names: &Names,
) -> Line {
    let name = resource.name();
    let keys = match places.keys(name, resource.level(), names) {
        Ok(keys) => keys,
        Err(line) => return line,
    };
    match look(client, resource, &keys).await {
        Err(error) if !names.is_strict && is_unavailable(&error) => {
            Line::skipped(name, without(name, &error))
        }
        outcome => Line::of(name, outcome),
    }
}

/// Requests the smallest part of a resource that the endpoint allows.
async fn look(client: &Arc<Client>, resource: &dyn AnyResource, keys: &[&str]) -> Result<String> {
    let request = Request::get(Endpoint::of_any(resource), keys);
    let request = request.of_project(resource.project_query(), keys);
    let full = resource.query().iter();
    let full = full.fold(request.clone(), |request, (name, value)| request.with(*name, value));
    match ask(client, resource, full).await {
        // Like an extraction: if the server rejects the query parameters, they are left out.
        Err(error) if error.http_status() == Some(400) => ask(client, resource, request).await,
        outcome => outcome,
    }
}

async fn ask(client: &Arc<Client>, resource: &dyn AnyResource, request: Request) -> Result<String> {
    let what = resource.name().replace('_', " ");
    match resource.paging() {
        Paging::Object => {
            client.object::<IgnoredAny>(&request).await?;
            Ok(format!("{what} can be read"))
        }
        Paging::Whole => {
            let (items, _) = client.list(&request, Vec::<IgnoredAny>::new()).await?;
            Ok(format!("{} {what}", items.len()))
        }
        Paging::Offset(_) | Paging::Before(_) => count(client, request, &what).await,
    }
}

/// The first item of a list, and the list's envelope.
pub(super) async fn first<R, T>(client: &Arc<Client>, keys: &[&str]) -> Result<(Option<T>, End<T>)>
where
    R: Resource,
    T: DeserializeOwned + Send + 'static,
{
    let request = request::<R>(keys).with("limit", 1);
    let (items, end) = client.list(&request, Vec::new()).await?;
    Ok((items.into_iter().next(), end))
}

/// How many items the list of a resource has, in words.
pub(super) async fn counted<R: Resource>(
    client: &Arc<Client>,
    keys: &[&str],
    what: &str,
) -> Result<String> {
    count(client, request::<R>(keys), what).await
}

async fn count(client: &Arc<Client>, request: Request, what: &str) -> Result<String> {
    let (_, end) = client.list(&request.with("limit", 1), Vec::<IgnoredAny>::new()).await?;
    Ok(total(&end, what))
}

/// The number of items that a list says it has, in words.
pub(super) fn total<T>(end: &End<T>, what: &str) -> String {
    match end.total_count {
        Some(total) => format!("{total} {what}"),
        None => format!("{what} can be listed"),
    }
}
