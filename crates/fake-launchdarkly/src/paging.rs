//! Pagination: the requested part of a list, and its links.

use std::borrow::Cow;

use super::call::{Call, Outcome, Refusal, escaped};
use super::json::{self, Object};
use super::{Behaviour, Family, NextLinks, OverLimit, lists};

/// The page size where a request names none.
pub(super) const DEFAULT_LIMIT: usize = 20;

/// A list to be served in pages.
pub(super) struct List<'a, T> {
    /// The filtered items, in order.
    pub items: Vec<T>,
    /// How many there were before filters.
    pub unfiltered: usize,
    /// A parent for `_links`.
    pub parent: Option<String>,
    /// Parameters that the server adds to the query in its links.
    pub defaults: &'a [(&'a str, &'a str)],
    /// Whether everything is served where the request names no limit.
    pub unpaged: bool,
    /// Whether the list says how many items it has.
    pub counted: bool,
    /// Whether it says so in snake case.
    pub snake: bool,
    /// Whether it has `_links`.
    pub linked: bool,
}

impl<T> List<'_, T> {
    /// A list that was not filtered.
    pub fn whole(items: Vec<T>) -> Self {
        let unfiltered = items.len();
        let (parent, defaults, unpaged) = (None, &[][..], false);
        let (counted, snake, linked) = (true, false, true);
        List { unfiltered, items, parent, defaults, unpaged, counted, snake, linked }
    }
}

/// The part of a list that one page shows.
#[derive(Clone, Copy)]
struct Window {
    offset: usize,
    limit: Option<usize>,
    total: usize,
}

/// The page of `list` that `call` asks for; `render` adds an item's JSON to the text.
pub(super) fn page<T>(
    call: &Call,
    family: Family,
    list: List<T>,
    mut render: impl FnMut(&T, &mut String),
) -> Outcome {
    let window = window(call, family, list.items.len(), list.unpaged)?;
    let shown = list.items.iter().skip(window.offset).take(window.limit.unwrap_or(usize::MAX));
    let mut items = "[".to_owned();
    for item in shown {
        if items.len() > 1 {
            items.push(',');
        }
        render(item, &mut items);
    }
    items.push(']');
    let links = list.linked.then(|| links(call, &list, window));
    let count =
        if call.behaviour.total_count_ignores_filter { list.unfiltered } else { window.total };
    let total = (list.counted && !call.behaviour.omit_total_count).then_some(count);
    Ok(collection(links.as_deref(), total, list.snake, &items))
}

/// The first page of a list inside another object: `{_links, totalCount, items}`.
pub(super) fn nested(
    behaviour: &Behaviour,
    path: &str,
    parent: Option<String>,
    limit: usize,
    items: Vec<String>,
) -> String {
    let window = Window { offset: 0, limit: Some(limit), total: items.len() };
    let mut links = links_around(behaviour, window, |offset| href(path, &[], Some(limit), offset));
    links.extend(parent.map(|href| ("parent", href)));
    let items = json::array(items.into_iter().take(limit));
    let total = (!behaviour.omit_total_count).then_some(window.total);
    collection(Some(&json::links(links)), total, false, &items)
}

fn collection(links: Option<&str>, total: Option<usize>, snake: bool, items: &str) -> String {
    let name = if snake { "total_count" } else { "totalCount" };
    let object = Object::new().raw_if("_links", links);
    object.integer_if(name, total.map(|total| total as i64)).raw("items", items).close()
}

fn window(call: &Call, family: Family, total: usize, unpaged: bool) -> Result<Window, Refusal> {
    let offset = number(call, "offset")?.unwrap_or(0);
    let unlimited = unpaged && (call.behaviour.ignore_limit || call.query.get("limit").is_none());
    let limit = if unlimited { None } else { Some(limit(call, family)?) };
    Ok(Window { offset, limit, total })
}

