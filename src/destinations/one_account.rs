//! The rule of outputs that hold one account: a run of another one does not replace its data.

use crate::launchdarkly::identity::DEMO_ACCOUNT_ID;

/// The data that a run would replace.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The demo would replace a real account.
    RealAccount,
    /// The account with this ID.
    OtherAccount(String),
}

impl Conflict {
    /// Compares the account of the last extraction with that of this run. Either may be unknown. The
    /// data of the demo may be replaced.
    pub fn between(last: Option<&str>, account: Option<&str>, is_demo: bool) -> Option<Self> {
        if is_demo && last != account {
            return Some(Conflict::RealAccount);
        }
        let last = last.filter(|last| account.is_some() && *last != DEMO_ACCOUNT_ID)?;
        (account != Some(last)).then(|| Conflict::OtherAccount(last.to_owned()))
    }

    /// The reason to refuse the run.
    pub fn reason(&self) -> String {
        match self {
            Conflict::RealAccount => "it holds the data of a real account".to_owned(),
            Conflict::OtherAccount(id) => format!("it holds the data of another account, {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_or_an_unknown_account_takes_a_place() {
        let other = || Some(Conflict::OtherAccount("one".to_owned()));
        let cases = [
            (Some("one"), Some("one"), false, None),
            (Some("one"), Some("two"), false, other()),
            (Some("one"), None, false, None),
            (None, Some("two"), false, None),
            (Some(DEMO_ACCOUNT_ID), Some("two"), false, None),
            (Some(DEMO_ACCOUNT_ID), Some(DEMO_ACCOUNT_ID), true, None),
            (Some("one"), Some(DEMO_ACCOUNT_ID), true, Some(Conflict::RealAccount)),
            (None, Some(DEMO_ACCOUNT_ID), true, Some(Conflict::RealAccount)),
        ];
        for (last, account, is_demo, expected) in cases {
            assert_eq!(Conflict::between(last, account, is_demo), expected, "{last:?} {account:?}");
        }
    }
}
