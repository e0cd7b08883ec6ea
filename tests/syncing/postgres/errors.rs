//! A source that cannot be read sends nothing, and says why.

use super::{USERS, both, from};
use crate::setup::{members, set, sync_without_writes};

#[test]
fn a_database_is_not_written_to() {
    let Some((run, database)) = both() else { return };
    database.run(USERS);
    database.run(
        "CREATE SEQUENCE numbers;
         CREATE FUNCTION purge() RETURNS text LANGUAGE sql AS 'DELETE FROM users RETURNING note';
         CREATE PROCEDURE wipe(INOUT context_key text) LANGUAGE plpgsql
            AS 'BEGIN DELETE FROM users; COMMIT; END'",
    );
    let address = database.address();
    for query in [
        "DELETE FROM users RETURNING context_key",
        "WITH gone AS (DELETE FROM users RETURNING context_key) SELECT context_key FROM gone",
        "SELECT purge() AS context_key",
        "SELECT nextval('numbers')::text AS context_key",
        "SELECT context_key FROM users FOR UPDATE",
        "SELECT set_config('transaction_read_only', 'off', true) || purge() AS context_key",
        "CALL wipe('x')",
        "SELECT context_key FROM users; DELETE FROM users",
        "COMMIT",
        "DELETE FROM users",
        "nonsense",
        "",
    ] {
        let ended = sync_without_writes(&run, &from(&address), &["--query", query]);
        let error = ended.failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains("write one `SELECT`"), "{query}: {error}");
    }
    assert_eq!(database.value("SELECT count(*) FROM users"), "3");
}

#[test]
fn an_unknown_name_comes_with_the_one_that_may_be_meant() {
    let Some((run, database)) = both() else { return };
    database.run(USERS);
    let address = database.address();
    for (more, meant) in [
        (["--table", "user"], "did you mean `users`?"),
        (["--table", "crm.Users"], "did you mean `crm.\"Users\"`?"),
        (["--table", "zzzzzz"], "quote a name with capitals"),
        (
            ["--query", "SELECT é.x, context_key FROM (SELECT 'é' AS x) AS é, betta"],
            "did you mean `beta`?",
        ),
        (["--query", "SELECT context_keys FROM users"], "users.context_key"),
        (["--query", "SELECT note FROM users"], "--map context_key=COLUMN"),
    ] {
        let error = sync_without_writes(&run, &from(&address), &more).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains(meant), "{more:?}: {error}");
    }
    for more in [&["--table", "a.b.c.d"][..], &["--table", "\"x"], &["--table", ""], &[]] {
        sync_without_writes(&run, &from(&address), more).failed(2, "usage");
    }
}

#[test]
fn a_connection_that_is_lost_sends_nothing() {
    let Some((run, database)) = both() else { return };
    let address = database.address();
    let query = "SELECT 'k' || i AS context_key FROM generate_series(1, 50000) i
                 UNION ALL SELECT pg_terminate_backend(pg_backend_pid())::text";
    let error = sync_without_writes(&run, &from(&address), &["--query", query]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("nothing was sent"), "{error}");
    assert_eq!(members(&run), set([]));
    let query = "SELECT (1 / (i - 50000))::text AS context_key FROM generate_series(1, 50000) i";
    let error = sync_without_writes(&run, &from(&address), &["--query", query]).failed(2, "usage");
    assert!(error["message"].as_str().unwrap().contains("division by zero"), "{error}");
}

#[test]
fn a_server_that_cannot_be_reached_is_named() {
    let Some((run, database)) = both() else { return };
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (address, meant) in [
        (format!("postgres://me@127.0.0.1:{closed}/x"), "is the server running"),
        (database.address().replace("test_", "no_"), "createdb"),
    ] {
        let more = ["--query", "SELECT 'a' AS context_key"];
        let error = sync_without_writes(&run, &from(&address), &more).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains(meant), "{error}");
        assert!(error["message"].as_str().unwrap().contains("127.0.0.1"), "{error}");
    }
}
