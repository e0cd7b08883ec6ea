//! The work list on the page: for each owner the flags to clean up, with a link that shows only
//! these.

use crate::report::links::{encoded, of_flag, of_page};
use crate::report::sections::work::{Place, Share, Step, Work, by_owner};
use crate::report::words::count;

/// The flags that the page names at most.
const MOST_FLAGS: usize = 800;
/// The flags of one owner that the page names at most.
const MOST_OF_ONE: usize = 50;
/// The places in code that are shown of a flag.
const MOST_PLACES: usize = 4;

/// The ID of the element with the flags that nobody owns.
const NOBODY: &str = "no-owner";

/// The work list.
pub struct Tasks<'a> {
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
pub fn tasks<'a>(work: &'a [Work], flag_url: &str) -> Tasks<'a> {
    let shares = by_owner(work);
    let most = most_of_one(&shares);
    let shown = shares.iter().take(MOST_FLAGS);
    let owners: Vec<_> = shown.map(|share| owner(*share, most, flag_url)).collect();
    Tasks { total: number(work.len()), more_owners: number(shares.len() - owners.len()), owners }
}

/// The flags of each owner that are shown: as many as fit, and one at least, so that each owner has
/// an address.
fn most_of_one(shares: &[Share<'_>]) -> usize {
    let shown = |most: usize| shares.iter().map(|share| share.flags.len().min(most)).sum::<usize>();
    (1..=MOST_OF_ONE).rev().find(|most| shown(*most) <= MOST_FLAGS).unwrap_or(1)
}

fn owner<'a>(share: Share<'a>, most: usize, flag_url: &str) -> OwnerTasks<'a> {
    let shown = share.flags.iter().take(most);
    let tasks: Vec<_> = shown.map(|work| task(work, flag_url)).collect();
    OwnerTasks {
        id: share.owner.map_or_else(|| NOBODY.to_owned(), |owner| format!("owner={owner}")),
        address: share
            .owner
            .map_or_else(|| format!("#{NOBODY}"), |owner| format!("#owner={}", encoded(owner))),
        name: share.name,
        count: count(number(share.flags.len()), "flag"),
        total: number(share.flags.len()),
        more: number(share.flags.len() - tasks.len()),
        tasks,
        command: format!("flaglake report --format csv --owner {}", share.argument()),
    }
}

fn task<'a>(work: &'a Work, flag_url: &str) -> Task<'a> {
    let place = |place: &Place| (place.shown(), place.url.as_deref().and_then(of_page));
    Task {
        work,
        address: of_flag(flag_url, &work.project_key, &work.flag_key),
        name: work.name.as_deref().filter(|name| *name != work.flag_key),
        places: work.places.iter().take(MOST_PLACES).map(place).collect(),
        more_places: work.places.len().saturating_sub(MOST_PLACES),
        command: match work.step {
            Step::RemoveFromCode => Some(work.archive_command()),
            Step::Archive | Step::CheckCode => work.command(),
        },
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Task<'_> {
    /// What the command is for.
    pub(super) fn command_label(&self) -> &'static str {
        if self.work.step == Step::Archive { "Archive it" } else { "Archive afterwards" }
    }

    /// Its age in words.
    pub(super) fn age(&self) -> String {
        format!("{} old", count(self.work.age_days, "day"))
    }
}

impl Tasks<'_> {
    /// How many flags and owners there are.
    pub(super) fn shown(&self) -> String {
        let nobody = self.owners.iter().filter(|one| one.id == NOBODY).count();
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

    fn work(owners: usize, flags: usize) -> Vec<Work> {
        (0..owners).flat_map(|owner| (0..flags).map(move |number| flag(owner, number))).collect()
    }

    #[test]
    fn few_owners_have_many_flags_each() {
        let work = work(2, 60);
        let tasks = tasks(&work, "");
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
        let tasks = tasks(&work, "");
        assert_eq!((tasks.total, tasks.owners.len(), tasks.more_owners), (1290, 251, 0));
        assert!(tasks.owners.iter().all(|owner| owner.tasks.len() == 3));
        assert_eq!((tasks.owners[0].more, tasks.owners[1].more), (37, 2));
        assert_eq!(tasks.shown(), "1,290 flags of 251 owners");
    }

    #[test]
    fn nobody_is_no_owner() {
        let mut work = work(2, 1);
        work[1].owner = None;
        assert_eq!(tasks(&work, "").shown(), "2 flags of 1 owner and of nobody");
    }

    #[test]
    fn owners_that_the_page_leaves_out_are_counted() {
        let work = work(850, 2);
        let tasks = tasks(&work, "");
        assert_eq!((tasks.total, tasks.owners.len(), tasks.more_owners), (1700, 800, 50));
        assert!(tasks.owners.iter().all(|owner| (owner.tasks.len(), owner.more) == (1, 1)));
    }
}
