//! The stages one by one: the least of several runs each.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flaglake::destinations::Account;
use flaglake::destinations::address::Address;
use flaglake::destinations::contract::Verified;
use flaglake::guard::Guard;
use flaglake::launchdarkly::json_stream::page::PageReader;
use flaglake::model::resource::Resource;
use flaglake::model::scope::Scope;
use flaglake::model::table::TableInfo;
use flaglake::record::{self, Record, RunRow};
use flaglake::resources::flag_statuses::FlagStatuses;
use flaglake::resources::flags::Flags;
use flaglake::stage::{Checkpoint, Stage, Staged};
use flaglake::system::interrupt::Interrupt;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::Result;
use crate::account::{Answer, bytes};
use crate::measure::least;
use crate::report::{Speed, speeds};

const RUNS: usize = 5;

/// Items of one page, with where they come from.
type Page<R> = (Scope, Vec<<R as Resource>::Item>);

/// Decoded pages of both kinds, shared by all runs.
struct Pages {
    flags: Vec<Page<Flags>>,
    statuses: Vec<Page<FlagStatuses>>,
    bytes: usize,
}

pub fn run(answers: &[Answer]) -> Result {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = TempDir::new()?;
    let of = |family: &str| answers.iter().filter(|answer| answer.route()[0] == family).collect();
    let (flags, statuses): (Vec<_>, Vec<_>) = (of("flags"), of("flag-statuses"));
    let decoded = [decoding::<Flags>("decode flags", &flags)?];
    let decoded =
        decoded.into_iter().chain([decoding::<FlagStatuses>("decode statuses", &statuses)?]);
    let pages = Arc::new(Pages {
        flags: decode::<Flags>(&flags)?,
        statuses: decode::<FlagStatuses>(&statuses)?,
        bytes: bytes(flags) + bytes(statuses),
    });
    let bench = Bench { runtime, folder, pages };
    let staged = bench.stage()?;
    let written = [bench.staging()?, bench.publishing("sqlite", &staged)?];
    let written = written.into_iter().chain([bench.publishing("parquet", &staged)?]);
    speeds(decoded.chain(written));
    Ok(())
}

fn decoding<R: Resource>(name: &'static str, answers: &[&Answer]) -> Result<Speed> {
    let rows = decode::<R>(answers)?.iter().map(|(_, items)| items.len()).sum();
    let time = least(RUNS, || {
        let started = Instant::now();
        decode::<R>(answers)?;
        Ok(started.elapsed())
    })?;
    Ok(Speed { name, unit: "items", rows, bytes: bytes(answers.iter().copied()), time })
}

fn decode<R: Resource>(answers: &[&Answer]) -> Result<Vec<Page<R>>> {
    answers.iter().map(|answer| Ok((answer.scope(), items::<R>(&answer.body)?))).collect()
}

/// Feeds the bytes in pieces, like a network connection.
fn items<R: Resource>(body: &[u8]) -> Result<Vec<R::Item>> {
    let mut reader = PageReader::<R::Item>::new();
    let mut items = Vec::new();
    for piece in body.chunks(16 * 1024) {
        items.extend(reader.push(piece).map_err(|defect| defect.reason)?);
    }
    items.extend(reader.finish().map_err(|defect| defect.reason)?.items);
    Ok(items)
}

struct Bench {
    runtime: Runtime,
    folder: TempDir,
    pages: Arc<Pages>,
}

impl Bench {
    fn staging(&self) -> Result<Speed> {
        let mut rows = 0;
        let time = least(RUNS, || {
            let started = Instant::now();
            let staged = self.stage()?;
            let elapsed = started.elapsed();
            rows = count(&staged)?;
            drop(staged);
            Ok(elapsed)
        })?;
        Ok(Speed { name: "stage", unit: "rows", rows, bytes: self.pages.bytes, time })
    }

    fn stage(&self) -> Result<Staged> {
        let path = TempDir::new_in(self.folder.path())?.keep().join("stage");
        let stage = Stage::open(&path, tables(), &Checkpoint::none())?;
        let pages = Arc::clone(&self.pages);
        self.runtime.block_on(stage.jobs().submit(move |writer| {
            for (scope, items) in &pages.flags {
                items.iter().try_for_each(|item| Flags::write(scope, item, writer))?;
            }
            for (scope, items) in &pages.statuses {
                items.iter().try_for_each(|item| FlagStatuses::write(scope, item, writer))?;
            }
            Ok(())
        }))?;
        Ok(self.runtime.block_on(stage.finish())?)
    }

    fn publishing(&self, kind: &'static str, staged: &Staged) -> Result<Speed> {
        let mut size = 0;
        let time = least(RUNS, || {
            let folder = TempDir::new_in(self.folder.path())?;
            let time =
                self.publish(&format!("{kind}:{}/out.db", folder.path().display()), staged)?;
            size = usize::try_from(size_of_folder(folder.path())?)?;
            Ok(time)
        })?;
        let name = if kind == "sqlite" { "publish to SQLite" } else { "publish to Parquet" };
        Ok(Speed { name, unit: "rows", rows: count(staged)?, bytes: size, time })
    }

    fn publish(&self, output: &str, staged: &Staged) -> Result<Duration> {
        let destination: Address = output.parse()?;
        let record = Record::new(false);
        let started = Instant::now();
        let mut publisher = destination.open(Duration::ZERO, &Interrupt::default())?;
        let account =
            Account { id: Some("benchmark"), base_url: "http://localhost", token_id: None };
        self.runtime.block_on(publisher.check_account(&account, false))?;
        let mut extraction = RunRow::default();
        let (guard, interrupt) = (&Guard::default(), &Interrupt::default());
        let run = Verified { staged, record: &record, guard, interrupt };
        self.runtime.block_on(publisher.publish(run, &mut extraction))?;
        Ok(started.elapsed())
    }
}

fn tables() -> Vec<TableInfo> {
    let flags = [Flags::TABLES, FlagStatuses::TABLES].concat();
    flags.iter().map(|table| table()).chain(record::tables()).collect()
}

fn count(staged: &Staged) -> Result<usize> {
    let count = |table: &TableInfo| {
        let sql = format!("SELECT count(*) FROM {}", table.name);
        Ok(usize::try_from(staged.connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?)?)
    };
    staged.tables.iter().map(count).sum()
}

fn size_of_folder(folder: &Path) -> Result<u64> {
    let paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let size = |path: PathBuf| {
        if path.is_dir() { size_of_folder(&path) } else { Ok(path.metadata()?.len()) }
    };
    paths.into_iter().map(size).sum()
}
