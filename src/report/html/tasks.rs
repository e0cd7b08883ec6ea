//! The work list on the page: for each owner the flags to clean up, with a link that shows only
//! these.

use crate::report::links::{encoded, flag_url, of_flag, of_page};
use crate::report::sections::extraction::Extraction;
use crate::report::sections::work::{Place, Share, Step, Work, by_owner};
use crate::report::words::count;

/// The flags that a page names at most.
pub const MOST_FLAGS: usize = 800;
/// The flags of one owner that the page names at most.
const MOST_OF_ONE: usize = 50;
/// The places in code that are shown of a flag.
const MOST_PLACES: usize = 4;

/// The ID of the element with the flags that nobody owns.
const NOBODY: &str = "no-owner";

/// The account whose work list is shown.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The extraction that it is from.
    pub extraction: &'a Extraction,
    /// The account, by its name in the output, on a page of several accounts.
    pub account: Option<&'a str>,
    /// The flags that are named at most.
    pub most: usize,
}

/// The work list.
pub struct Tasks<'a> {
    /// The level of the owners' headings.
    pub level: u8,
    /// The command that writes it as a spreadsheet.
    pub command: String,
    /// The number of all flags in it.
    pub total: i64,
    /// The owners; those with the most flags first.
    pub owners: Vec<OwnerTasks<'a>>,
    /// The number of owners that are not shown.
    pub more_owners: i64,
}

/// The flags of one owner.
pub struct OwnerTasks<'a> {
    /// The ID of its element.
    pub id: String,
    /// The same as a fragment of the page's address.
    pub address: String,
    /// Whether nobody owns the flags.
    pub is_nobody: bool,
    /// The owner's name.
    pub name: &'a str,
    /// How many flags the owner has, in words.
    pub count: String,
    /// The first flags.
    pub tasks: Vec<Task<'a>>,
    /// The number of all flags.
    pub total: i64,
    /// The number of flags that are not shown.
    pub more: i64,
    /// The command that writes all of them.
    pub command: String,
}

/// A flag to clean up.
pub struct Task<'a> {
    /// The flag.
    pub work: &'a Work,
    /// Its page in LaunchDarkly.
    pub address: String,
    /// Its name, if that is not its key.
    pub name: Option<&'a str>,
    /// Its first places in code, each with its address.
    pub places: Vec<(String, Option<String>)>,
    /// The number of other places.
    pub more_places: usize,
    /// The command that archives it, now or later.
    pub command: Option<String>,
}

/// The part of `work` that the page shows.
pub fn tasks<'a>(work: &'a [Work], scope: Scope<'_>) -> Tasks<'a> {
    let shares = by_owner(work);
    let most = most_of_one(&shares, scope.most);
    let shown = shares.iter().take(scope.most);
    let owners: Vec<_> = shown.map(|share| scope.owner(*share, most)).collect();
    Tasks {
        level: if scope.account.is_none() { 3 } else { 4 },
        command: scope.csv(),
        total: number(work.len()),
        more_owners: number(shares.len() - owners.len()),
        owners,
    }
}

/// The flags of each owner that are shown: as many as fit, and one at least, so that each owner has
/// an address.
fn most_of_one(shares: &[Share<'_>], flags: usize) -> usize {
    let shown = |most: usize| shares.iter().map(|share| share.flags.len().min(most)).sum::<usize>();
    (1..=MOST_OF_ONE).rev().find(|most| shown(*most) <= flags).unwrap_or(1)
}

impl Scope<'_> {
    fn owner<'w>(&self, share: Share<'w>, most: usize) -> OwnerTasks<'w> {
        let shown = share.flags.iter().take(most);
        let tasks: Vec<_> = shown.map(|work| self.task(work)).collect();
        let part = |key: &str| match share.owner {
            Some(_) => format!("owner={key}"),
            None => NOBODY.to_owned(),
        };
        let owner = share.owner.unwrap_or_default();
        OwnerTasks {
            id: self.within(part(owner), str::to_owned),
            address: format!("#{}", self.within(part(&encoded(owner)), encoded)),
            is_nobody: share.owner.is_none(),
            name: share.name,
            count: count(number(share.flags.len()), "flag"),
            total: number(share.flags.len()),
            more: number(share.flags.len() - tasks.len()),
            tasks,
            command: format!("{} --owner {}", self.csv(), share.argument()),
        }
    }

    /// A part of a name, after the account on a page of several.
    fn within(&self, part: String, written: impl Fn(&str) -> String) -> String {
        match self.account {
            Some(account) => format!("account={}&{part}", written(account)),
            None => part,
        }
    }

    /// The command that writes the work list as a spreadsheet.
    fn csv(&self) -> String {
        self.extraction.report_command("--format csv")
    }

    fn task<'w>(&self, work: &'w Work) -> Task<'w> {
        let place = |place: &Place| (place.shown(), place.url.as_deref().and_then(of_page));
        let flag_url = flag_url(&self.extraction.base_url);
        Task {
            work,
            address: of_flag(&flag_url, &work.project_key, &work.flag_key),
            name: work.name.as_deref().filter(|name| *name != work.flag_key),
            places: work.places.iter().take(MOST_PLACES).map(place).collect(),
            more_places: work.places.len().saturating_sub(MOST_PLACES),
            command: match work.step {
                Step::RemoveFromCode => Some(work.archive_command(self.extraction)),
                Step::Archive | Step::CheckCode => work.command(self.extraction),
            },
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Task<'_> {
    /// What the command is for.
    pub(in crate::report) fn command_label(&self) -> &'static str {
        if self.work.step == Step::Archive { "Archive it" } else { "Archive afterwards" }
    }

    /// Its age in words.
    pub(in crate::report) fn age(&self) -> String {
        format!("{} old", count(self.work.age_days, "day"))
    }
}

