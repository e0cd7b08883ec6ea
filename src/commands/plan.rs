//! `flaglake extract --plan`: how many requests an extraction takes.

use std::sync::atomic::Ordering;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::Session;
use super::schema::print as write;
use crate::cli::ExtractArguments;
use crate::destinations::Previous;
use crate::extract::ProjectPlan;
use crate::launchdarkly::Client;
use crate::model::scope::{Level, Scope};
use crate::record::{Record, signed};
use crate::resources::selection::{FlagStatusMode, Selection};
use crate::stage::{Checkpoint, Stage};
use crate::system::files;
use crate::system::interrupt::Interrupt;
use crate::terminal::{spelled_out, width};
use crate::{Result, resources};

/// The documented page size of the flags list.
const PAGE: i64 = 100;

/// Reads projects and environments only, and prints the number of requests.
///
/// # Errors
/// By the table of codes.
pub(super) async fn run(
    session: &Session,
    arguments: &ExtractArguments,
    selection: &Selection,
) -> Result<()> {
    session.client.caller_identity().await?;
    let patience = arguments.busy_timeout;
    let known = match arguments.output.first() {
        Some(output) => output.previous(patience, &Interrupt::default())?,
        None => Previous::default(),
    };
    // Nothing is kept, so nothing is put beside the output.
    let name = format!("flaglake-plan-{}.stage", std::process::id());
    let path = files::temporary_folder().join(name);
    let stage = Stage::open(&path, selection.tables(), &Checkpoint::none())?;
    let record = Record::new(selection.is_of_selected_projects());
    let plans = session.extraction(&stage, &record, selection).plan().await;
    let plans = match plans {
        Ok(plans) => plans,
        Err(error) => return Err(stage.discard(error).await),
    };
    print(&plans, selection, &session.client, &known)
}

/// Prints the number of requests, project by project.
fn print(
    plans: &[ProjectPlan],
    selection: &Selection,
    client: &Client,
    known: &Previous,
) -> Result<()> {
    let spent = signed(client.counters.requests.load(Ordering::Relaxed));
    let account = account_requests(selection, known);
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header([
        "project",
        "environments",
        "flag pages",
        "flag statuses",
        "other lists",
        "requests",
    ]);
    let mut total = spent + account;
    for plan in plans {
        let flags = flag_requests(plan, selection, known);
        let statuses = status_requests(plan, selection, known);
        let others = project_lists(plan, selection, known);
        let sum = flags + statuses + others;
        total += sum;
        let numbers = [plan.environments.len() as i64, flags, statuses, others, sum];
        let cells = numbers.iter().map(i64::to_string);
        table.add_row(std::iter::once(spelled_out(&plan.key)).chain(cells));
    }
    for index in 1..6 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let basis = basis(selection, known);
    let log = if selection.wants("audit_log") {
        ", and more, depending on the new entries of the audit log"
    } else {
        ""
    };
    let width = width::columns();
    let lines = [
        format!("identity, projects and environments: {spent}"),
        format!("other lists of the account: {account}{log}"),
        format!("total: {total} requests ({basis})"),
    ];
    let lines: String = lines.iter().map(|line| width::hanging("", line, width)).collect();
    write(&format!("{table}\n\n{lines}"))
}

/// The basis of the estimate.
fn basis(selection: &Selection, known: &Previous) -> &'static str {
    if !known.flags.is_empty() {
        return "by the flags that were published last";
    }
    if selection.flag_status == FlagStatusMode::PerFlag {
        return "at least: the number of flags is not known yet";
    }
    "about, if no project has more than 100 flags; every further 100 flags of a project take one \
     more request for each 3 environments"
}

/// Tags come 1000 a page, teams 100; the maintainers of a crowded team take one more.
fn account_requests(selection: &Selection, known: &Previous) -> i64 {
    let pages = |rows: i64, page: i64| 1.max((rows + page - 1) / page);
    let wanted = |name, requests| if selection.wants(name) { requests } else { 0 };
    wanted("tags", pages(known.tags, 1000))
        + wanted("teams", pages(known.teams, 100))
        + wanted("team_maintainers", known.crowded_teams)
        // At least: how much is new in the audit log is not known yet.
        + wanted("audit_log", 1)
        + lists(selection, Level::Account, known, &[Scope::Account])
        + team_lists(selection, known)
}

/// A team has few of anything.
fn team_lists(selection: &Selection, known: &Previous) -> i64 {
    let lists = resources::LISTS.iter().filter(|list| list.level() == Level::Team);
    let wanted = lists.filter(|list| selection.wants(list.name())).count();
    known.teams.saturating_mul(signed(wanted as u64))
}

fn project_lists(plan: &ProjectPlan, selection: &Selection, known: &Previous) -> i64 {
    let environments = plan.environments.iter().map(|one| Scope::environment(&plan.key, one));
    lists(selection, Level::Project, known, &[Scope::project(&plan.key)])
        + lists(selection, Level::Environment, known, &environments.collect::<Vec<_>>())
}

/// Every list takes a request a scope, and another for each further page.
fn lists(selection: &Selection, level: Level, known: &Previous, scopes: &[Scope]) -> i64 {
    let lists = resources::LISTS.iter().filter(|list| list.level() == level);
    let wanted = lists.filter(|list| selection.wants(list.name()));
    let requests = wanted.flat_map(|list| {
        scopes.iter().map(|scope| {
            let rows = known.lists.get(list.name()).and_then(|rows| rows.get(scope));
            let rows = rows.copied().unwrap_or_default().unsigned_abs();
            let page = list.paging().limit().unwrap_or(usize::MAX) as u64;
            signed(rows.div_ceil(page).max(1))
        })
    });
    requests.sum()
}

/// Live flags once for each 3 environments, and archived ones once. Live flags are seen again: with
/// their statuses and one look at the newest flags, or else by a list of their keys; or, with more
/// than 3 environments, by the walk for the last ones. Archived flags are counted again, unless both
/// lists fit a page. If no project has a deprecated flag, one request for each project learns whether
/// the list of live flags hides them.
fn flag_requests(plan: &ProjectPlan, selection: &Selection, known: &Previous) -> i64 {
    if !selection.wants("flags") {
        return 0;
    }
    let flags = known.flags.get(&plan.key).copied().unwrap_or_default();
    let walks = signed(plan.environments.len().div_ceil(3).max(1) as u64);
    let (current, archived) = (pages(flags.current), pages(flags.archived));
    let has_statuses = selection.wants("flag_statuses")
        && selection.flag_status == FlagStatusMode::Bulk
        && !plan.environments.is_empty();
    let again = if walks > 1 {
        0
    } else if has_statuses {
        1
    } else {
        current
    };
    let count = i64::from(current > 1 || archived > 1);
    let look = i64::from(known.flags.values().all(|flags| flags.deprecated == 0));
    walks * current + archived + again + count + look
}

fn pages(flags: i64) -> i64 {
    flags.unsigned_abs().div_ceil(PAGE.unsigned_abs()).max(1).cast_signed()
}

fn status_requests(plan: &ProjectPlan, selection: &Selection, known: &Previous) -> i64 {
    let environments = plan.environments.len() as i64;
    let flags = known.flags.get(&plan.key).map_or(1, |flags| flags.current);
    if !selection.wants("flag_statuses") {
        return 0;
    }
    match selection.flag_status {
        FlagStatusMode::Bulk => environments,
        FlagStatusMode::PerFlag => environments * flags,
    }
}
