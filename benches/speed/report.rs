//! Prints the results.

use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::Result;

/// The speed of one stage.
pub struct Speed {
    pub name: &'static str,
    /// The unit of its rows.
    pub unit: &'static str,
    pub rows: usize,
    pub bytes: usize,
    pub time: Duration,
}

/// A figure, its baseline and its limit.
pub struct Target {
    pub name: String,
    pub measured: String,
    pub against: String,
    pub ratio: f64,
    pub most: Option<f64>,
}

/// Prints a description of the machine.
pub fn machine() -> Result {
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let model = field(&processors, "model name").unwrap_or("unknown processor");
    let memory = field(&memory, "MemTotal").and_then(|text| text.strip_suffix(" kB"));
    let memory: u64 = memory.map_or(Ok(0), str::parse)?;
    let cores = std::thread::available_parallelism()?;
    println!("Machine: {cores} cores of {model}, {} of memory\n", mebibytes(memory * 1024));
    Ok(())
}

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// Prints the size of the account.
pub fn size(requests: usize, bytes: usize, rows: u64) {
    println!("\n{requests} requests, {:.1} MB of JSON, {rows} rows\n", bytes as f64 / 1e6);
}

pub fn speeds(speeds: impl IntoIterator<Item = Speed>) {
    let rows = speeds.into_iter().map(|speed| {
        let seconds = speed.time.as_secs_f64();
        let nanoseconds = format!("{:.0}", seconds * 1e9 / speed.rows as f64);
        let megabytes = format!("{:.0}", speed.bytes as f64 / 1e6 / seconds);
        let count = format!("{} {}", speed.rows, speed.unit);
        vec![speed.name.to_owned(), count, self::seconds(speed.time), nanoseconds, megabytes]
    });
    print(&["stage", "of", "time", "ns each", "MB/s"], rows);
}

pub fn targets(targets: impl IntoIterator<Item = Target>) {
    let rows = targets.into_iter().map(|target| {
        let most = target.most.map_or("-".to_owned(), |most| format!("≤ {most}"));
        let met =
            target.most.map_or("", |most| if target.ratio <= most { "met" } else { "missed" });
        let ratio = format!("{:.2}", target.ratio);
        vec![target.name, target.measured, target.against, ratio, most, met.to_owned()]
    });
    print(&["figure", "measured", "against", "ratio", "target", ""], rows);
}

fn print(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header.to_vec());
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{table}");
}

pub fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

pub fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
}
