//! A run that is read once and published many times: a destination that hands it to a test.

use std::fmt::{self, Debug, Display, Formatter};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;
use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::generated::NOW_MS;
use fake_launchdarkly::{Behaviour, Server, company};
use flaglake::Result;
use flaglake::cli::{Cli, Command};
use flaglake::commands::extract;
use flaglake::commands::progress::Progress;
use flaglake::destinations::address::Address;
use flaglake::destinations::contract::{Answer, Capabilities, Destination, Known, Place, Verified};
use flaglake::destinations::parquet::bucket::Bucket;
use flaglake::destinations::{Account, Degraded, Retention, Rows, delta};
use flaglake::record::{Record, RunRow};
use flaglake::system::interrupt::Interrupt;
use object_store::ObjectStore;
use rusqlite::Connection;
use tempfile::TempDir;

/// The account's ID in these lakes.
pub const ACCOUNT: &str = "5a1d";

/// A test of what is done with a run.
pub type Test = for<'t> fn(&'t Captured<'t>) -> Answer<'t, ()>;

/// A run that is read and verified.
pub struct Captured<'c> {
    run: Verified<'c>,
    extraction: &'c RunRow,
}

impl Captured<'_> {
    /// Publishes the run to a bucket as an extraction of `account`. Returns its ID.
    pub async fn publish(
        &self,
        objects: Arc<dyn ObjectStore>,
        account: &str,
        retention: Retention,
    ) -> Result<String> {
        reset(&self.run.staged.connection);
        let account_id = Some(account.to_owned());
        let mut extraction = RunRow { account_id, ..self.extraction.clone() };
        let mut opened = opened(objects, account).await?;
        opened.forget(retention);
        opened.publish(self.run, &mut extraction).await?;
        Ok(extraction.extraction_id)
    }
}

/// Removes what an earlier publication of the stage has left on its connection, which a process uses
/// for one.
fn reset(stage: &Connection) {
    if !stage.is_autocommit() {
        stage.execute_batch("ROLLBACK").unwrap();
    }
    let sql = "SELECT 'DROP ' || type || ' temp.' || name FROM temp.sqlite_master
               WHERE type IN ('view', 'table') ORDER BY type DESC";
    let mut statement = stage.prepare(sql).unwrap();
    let drops = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let drops: Vec<_> = drops.map(|drop| drop.unwrap()).collect();
    stage.execute_batch(&drops.join(";")).unwrap();
}

/// Opens a lake for an account, as a run does before it reads anything.
pub async fn opened(objects: Arc<dyn ObjectStore>, account: &str) -> Result<Box<dyn Destination>> {
    let address = delta::in_bucket(Bucket::of(objects, "memory"));
    let mut opened = address.open(Duration::ZERO, &Interrupt::default())?;
    opened.check_layout().await?;
    let base_url = "https://app.launchdarkly.com";
    opened.check_account(&Account { id: Some(account), base_url, token_id: None }, false).await?;
    Ok(opened)
}

/// Reads the demo account, and gives the run to `test`.
#[track_caller]
pub fn with_run(test: Test) {
    let server = Server::spawn(company::account(NOW_MS), Behaviour::default()).unwrap();
    let folder = TempDir::new().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, DEMO_TOKEN).unwrap();
    let (token, uri) = (token.display().to_string(), server.base_uri());
    let arguments = ["flaglake", "extract", "--project", "storefront", "--resources"];
    let resources = [
        "projects,environments,teams,audit_log",
        "--base-uri",
        &uri,
        "--access-token-file",
        &token,
    ];
    let parsed = Cli::try_parse_from(arguments.into_iter().chain(resources)).unwrap();
    let Command::Extract(mut arguments) = parsed.command else { panic!("not `extract`") };
    let has_ended = Arc::new(Mutex::new(false));
    let place = Capture { folder: folder.path().to_owned(), test, has_ended: has_ended.clone() };
    arguments.output = vec![Address::new(place)];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcome = runtime.block_on(extract::run(&extract::jobs(*arguments), &Progress::Quiet));
    assert!(*has_ended.lock().unwrap(), "the test has failed: {outcome:?}");
    outcome.unwrap();
}

#[derive(Clone)]
struct Capture {
    folder: PathBuf,
    test: Test,
    has_ended: Arc<Mutex<bool>>,
}

impl Debug for Capture {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Capture")
    }
}

impl Display for Capture {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("captured")
    }
}

impl Place for Capture {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "captured",
            keeps_history: false,
            keeps_extractions: false,
            has_views: false,
        }
    }

    fn beside(&self, what: &str) -> PathBuf {
        self.folder.join(what)
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }

    fn open(&self, _: Duration, _: &Interrupt) -> Result<Box<dyn Destination>> {
        Ok(Box::new(self.clone()))
    }
}

impl Destination for Capture {
    fn forget(&mut self, _: Retention) {}

    fn check_layout(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn check_account<'a>(&'a mut self, _: &'a Account<'a>, _: bool) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn holds_extractions(&self) -> bool {
        false
    }

    fn has(&self, _: &str) -> Result<bool> {
        Ok(false)
    }

    fn inspect<'a>(&'a self, _: Option<&'a str>, _: Duration) -> Answer<'a, Known> {
        Box::pin(async { Ok(Known::default()) })
    }

    fn degraded<'a>(&'a self, _: &'a Record, _: Option<&'a str>) -> Answer<'a, Vec<Degraded>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn publish<'a>(&'a self, run: Verified<'a>, extraction: &'a mut RunRow) -> Answer<'a, Rows> {
        Box::pin(async move {
            (self.test)(&Captured { run, extraction }).await?;
            *self.has_ended.lock().unwrap() = true;
            Ok(Rows::new())
        })
    }
}
