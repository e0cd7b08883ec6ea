//! `sync segment`: rows become the members of a segment.

mod big;
mod import;
mod members;
mod ownership;
mod plan;
mod refusals;
mod replace;
mod send;
mod standard;
mod synced;

pub use self::synced::check_instance;
use serde_json::{Value, json};

use super::context::{Context, Run};
use super::fields::{Field, Row};
use super::guards::guarded;
use super::object::{Encoded, SyncObject};
use super::places::{self, Checked};
use super::reason::Rejection;
use crate::launchdarkly::writes::imports::ImportMode;
use crate::launchdarkly::writes::places::EnvironmentRules;
use crate::launchdarkly::writes::segments::{Segment, SegmentPlace};
use crate::model::privacy::Mode;
use crate::{Error, Result};

/// The kind of a segment. It cannot change later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SegmentKind {
    /// Up to 15,000 members, which every SDK receives
    #[default]
    Standard,
    /// Any number of members, of one context kind
    Big,
    /// A cohort of an integration of your own
    Synced,
}

/// How the rows change the members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SegmentMode {
    /// Rows are added; members that earlier runs have added and that have left the source are
    /// removed
    #[default]
    Mirror,
    /// Rows are added
    Add,
    /// Rows are removed
    Remove,
}

/// The options of `sync segment`.
#[derive(Clone, Debug)]
pub struct SegmentOptions {
    /// The segment.
    pub place: SegmentPlace,
    /// The name of a segment that is created; without one, its key.
    pub name: Option<String>,
    /// The context kind of the members.
    pub context_kind: String,
    /// The kind of the segment.
    pub kind: SegmentKind,
    /// How the rows change the members.
    pub mode: SegmentMode,
    /// Whether members that no run has added are removed as well.
    pub exclusive: bool,
    /// The key of an integration, for synced segments.
    pub integration: Option<String>,
}

/// The members of one segment.
#[derive(Debug)]
pub struct Members {
    options: SegmentOptions,
    /// The segment, as it was before the run; `None` if there is none, or it may not be read.
    before: Option<Segment>,
    /// Whether the token may read the segment.
    is_readable: bool,
    /// The environment's client-side ID.
    environment_id: Option<String>,
    /// Whether the segment was missing, and someone else has created it since.
    created_by_others: bool,
    /// How the segment is filled by an import, as the plan says; `None` where keys are sent.
    import: Option<ImportMode>,
}

const FIELDS: [Field; 1] =
    [Field { name: "context_key", doc: "The key of the context: the row key.", required: true }];

impl Members {
    /// The members of a segment.
    ///
    /// # Errors
    /// `usage` if the options contradict each other.
    pub fn new(options: SegmentOptions) -> Result<Self> {
        let is_synced = options.kind == SegmentKind::Synced;
        if is_synced && options.integration.is_none() {
            return Err(Error::usage("a synced segment needs `--integration-key`").hint(
                "it is for those who have an integration of their own; `--kind big` is for all \
                 others",
            ));
        }
        if !is_synced && options.integration.is_some() {
            return Err(Error::usage("`--integration-key` is for `--kind synced`"));
        }
        if is_synced && options.exclusive {
            return Err(Error::usage("`--exclusive` is not for synced segments")
                .hint("their members cannot be read"));
        }
        Ok(Members {
            options,
            before: None,
            is_readable: true,
            environment_id: None,
            created_by_others: false,
            import: None,
        })
    }

    /// Refuses what only the list of members makes possible.
    fn check_readable(&self, context: &Context<'_>) -> Result<()> {
        if self.is_listed() {
            return Ok(());
        }
        let is_standard = self.options.kind == SegmentKind::Standard;
        if context.options.privacy.mode() != Mode::Keep {
            return Err(guarded(
                "the members of this segment cannot be listed, so `--personal-data hash` could not \
                 remove any",
                "use a token that may read the segment (`viewProject`), or keep the keys",
            ));
        }
        if self.options.exclusive && is_standard {
            return Err(guarded(
                "`--exclusive` needs the list of members, which the token may not read",
                "use a token that may read the segment (`viewProject`)",
            ));
        }
        Ok(())
    }

    /// Checks the environment and the context kind.
    async fn check_place(&mut self, context: &Context<'_>) -> Result<()> {
        let SegmentPlace { project, environment, .. } = &self.options.place;
        let rules = places::environment(context.client, project, environment).await?;
        if let Checked::Known(rules) = rules {
            check_comment(context, &rules)?;
            if rules.requires_segment_approval() {
                tracing::warn!(
                    "LaunchDarkly requires approvals for segments in `{project}/{environment}`: \
                     the changes are probably refused."
                );
            }
            self.environment_id = rules.id;
        }
        if let Checked::Known(kinds) = places::context_kinds(context.client, project).await? {
            places::check_kind(&self.options.context_kind, &kinds)?;
        }
        Ok(())
    }
}

/// The word of an option for one of its values.
fn name(value: impl clap::ValueEnum) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

fn check_comment(context: &Context<'_>, rules: &EnvironmentRules) -> Result<()> {
    if !rules.require_comments || context.options.comment.is_some() {
        return Ok(());
    }
    Err(guarded(
        format!("the environment `{}` requires a comment for each change", rules.key),
        "add `--comment TEXT`",
    ))
}

impl SyncObject for Members {
    fn name(&self) -> &'static str {
        "segment"
    }

    fn target(&self) -> String {
        let SegmentPlace { project, environment, segment } = &self.options.place;
        format!("{project}/{environment}/{segment}")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn is_mirror(&self) -> bool {
        self.options.mode == SegmentMode::Mirror
    }

    fn context_kind(&self) -> Option<&str> {
        Some(&self.options.context_kind)
    }

    fn settings(&self) -> Value {
        let options = &self.options;
        json!({
            "kind": name(options.kind),
            "mode": name(options.mode),
            "context_kind": options.context_kind,
            "exclusive": options.exclusive,
            "name": options.name,
            "integration_key": options.integration,
            "import": self.import.map(ImportMode::name),
        })
    }

    fn without_state(&self) -> Option<&'static str> {
        Some("members that are there already count as foreign, unless the source has them")
    }

    async fn inspect(&mut self, context: &Context<'_>) -> Result<()> {
        self.check_place(context).await?;
        if self.options.kind == SegmentKind::Synced {
            return self.check_synced();
        }
        let found = members::read(context, &self.options.place).await?;
        self.is_readable = matches!(found, Checked::Known(_));
        self.before = found.known().flatten();
        self.check_readable(context)?;
        self.check_segment()
    }

    fn encode(&mut self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection> {
        encoded.set_key(row.get(0), "context_key")
    }

    async fn plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        self.make_plan(run)?;
        self.plan_import(run)
    }

    fn intend(&self, run: &Run<'_>) -> Result<()> {
        self.doubt_held(run)?;
        // In a file of this machine, each batch is recorded right before it is sent.
        if run.remote.is_some() { ownership::intend_actions(run, "kind = 'add'") } else { Ok(()) }
    }

    async fn apply(&mut self, run: &mut Run<'_>) -> Result<()> {
        match self.options.kind {
            SegmentKind::Standard => self.apply_standard(run).await,
            SegmentKind::Big => self.apply_big(run).await,
            SegmentKind::Synced => self.apply_synced(run).await,
        }
    }
}
