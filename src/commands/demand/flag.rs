//! `flaglake flags show`.

use std::fmt::Write;

use jiff::Timestamp;

use super::audit_log::WHO;
use super::show::Content::{First, Of};
use super::{Access, show};
use crate::Result;
use crate::cli::{FlagShow, Format};
use crate::commands::schema::print;
use crate::demand::consent::listed;
use crate::demand::page::{self, Environment, Page};
use crate::demand::record::Record;
use crate::demand::words;
use crate::terminal::{counted, spelled_out};

/// Shows everything about a flag.
///
/// # Errors
/// `usage` if there is no such project, environment or flag.
pub(super) async fn show(arguments: &FlagShow) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let place = arguments.flag.place();
    let pages = access.pages();
    let read = page::read(access.client(), pages, &place, &arguments.environment);
    let page = access.read(read).await?;
    match arguments.options.format {
        Format::Json => show::object(&page.to_record()),
        Format::Text => print(&text(&page)),
    }
}

/// The page for people.
fn text(page: &Page) -> String {
    // An address that is broken in two cannot be copied.
    let mut text = format!("{} {}\n", show::pairs(facts(page)), page.url);
    for environment in &page.environments {
        let heading = spelled_out(&environment.config.environment);
        let facts = show::pairs(environment_facts(page, environment));
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n{heading}\n{facts}");
    }
    let _ = write!(text, "\nThe newest changes\n{}", entries(page));
    text
}

fn facts(page: &Page) -> Vec<Vec<String>> {
    let detail = &page.detail;
    let flag = &detail.flag;
    let variations = detail.variations.iter().map(variation).collect::<Vec<_>>();
    let life = if flag.is("temporary") { "temporary" } else { "permanent" };
    let mut facts = vec![
        fact("flag", flag.shown("flag_key")),
        fact("name", flag.shown("name")),
        fact("project", flag.shown("project_key")),
        fact("state", format!("{}, {life}", flag.shown("state"))),
        fact("description", flag.shown("description")),
        fact("maintainer", maintainer(flag)),
        fact("tags", detail.tags.join(", ")),
        fact("age", age(&flag.shown("created_at"))),
    ];
    facts.extend(variations.into_iter().map(|variation| fact("variation", variation)));
    facts.extend(detail.properties.iter().map(|row| {
        fact("property", format!("{}: {}", row.shown("property_key"), row.shown("value")))
    }));
    facts.retain(|fact| !fact[1].is_empty());
    facts
}

fn fact(word: &str, text: String) -> Vec<String> {
    vec![word.to_owned(), text]
}

fn variation(row: &Record) -> String {
    let value = words::shortened(&words::value(row));
    match words::name(row) {
        Some(name) => format!("{} `{name}`: {value}", row.shown("variation_index")),
        None => format!("{} {value}", row.shown("variation_index")),
    }
}

/// A name where one is known.
fn maintainer(flag: &Record) -> String {
    let names = ["maintainer_email", "maintainer_team_key", "maintainer_id"];
    let found = names.into_iter().find_map(|name| flag.text(name));
    found.unwrap_or("nobody").to_owned()
}

/// The time of creation, and how many days ago that was.
fn age(created: &str) -> String {
    let days = created
        .parse::<Timestamp>()
        .ok()
        .map(|created| Timestamp::now().duration_since(created).as_hours() / 24);
    let days = days.map(|days| format!(" ({} ago)", counted(days, "day"))).unwrap_or_default();
    format!("created {}{days}", show::minute(created))
}

fn environment_facts(page: &Page, environment: &Environment) -> Vec<Vec<String>> {
    let status = environment.status.as_ref().map(|status| status.name.as_str());
    let requested = match (&environment.status, environment.last_requested()) {
        (None, _) => "requests not known".to_owned(),
        (_, Some(time)) => format!("last requested {}", show::minute(&time)),
        _ => "never requested".to_owned(),
    };
    let around = &environment.around;
    vec![
        fact("serves", words::served(&page.detail, &environment.config)),
        fact("status", format!("{}, {requested}", status.unwrap_or("unknown"))),
        fact("dependents", listed(around.dependents.as_deref())),
        fact("pending", around.pending_in_words()),
    ]
}

fn entries(page: &Page) -> String {
    let Some(entries) = &page.entries else { return "not known\n".to_owned() };
    if entries.is_empty() {
        return "none\n".to_owned();
    }
    let shown =
        [Of("occurred_at"), First(&WHO), Of("title_verb"), Of("environment_key"), Of("comment")];
    let row = |entry: &Record| shown.iter().map(|of| of.shown(entry)).collect();
    show::table(Vec::new(), entries.iter().map(row).collect(), &[show::Wrap::Never])
}
