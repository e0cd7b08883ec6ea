//! The fields of flags and their configurations that are not stored, and why.

use crate::model::resource::Dropped;

/// Documented fields of the flags list without a column.
pub(super) const DROPPED: &[Dropped] = &[
    Dropped { field: "FeatureFlag._links", reason: "link" },
    Dropped { field: "FeatureFlag.deprecated", reason: "duplicate of flags.state" },
    Dropped {
        field: "FeatureFlag.includeInSnippet",
        reason: "deprecated duplicate of clientSideAvailability",
    },
    Dropped { field: "FeatureFlag.goalIds", reason: "deprecated duplicate of experiments" },
    Dropped {
        field: "FeatureFlag._maintainerTeam",
        reason: "duplicate: join teams by maintainer_team_key",
    },
    Dropped {
        field: "LegacyExperimentRep._metric",
        reason: "duplicate of the metric that metric_key names",
    },
    Dropped {
        field: "LegacyExperimentRep._environmentSettings",
        reason: "deprecated duplicate of LegacyExperimentRep.environments",
    },
    Dropped { field: "FeatureFlagConfig._access", reason: "access detail" },
    Dropped { field: "FeatureFlagConfig._site", reason: "link" },
    Dropped {
        field: "FeatureFlagConfig._environmentName",
        reason: "duplicate of environments.name",
    },
    Dropped {
        field: "FeatureFlagConfig._summary",
        reason: "duplicate: counts of the rules, targets and prerequisites stored in full",
    },
    Dropped { field: "FeatureFlagConfig.archived", reason: "duplicate of flags.state" },
    Dropped {
        field: "FeatureFlagConfig.salt",
        reason: "secret: tells who is bucketed into which variation",
    },
    Dropped {
        field: "FeatureFlagConfig.sel",
        reason: "secret: an internal key without documented meaning",
    },
    Dropped { field: "StaleFlagData.cleanupId", reason: "an external provider's detail" },
];
