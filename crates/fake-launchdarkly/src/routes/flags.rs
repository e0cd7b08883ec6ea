//! `/flags/{project}`

use super::Route;
use crate::account::{ApiVersion, Flag, State};
use crate::call::{Call, Outcome, Refusal};
use crate::filter::Filter;
use crate::fragments::FLAG_ORDERS;
use crate::paging::{List, page};
use crate::render;
use crate::{Boundary, Family, TooManyEnvironments, UnknownEnvironment};

pub(super) const ROUTES: &[Route] = &[
    Route { family: Family::Flags, pattern: "flags/{project}", answer: list },
    Route { family: Family::Flags, pattern: "flags/{project}/{flag}", answer: one },
];

/// The fields of `filter` that this server knows.
const FIELDS: [&str; 7] =
    ["state", "creationDate", "query", "tags", "type", "maintainerId", "maintainerTeamKey"];
/// Clients were seen to ask for three environments at a time, because more is refused.
const MOST_ENVIRONMENTS: usize = 3;

/// Which flags a list is asked for.
struct Wanted {
    filter: Filter,
    state: Option<State>,
    created_before: Option<i64>,
}

/// In which environments, and how fully, flags are shown.
struct Form {
    project: usize,
    environments: Option<Vec<usize>>,
    full: bool,
    migration: bool,
    evaluation: bool,
    verdict: bool,
}

fn list(call: &Call) -> Outcome {
    let project = call.project()?;
    let flags = &call.stored.account.projects[project].flags;
    let wanted = Wanted::parse(call)?;
    let form = Form::of_list(call, project)?;
    let mut items = sorted(call, project)?;
    items.retain(|position| wanted.has(call, &flags[*position]));
    let unfiltered = flags.iter().filter(|flag| listed_by_default(call, flag.state())).count();
    let unpaged = call.version == ApiVersion::V20220603;
    let defaults: &[(&str, &str)] = &[("summary", "true")];
    let list = List { unfiltered, unpaged, defaults, ..List::whole(items) };
    page(call, Family::Flags, list, |position, text| form.push(call, *position, text))
}

/// One flag, in all environments unless `env` names some.
pub(crate) fn one(call: &Call) -> Outcome {
    let project = call.project()?;
    let flags = &call.stored.account.projects[project].flags;
    let position = flags.iter().position(|flag| flag.key == call.argument(1));
    let position = position.ok_or_else(|| Refusal::documented(404))?;
    let form = Form::of_one(call, project)?;
    let mut text = String::new();
    form.push(call, position, &mut text);
    Ok(text)
}

fn sorted(call: &Call, project: usize) -> Result<Vec<usize>, Refusal> {
    let sort = call.query.get("sort").filter(|_| !call.behaviour.ignore_sort);
    let Some(sort) = sort else {
        return Ok((0..call.stored.account.projects[project].flags.len()).collect());
    };
    let name = sort.trim_start_matches('-');
    let order = FLAG_ORDERS.iter().position(|(one, _)| *one == name);
    let order = order.ok_or_else(|| Refusal::invalid(format!("cannot sort by {name}")))?;
    let mut positions = call.stored.order(project, order);
    if sort.starts_with('-') {
        positions.reverse();
    }
    Ok(positions)
}

fn listed_by_default(call: &Call, state: State) -> bool {
    match state {
        State::Live => true,
        State::Deprecated => call.behaviour.list_includes_deprecated,
        State::Archived => call.behaviour.list_includes_archived,
    }
}

impl Wanted {
    fn parse(call: &Call) -> Result<Self, Refusal> {
        let filter = Filter::parse(call)?.only(&FIELDS)?;
        let archived = call.query.get("archived") == Some("true");
        let state = match filter.get("state") {
            Some("live") => Some(State::Live),
            Some("deprecated") => Some(State::Deprecated),
            Some("archived") => Some(State::Archived),
            Some(other) => return Err(Refusal::invalid(format!("unknown state {other}"))),
            None => archived.then_some(State::Archived),
        };
        let created_before =
            filter.created_before()?.filter(|_| !call.behaviour.ignore_creation_filter);
        Ok(Wanted { filter, state, created_before })
    }

    fn has(&self, call: &Call, flag: &Flag) -> bool {
        self.has_state(call, flag.state())
            && self.has_age(call, flag.created_ms)
            && self.filter.has_tags(&flag.tags)
            && self.filter.has_words(&[&flag.key, &flag.name])
            && self.filter.has_one("type", if flag.temporary { "temporary" } else { "permanent" })
            && self.filter.has_one("maintainerId", flag.maintainer_id.as_deref().unwrap_or(""))
            && self
                .filter
                .has_one("maintainerTeamKey", flag.maintainer_team.as_deref().unwrap_or(""))
    }

