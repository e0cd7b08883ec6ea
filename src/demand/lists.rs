//! Lists, read from the first page to the last.

use std::sync::Arc;

use super::record::{Record, Rows};
use crate::extract::request;
use crate::launchdarkly::{Client, Request};
use crate::model::resource::{Paging, Resource};
use crate::model::scope::Scope;
use crate::sync::places;
use crate::{Error, Result};

/// The most pages of one list. A server that ignores `offset` would otherwise be asked for ever.
const MOST_PAGES: usize = 10_000;

/// What to read of a list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Query parameters in addition to those of the resource.
    pub query: Vec<(&'static str, String)>,
    /// Words that an item must contain, where the API cannot search.
    pub words: Option<String>,
}

impl Wanted {
    /// Everything whose key, name or description contains `words`.
    pub fn containing(words: Option<&str>) -> Self {
        Wanted { words: words.map(str::to_owned), ..Wanted::default() }
    }
}

/// The value of `filter` that finds `words` in keys and names. The characters that separate filters
/// are escaped.
pub fn query_filter(words: &str) -> String {
    let escaped = words.replace('%', "%25").replace(',', "%2C").replace(':', "%3A");
    format!("query:{escaped}")
}

/// The rows of a list, by table.
///
/// # Errors
/// By the table of codes.
pub async fn rows<R: Resource>(
    client: &Arc<Client>,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Rows> {
    let mut rows = Rows::new(R::TABLES);
    let mut offset = 0;
    for _ in 0..MOST_PAGES {
        let request = page::<R>(scope, wanted, offset);
        let (mut items, end) = client.list(&request, Vec::<R::Item>::new()).await?;
        items.extend(end.items);
        items.iter().try_for_each(|item| R::write(scope, item, &mut rows))?;
        offset += items.len();
        let total = end.total_count.and_then(|total| usize::try_from(total).ok());
        let is_last = match (total, R::PAGING.limit()) {
            (_, None) => true,
            (Some(total), _) => offset >= total,
            (None, Some(limit)) => items.len() < limit && end.next.is_none(),
        };
        if is_last || items.is_empty() {
            return Ok(rows);
        }
    }
    Err(Error::unexpected(R::NAME, "", "the list has no end"))
}

fn page<R: Resource>(scope: &Scope, wanted: &Wanted, offset: usize) -> Request {
    let query = R::QUERY.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let all = query.chain(wanted.query.iter().cloned());
    let mut request =
        all.fold(request::<R>(&scope.keys()), |request, (name, value)| request.with(name, value));
    if let Paging::Offset(limit) | Paging::Before(limit) = R::PAGING {
        request = request.with("limit", limit);
    }
    if offset == 0 { request } else { request.with("offset", offset) }
}

/// The items of a list: the rows of its first table.
///
/// # Errors
/// By the table of codes.
pub async fn items<R: Resource>(
    client: &Arc<Client>,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<Record>> {
    let table = R::TABLES.first().map_or("", |table| table().name);
    let outcome = rows::<R>(client, scope, wanted).await;
    let mut found = or_unknown(client, scope, outcome).await?.take(table);
    if let Some(words) = &wanted.words {
        found.retain(|item| item.mentions(words));
    }
    Ok(found)
}

/// `outcome`, or the reason why a list is not there: its project or environment is unknown.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub async fn or_unknown<T>(client: &Client, scope: &Scope, outcome: Result<T>) -> Result<T> {
    let is_missing = outcome.as_ref().is_err_and(|error| error.http_status() == Some(404));
    match scope {
        Scope::Project(project) if is_missing => places::project(client, project).await?,
        Scope::Environment { project_key, environment_key } if is_missing => {
            places::environment(client, project_key, environment_key).await?;
        }
        _ => {}
    }
    outcome
}

/// The rows of one item, by table.
///
/// # Errors
/// By the table of codes.
pub async fn one<R: Resource>(client: &Client, scope: &Scope, request: &Request) -> Result<Rows> {
    let item: R::Item = client.object(request).await?;
    let mut rows = Rows::new(R::TABLES);
    R::write(scope, &item, &mut rows)?;
    Ok(rows)
}

/// The rows of one item that was decoded already, by table.
///
/// # Errors
/// `unexpected_response` if it is not an item of the resource.
pub fn of_value<R: Resource>(scope: &Scope, value: serde_json::Value) -> Result<Rows> {
    let item: R::Item =
        serde_json::from_value(value).map_err(|error| Error::unexpected(R::NAME, "", error))?;
    let mut rows = Rows::new(R::TABLES);
    R::write(scope, &item, &mut rows)?;
    Ok(rows)
}
