//! History keeps its order, also if the clocks of the runs were wrong.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::moment;
use super::{known, update};
use crate::catalog;
use crate::catalog::history;
use crate::destinations::sqlite::{difference, migrate, status_since};
use crate::model::scope::Scope;
use crate::model::table::ddl;
use crate::model::table::{TableInfo, Type};
use crate::record::{Coverage, Outcome, Record};

/// 2026-11-20, in milliseconds.
const NOW: i64 = 1_795_140_000_000;
const FLAGS: [&str; 3] = ["a", "b", "c"];

/// A run: the error of its clock, and the state of each flag that exists: whether it is temporary,
/// and whether it is inactive.
#[derive(Clone, Debug)]
struct Night {
    offset: i64,
    flags: [Option<(bool, bool)>; 3],
}

/// An output, and its runs.
struct Output {
    connection: Connection,
    /// The moment of each run in history, and when its clock said that it started.
    runs: Vec<(String, String)>,
}

fn text(milliseconds: i64) -> String {
    format!("{:.3}", Timestamp::from_millisecond(milliseconds).unwrap())
}

fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn table(name: &str) -> TableInfo {
    catalog::tables().into_iter().find(|table| table.name == name).unwrap()
}

/// Writes a row to the stage. A column that is not named is NULL, or empty if it cannot be NULL.
fn stage(connection: &Connection, name: &str, cells: &[(&str, Value)]) {
    let table = table(name);
    let values = table.columns.iter().map(|column| {
        let cell = cells.iter().find(|(name, _)| *name == column.name);
        match (cell, column.nullable, column.ty) {
            (Some((_, value)), ..) => value.clone(),
            (None, true, _) => Value::Null,
            (None, false, Type::Int | Type::Bool) => 0.into(),
            (None, false, _) => String::new().into(),
        }
    });
    let parameters = ddl::parameters(&table);
    let sql = format!("INSERT INTO stage.{name} VALUES ({parameters})");
    connection.execute(&sql, params_from_iter(values)).unwrap();
}

impl Output {
    fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        // As in the connection that publishes.
        let sql = "PRAGMA foreign_keys = FALSE; ATTACH ':memory:' AS stage";
        connection.execute_batch(sql).unwrap();
        let all = catalog::tables();
        for table in all.iter().chain(&catalog::kept()) {
            migrate::create(&connection, table, &all).unwrap();
        }
        for table in &all {
            let ddl = ddl::create_staged_table(table, &[]);
            connection.execute_batch(&ddl.replace("EXISTS ", "EXISTS stage.")).unwrap();
        }
        Output { connection, runs: Vec::new() }
    }

    /// Stages the rows of the run with this number.
    fn stage(&self, number: usize, night: &Night) {
        for name in ["extractions", "projects", "environments", "flags", "flag_statuses"] {
            self.connection.execute_batch(&format!("DELETE FROM stage.{name}")).unwrap();
        }
        let key = |name: &str| Value::from(name.to_owned());
        let started_at = text(NOW + night.offset).into();
        let id = format!("run {number:02}").into();
        let run = [("extraction_id", id), ("started_at", started_at)];
        stage(&self.connection, "extractions", &run);
        let project = [("project_key", key("p")), ("environment_key", key("e"))];
        stage(&self.connection, "projects", &project[..1]);
        stage(&self.connection, "environments", &project);
        let created = ("created_at", text(0).into());
        for (flag, (temporary, is_inactive)) in
            FLAGS.iter().zip(night.flags).filter_map(|(flag, state)| Some((flag, state?)))
        {
            let flag = [&project[..], &[("flag_key", key(flag)), created.clone()]].concat();
            let temporary = ("temporary", i64::from(temporary).into());
            stage(&self.connection, "flags", &[&flag[..], &[temporary]].concat());
            let status = ("status", key(if is_inactive { "inactive" } else { "active" }));
            stage(&self.connection, "flag_statuses", &[&flag[..], &[status]].concat());
        }
    }

    fn publish(&mut self, night: &Night) {
        self.stage(self.runs.len(), night);
        let (connection, record) = (&self.connection, Record::new(false));
        for name in ["projects", "environments", "flags", "flag_statuses", "team_maintainers"] {
            let tally = record.tally(name, &Scope::Account);
            tally.note(|facts| facts.outcome = Outcome::Complete);
        }
        let known = known(connection).unwrap();
        moment::find(connection).unwrap();
        for name in ["extractions", "projects", "environments", "flags", "flag_statuses"] {
            difference::take(connection, &table(name), &Coverage::Whole).unwrap();
        }
        update(connection, &known, &record, false).unwrap();
        status_since::limit(connection).unwrap();
        let moment = rows(connection, &format!("SELECT {}", moment::MOMENT)).remove(0);
        self.runs.push((moment, text(NOW + night.offset)));
    }

    /// The flags or their statuses that history has for a time.
    fn as_of(&self, table: &str, value: &str, moment: &str) -> Vec<String> {
        let sql = format!(
            "SELECT flag_key || ' ' || {value} FROM {table}
             WHERE valid_from <= '{moment}' AND (valid_to IS NULL OR valid_to > '{moment}')
             ORDER BY flag_key"
        );
        rows(&self.connection, &sql)
    }
}

