//! Files and folders: existing objects that an output path may have, and the permissions of
//! outputs.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use flaglake::system::lock::Lock;

use crate::outputs::company;

#[test]
fn a_file_that_is_not_flaglakes_is_refused_and_untouched() {
    let run = company();
    let foreign = rusqlite::Connection::open(run.path("other.db")).unwrap();
    foreign.execute_batch("CREATE TABLE flags (mine); INSERT INTO flags VALUES (1)").unwrap();
    drop(foreign);
    fs::write(
        run.path("letter.db"),
        "Dear reader, this is no database. It is a letter, and a long one.",
    )
    .unwrap();
    fs::create_dir(run.path("folder.db")).unwrap();
    for name in ["other.db", "letter.db", "folder.db"] {
        let before = fs::read(run.path(name)).ok();
        let error = run
            .run(&["extract", "--output", name, "--error-format", "json"])
            .failed(8, "output_failed");
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
        assert_eq!(fs::read(run.path(name)).ok(), before);
    }
    assert!(run.server.requests().is_empty(), "the output is checked first");
}

#[test]
fn a_link_stays_and_leads_to_the_output() {
    let run = company();
    fs::create_dir(run.path("real")).unwrap();
    std::os::unix::fs::symlink("real/x.db", run.path("launchdarkly.db")).unwrap();
    for _ in 0..2 {
        run.extract(&[]);
        assert!(fs::symlink_metadata(run.path("launchdarkly.db")).unwrap().is_symlink());
        assert!(fs::metadata(run.path("real/x.db")).unwrap().len() > 0);
    }
    let _lock = Lock::take(&run.path("real/.x.db.lock")).unwrap();
    run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
}

#[test]
fn what_is_no_regular_file_is_refused_and_stays() {
    let run = company();
    let socket = std::os::unix::net::UnixListener::bind(run.path("launchdarkly.db")).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("regular file"), "{error}");
    assert!(run.path("launchdarkly.db").exists() && !run.path("launchdarkly.db").is_file());
    assert!(run.server.requests().is_empty());
    drop(socket);
}

#[test]
fn an_empty_file_is_as_good_as_none() {
    let run = company();
    fs::write(run.path("launchdarkly.db"), "").unwrap();
    run.extract(&[]);
    assert!(run.value::<i64>("SELECT count(*) FROM flags") > 0);
}

#[test]
fn a_folder_that_does_not_exist_is_output_failed() {
    let run = company();
    run.run(&["extract", "-o", "sqlite:nowhere/x.db", "--error-format", "json"])
        .failed(8, "output_failed");
}

#[test]
fn a_second_run_on_one_output_is_told_so() {
    let run = company();
    let lock = Lock::take(&run.path(".launchdarkly.db.lock")).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    let holder = format!("process {}", std::process::id());
    assert!(error["message"].as_str().unwrap().contains(&holder), "{error}");
    drop(lock);
    run.extract(&[]);
}

#[test]
fn the_remains_of_a_dead_run_do_no_harm() {
    let run = company();
    fs::write(run.path(".launchdarkly.db.stage"), "half a stage").unwrap();
    fs::write(run.path(".launchdarkly.db.lock"), "process 1").unwrap();
    run.extract(&[]);
    assert_eq!(fs::read_dir(run.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_reader_keeps_its_data_while_new_data_is_published() {
    let run = company();
    run.extract(&[]);
    let reader = run.database();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let before = count("SELECT count(*) FROM flags");
    run.server.change(|account| account.projects.iter_mut().for_each(|one| one.flags.clear()));
    run.extract(&["--max-removals", "100%"]);
    assert_eq!(count("SELECT count(*) FROM flags"), before);
    assert_eq!(
        count("SELECT count(*) FROM flag_statuses JOIN flags USING (project_key, flag_key)"),
        count("SELECT count(*) FROM flag_statuses")
    );
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(count("SELECT count(*) FROM flags"), 0);
}

#[test]
fn files_are_for_their_owner_only() {
    let run = company();
    run.extract(&[]);
    run.extract(&["--output", "parquet:lake"]);
    let mut folders = vec![run.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}", entry.path().display());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
}

#[test]
fn times_and_booleans_are_declared_as_such() {
    let run = company();
    run.extract(&[]);
    let sql = "SELECT group_concat(DISTINCT type) FROM pragma_table_info('flags') WHERE name IN ('created_at', 'archived_at')";
    assert_eq!(run.value::<String>(sql), "TIMESTAMP");
    let sql = "SELECT type FROM pragma_table_info('flags') WHERE name = 'temporary'";
    assert_eq!(run.value::<String>(sql), "BOOLEAN");
    let sql = "SELECT count(*) FROM flags WHERE datetime(created_at) IS NULL";
    assert_eq!(run.value::<i64>(sql), 0);
}
