//! Harbour Lane's audit log: what its members did to flags, environments and each other in the last
//! four months.

use serde_json::Value;

use super::DAY_MS;
use super::change::Change;
use super::environments::{Purpose, purpose};
use crate::account::{
    Account, AuditEntry, Environment, Flag, FlagConfig, Project, mixed, object_id,
};
use crate::{Family, lists};

/// How far back the log reaches.
const DAYS: i64 = 120;
/// Interval at which the identity provider syncs team membership, in days.
const DAYS_BETWEEN_SYNCS: i64 = 20;
/// Comments on changes that customers see.
const COMMENTS: [&str; 6] = [
    "Agreed in the release meeting.",
    "Numbers look good, next step.",
    "Support is informed.",
    "As discussed with legal.",
    "Errors are back to normal.",
    "Watch the dashboard until tonight, please.",
];

/// One kind of change: the verb, the action's name in role policies, and the change in Markdown.
type Deed = (&'static str, &'static str, &'static str);

/// The entries, newest first, the same for the same moment.
pub(super) fn entries(account: &Account) -> Vec<AuditEntry> {
    let flags = account.projects.iter().flat_map(|project| {
        project.flags.iter().flat_map(move |flag| Subject { account, project, flag }.entries())
    });
    let others = members(account).chain(syncs(account)).chain(approvals(account));
    let others = others.chain(applied(account));
    let recent = account.now_ms - DAYS * DAY_MS..=account.now_ms;
    let mut entries: Vec<AuditEntry> =
        flags.chain(others).filter(|entry| recent.contains(&entry.date_ms)).collect();
    entries.sort_by(|left, right| {
        right.date_ms.cmp(&left.date_ms).then_with(|| left.id.cmp(&right.id))
    });
    entries
}

/// An entry with one access. Its identifier is derived from every field that distinguishes it.
fn entry(date_ms: i64, kind: &str, name: &str, deed: Deed, resource: &str) -> AuditEntry {
    let (verb, action, description) = deed;
    let id = object_id(&format!("audit {date_ms} {action} {resource}"));
    let mut entry = AuditEntry::new(id, date_ms);
    entry.accesses.clear();
    entry.kind = kind.to_owned();
    entry.name = name.to_owned();
    entry.title_verb = verb.to_owned();
    entry.description = description.to_owned();
    entry.with_access(action, resource)
}

/// A flag whose history is generated.
#[derive(Clone, Copy)]
struct Subject<'a> {
    account: &'a Account,
    project: &'a Project,
    flag: &'a Flag,
}

impl<'a> Subject<'a> {
    fn entries(self) -> impl Iterator<Item = AuditEntry> + 'a {
        self.life().chain(self.changes())
    }

    /// Created, deprecated, archived: the same in every environment.
    fn life(self) -> impl Iterator<Item = AuditEntry> + 'a {
        const CREATED: Deed = ("created the flag", "createFlag", "* Created the flag\n");
        const DEPRECATED: Deed =
            ("deprecated the flag", "updateDeprecated", "* Deprecated the flag\n");
        const ARCHIVED: Deed =
            ("archived the flag", "updateGlobalArchived", "* Archived the flag\n");
        let flag = self.flag;
        let dates = [Some(flag.created_ms), flag.deprecated_ms, flag.archived_ms];
        let deeds = dates.into_iter().zip([CREATED, DEPRECATED, ARCHIVED]);
        deeds.filter_map(move |(date_ms, deed)| self.everywhere(date_ms?, deed))
    }

    fn everywhere(self, date_ms: i64, deed: Deed) -> Option<AuditEntry> {
        let mut environments = self.project.environments.iter();
        let mut entry = self.entry(date_ms, environments.next()?, deed);
        for environment in environments {
            entry = entry.with_access(deed.1, self.resource(environment));
        }
        Some(entry)
    }

    /// The last change in each environment. Earlier changes are not generated.
    fn changes(self) -> impl Iterator<Item = AuditEntry> + 'a {
        self.project.environments.iter().filter_map(move |environment| {
            let config = &self.flag.environments.get(&environment.key)?.config;
            let changed = config.last_modified_ms > self.flag.created_ms;
            let entry = || self.entry(config.last_modified_ms, environment, deed(config));
            if changed { self.remarked(entry(), environment) } else { None }
        })
    }

    fn entry(self, date_ms: i64, environment: &Environment, deed: Deed) -> AuditEntry {
        let entry = entry(date_ms, "flag", &self.flag.name, deed, &self.resource(environment));
        let actor = self.actor();
        AuditEntry { member_id: actor, ..entry }
    }

    /// The entry with its comment. In development, some changes are made by a pipeline's token and
    /// the others have no comment; in staging, comments are empty; in production, they have text.
    fn remarked(self, entry: AuditEntry, environment: &Environment) -> Option<AuditEntry> {
        let chance = mixed(&entry.id, 1);
        match purpose(&environment.key) {
            Purpose::Work if chance.is_multiple_of(4) => {
                let token_name = Some("deploy pipeline".to_owned());
                Some(AuditEntry { member_id: None, token_name, ..entry })
            }
            Purpose::Work => None,
            Purpose::Rehearsal => Some(AuditEntry { comment: Some(String::new()), ..entry }),
            Purpose::Live => Some(AuditEntry { comment: Some(self.comment(chance)), ..entry }),
        }
    }

    fn comment(self, chance: u64) -> String {
        let comment = COMMENTS[(chance % COMMENTS.len() as u64) as usize];
        let tickets = self.flag.custom_properties.iter().flat_map(|property| &property.values);
        match tickets.into_iter().next() {
            Some(ticket) => format!("{ticket}: {comment}"),
            None => comment.to_owned(),
        }
    }

    /// The flag's maintainer, a member of the maintaining team, or the account's owner.
    fn actor(self) -> Option<String> {
        let team = self.flag.maintainer_team.as_deref().and_then(|key| self.account.team(key));
        let of_team = team.and_then(|team| {
            let count = team.member_ids.len().max(1) as u64;
            team.member_ids.get((mixed(&self.flag.key, 2) % count) as usize)
        });
        let owner = self.account.members.first().map(|member| &member.id);
        self.flag.maintainer_id.as_ref().or(of_team).or(owner).cloned()
    }

    fn resource(self, environment: &Environment) -> String {
        format!(
            "{}:flag/{}{}",
            environment_resource(self.project, environment),
            self.flag.key,
            tagged(&self.flag.tags)
        )
    }
}

