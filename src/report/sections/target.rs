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
    /// Why it is so, in words; `None` where none at all is allowed.
    pub reason: Option<String>,
    /// Whether it is met; `None` where that is unknown.
    pub is_met: Option<bool>,
}

/// The numbers that targets are shares of.
pub(super) struct Targets {
    temporary: i64,
    live: i64,
    flags: i64,
    /// The least and the most flags that are ready for code removal or archiving.
    ready: (i64, i64),
    /// Thresholds, in percent.
    stale: f64,
    removal: f64,
    ownership: f64,
}

/// Flags that are exempt are not judged, as in scorecards.
const SQL: &str = "
    WITH shares AS (
        SELECT
            max(CASE threshold WHEN 'stale_percentage_warn' THEN value END) AS stale,
            max(CASE threshold WHEN 'removal_backlog_warn' THEN value END) AS removal,
            max(CASE threshold WHEN 'ownership_coverage_warn' THEN value END) AS ownership
        FROM scorecard_thresholds),
    judged AS (
        SELECT
            coalesce(sum(temporary AND NOT is_exempt), 0) AS temporary,
            coalesce(sum(state = 'live' AND NOT is_exempt), 0) AS live,
            coalesce(sum(NOT is_exempt), 0) AS flags,
            coalesce(sum(state = 'live' AND coalesce(ready_for_code_removal OR ready_to_archive, 0)), 0) AS ready_min,
            coalesce(sum(state = 'live' AND NOT is_exempt
                AND coalesce(ready_for_code_removal OR ready_to_archive, 1)), 0) AS ready_max
        FROM flag_judgements)
    SELECT temporary, live, flags, ready_min, ready_max, stale, removal, ownership
    FROM judged CROSS JOIN shares";

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
                ready: (row.get(3)?, row.get(4)?),
                stale: row.get(5)?,
                removal: row.get(6)?,
                ownership: row.get(7)?,
            })
        })
    }

    /// The target of a figure that is between two bounds; `None` if it has none.
    pub fn of(&self, id: &str, (least, most): (i64, i64)) -> Option<Target> {
        let unowned = (100.0 - self.ownership).max(0.0);
        Some(match id {
            "stale_flags" => {
                let target = Target::share(self.stale, self.temporary, "temporary flag", None);
                target.compared(least, most)
            }
            "ready_for_code_removal" => self.of_stage("ready_to_archive"),
            "ready_to_archive" => self.of_stage("ready_for_code_removal"),
            "unowned_flags" => {
                Target::share(unowned, self.flags, "flag", None).compared(least, most)
            }
            "net_new_flags" => {
                let reason = Some("as many archived as created".to_owned());
                Target { most: 0, with: None, reason, is_met: None }.compared(least, most)
            }
            _ => return None,
        })
    }

    /// The target of both stages before removal, of which `with` is the other one.
    fn of_stage(&self, with: &'static str) -> Target {
        let target = Target::share(self.removal, self.live, "live flag", Some(with));
        target.compared(self.ready.0, self.ready.1)
    }
}

impl Target {
    /// At most a share of some flags, in percent. A share of 5 % of 20 flags is one flag, although
    /// the product of both numbers may be a little less.
    fn share(percent: f64, flags: i64, noun: &str, with: Option<&'static str>) -> Self {
        let most = ((flags as f64) * percent / 100.0 + 1e-6).floor() as i64;
        let several = if flags == 1 { "" } else { "s" };
        // A space at which no line breaks.
        let share = format!("{}\u{a0}%", decimal(percent));
        let reason = format!("{share} of {} {noun}{several}", grouped(flags));
        let reason = (percent > 0.0).then_some(reason);
        Target { most, with, reason, is_met: None }
    }

    /// The target with whether it is met, for a figure between two bounds.
    fn compared(self, least: i64, most: i64) -> Self {
        let is_decided = least > self.most || most <= self.most;
        Target { is_met: is_decided.then_some(most <= self.most), ..self }
    }

    /// The target in words, without whether it is met.
    pub fn words(&self) -> String {
        let with = match self.with {
            Some("ready_to_archive") => " with those ready to archive",
            Some(_) => " with those ready for code removal",
            None => "",
        };
        let reason = self.reason.as_ref().map(|reason| format!(", {reason}"));
        format!("target: at most {}{with}{}", grouped(self.most), reason.unwrap_or_default())
    }

    /// The target and whether it is met, in few words.
    pub fn in_short(&self) -> String {
        let of = if self.with.is_some() { " for both stages" } else { "" };
        format!("target {}{of}: {}", grouped(self.most), self.verdict())
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

    const TARGETS: Targets = Targets {
        temporary: 81,
        live: 20,
        flags: 300,
        ready: (3, 4),
        stale: 20.0,
        removal: 5.0,
        ownership: 99.5,
    };

    #[test]
    fn a_target_is_a_whole_number_of_flags() {
        let most = |id| TARGETS.of(id, (0, 0)).map(|target| target.most);
        assert_eq!(most("stale_flags"), Some(16));
        assert_eq!(most("ready_to_archive"), Some(1));
        assert_eq!(most("unowned_flags"), Some(1));
        assert_eq!(most("net_new_flags"), Some(0));
        assert_eq!(most("live_flags"), None);
        let above_all = Targets { ownership: 150.0, ..TARGETS };
        assert_eq!(above_all.of("unowned_flags", (0, 0)).map(|target| target.most), Some(0));
    }

    #[test]
    fn unknown_flags_decide_only_where_they_could_change_the_verdict() {
        let verdict = |least, most| TARGETS.of("stale_flags", (least, most)).unwrap().verdict();
        assert_eq!(verdict(16, 16), "met");
        assert_eq!(verdict(17, 40), "missed");
        assert_eq!(verdict(10, 17), "unknown");
    }

    #[test]
    fn both_stages_count_towards_one_target() {
        let verdict = |ready| {
            let targets = Targets { removal: 20.0, ready, ..TARGETS };
            targets.of("ready_to_archive", (0, 0)).unwrap().verdict()
        };
        assert_eq!(verdict((3, 4)), "met");
        assert_eq!(verdict((4, 5)), "unknown");
        assert_eq!(verdict((5, 5)), "missed");
    }

    #[test]
    fn a_target_says_why() {
        let words = |id| TARGETS.of(id, (0, 0)).unwrap().words();
        assert_eq!(words("stale_flags"), "target: at most 16, 20\u{a0}% of 81 temporary flags");
        assert_eq!(
            words("ready_for_code_removal"),
            "target: at most 1 with those ready to archive, 5\u{a0}% of 20 live flags"
        );
        assert_eq!(words("unowned_flags"), "target: at most 1, 0.5\u{a0}% of 300 flags");
        let all_owned = Targets { ownership: 100.0, ..TARGETS };
        assert_eq!(all_owned.of("unowned_flags", (0, 0)).unwrap().words(), "target: at most 0");
        let short = TARGETS.of("ready_to_archive", (0, 0)).unwrap().in_short();
        assert_eq!(short, "target 1 for both stages: missed");
    }
}
