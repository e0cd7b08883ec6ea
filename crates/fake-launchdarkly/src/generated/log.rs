//! A generated audit log: changes of flags in office hours.

use super::{NOW_MS, Size};
use crate::account::{Account, AuditEntry, object_id};
use crate::random::Random;

/// The days of the log.
const DAYS: usize = 80;
const DAY_MS: i64 = 86_400_000;
/// Every day, changes are made in the last eight hours.
const WORK_MS: usize = 8 * 3_600_000;

/// As many entries a day on all days, at random times of its office hours.
pub(super) fn entries(account: &Account, size: Size) -> Vec<AuditEntry> {
    let mut random = Random::new(size.seed, u64::MAX);
    let entry = |number: usize| {
        let day = (number * DAYS / size.audit_entries.max(1)) as i64;
        let date_ms = NOW_MS - day * DAY_MS - 1 - random.below(WORK_MS) as i64;
        entry(account, number, date_ms, &mut random)
    };
    (0..size.audit_entries).map(entry).collect()
}

fn entry(account: &Account, number: usize, date_ms: i64, random: &mut Random) -> AuditEntry {
    let mut entry = AuditEntry::new(object_id(&format!("audit {number}")), date_ms);
    entry.name = format!("Flag {}", random.below(1000));
    entry.description = "Turned on the flag for every customer of the region.".to_owned();
    entry.comment = random.chance(30).then(|| format!("See WORK-{number}"));
    let member = account.members.get(random.below(account.members.len()));
    entry.member_id = member.map(|member| member.id.clone());
    entry
}
