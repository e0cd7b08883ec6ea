//! Decides whether missing objects may be published as deleted.

use super::{MaxRemovals, Proofs, Thing};
use crate::error::Kind;
use crate::terminal::spelled_out;
use crate::{Error, Result};

/// The number of keys that a warning names at most.
const NAMED: usize = 20;

/// The number of keys that an error names at most.
const NAMED_IN_ERROR: usize = 5;

/// An object that was published before, and is no longer listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Its key.
    pub key: Vec<String>,
    /// When it was created, where that is known.
    pub created_at: Option<String>,
}

/// The change of the objects of a kind since the previous extraction.
#[derive(Clone, Debug)]
pub struct Change {
    /// The kind.
    pub thing: Thing,
    /// Their number in the previous extraction.
    pub before: usize,
    /// Their number in this run.
    pub now: usize,
    /// The objects that are no longer listed.
    pub removed: Vec<Removed>,
}

/// Decides whether `changes` may be published; returns warnings about missing objects.
///
/// # Errors
/// `invalid_permissions` where no project is left; `guarded` where more than `limit` of a kind are
/// missing, and `proofs` do not show that they were deleted.
pub fn judge(changes: Vec<Change>, proofs: &Proofs, limit: MaxRemovals) -> Result<Vec<String>> {
    let emptied = changes
        .iter()
        .find(|change| change.thing == Thing::Project && change.before > 0 && change.now == 0);
    if let Some(emptied) = emptied {
        return Err(no_project(emptied.before));
    }
    let unproven = changes.into_iter().map(|change| Unproven::of(change, proofs));
    let unproven: Vec<_> = unproven.filter(|one| !one.places.is_empty()).collect();
    let beyond: Vec<_> = unproven.iter().filter(|one| one.is_beyond(limit)).collect();
    if beyond.is_empty() {
        Ok(unproven.iter().map(Unproven::warning).collect())
    } else {
        let most = unproven.iter().map(|one| one.places.len()).max().unwrap_or_default();
        Err(guarded(&beyond, limit, most))
    }
}

/// The error of a run that lists no project, where `before` projects were published earlier.
pub fn no_project(before: usize) -> Error {
    let message = format!(
        "the access token sees no project, but the output holds {}: nothing is published",
        Thing::Project.count(before)
    );
    Error::new(Kind::InvalidPermissions, message).resource(Thing::Project.resource()).hint(
        "give the token's role the action `viewProject`; if the account is to be empty, name \
         another output",
    )
}

/// The objects of a kind that are missing without proof.
struct Unproven {
    thing: Thing,
    before: usize,
    places: Vec<String>,
}

impl Unproven {
    fn of(change: Change, proofs: &Proofs) -> Self {
        let Change { thing, before, removed, .. } = change;
        let is_unproven = |one: &&Removed| !proofs.show(thing, &one.key, one.created_at.as_deref());
        let unproven = removed.iter().filter(is_unproven);
        Unproven { thing, before, places: unproven.map(|one| one.key.join("/")).collect() }
    }

    fn is_beyond(&self, limit: MaxRemovals) -> bool {
        limit.is_exceeded(self.places.len(), self.before)
    }

    fn numbers(&self) -> String {
        format!("{} of {}", self.places.len(), self.thing.count(self.before))
    }

    fn names(&self, most: usize) -> String {
        let named = self.places.iter().take(most).map(|place| format!("`{}`", spelled_out(place)));
        let names = named.collect::<Vec<_>>().join(", ");
        match self.places.len().saturating_sub(most) {
            0 => names,
            more => format!("{names} and {more} more"),
        }
    }

    fn warning(&self) -> String {
        let (numbers, names) = (self.numbers(), self.names(NAMED));
        let verb = if self.places.len() == 1 { "is" } else { "are" };
        format!("{numbers} {verb} no longer listed, and the audit log shows no deletion: {names}")
    }
}

