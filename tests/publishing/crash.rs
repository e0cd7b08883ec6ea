//! Processes that are killed at random times. The output and its readers have either all old data
//! or all new data, and the next run succeeds without help.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Run, lake, rows};
use arrow_array::cast::AsArray;
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, Server};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rusqlite::{Connection, OpenFlags};

/// A deterministic sequence: <https://prng.di.unimi.it/splitmix64.c>.
struct Random(u64);

impl Random {
    /// From 0 up to, but not including, 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn account() -> Run {
    let size = Size { projects: 2, environments: 4, flags: 250, archived: 60, ..Size::default() };
    Run::new(generated::account(size), Behaviour::default())
}

/// Puts the number of a generation into every name of the account.
fn renew(server: &Server, generation: usize) {
    server.change(|account| {
        for project in &mut account.projects {
            project.name = format!("generation {generation}");
            for flag in &mut project.flags {
                flag.name = format!("generation {generation}");
                flag.version += 1;
            }
        }
    });
}

const FLAGS: i64 = 2 * (250 + 60);

/// The generation of a SQLite output, which must be one; 0 where there is no output.
fn sqlite_generation(path: &Path) -> usize {
    if !path.exists() {
        return 0;
    }
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    assert_eq!(rows(&database, "PRAGMA integrity_check"), ["\"ok\""]);
    assert!(rows(&database, "PRAGMA foreign_key_check").is_empty());
    let names = rows(&database, "SELECT name FROM projects UNION SELECT name FROM flags");
    let count = |sql| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(count("SELECT count(*) FROM flags") >= FLAGS);
    assert_eq!(count("SELECT count(*) FROM extractions WHERE finished_at IS NULL"), 0);
    number(&names)
}

/// The generation of the newest complete extraction of a lake, which must be one, with complete
/// files.
fn lake_generation(lake: &Path) -> usize {
    if !lake.join("_latest").exists() {
        return 0;
    }
    let account = lake::account(lake);
    for id in lake::complete(lake, &account) {
        let manifest = lake::json(&lake::manifest(lake, &id));
        for table in manifest["tables"].as_array().unwrap() {
            let file = lake.join(table["files"][0].as_str().unwrap());
            assert_eq!(fs::metadata(&file).unwrap().len(), table["bytes"].as_u64().unwrap());
            assert_eq!(row_count(&file), table["rows"].as_u64().unwrap());
        }
    }
    newest_generation(lake)
}

/// The generation that the pointer of a lake names.
fn newest_generation(lake: &Path) -> usize {
    let id = lake::newest(lake);
    let part = |table: &str| lake::part(lake, table, &id);
    let names: Vec<_> =
        ["projects", "flags"].iter().flat_map(|table| names(&part(table))).collect();
    number(&names)
}

fn reader(file: &Path) -> ParquetRecordBatchReaderBuilder<fs::File> {
    ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap()).unwrap()
}

fn row_count(file: &Path) -> u64 {
    u64::try_from(reader(file).metadata().file_metadata().num_rows()).unwrap()
}

fn names(file: &Path) -> Vec<String> {
    let batches = reader(file).build().unwrap().map(Result::unwrap);
    let names = batches.flat_map(|batch| {
        let column = batch.column_by_name("name").unwrap().as_string::<i32>().clone();
        column.iter().flatten().map(str::to_owned).collect::<Vec<_>>()
    });
    names.collect()
}

#[track_caller]
fn number(names: &[String]) -> usize {
    let mut numbers: Vec<usize> = names
        .iter()
        .map(|name| name.trim_matches('"').rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 1, "the output mixes generations: {numbers:?}");
    numbers[0]
}