/// How many items a page has.
pub(super) fn limit(call: &Call, family: Family) -> Result<usize, Refusal> {
    let asked = number(call, "limit")?.filter(|_| !call.behaviour.ignore_limit);
    let maximum = call.behaviour.maximum.get(&family).copied().unwrap_or(largest_page(family));
    match asked {
        None => Ok(default_page(family).min(maximum)),
        Some(0) => Err(Refusal::invalid("limit must be greater than 0")),
        Some(limit) if limit > maximum && call.behaviour.over_limit == OverLimit::Reject => {
            Err(Refusal::invalid(format!("limit must not be greater than {maximum}")))
        }
        Some(limit) => Ok(limit.min(maximum)),
    }
}

fn number(call: &Call, name: &str) -> Result<Option<usize>, Refusal> {
    let parse = |text: &str| {
        text.parse().map_err(|_| Refusal::invalid(format!("{name} must be a whole number")))
    };
    call.query.get(name).map(parse).transpose()
}

fn default_page(family: Family) -> usize {
    match family {
        Family::AuditLog => 10,
        _ => lists::pages(family).map_or(DEFAULT_LIMIT, |(default, _)| default),
    }
}

/// The documented maximum page sizes, or those that clients were seen to use where none is
/// documented.
fn largest_page(family: Family) -> usize {
    if let Some((_, largest)) = lists::pages(family) {
        return largest;
    }
    match family {
        Family::AuditLog => 20,
        Family::Flags | Family::Teams | Family::TeamMaintainers => 100,
        _ => 1000,
    }
}

fn links<T>(call: &Call, list: &List<T>, window: Window) -> String {
    let mut pairs: Vec<(Cow<str>, Cow<str>)> = Vec::new();
    for (name, value) in &call.query.pairs {
        if name != "limit" && name != "offset" {
            pairs.push((name.into(), value.into()));
        }
    }
    for (name, value) in list.defaults {
        if call.query.get(name).is_none() {
            pairs.push(((*name).into(), (*value).into()));
        }
    }
    let href = |offset| href(call.path, &pairs, window.limit, offset);
    let mut links = links_around(call.behaviour, window, href);
    links.extend(list.parent.clone().map(|href| ("parent", href)));
    json::links(links)
}

/// `self`, and those of `first`, `prev`, `next` and `last` that exist.
fn links_around(
    behaviour: &Behaviour,
    window: Window,
    href: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    let Window { offset, limit, total } = window;
    let mut links = vec![("self", href(offset))];
    let Some(limit) = limit.filter(|_| !behaviour.omit_page_links) else { return links };
    if offset > 0 {
        links.push(("first", href(0)));
        links.push(("prev", href(offset.saturating_sub(limit))));
    }
    let following = offset.saturating_add(limit);
    let more = following < total;
    links.extend(next(&behaviour.next_links, href(offset), href(following), more));
    links.extend(more.then(|| ("last", href((total - 1) / limit * limit))));
    links
}

/// The link to the next page, right or wrong; `more` where there is a next page.
pub(super) fn next(
    links: &NextLinks,
    here: String,
    following: String,
    more: bool,
) -> Option<(&'static str, String)> {
    let href = match links {
        NextLinks::Right => more.then_some(following),
        NextLinks::OtherHost(origin) => Some(format!("{origin}{following}")),
        NextLinks::OtherScheme => more.then(|| format!("ftp://localhost{following}")),
        NextLinks::SamePage => Some(here),
        NextLinks::Always => Some(following),
    };
    href.map(|href| ("next", href))
}

/// The path with its query in order of names, an offset of 0 left out.
pub(super) fn href(
    path: &str,
    pairs: &[(Cow<str>, Cow<str>)],
    limit: Option<usize>,
    offset: usize,
) -> String {
    let mut pairs = pairs.to_vec();
    pairs.extend(limit.map(|limit| ("limit".into(), limit.to_string().into())));
    pairs.extend((offset > 0).then(|| ("offset".into(), offset.to_string().into())));
    pairs.sort_by(|left, right| left.0.cmp(&right.0));
    let pair =
        |(name, value): &(Cow<str>, Cow<str>)| format!("{}={}", escaped(name), escaped(value));
    let query: Vec<String> = pairs.iter().map(pair).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
