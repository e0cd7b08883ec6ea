//! `flaglake flags archive` and `flags restore`.

use rusqlite::OptionalExtension;

use super::ask::{self, Given, has_terminal};
use super::{Access, show};
use crate::cli::{FlagArchive, Format};
use crate::commands::schema::print;
use crate::demand::archive::{Archive, Change, Verdict};
use crate::demand::detail::Detail;
use crate::demand::plan::Plan;
use crate::demand::record::Record;
use crate::destinations::address::Address;
use crate::launchdarkly::writes::flags::FlagPlace;
use crate::report::input::{Chosen, Input};
use crate::terminal::spelled_out;
use crate::{Error, Result};

/// Archives a flag, or restores it.
///
/// # Errors
/// By the table of codes: `approval_required` without consent; `guarded` where the flag is still in
/// use.
pub(super) async fn run(arguments: &FlagArchive, is_archived: bool, quiet: bool) -> Result<()> {
    let place = arguments.flag.place();
    let access = Access::new(&arguments.options.connection).await?;
    let verdict = match &arguments.input {
        Some(input) => {
            let input = arguments.password.of(input)?;
            Some(verdict(&access, &input, &place).await?)
        }
        None => None,
    };
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

/// What an output says about archiving a flag.
async fn verdict(access: &Access, address: &Address, place: &FlagPlace) -> Result<Verdict> {
    let input = Input::new(address, &access.interrupt);
    let account = match input.choose(None).await? {
        Chosen::One(account) => account,
        Chosen::All(_) => Some(account(access, &input).await?),
    };
    let connection = input.read(account.as_deref(), &["removal_verdicts"]).await?;
    let sql = "SELECT archive_verdict, archive_reasons FROM removal_verdicts
               WHERE project_key = ?1 AND flag_key = ?2";
    let row = |row: &rusqlite::Row<'_>| Ok(Verdict { verdict: row.get(0)?, reasons: row.get(1)? });
    let found = connection.query_row(sql, [&place.project, &place.flag], row).optional();
    let found = found.map_err(|error| input.unreadable(&error))?;
    found.ok_or_else(|| {
        let flag = &place.flag;
        Error::usage(format!("`{address}` has no verdict on the flag `{flag}`"))
    })
}

/// The account of the access token, in an output that holds several.
async fn account(access: &Access, input: &Input<'_>) -> Result<String> {
    let identity = access.read(access.client().caller_identity()).await?;
    match input.choose(identity.account_id.as_deref()).await? {
        Chosen::One(Some(account)) => Ok(account),
        Chosen::One(None) | Chosen::All(_) => Err(Error::usage(
            "the output of `--input` holds several accounts, and that of the token is not known",
        )),
    }
}

/// The outcome for people.
fn sentence(record: &Record) -> String {
    let text = |name: &str| spelled_out(&record.shown(name));
    let (outcome, flag) = (text("outcome"), text("flag_key"));
    format!("{outcome}: `{flag}` is {}\n{}\n", text("state"), text("url"))
}