fn start(run: &Run, output: &str) -> Child {
    let mut command = run.command(&["extract", "--quiet", "--output", output]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills runs at random moments, `kills` for each of `generations`.
fn kill(output: &str, generation: impl Fn(&Path) -> usize, generations: usize, kills: usize) {
    let run = account();
    let path = run.path(output.trim_start_matches("parquet:"));
    let mut random = Random(7);
    renew(&run.server, 1);
    let started = Instant::now();
    assert!(start(&run, output).wait().unwrap().success());
    let whole = started.elapsed();
    let mut killed = 0;
    for number in 2..generations + 2 {
        renew(&run.server, number);
        for _ in 0..kills {
            let mut child = start(&run, output);
            std::thread::sleep(whole.mul_f64(random.next() * 1.1));
            child.kill().unwrap();
            killed += usize::from(!child.wait().unwrap().success());
            let found = generation(&path);
            assert!(found == number || found == number - 1, "{found} instead of {number}");
        }
        assert!(
            start(&run, output).wait().unwrap().success(),
            "the next run succeeds without help"
        );
        assert_eq!(generation(&path), number);
    }
    assert!(killed > generations * kills / 4, "{killed} processes were killed before they ended");
    let left = fs::read_dir(run.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with('.')).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_sqlite_output_survives_kills_at_random_moments() {
    kill("launchdarkly.db", sqlite_generation, 2, 6);
}

#[test]
fn a_parquet_output_survives_kills_at_random_moments() {
    kill("parquet:lake", lake_generation, 2, 6);
}

#[test]
#[ignore = "long: 200 kills"]
fn both_outputs_survive_a_hundred_kills_at_random_moments() {
    kill("launchdarkly.db", sqlite_generation, 10, 10);
    kill("parquet:lake", lake_generation, 10, 10);
}

/// The data that a reader sees: its generation. Flags, configurations and statuses must be
/// consistent.
fn look(path: &Path) -> usize {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    database.busy_timeout(Duration::from_secs(5)).unwrap();
    database.execute_batch("BEGIN").unwrap();
    let names = rows(&database, "SELECT name FROM projects UNION SELECT name FROM flags");
    let runs = "SELECT count(*) FROM extractions";
    let runs: i64 = database.query_row(runs, [], |row| row.get(0)).unwrap();
    let strays =
        "SELECT (SELECT count(*) FROM flag_statuses) - (SELECT count(*) FROM flag_environments)";
    let strays: i64 = database.query_row(strays, [], |row| row.get(0)).unwrap();
    assert_eq!(strays, 0, "each configuration has a status");
    let generation = number(&names);
    assert_eq!(
        runs,
        i64::try_from(generation).unwrap(),
        "the record of the run agrees with its data"
    );
    generation
}

#[test]
fn readers_see_only_whole_extractions_during_publishing() {
    let run = account();
    let path = run.path("launchdarkly.db");
    renew(&run.server, 1);
    run.extract(&[]);
    let (done, generations) = (AtomicBool::new(false), 8);
    std::thread::scope(|scope| {
        let read = || {
            let mut seen = vec![look(&path)];
            while !done.load(Ordering::Relaxed) {
                seen.push(look(&path));
            }
            seen
        };
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        for generation in 2..=generations {
            renew(&run.server, generation);
            run.extract(&["--quiet"]);
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            let seen = reader.join().unwrap();
            assert!(seen.is_sorted(), "no reader sees older data again");
            assert!(
                seen.len() > generations,
                "{} reads are too few to see each generation",
                seen.len()
            );
        }
    });
    assert_eq!(look(&path), generations);
}

#[test]
fn readers_of_a_lake_see_only_whole_extractions() {
    let size = Size { projects: 2, environments: 2, flags: 8, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    let output = ["--quiet", "--output", "parquet:lake"];
    renew(&run.server, 1);
    run.extract(&output);
    let (done, path) = (AtomicBool::new(false), run.path("lake"));
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = vec![newest_generation(&path)];
            while !done.load(Ordering::Relaxed) {
                seen.push(newest_generation(&path));
            }
            seen
        });
        for generation in 2..=3 {
            renew(&run.server, generation);
            run.extract(&output);
        }
        done.store(true, Ordering::Relaxed);
        let seen = reader.join().unwrap();
        assert!(seen.is_sorted() && seen.len() > 3, "{seen:?}");
    });
    assert_eq!(newest_generation(&path), 3);
}
