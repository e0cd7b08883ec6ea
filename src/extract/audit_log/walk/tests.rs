//! One walk on its own, over all behaviours of a server.

use proptest::prelude::*;

use super::super::fake::{Server, log};
use super::*;

/// All entries that a walk finds after `after`, the number of pages, and whether entries were
/// skipped.
fn walked(log: &[(u64, i64)], server: Server, after: i64) -> (HashSet<u64>, usize, bool) {
    let mut walk = Walk::new(after);
    let (mut found, mut pages, mut skipped) = (HashSet::new(), 0, false);
    loop {
        let page = server.page(log, &walk.asked, after);
        pages += 1;
        assert!(pages < 10_000, "the walk does not end");
        found.extend(page.entries.iter().filter(|(_, date)| *date >= after).map(|(id, _)| *id));
        match walk.step(&page, None) {
            Step::Ask(_) => {}
            Step::Skip(_) => skipped = true,
            Step::Done => return (found, pages, skipped),
        }
    }
}

proptest! {
    #[test]
    fn no_entry_is_lost_where_entries_share_milliseconds(
        gaps in prop::collection::vec(prop_oneof![3 => Just(0i64), 1 => 1i64..5], 0..200),
        links: bool, inclusive: bool, honours_after: bool, cursor: bool, depth in 0i64..300,
    ) {
        let log = log(&gaps);
        let server = Server { links, inclusive, honours_after, cursor, ..Server::default() };
        let after = 1_000_000 - depth;
        let (found, pages, skipped) = walked(&log, server, after);
        let wanted: HashSet<_> =
            log.iter().filter(|(_, date)| *date > after).map(|(id, _)| *id).collect();
        let largest = log.chunk_by(|one, next| one.1 == next.1).map(<[_]>::len).max();
        if cursor || largest.unwrap_or(0) < PAGE {
            prop_assert!(wanted.is_subset(&found), "{} of {}", found.len(), wanted.len());
        } else {
            prop_assert!(skipped || wanted.is_subset(&found));
        }
        prop_assert!(pages <= 2 + log.len());
    }
}

#[test]
fn pages_overlap_by_one_entry_and_no_more() {
    let server = Server { links: true, ..Server::default() };
    for (entries, pages) in [(0, 1), (1, 1), (19, 1), (21, 2), (39, 2), (40, 3), (58, 3)] {
        let (found, asked, _) = walked(&log(&vec![1; entries]), server, 0);
        assert_eq!((found.len(), asked), (entries, pages));
    }
}

#[test]
fn a_link_with_a_cursor_is_followed() {
    let server = Server { links: true, cursor: true, ..Server::default() };
    let (found, pages, skipped) = walked(&log(&vec![0; 100]), server, 0);
    assert_eq!((found.len(), pages, skipped), (100, 5, false));
}
