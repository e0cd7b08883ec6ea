//! The arguments of `flaglake sync segment`.

use clap::Args;
use clap::builder::EnumValueParser;

use super::common::{CommonArguments, SyncConnection};
use super::environment::EnvironmentArguments;
use crate::cli::values::key;
use crate::launchdarkly::writes::segments::SegmentPlace;
use crate::model::privacy::Mode;
use crate::sync::segments::{SegmentKind, SegmentMode, SegmentOptions, check_instance};
use crate::terminal::values::Trimmed;
use crate::{Error, Result};

/// `flaglake sync segment`
#[derive(Args, Clone, Debug)]
pub struct SegmentArguments {
    /// Which account
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The options that all syncs share
    #[command(flatten)]
    pub common: CommonArguments,
    /// Which environment
    #[command(flatten)]
    pub environment: EnvironmentArguments,
    /// The segment's key. A segment that does not exist is created
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub segment: String,
    /// The name of a segment that is created. Default: its key
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The context kind of the members
    #[arg(long, value_name = "KIND", default_value = "user", value_parser = key())]
    pub context_kind: String,
    /// The kind of the segment; it cannot change later
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<SegmentKind>::new()), default_value_t)]
    pub kind: SegmentKind,
    /// Whether the members mirror the rows, or rows are only added or removed
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<SegmentMode>::new()), default_value_t)]
    pub mode: SegmentMode,
    /// Also remove members that no run of this sync has added
    #[arg(long)]
    pub exclusive: bool,
    /// The key of an integration of your own, for `--kind synced`
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub integration_key: Option<String>,
}

impl SegmentArguments {
    /// The options of the object, for an environment.
    ///
    /// # Errors
    /// `usage` when they contradict each other.
    pub fn segment(&self, project: String, environment: String) -> Result<SegmentOptions> {
        self.check()?;
        Ok(SegmentOptions {
            place: SegmentPlace { project, environment, segment: self.segment.clone() },
            name: self.name.clone(),
            context_kind: self.context_kind.clone(),
            kind: self.kind,
            mode: self.mode,
            exclusive: self.exclusive,
            integration: self.integration_key.clone(),
        })
    }

    fn check(&self) -> Result<()> {
        let is_mirror = self.mode == SegmentMode::Mirror;
        if self.exclusive && !is_mirror {
            return Err(Error::usage("`--exclusive` is for `--mode mirror`"));
        }
        if is_mirror && self.common.limit.is_some() {
            return Err(Error::usage("`--limit` cannot be combined with `--mode mirror`")
                .hint("rows that are not read would be removed; use `--mode add`"));
        }
        if is_mirror && self.common.from.is_standard_input() && self.common.expect_rows.is_none() {
            return Err(Error::usage(
                "`--mode mirror` from standard input needs `--expect-rows N`",
            )
            .hint("a program that stops early looks like a short list"));
        }
        if self.kind != SegmentKind::Standard && self.common.personal_data == Mode::Hash {
            return Err(Error::usage("`--personal-data hash` is for standard segments").hint(
                "the members of others cannot be listed, so their keys are needed to remove them",
            ));
        }
        if self.kind == SegmentKind::Synced {
            check_instance(self.connection.connection.instance)?;
        }
        Ok(())
    }
}
