//! Nothing is lost between the pages of a list.

use fake_launchdarkly::account::{Account, Member};
use fake_launchdarkly::generated::Size;
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};

use crate::changes::{changed, size};
use crate::support::{Run, rows};

#[test]
fn no_tag_is_lost_when_another_is_deleted_between_pages() {
    let run = changed(size(), "/api/v2/tags", 2, |account| drop(account.tags.remove(0)));
    let mut tags = run.server.read(|account| account.tags.clone());
    tags.sort();
    let tags: Vec<_> = tags.iter().map(|tag| format!("{tag:?}")).collect();
    assert_eq!(rows(&run.database(), "SELECT tag FROM tags ORDER BY tag"), tags);
}

#[test]
fn no_project_is_lost_when_another_is_deleted_between_pages() {
    let size = Size { projects: 5, environments: 1, flags: 2, ..Size::default() };
    let run = changed(size, "/api/v2/projects", 2, |account| drop(account.projects.remove(0)));
    assert_eq!(run.value::<i64>("SELECT count(*) FROM projects"), 4);
}

#[test]
fn no_environment_is_lost_when_another_is_deleted_between_pages() {
    let size = Size { projects: 1, environments: 25, flags: 2, ..Size::default() };
    let path = "/api/v2/projects/";
    let run = changed(size, path, 1, |account| drop(account.projects[0].environments.remove(0)));
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 24);
}

#[test]
fn a_deletion_and_a_creation_between_pages_lose_no_item() {
    for page in 2..4 {
        let mut script = vec![];
        script.push(Scripted::once("/api/v2/members", Answer::change(|_| ())).times(page - 1));
        let change = Answer::change(|account| {
            account.members.remove(0);
            account.members.push(Member::new("late@example.com", 1));
        });
        script.push(Scripted::once("/api/v2/members", change));
        let behaviour = Behaviour {
            script,
            maximum: [(Family::Members, 8)].into(),
            over_limit: fake_launchdarkly::OverLimit::Clamp,
            ..Behaviour::default()
        };
        let run = Run::new(fake_launchdarkly::company::account(1_790_000_000_000), behaviour);
        let stayed = run.server.read(|account| {
            account.members.iter().skip(1).map(|one| one.id.clone()).collect::<Vec<_>>()
        });
        run.extract(&["--resources", "members"]);
        for id in stayed {
            let sql = format!("SELECT count(*) FROM members WHERE member_id = '{id}'");
            assert_eq!(run.value::<i64>(&sql), 1, "page {page}: {id}");
        }
    }
}

#[test]
fn an_overlap_takes_no_further_request() {
    for (members, requests) in [(8, 1), (15, 2), (16, 2), (17, 3), (20, 3), (24, 3)] {
        let mut account = Account::new(1_790_000_000_000);
        let members = (0..members).map(|one| Member::new(format!("m{one}@example.com"), 1));
        account.members = members.collect();
        let maximum = [(Family::Members, 8)].into();
        let run = Run::new(account, Behaviour { maximum, ..Behaviour::default() });
        run.extract(&["--resources", "members"]);
        assert_eq!(run.requests("/members"), requests);
    }
}