fn nights() -> impl Strategy<Value = Vec<Night>> {
    const YEAR: i64 = 365 * 86_400_000;
    let offset = prop_oneof![
        4 => 0..9_000_000i64,
        2 => Just(0),
        1 => Just(3 * YEAR),
        1 => -3 * YEAR..3 * YEAR,
        1 => Just(1 - NOW),
    ];
    let flag = prop::option::weighted(0.8, (any::<bool>(), any::<bool>()));
    let night = (offset, prop::array::uniform3(flag));
    prop::collection::vec(night.prop_map(|(offset, flags)| Night { offset, flags }), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn as_of_its_moment_history_tells_what_each_run_found(nights in nights()) {
        let mut output = Output::new();
        for night in &nights {
            output.publish(night);
            let sql = "SELECT count(*) || '' FROM flag_statuses, stage.extractions
                       WHERE status_since IS NULL OR status_since > started_at";
            prop_assert_eq!(rows(&output.connection, sql), ["0"]);
        }
        prop_assert!(output.runs.is_sorted_by(|one, next| one.0 <= next.0), "{:?}", output.runs);
        for (number, (night, (moment, started_at))) in nights.iter().zip(&output.runs).enumerate() {
            prop_assert!(started_at <= moment);
            if output.runs.get(number + 1).is_some_and(|(next, _)| next == moment) {
                // Nothing had changed, so history has no version of this run.
                continue;
            }
            let states = FLAGS.iter().zip(night.flags);
            let states = states.filter_map(|(flag, state)| state.map(|(one, _)| (flag, one)));
            let flags: Vec<_> = states.map(|(flag, one)| format!("{flag} {}", i64::from(one))).collect();
            prop_assert_eq!(output.as_of("flags_history", "temporary", moment), flags);
            let states = FLAGS.iter().zip(night.flags);
            let states = states.filter_map(|(flag, state)| state.map(|(_, one)| (flag, one)));
            let name = |one| if one { "inactive" } else { "active" };
            let statuses: Vec<_> = states.map(|(flag, one)| format!("{flag} {}", name(one))).collect();
            prop_assert_eq!(output.as_of("flag_statuses_history", "status", moment), statuses);
        }
        for versions in history::versions() {
            let sql = format!("SELECT count(*) || '' FROM {} WHERE valid_to <= valid_from", versions.name);
            prop_assert_eq!(rows(&output.connection, &sql), ["0"]);
        }
    }
}

/// A run that finds one flag, which is inactive.
fn inactive(offset: i64) -> Night {
    Night { offset, flags: [Some((true, true)), None, None] }
}

fn status_since(output: &Output) -> String {
    rows(&output.connection, "SELECT status_since FROM flag_statuses").remove(0)
}

#[test]
fn a_clock_that_was_wrong_once_does_not_date_a_status() {
    const DAY: i64 = 86_400_000;
    for wrong in [1 - NOW, -DAY, 1000 * DAY] {
        let mut output = Output::new();
        for offset in [0, wrong, 2 * DAY, 3 * DAY] {
            output.publish(&inactive(offset));
            assert!(status_since(&output) <= text(NOW + offset));
        }
        assert_eq!(status_since(&output), text(NOW), "{wrong}");
    }
}

#[test]
fn a_clock_ahead_once_keeps_the_run_that_saw_a_status() {
    const DAY: i64 = 86_400_000;
    let night =
        |offset, is_inactive| Night { offset, flags: [Some((true, is_inactive)), None, None] };
    // The run with the wrong clock saw the current status, or another one.
    for first in [true, false] {
        let mut output = Output::new();
        output.publish(&night(1000 * DAY, first));
        for day in 1..5 {
            output.publish(&night(day * DAY, true));
            assert_eq!(status_since(&output), text(NOW + DAY), "{first}, day {day}");
        }
        let sql = "SELECT status_since FROM flag_statuses_history WHERE valid_to IS NULL";
        let kept = if first { 1000 * DAY } else { DAY };
        assert_eq!(rows(&output.connection, sql), [text(NOW + kept)]);
    }
}

#[test]
fn a_run_at_the_same_millisecond_as_another_comes_after_it() {
    let mut output = Output::new();
    output.publish(&inactive(0));
    output.publish(&Night { offset: 0, flags: [Some((false, true)), None, None] });
    let sql = "SELECT valid_from || ' ' || coalesce(valid_to, '') FROM flags_history ORDER BY 1";
    let (first, second) = (text(NOW), text(NOW + 1));
    assert_eq!(rows(&output.connection, sql), [format!("{first} {second}"), format!("{second} ")]);
}

/// Earlier releases wrote versions that ended when they began, and versions that overlap.
#[test]
fn overlapping_versions_of_an_earlier_release_are_accepted() {
    let mut output = Output::new();
    output.publish(&inactive(0));
    let sql = "UPDATE flags_history SET valid_to = valid_from;
               UPDATE extractions SET started_at = '2020-01-01T00:00:00.000Z'";
    output.connection.execute_batch(sql).unwrap();
    output.publish(&inactive(0));
    let sql = "SELECT count(DISTINCT valid_from) || '' FROM flags_history";
    assert_eq!(rows(&output.connection, sql), ["2"]);
}