impl Tasks<'_> {
    /// How many flags and owners there are.
    pub(in crate::report) fn shown(&self) -> String {
        let nobody = self.owners.iter().filter(|one| one.is_nobody).count();
        let owners = number(self.owners.len() - nobody) + self.more_owners;
        let nobody = if nobody > 0 { " and of nobody" } else { "" };
        format!("{} of {}{nobody}", count(self.total, "flag"), count(owners, "owner"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(owner: usize, number: usize) -> Work {
        Work {
            flag_key: format!("flag-{number}"),
            owner: Some(format!("team {owner}")),
            owner_name: format!("Team {owner:03}"),
            ..Work::example()
        }
    }

    fn tasks(work: &[Work]) -> Tasks<'_> {
        let extraction = Extraction::example("one", "https://app.launchdarkly.com");
        let scope = Scope { extraction: &extraction, account: None, most: MOST_FLAGS };
        super::tasks(work, scope)
    }

    fn work(owners: usize, flags: usize) -> Vec<Work> {
        (0..owners).flat_map(|owner| (0..flags).map(move |number| flag(owner, number))).collect()
    }

    #[test]
    fn few_owners_have_many_flags_each() {
        let work = work(2, 60);
        let tasks = tasks(&work);
        assert_eq!((tasks.total, tasks.owners.len(), tasks.more_owners), (120, 2, 0));
        let first = &tasks.owners[0];
        assert_eq!((first.tasks.len(), first.total, first.more), (50, 60, 10));
        assert_eq!(first.command, "flaglake report --format csv --owner 'team 0'");
        assert_eq!(
            (first.id.as_str(), first.address.as_str()),
            ("owner=team 0", "#owner=team%200")
        );
    }

    #[test]
    fn many_owners_have_few_flags_each() {
        let mut work = work(250, 5);
        work.extend((0..40).map(|number| flag(250, number)));
        let tasks = tasks(&work);
        assert_eq!((tasks.total, tasks.owners.len(), tasks.more_owners), (1290, 251, 0));
        assert!(tasks.owners.iter().all(|owner| owner.tasks.len() == 3));
        assert_eq!((tasks.owners[0].more, tasks.owners[1].more), (37, 2));
        assert_eq!(tasks.shown(), "1,290 flags of 251 owners");
    }

    #[test]
    fn nobody_is_no_owner() {
        let mut work = work(2, 1);
        work[1].owner = None;
        assert_eq!(tasks(&work).shown(), "2 flags of 1 owner and of nobody");
    }

    #[test]
    fn on_a_page_of_accounts_names_and_commands_have_the_account() {
        let mut extraction = Extraction::example("one", "https://app.eu.launchdarkly.com");
        extraction.read_from(Some("parquet:lake"), Some("a&b"));
        let scope = Scope { extraction: &extraction, account: Some("a&b"), most: 1 };
        let work = [flag(0, 0), Work { owner: None, ..flag(0, 1) }];
        let tasks = super::tasks(&work, scope);
        let owner = &tasks.owners[0];
        assert_eq!(owner.id, "account=a&b&owner=team 0");
        assert_eq!(owner.address, "#account=a%26b&owner=team%200");
        assert_eq!(
            owner.command,
            "flaglake report --input parquet:lake --account 'a&b' --format csv --owner 'team 0'"
        );
        assert_eq!(
            owner.tasks[0].command.as_deref(),
            Some("flaglake flags archive --project shop flag-0 --instance eu --input parquet:lake")
        );
        assert_eq!((tasks.level, tasks.more_owners), (4, 1));
    }

    #[test]
    fn owners_that_the_page_leaves_out_are_counted() {
        let work = work(850, 2);
        let tasks = tasks(&work);
        assert_eq!((tasks.total, tasks.owners.len(), tasks.more_owners), (1700, 800, 50));
        assert!(tasks.owners.iter().all(|owner| (owner.tasks.len(), owner.more) == (1, 1)));
    }
}
