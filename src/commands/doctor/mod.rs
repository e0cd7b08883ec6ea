//! `flaglake doctor`: one page about everything that a run needs. It goes on after a problem, and
//! writes nothing.

mod account;
mod finding;
mod network;
mod output;
mod runs;
mod settings;

use std::collections::BTreeSet;
use std::env::consts::{ARCH, OS};

use serde_json::json;

use self::finding::{Finding, Level};
use super::extract::check_distinct;
use super::schema::print;
use crate::cli::{DoctorArguments, Format};
use crate::system::interrupt::{Interrupt, Work};
use crate::terminal::width;
use crate::{Result, catalog};

/// Looks at everything, and prints it.
///
/// # Errors
/// The first problem.
pub async fn run(arguments: &DoctorArguments) -> Result<()> {
    check_distinct(&arguments.output)?;
    let interrupt = Interrupt::listen_during(Work::Reading);
    let looking = async { Ok(look(arguments, &interrupt).await) };
    let findings = interrupt.or(looking).await?;
    print(&match arguments.format {
        Format::Text => text(&findings),
        Format::Json => {
            let all: Vec<_> = findings.iter().map(Finding::to_json).collect();
            format!("{:#}\n", json!(all))
        }
    })?;
    findings.into_iter().find_map(|finding| finding.error).map_or(Ok(()), Err)
}

async fn look(arguments: &DoctorArguments, interrupt: &Interrupt) -> Vec<Finding> {
    let mut findings = vec![program()];
    findings.extend(settings::look());
    findings.extend(network::look(&arguments.connection).await);
    findings.extend(account::look(arguments).await);
    for output in &arguments.output {
        match arguments.password.of(output) {
            Ok(output) => {
                let about = |found: Vec<Finding>| found.into_iter().map(|one| one.of(&output));
                findings.extend(about(output::look(&output)));
                add_disks(&mut findings, output::disks(&output));
                findings.extend(about(runs::look(&output, interrupt).await));
            }
            Err(error) => findings.push(Finding::problem("output", error).of(output)),
        }
    }
    findings
}

/// Adds disks, without those that were found before: outputs often are on one.
fn add_disks(findings: &mut Vec<Finding>, disks: Vec<Finding>) {
    for disk in disks {
        if !findings.iter().any(|known| known.says(&disk)) {
            findings.push(disk);
        }
    }
}

fn program() -> Finding {
    let cloud = if cfg!(feature = "cloud") { "with" } else { "without" };
    let version = env!("CARGO_PKG_VERSION");
    let schema = catalog::SCHEMA_VERSION;
    let text =
        format!("flaglake {version} on {OS} {ARCH}, schema version {schema}, {cloud} buckets");
    Finding::ok("program", text)
}

/// A line for each finding, and how many there are of each level.
fn text(findings: &[Finding]) -> String {
    let width = width::columns();
    let outputs: BTreeSet<_> = findings.iter().filter_map(Finding::output).collect();
    let is_several = outputs.len() > 1;
    let lines: String = findings.iter().map(|one| one.to_text(width, is_several)).collect();
    let count = |level: Level| findings.iter().filter(|one| one.level == level).count();
    let (problems, warnings) = (count(Level::Problem), count(Level::Warning));
    format!("{lines}\nproblems: {problems}, warnings: {warnings}\n")
}
