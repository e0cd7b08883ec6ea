//! Writes the rows of a flag's configuration in one environment.

use super::served::targeting_variations;
use super::{
    EnvironmentTable, FlagConfig, PrerequisiteRow, PrerequisiteTable, RolloutRow, RolloutTable,
    Row, RuleTable, TargetRow, TargetTable, TargetValueRow, TargetValueTable,
};
use crate::Error;
use crate::resources::prelude::*;

/// Writes a flag's configuration in one environment.
///
/// # Errors
/// When the sink refuses a row, or the configuration came without its details.
pub(in crate::resources) fn write_environment(
    project_key: &str,
    flag_key: &str,
    environment_key: &str,
    config: &FlagConfig,
    sink: &mut dyn Sink,
) -> Result<()> {
    config.check(flag_key, environment_key)?;
    let targets = config.target_counts();
    let served = targeting_variations(config, &targets);
    let row = Row {
        project_key,
        flag_key,
        environment_key,
        config,
        targets: &targets,
        targeting_variations: served.as_deref(),
    };
    match write_row::<EnvironmentTable>(sink, &row)? {
        Written::Kept | Written::Outdated => Ok(()),
        Written::Fresh => write_parts(row, sink),
    }
}

fn write_parts(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    let config = row.config;
    write_rows::<RuleTable>(sink, parts(row, config.rules.iter().flatten()))?;
    for (index, rollout) in config.rollouts() {
        let shares = rollout.shares();
        let rows = shares.iter().map(|(variation, share)| RolloutRow {
            row,
            index,
            rollout,
            variation: *variation,
            share,
        });
        write_rows::<RolloutTable>(sink, rows)?;
    }
    let targets = row.targets.iter();
    let targets = targets.map(|((kind, variation), count)| TargetRow {
        row,
        kind,
        variation: *variation,
        count: *count,
    });
    write_rows::<TargetTable>(sink, targets)?;
    if sink.wants(TargetValueTable::NAME) {
        write_target_values(row, sink)?;
    }
    let prerequisites = config.prerequisites.iter().flatten();
    let prerequisites = prerequisites.map(|prerequisite| PrerequisiteRow { row, prerequisite });
    write_rows::<PrerequisiteTable>(sink, prerequisites)
}

fn write_target_values(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    for target in row.config.all_targets() {
        let path = || format!("{}.environments.{}.targets", row.flag_key, row.environment_key);
        let values = target.values().ok_or_else(|| {
            Error::unexpected("flags", &path(), "a target's values are not strings")
        })?;
        let rows = values.iter().map(|value| TargetValueRow { row, target, value });
        write_rows::<TargetValueTable>(sink, rows)?;
    }
    Ok(())
}
