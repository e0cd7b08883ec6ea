//! Lists, read from the first page to the last.

use super::record::{Record, Rows};
use crate::extract::request;
use crate::launchdarkly::{Client, Pages, Request};
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::sync::places;
use crate::{Error, Result};

/// Items, and the columns that each of them has.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The items.
    pub items: Vec<Record>,
}

impl List {
    /// Items of a resource: rows of its first table.
    pub fn of<R: Resource>(items: Vec<Record>) -> Self {
        let table = R::TABLES.first().map(|table| table());
        let columns = table.map(|table| table.columns.iter().map(|column| column.name).collect());
        List { columns: columns.unwrap_or_default(), items }
    }
}

/// What to read of a list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Query parameters in addition to those of the resource.
    pub query: Vec<(&'static str, String)>,
    /// Words that an item must contain, where the API cannot search.
    pub words: Option<Words>,
}

/// Words, and the texts of an item that may contain them: columns, or several columns together.
#[derive(Clone, Debug)]
pub struct Words {
    /// The words.
    pub words: String,
    /// The texts.
    pub texts: Texts,
}

/// The texts of an item that are searched. Keys of the places that an item is in are not among them.
pub type Texts = &'static [&'static [&'static str]];

/// The texts of a segment.
pub const OF_SEGMENTS: Texts = &[&["segment_key"], &["name"], &["description"]];

/// The texts of a metric.
pub const OF_METRICS: Texts = &[&["metric_key"], &["event_key"], &["name"], &["description"]];

/// The texts of a member.
pub const OF_MEMBERS: Texts = &[&["email"], &["first_name", "last_name"]];

impl Wanted {
    /// Everything one of whose `texts` contains `words`.
    pub fn containing(words: Option<&str>, texts: Texts) -> Self {
        let words = words.map(|words| Words { words: words.to_owned(), texts });
        Wanted { words, ..Wanted::default() }
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
pub async fn rows<R: Resource>(client: &Client, scope: &Scope, wanted: &Wanted) -> Result<Rows> {
    let mut rows = Rows::new(R::TABLES);
    let request = list::<R>(scope, wanted);
    let mut pages = Pages::<R::Item>::new(client, request, R::PAGING.limit());
    while let Some(items) = pages.next_page().await? {
        items.iter().try_for_each(|item| R::write(scope, item, &mut rows))?;
    }
    Ok(rows)
}

/// The request for a list.
fn list<R: Resource>(scope: &Scope, wanted: &Wanted) -> Request {
    let query = R::QUERY.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let all = query.chain(wanted.query.iter().cloned());
    all.fold(request::<R>(&scope.keys()), |request, (name, value)| request.with(name, value))
}

/// The items of a list: the rows of its first table.
///
/// # Errors
/// By the table of codes.
pub async fn items<R: Resource>(
    client: &Client,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<Record>> {
    let table = R::TABLES.first().map_or("", |table| table().name);
    let outcome = rows::<R>(client, scope, wanted).await;
    let mut found = or_unknown(client, scope, outcome).await?.take(table);
    if let Some(Words { words, texts }) = &wanted.words {
        found.retain(|item| item.mentions(words, texts));
    }
    Ok(found)
}

/// `outcome`, or the reason why a list is not there: its project or environment is unknown.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub async fn or_unknown<T>(client: &Client, scope: &Scope, outcome: Result<T>) -> Result<T> {
    // Whether an unknown `env` is ignored, 400 or 404 is not documented.
    let is_missing =
        outcome.as_ref().is_err_and(|error| matches!(error.http_status(), Some(400 | 404)));
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
