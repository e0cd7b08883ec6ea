//! A table at one version, as its log tells.

use std::collections::BTreeMap;

use super::action::{Action, Add, Metadata, Protocol, Remove, Transaction};

/// A table at one version.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub version: u64,
    pub protocol: Protocol,
    pub metadata: Metadata,
    /// The files that the table has, by their paths.
    pub adds: BTreeMap<String, Add>,
    /// The files that it had, by their paths.
    pub removes: BTreeMap<String, Remove>,
    /// The progress of other programs, by their names.
    pub transactions: BTreeMap<String, Transaction>,
}

/// A log that is being replayed, from its start or from a checkpoint.
#[derive(Default)]
pub(super) struct Replay {
    protocol: Option<Protocol>,
    metadata: Option<Metadata>,
    adds: BTreeMap<String, Add>,
    removes: BTreeMap<String, Remove>,
    transactions: BTreeMap<String, Transaction>,
}

impl Replay {
    /// Applies the next action.
    pub fn apply(&mut self, action: Action) {
        if let Some(add) = action.add {
            self.removes.remove(&add.path);
            self.adds.insert(add.path.clone(), add);
        }
        if let Some(remove) = action.remove {
            self.adds.remove(&remove.path);
            self.removes.insert(remove.path.clone(), remove);
        }
        if let Some(one) = action.txn {
            self.transactions.insert(one.app_id.clone(), one);
        }
        self.protocol = action.protocol.or(self.protocol.take());
        self.metadata = action.meta_data.or(self.metadata.take());
    }

    /// The table after all actions; `None` where they do not define it.
    pub fn finish(self, version: u64) -> Option<Snapshot> {
        let Replay { protocol, metadata, adds, removes, transactions } = self;
        let (protocol, metadata) = (protocol?, metadata?);
        Some(Snapshot { version, protocol, metadata, adds, removes, transactions })
    }
}

impl Snapshot {
    /// The table after the next commit; `None` before the first one that defines it.
    pub fn after(before: Option<Self>, actions: &[Action]) -> Option<Self> {
        let version = before.as_ref().map_or(0, |before| before.version + 1);
        let mut replay = before.map_or_else(Replay::default, |before| Replay {
            protocol: Some(before.protocol),
            metadata: Some(before.metadata),
            adds: before.adds,
            removes: before.removes,
            transactions: before.transactions,
        });
        actions.iter().for_each(|action| replay.apply(action.clone()));
        replay.finish(version)
    }

    /// Whether the table has or had a file.
    pub fn knows(&self, path: &str) -> bool {
        self.adds.contains_key(path) || self.removes.contains_key(path)
    }

    /// The files that the table has of an account.
    pub fn of_account<'s>(&'s self, account: &'s str) -> impl Iterator<Item = &'s Add> {
        self.adds.values().filter(move |add| add.partition("account_id") == Some(account))
    }
}
