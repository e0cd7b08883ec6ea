//! Memory and bytes written, as the account grows.

use fake_launchdarkly::generated::Size;

use crate::Result;
use crate::account::Served;
use crate::end_to_end::MOST;
use crate::report::{Target, mebibytes, targets};

/// Measures accounts of 20,000 and 200,000 flag-environments; `large` adds a million. `part` is the
/// share of each account to generate.
pub fn run(part: usize, large: bool) -> Result {
    println!("\nAs the number of flag-environments grows:");
    let sizes = [(20_000, 10, 500), (200_000, 40, 1250), (1_000_000, 100, 2500)];
    let sizes = sizes.into_iter().take(if large { 3 } else { 2 });
    let figures = sizes.map(|(count, projects, flags)| {
        let empty = Size { archived: 0, deprecated: 0, tags: 200, ..Size::default() };
        figures(count / part, Size { projects, flags: flags / part, ..empty })
    });
    targets(figures.collect::<Result<Vec<_>>>()?.into_iter().flatten());
    Ok(())
}

fn figures(count: usize, size: Size) -> Result<[Target; 3]> {
    let account = Served::new(size)?;
    let sqlite = account.extracted("sqlite", "core")?;
    let parquet = account.extracted("parquet", "core")?;
    // What a run to Parquet writes, apart from its output, is the stage.
    let stage = parquet.usage.written.saturating_sub(parquet.output);
    let peak = |kind, peak| Target {
        name: format!("{count}: peak memory, {kind}"),
        measured: mebibytes(peak),
        against: mebibytes(MOST),
        ratio: peak as f64 / MOST as f64,
        most: Some(1.0),
    };
    Ok([
        Target {
            name: format!("{count}: bytes written to the stage"),
            measured: mebibytes(stage),
            against: format!("database {}", mebibytes(sqlite.output)),
            ratio: stage as f64 / sqlite.output as f64,
            most: Some(3.0),
        },
        peak("SQLite", sqlite.usage.peak),
        peak("Parquet", parquet.usage.peak),
    ])
}