    fn has_state(&self, call: &Call, state: State) -> bool {
        match self.state {
            Some(wanted) => state == wanted,
            None => listed_by_default(call, state),
        }
    }

    fn has_age(&self, call: &Call, created_ms: i64) -> bool {
        self.created_before.is_none_or(|before| match call.behaviour.creation_before {
            Boundary::Exclusive => created_ms < before,
            Boundary::Inclusive => created_ms <= before,
        })
    }
}

impl Form {
    fn of_list(call: &Call, project: usize) -> Result<Self, Refusal> {
        let full = matches!(call.query.get("summary"), Some("0" | "false"));
        let form = Form::new(call, project, full)?;
        let asked = form.environments.as_ref().map_or(0, Vec::len);
        match (call.version, asked > MOST_ENVIRONMENTS) {
            (ApiVersion::V20220603, _) if asked == 0 => Ok(form.everywhere(call)),
            (ApiVersion::V20240415, true) => form.at_most_three(call),
            _ => Ok(form),
        }
    }

    fn of_one(call: &Call, project: usize) -> Result<Self, Refusal> {
        let form = Form::new(call, project, true)?;
        Ok(if form.environments.is_none() { form.everywhere(call) } else { form })
    }

    fn new(call: &Call, project: usize, full: bool) -> Result<Self, Refusal> {
        Ok(Form {
            project,
            environments: environments(call, project)?,
            full,
            migration: call.expands("migrationSettings"),
            evaluation: call.expands("evaluation"),
            verdict: call.expands("archiveChecks"),
        })
    }

    fn everywhere(self, call: &Call) -> Self {
        let count = call.stored.account.projects[self.project].environments.len();
        Form { environments: Some((0..count).collect()), ..self }
    }

    fn at_most_three(mut self, call: &Call) -> Result<Self, Refusal> {
        match call.behaviour.too_many_environments {
            TooManyEnvironments::Reject => {
                return Err(Refusal::invalid("cannot filter by more than 3 environments"));
            }
            TooManyEnvironments::Truncate => {
                self.environments.iter_mut().for_each(|some| some.truncate(MOST_ENVIRONMENTS));
            }
            TooManyEnvironments::Allow => {}
        }
        Ok(self)
    }

    fn push(&self, call: &Call, flag: usize, text: &mut String) {
        call.stored.push_flag(self.project, flag, text);
        let found = &call.stored.account.projects[self.project].flags[flag];
        if let Some(migration) = found.migration.as_ref().filter(|_| self.migration) {
            text.push_str(",\"migrationSettings\":");
            text.push_str(&render::flag::migration(migration));
        }
        let project = &call.stored.account.projects[self.project];
        if let Some(verdict) = render::verdict::of(project, found).filter(|_| self.verdict) {
            text.push_str(",\"stale\":");
            text.push_str(&verdict);
        }
        if let Some(environments) = &self.environments {
            text.push_str(",\"environments\":{");
            for (count, environment) in environments.iter().enumerate() {
                text.push_str(if count > 0 { "," } else { "" });
                self.push_environment(call, flag, *environment, text);
            }
            text.push('}');
        }
        text.push('}');
    }

    fn push_environment(&self, call: &Call, flag: usize, environment: usize, text: &mut String) {
        let project = &call.stored.account.projects[self.project];
        let key = &project.environments[environment].key;
        text.push_str(&crate::json::string(key));
        text.push(':');
        call.stored.push_config(self.project, flag, environment, self.full, text);
        if self.migration || self.evaluation {
            let config = &project.flags[flag].environment(key).config;
            text.push_str(&render::config::expanded(config, self.evaluation, self.migration));
        }
        text.push('}');
    }
}

/// Positions of the environments that `env` names, each once; nothing where there is no `env`.
fn environments(call: &Call, project: usize) -> Result<Option<Vec<usize>>, Refusal> {
    let known = &call.stored.account.projects[project].environments;
    let mut found = Vec::new();
    for key in call.query.all("env") {
        match known.iter().position(|environment| environment.key == key) {
            Some(position) if found.contains(&position) => {}
            Some(position) => found.push(position),
            None if call.behaviour.unknown_environment == UnknownEnvironment::Ignore => {}
            None => return Err(Refusal::documented(404)),
        }
    }
    Ok(call.query.get("env").is_some().then_some(found))
}
