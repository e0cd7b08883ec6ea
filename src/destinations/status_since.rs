//! The rule for `status_since`: the moment since which the runs have seen a flag's status.

/// The condition, in SQL, under which the row `new` keeps the moment `since` of the row `old`, which
/// an earlier run published for the same flag and environment. Otherwise, the moment is that of this
/// run.
///
/// The status must be the same, and the flag too: a flag that was deleted and created again under
/// its key starts over. The flag existed at that moment if `flag.created_at` is not later. As
/// LaunchDarkly's clock may differ from ours, `evidence` is another condition that shows it.
pub(super) fn is_kept(since: &str, evidence: Option<&str>) -> String {
    let evidence = evidence.map_or_else(String::new, |evidence| format!(" OR {evidence}"));
    format!("old.status = new.status AND ({since} >= flag.created_at{evidence})")
}