/// The error where more than `limit` are missing. The hint suggests `most`, which suffices for
/// every kind: a number also limits the kinds that a percentage allows.
fn guarded(beyond: &[&Unproven], limit: MaxRemovals, most: usize) -> Error {
    let numbers = beyond.iter().map(|one| one.numbers()).collect::<Vec<_>>().join(", ");
    let names =
        beyond.iter().map(|one| format!("{}s: {}", one.thing.noun(), one.names(NAMED_IN_ERROR)));
    let names = names.collect::<Vec<_>>().join("; ");
    let message = format!(
        "{numbers} are no longer listed, and the audit log shows no deletion: nothing is published \
         ({names}); the limit is {limit} of a kind"
    );
    let error = Error::new(Kind::Guarded, message).hint(format!(
        "check that the access token may still see them; if they were deleted on purpose, publish \
         with `--max-removals {most}` or `--max-removals 100%`"
    ));
    match beyond.first() {
        Some(first) => error.resource(first.thing.resource()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(thing: Thing, before: usize, removed: usize) -> Change {
        let key = |number: usize| match thing {
            Thing::Team => vec![format!("t{number}")],
            Thing::Project => vec![format!("p{number}")],
            _ => vec!["web".to_owned(), format!("f{number}")],
        };
        let removed = (0..removed).map(|number| Removed { key: key(number), created_at: None });
        let removed: Vec<_> = removed.collect();
        Change { thing, before, now: before - removed.len(), removed }
    }

    fn judged(changes: Vec<Change>, limit: &str) -> Result<Vec<String>> {
        judge(changes, &Proofs::default(), limit.parse().unwrap())
    }

    #[test]
    fn few_removals_are_named_in_a_warning() {
        let warnings = judge(
            vec![change(Thing::Flag, 100, 2), change(Thing::Team, 3, 1)],
            &Proofs::default(),
            MaxRemovals::Usual,
        );
        assert_eq!(
            warnings.unwrap(),
            [
                "2 of 100 flags are no longer listed, and the audit log shows no deletion: \
                 `web/f0`, `web/f1`",
                "1 of 3 teams is no longer listed, and the audit log shows no deletion: `t0`",
            ]
        );
        let many = judged(vec![change(Thing::Flag, 100, 25)], "25").unwrap();
        assert!(many[0].ends_with("`web/f19` and 5 more"), "{many:?}");
    }

    #[test]
    fn each_kind_counts_by_itself_and_the_way_on_covers_all() {
        let changes = || vec![change(Thing::Environment, 10, 4), change(Thing::Flag, 100, 30)];
        let error = judge(changes(), &Proofs::default(), MaxRemovals::Usual).unwrap_err();
        assert_eq!((error.kind(), error.concerns()), (Kind::Guarded, Some("environments")));
        let message = error.to_string();
        assert!(message.contains("4 of 10 environments, 30 of 100 flags"), "{message}");
        assert!(error.advice().unwrap().contains("--max-removals 30"), "{error:?}");
        assert!(judged(changes(), "30").is_ok() && judged(changes(), "100%").is_ok());
        assert_eq!(judged(changes(), "29").unwrap_err().concerns(), Some("flags"));
    }

    #[test]
    fn the_number_in_the_hint_suffices_for_every_kind() {
        let changes = || vec![change(Thing::Flag, 100, 10), change(Thing::Team, 6, 4)];
        let error = judge(changes(), &Proofs::default(), MaxRemovals::Usual).unwrap_err();
        assert!(error.advice().unwrap().contains("--max-removals 10"), "{error:?}");
        assert!(judged(changes(), "10").is_ok());
    }

    #[test]
    fn no_project_at_all_is_a_matter_of_permissions() {
        let error = judged(vec![change(Thing::Project, 2, 2)], "100%").unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidPermissions);
        assert!(judged(vec![change(Thing::Project, 0, 0)], "0").unwrap().is_empty());
    }
}
