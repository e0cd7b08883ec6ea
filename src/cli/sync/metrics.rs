//! The arguments of `flaglake sync metrics`.

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use super::common::{CommonArguments, SyncConnection};
use crate::cli::values::key;
use crate::sync::metrics::{MetricMode, MetricOptions};
use crate::terminal::values::{List, Trimmed};

/// `flaglake sync metrics`
#[derive(Args, Clone, Debug)]
pub struct MetricsArguments {
    /// Which account
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The options that all syncs share
    #[command(flatten)]
    pub common: CommonArguments,
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// Which metrics are written
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<MetricMode>::new()), default_value_t)]
    pub mode: MetricMode,
    /// Also change metrics that a running experiment or rollout uses
    #[arg(long)]
    pub allow_in_use: bool,
    /// What NULL does to a field: `keep` leaves it alone, `clear` empties it
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Nulls>::new()), default_value_t)]
    pub nulls: Nulls,
    /// Fields that are left alone once the metric exists, such as name,description
    #[arg(long, value_name = "FIELDS", value_parser = |text: &str| List::parse(text, parse_name))]
    pub only_on_create: Vec<List<String>>,
}

/// What NULL does to a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Nulls {
    /// It leaves the field alone
    #[default]
    Keep,
    /// It empties the field
    Clear,
}

fn parse_name(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

impl MetricsArguments {
    /// The options of the object.
    pub fn metrics(&self) -> MetricOptions {
        MetricOptions {
            project: self.project.clone(),
            mode: self.mode,
            allow_in_use: self.allow_in_use,
            clears_nulls: self.nulls == Nulls::Clear,
            only_on_create: self.only_on_create.iter().flat_map(|list| list.0.clone()).collect(),
        }
    }
}
