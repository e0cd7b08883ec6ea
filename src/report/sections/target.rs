//! The targets of the figures: what the thresholds of scorecards allow.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::words::{decimal, grouped};

/// The target of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The most that a figure may be, together with the figure `with`.
    pub most: i64,
    /// The ID of the other figure that counts towards it.
    pub with: Option<&'static str>,
    /// Why it is so, in words.
    pub reason: String,
    /// Whether it is met; `None` where that is unknown.
    pub is_met: Option<bool>,
}

/// The numbers that targets are shares of.
pub(super) struct Targets {
    temporary: i64,
    live: i64,
    flags: i64,
    stale: f64,
    removal: f64,
    ownership: f64,
}

/// Flags that are exempt are not judged, as in scorecards.
const SQL: &str = "
    WITH limits AS (
        SELECT
            max(CASE threshold WHEN 'stale_percentage_warn' THEN value END) AS stale,
            max(CASE threshold WHEN 'removal_backlog_warn' THEN value END) AS removal,
            max(CASE threshold WHEN 'ownership_coverage_warn' THEN value END) AS ownership
        FROM scorecard_thresholds)
    SELECT
        coalesce(sum(temporary AND NOT is_exempt), 0), coalesce(sum(state = 'live' AND NOT is_exempt), 0),
        coalesce(sum(NOT is_exempt), 0), stale, removal, ownership
    FROM limits LEFT JOIN flag_judgements
    GROUP BY stale, removal, ownership";

impl Targets {
    /// Reads them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(connection: &Connection) -> rusqlite::Result<Self> {
        connection.query_row(SQL, [], |row| {
            Ok(Targets {
                temporary: row.get(0)?,
                live: row.get(1)?,
                flags: row.get(2)?,
                stale: row.get(3)?,
                removal: row.get(4)?,
                ownership: row.get(5)?,
            })
        })
    }

    /// The target of a figure; `None` if it has none.
    pub fn of(&self, id: &str) -> Option<Target> {
        let (most, with, reason) = match id {
            "stale_flags" => (
                share(self.temporary, self.stale),
                None,
                of(self.stale, self.temporary, "temporary flag"),
            ),
            "ready_for_code_removal" => (
                share(self.live, self.removal),
                Some("ready_to_archive"),
                of(self.removal, self.live, "live flag"),
            ),
            "ready_to_archive" => (
                share(self.live, self.removal),
                Some("ready_for_code_removal"),
                of(self.removal, self.live, "live flag"),
            ),
            "unowned_flags" => (
                share(self.flags, 100.0 - self.ownership),
                None,
                of(100.0 - self.ownership, self.flags, "flag"),
            ),
            "net_new_flags" => (0, None, "as many archived as created".to_owned()),
            _ => return None,
        };
        Some(Target { most, with, reason, is_met: None })
    }
}

/// The whole flags in a share, in percent. A share of 5 % of 20 flags is one flag, although the
/// product of both numbers may be a little less.
fn share(flags: i64, percent: f64) -> i64 {
    ((flags as f64) * percent / 100.0 + 1e-6).floor() as i64
}

fn of(percent: f64, flags: i64, noun: &str) -> String {
    let several = if flags == 1 { "" } else { "s" };
    format!("{} % of {} {noun}{several}", decimal(percent), grouped(flags))
}

impl Target {
    /// The target with whether it is met, for a figure between two bounds.
    pub(super) fn compared(self, least: i64, most: Option<i64>) -> Self {
        let is_met = if least > self.most {
            Some(false)
        } else {
            most.filter(|most| *most <= self.most).map(|_| true)
        };
        Target { is_met, ..self }
    }

    /// The target in words, without whether it is met.
    pub fn words(&self) -> String {
        let with = match self.with {
            Some("ready_to_archive") => " with those ready to archive",
            Some(_) => " with those ready for code removal",
            None => "",
        };
        format!("target: at most {}{with}, {}", grouped(self.most), self.reason)
    }

    /// Whether it is met, in a word.
    pub const fn verdict(&self) -> &'static str {
        match self.is_met {
            Some(true) => "met",
            Some(false) => "missed",
            None => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: Targets =
        Targets { temporary: 81, live: 20, flags: 300, stale: 20.0, removal: 5.0, ownership: 99.5 };

    #[test]
    fn a_target_is_a_whole_number_of_flags() {
        let most = |id| TARGETS.of(id).map(|target| target.most);
        assert_eq!(most("stale_flags"), Some(16));
        assert_eq!(most("ready_to_archive"), Some(1));
        assert_eq!(most("unowned_flags"), Some(1));
        assert_eq!(most("net_new_flags"), Some(0));
        assert_eq!(most("live_flags"), None);
    }

    #[test]
    fn unknown_flags_decide_only_where_they_could_not_change_the_verdict() {
        let target = TARGETS.of("stale_flags").unwrap();
        let verdict = |least, most| target.clone().compared(least, most).verdict();
        assert_eq!(verdict(16, Some(16)), "met");
        assert_eq!(verdict(17, Some(40)), "missed");
        assert_eq!(verdict(10, Some(17)), "unknown");
        assert_eq!(verdict(10, None), "unknown");
        assert_eq!(verdict(17, None), "missed");
    }

    #[test]
    fn a_target_says_why() {
        let words = |id| TARGETS.of(id).unwrap().words();
        assert_eq!(words("stale_flags"), "target: at most 16, 20 % of 81 temporary flags");
        assert_eq!(
            words("ready_for_code_removal"),
            "target: at most 1 with those ready to archive, 5 % of 20 live flags"
        );
        assert_eq!(words("unowned_flags"), "target: at most 1, 0.5 % of 300 flags");
    }
}
