//! Values of each type arrive as they are, or their row is rejected.

use super::{both, events_from, from};
use crate::setup::{SYNC_METRICS, members, rejected, set, sync, synced};

#[test]
fn keys_are_read_digit_for_digit() {
    let Some((run, database)) = both() else { return };
    database.run(
        "CREATE TYPE mood AS ENUM ('happy');
         CREATE DOMAIN email AS varchar(20);
         CREATE EXTENSION citext;
         CREATE TABLE keys (
            smallint int2, integer int4, bigint int8, numeric numeric, text text, varchar varchar(9),
            character char(9), name name, citext citext, enum mood, domain email, uuid uuid,
            inet inet, byte \"char\", oid oid);
         INSERT INTO keys VALUES (
            -32768, 2147483647, 9223372036854775807, 123456789012345678901234567890.10, 'é ',
            'v', 'c', 'n', 'CiText', 'happy', 'd', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
            '10.0.0.1', 'x', 4294967295)",
    );
    let address = database.address();
    for (column, key) in [
        ("smallint", "-32768"),
        ("integer", "2147483647"),
        ("bigint", "9223372036854775807"),
        ("numeric", "123456789012345678901234567890.10"),
        ("text", "é "),
        ("varchar", "v"),
        ("character", "c"),
        ("name", "n"),
        ("citext", "CiText"),
        ("enum", "happy"),
        ("domain", "d"),
        ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("inet", "10.0.0.1"),
        ("byte", "x"),
        ("oid", "4294967295"),
    ] {
        let map = format!("context_key={column}");
        let more = ["--table", "keys", "--map", &map, "--sync-name", column];
        synced(&run, &from(&address), &more);
        assert_eq!(members(&run), set([key]), "{column}");
        run.server.change(|account| account.lists.clear());
    }
}

#[test]
fn what_is_no_key_is_rejected() {
    let Some((run, database)) = both() else { return };
    let address = database.address();
    for value in [
        "true",
        "1.5::float8",
        "'NaN'::numeric",
        "now()",
        "'infinity'::date",
        "'{}'::jsonb",
        "'\\x00ff'::bytea",
        "ARRAY['a']",
    ] {
        let query = format!("SELECT {value} AS context_key UNION ALL SELECT NULL");
        let more = ["--query", &query, "--sync-name", value];
        sync(&run, &from(&address), &more).failed(11, "rows_rejected");
        let expected = ["1 | NULL | \"bad_type\"", "2 | NULL | \"null_key\""];
        assert_eq!(rejected(&run), expected, "{value}");
    }
}

#[test]
fn numbers_and_times_become_those_of_events() {
    let Some((run, database)) = both() else { return };
    let query = "SELECT 'e' || n AS event_key, 'u' AS context_key, t AS occurred_at,
                    v AS metric_value, d AS data FROM (VALUES
        (1, '2024-02-03 04:05:06.789+01'::timestamptz, 12345678.25::numeric, '{\"a\": 1.10}'::json),
        (2, '2024-02-03', 'NaN', NULL), (3, '2024-02-03', 'Infinity', NULL),
        (4, 'infinity', 1, NULL), (5, '-infinity', 1, NULL), (6, '2024-02-03', NULL, '[1]')
        ) AS rows (n, t, v, d)";
    let address = database.address();
    let more = ["--query", query, "--id", "event_key"];
    sync(&run, &events_from(&address), &more).failed(11, "rows_rejected");
    let reasons = ["bad_number", "bad_number", "bad_timestamp", "bad_timestamp", "bad_json"];
    let expected = (2..).zip(reasons).map(|(n, reason)| format!("{n} | \"e{n}\" | \"{reason}\""));
    assert_eq!(rejected(&run), expected.collect::<Vec<_>>());
    let events = run.server.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].creation_date_ms, 1_706_929_506_789);
    assert_eq!(events[0].metric_value, Some(12_345_678.25));
}

#[test]
fn times_without_a_zone_and_dates_are_utc() {
    let Some((run, database)) = both() else { return };
    let name = &database.name;
    database.run(&format!(
        "ALTER DATABASE {name} SET timezone = 'Asia/Tokyo';
         ALTER DATABASE {name} SET datestyle = 'German'"
    ));
    let address = database.address();
    let more = [
        "--query",
        "SELECT 'e' AS event_key, 'u' AS context_key,
        timestamp '2024-02-03 04:05:06' AS occurred_at, 0.1::real AS metric_value
        UNION ALL SELECT 'f', 'u', date '2024-02-03', 2.5::real",
        "--append-all",
    ];
    synced(&run, &events_from(&address), &more);
    let events: Vec<_> =
        run.server.events().iter().map(|one| (one.creation_date_ms, one.metric_value)).collect();
    assert_eq!(events, [(1_706_933_106_000, Some(0.1)), (1_706_918_400_000, Some(2.5))]);
}

#[test]
fn lists_and_booleans_become_those_of_metrics() {
    let Some((run, database)) = both() else { return };
    let address = database.address();
    let query = "SELECT 'm' AS key, 'x' AS event_key, ARRAY['a b', 'c,\"d\"'] AS tags,
        false AS is_numeric, '{user,account}'::name[] AS analysis_units";
    let arguments = [&SYNC_METRICS[..3], &["--from", &address]].concat();
    let plan = sync(&run, &arguments, &["--query", query, "--dry-run"]).succeeded().stdout;
    for part in [
        r#""tags":["a b","c,\"d\""]"#,
        r#""isNumeric":false"#,
        r#""analysisUnits":["user","account"]"#,
    ] {
        assert!(plan.contains(part), "{part}: {plan}");
    }
}