/// The last change that explains a flag's current state.
fn deed(config: &FlagConfig) -> Deed {
    match Change::to(config) {
        Change::Off => ("turned off the flag", "updateOn", "* Turned off the flag\n"),
        Change::Rule => (
            "updated the flag",
            "updateRules",
            "* Added the rule\n    > **If** `user` is in `staff` **serve** `true`\n",
        ),
        Change::Rollout => (
            "updated the flag",
            "updateFallthrough",
            "* Changed the default rule to a percentage rollout\n",
        ),
        Change::On => ("turned on the flag", "updateOn", "* Turned on the flag\n"),
    }
}

/// Invitations, all of them by the account's owner.
fn members(account: &Account) -> impl Iterator<Item = AuditEntry> {
    const INVITED: Deed = ("invited the member", "createMember", "* Invited the member\n");
    let owner = account.members.first();
    account.members.iter().skip(1).filter_map(move |member| {
        let names = [member.first_name.as_deref()?, member.last_name.as_deref()?];
        let resource = format!("member/{}", member.id);
        let entry = entry(member.created_ms, "member", &names.join(" "), INVITED, &resource);
        Some(entry.by(&owner?.id))
    })
}

/// The identity provider changes all teams within one millisecond.
fn syncs(account: &Account) -> impl Iterator<Item = AuditEntry> {
    const SYNCED: Deed =
        ("updated the members of the team", "updateTeamMembers", "* Synchronised the members\n");
    (1..=DAYS / DAYS_BETWEEN_SYNCS).flat_map(move |number| {
        let date_ms = account.now_ms - number * DAYS_BETWEEN_SYNCS * DAY_MS + 3_600_000;
        account.teams.iter().map(move |team| {
            let name = team.name.as_deref().unwrap_or(&team.key);
            let entry = entry(date_ms, "team", name, SYNCED, &format!("team/{}", team.key));
            AuditEntry { app: Some("Harbour Lane Sign-in".to_owned()), ..entry }
        })
    })
}

/// Since when an environment requires approval, if it does: for a few weeks or months.
pub(super) fn approval_required_ms(environment: &Environment, now_ms: i64) -> Option<i64> {
    let is_required = environment.approval.as_ref().is_some_and(|approval| approval.required);
    is_required.then(|| now_ms - (mixed(&environment.id, 3) % 110) as i64 * DAY_MS)
}

/// Environments that require approval.
fn approvals(account: &Account) -> impl Iterator<Item = AuditEntry> {
    const REQUIRED: Deed =
        ("updated the environment", "updateApprovalSettings", "* Changes need approval\n");
    let admin = account.members.iter().find(|member| member.role == "admin");
    account.projects.iter().flat_map(move |project| {
        project.environments.iter().filter_map(move |environment| {
            let date_ms = approval_required_ms(environment, account.now_ms)?;
            let resource = environment_resource(project, environment);
            let entry = entry(date_ms, "environment", &environment.name, REQUIRED, &resource);
            Some(entry.by(&admin?.id))
        })
    })
}

/// The changes that approval requests have made. Not every entry says that it applies a request.
fn applied(account: &Account) -> impl Iterator<Item = AuditEntry> {
    const ON: Deed = ("turned on the flag", "updateOn", "* Turned on the flag\n");
    let requests = lists::stored(account, Family::ApprovalRequests, &[]).into_iter();
    let requests = requests.filter_map(|one| serde_json::from_str::<Value>(&one).ok());
    let done = requests.filter(|request| request["status"] == "completed").enumerate();
    done.filter_map(|(number, request)| {
        let resource = request["resourceId"].as_str()?;
        let (_, name) = resource.rsplit_once('/')?;
        // The entry is written a moment later.
        let date_ms = request["appliedDate"].as_i64()? + 400;
        let entry = entry(date_ms, "flag", name, ON, resource);
        let entry = entry.by(request["appliedByMemberId"].as_str()?);
        let entry = AuditEntry { comment: Some("Approved.".to_owned()), ..entry };
        let is_named = number.is_multiple_of(2);
        Some(if is_named { entry.with_access("applyApprovalRequest", resource) } else { entry })
    })
}

fn environment_resource(project: &Project, environment: &Environment) -> String {
    let (of_project, of_environment) = (tagged(&project.tags), tagged(&environment.tags));
    format!("proj/{}{of_project}:env/{}{of_environment}", project.key, environment.key)
}

fn tagged(tags: &[String]) -> String {
    if tags.is_empty() { String::new() } else { format!(";{}", tags.join(",")) }
}
