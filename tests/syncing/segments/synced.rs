//! Synced segments: cohorts of an integration of one's own.

use crate::setup::{
    SYNC_SEGMENT, counts, place, set, sync_without_writes, synced, write_users, writes,
};

const SYNCED: &[&str] = &["--kind", "synced", "--integration-key", "mine"];

#[test]
fn a_cohort_is_mirrored_by_the_state_file() {
    let run = place();
    for keys in [["a", "b"], ["b", "c"]] {
        write_users(&run, keys);
        run.server.forget_requests();
        let summary = synced(&run, SYNC_SEGMENT, SYNCED);
        assert_eq!(counts(&summary, ["read", "foreign"]), [2, 0]);
        let paths: Vec<_> = writes(&run).into_iter().map(|one| one.path).collect();
        assert_eq!(paths, ["/api/v2/segment-targets/mine"]);
        let members = run.server.big_segment_members("web", "production", "mine-beta");
        assert_eq!(members, set(keys));
    }
    sync_without_writes(&run, SYNC_SEGMENT, SYNCED).succeeded();
}
