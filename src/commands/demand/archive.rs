//! `flaglake flags archive` and `flags restore`.

use std::path::Path;

use rusqlite::OptionalExtension;

use super::ask::{self, Given, has_terminal};
use super::{Access, show};
use crate::cli::{FlagArchive, Format};
use crate::commands::schema::print;
use crate::demand::archive::{Archive, Change, Verdict};
use crate::demand::detail::Detail;
use crate::demand::plan::Plan;
use crate::demand::record::Record;
use crate::launchdarkly::writes::flags::FlagPlace;
use crate::report::open;
use crate::terminal::spelled_out;
use crate::{Error, Result};

/// Archives a flag, or restores it.
///
/// # Errors
/// By the table of codes: `approval_required` without consent; `guarded` where the flag is still in
/// use.
pub(super) async fn run(arguments: &FlagArchive, is_archived: bool, quiet: bool) -> Result<()> {
    let place = arguments.flag.place();
    let verdict = arguments.input.as_deref().map(|input| verdict(input, &place)).transpose()?;
    let access = Access::new(&arguments.options.connection).await?;
    let comment = arguments.consent.comment();
    let verdict = verdict.filter(|_| is_archived);
    let archive = Archive { place, is_archived, comment, verdict };
    let record = match access.read(archive.clone().plan(access.client())).await? {
        Plan::Unchanged(detail) => archive.to_record("unchanged", &detail, access.pages()),
        Plan::Change(change) => {
            let detail = make(&access, arguments, &change, quiet).await?;
            archive.to_record("changed", &detail, access.pages())
        }
    };
    match arguments.options.format {
        Format::Json => show::object(&record),
        Format::Text => print(&sentence(&record)),
    }
}

async fn make(
    access: &Access,
    arguments: &FlagArchive,
    change: &Change,
    quiet: bool,
) -> Result<Detail> {
    let yes = arguments.consent.yes;
    // On a terminal, the key is typed in place of `--force`.
    let objected = change.objected().filter(|_| !arguments.force);
    if let Some(error) = objected.filter(|_| yes || !has_terminal()) {
        ask::show(&change.consent());
        return Err(error);
    }
    let given = Given { yes, can_request: false, quiet };
    if given.or_ask(access, &change.consent()).await? {
        access.read(change.check_shown(access.client())).await?;
    }
    access.write(change.send(access.client())).await
}

/// What a database says about archiving a flag.
fn verdict(input: &Path, place: &FlagPlace) -> Result<Verdict> {
    let connection = open::open(input)?;
    let sql = "SELECT archive_verdict, archive_reasons FROM removal_verdicts
               WHERE project_key = ?1 AND flag_key = ?2";
    let row = |row: &rusqlite::Row<'_>| Ok(Verdict { verdict: row.get(0)?, reasons: row.get(1)? });
    let found = connection.query_row(sql, [&place.project, &place.flag], row).optional();
    let found = found.map_err(|error| open::unreadable(input, &error))?;
    found.ok_or_else(|| {
        let (flag, input) = (&place.flag, input.display());
        Error::usage(format!("`{input}` has no verdict on the flag `{flag}`"))
    })
}

/// The outcome for people.
fn sentence(record: &Record) -> String {
    let text = |name: &str| spelled_out(&record.shown(name));
    let (outcome, flag) = (text("outcome"), text("flag_key"));
    format!("{outcome}: `{flag}` is {}\n{}\n", text("state"), text("url"))
}
