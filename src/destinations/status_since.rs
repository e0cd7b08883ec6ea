//! The rule for `status_since`: the time since which all runs have seen the same status of a flag.

/// The condition, in SQL, under which the row `new` keeps the time `since` of the row `old`, which
/// an earlier run published for the same flag and environment. Otherwise, `status_since` is the
/// time of this run.
///
/// The status must be equal, and the flag must be the same one: a flag that was deleted and created
/// again with its key starts over. The flag is the same one if it existed at that time, so if
/// `flag.created_at` is not later. LaunchDarkly's clock may differ from that of this machine, so
/// `evidence` is an alternative condition that proves the same.
pub(super) fn is_kept(since: &str, evidence: Option<&str>) -> String {
    let evidence = evidence.map_or_else(String::new, |evidence| format!(" OR {evidence}"));
    format!("old.status = new.status AND ({since} >= flag.created_at{evidence})")
}
