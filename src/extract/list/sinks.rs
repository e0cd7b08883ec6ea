//! The sinks: items in memory, keys in memory, or rows in the stage.

use std::collections::HashSet;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::extract::deleted::rows::forget_scope;
use crate::model::privacy::Privacy;
use crate::model::resource::ListResource;
use crate::model::scope::Scope;
use crate::stage::{Task, rows};
use crate::system::hash::hash;

/// Receives the items of a list, page by page.
pub(in crate::extract) trait Sink {
    /// An item as the API returns it.
    type Item: DeserializeOwned + Send + 'static;
    /// The part of an item that the journal keeps.
    type Kept: Serialize + DeserializeOwned;
    /// Whether a body without `items` but with links is an empty list. Go servers omit an empty
    /// list.
    const MAY_OMIT_ITEMS: bool = false;

    /// Turns the items of a page into the part of each that is kept, and the job that writes their
    /// rows. `replaces` says that a new pass begins: the job drops the rows of the pass before.
    fn keep(&self, items: Vec<Self::Item>, replaces: bool) -> (Vec<Self::Kept>, Option<Task>);

    /// The hash of an item's key.
    fn key(kept: &Self::Kept) -> u64;

    /// The number of items that are held already, and the hashes of their keys.
    fn held(&self) -> (usize, HashSet<u64>) {
        (0, HashSet::new())
    }

    /// Takes an item that is new in this pass.
    fn take(&mut self, _: Self::Kept) {}

    /// Forgets all items: a new pass begins. Items that it does not find are deleted.
    fn restart(&mut self) {}
}

/// An item that can be kept in memory, and in the journal, until its whole list is read.
pub(in crate::extract) trait Keyed:
    Serialize + DeserializeOwned + Send + 'static
{
    /// The item's key.
    fn key(&self) -> &str;

    /// Treats names and addresses as the options say, because the journal keeps the item as it is.
    fn guard(&mut self, _: &Privacy) {}
}

/// Collects the items of a list. The vector may hold the list's first page already.
pub(in crate::extract) struct Items<'i, T> {
    /// The items.
    pub items: &'i mut Vec<T>,
    /// How names and addresses are treated.
    pub privacy: &'i Privacy,
}

impl<T: Keyed> Sink for Items<'_, T> {
    type Item = T;
    type Kept = T;

    fn keep(&self, mut items: Vec<T>, _: bool) -> (Vec<T>, Option<Task>) {
        items.iter_mut().for_each(|item| item.guard(self.privacy));
        (items, None)
    }

    fn key(kept: &T) -> u64 {
        hash(kept.key())
    }

    fn held(&self) -> (usize, HashSet<u64>) {
        (self.items.len(), self.items.iter().map(Self::key).collect())
    }

    fn take(&mut self, kept: T) {
        self.items.push(kept);
    }

    fn restart(&mut self) {
        self.items.clear();
    }
}

/// Keeps the keys of a list's items only.
pub(in crate::extract) struct Keys<T>(pub PhantomData<T>);

impl<T: Keyed> Sink for Keys<T> {
    type Item = T;
    type Kept = u64;

    fn keep(&self, items: Vec<T>, _: bool) -> (Vec<u64>, Option<Task>) {
        (items.iter().map(|item| hash(item.key())).collect(), None)
    }

    fn key(kept: &u64) -> u64 {
        *kept
    }
}

/// Writes the rows of a list's items to the stage.
pub(in crate::extract) struct StagedRows<R> {
    scope: Scope,
    resource: PhantomData<R>,
}

impl<R> StagedRows<R> {
    /// Rows of this scope.
    pub fn new(scope: Scope) -> Self {
        StagedRows { scope, resource: PhantomData }
    }
}

impl<R: ListResource> Sink for StagedRows<R> {
    type Item = R::Item;
    type Kept = u64;
    const MAY_OMIT_ITEMS: bool = true;

    fn keep(&self, items: Vec<R::Item>, replaces: bool) -> (Vec<u64>, Option<Task>) {
        let keys = items.iter().map(|item| hash(R::key(item))).collect();
        let write = rows::<R>(self.scope.clone(), items);
        let scope = self.scope.clone();
        let task: Task = Box::new(move |writer| {
            if replaces {
                forget_scope(writer, R::TABLES, R::LEVEL, &scope)?;
            }
            write(writer)
        });
        (keys, Some(task))
    }

    fn key(kept: &u64) -> u64 {
        *kept
    }
}
