//! The fields of flags and their configurations that are not stored, and why.

use crate::model::resource::{Dropped, dropped};

/// Documented fields of the flags list without a column.
pub(super) const DROPPED: &[Dropped] = &[
    dropped("FeatureFlag._links", "link"),
    dropped("FeatureFlag.deprecated", "duplicate of flags.state"),
    dropped("FeatureFlag.includeInSnippet", "deprecated duplicate of clientSideAvailability"),
    dropped("FeatureFlag.goalIds", "deprecated duplicate of experiments"),
    dropped("FeatureFlag._maintainerTeam", "duplicate: join teams by maintainer_team_key"),
    dropped("LegacyExperimentRep._metric", "duplicate of the metric that metric_key names"),
    dropped(
        "LegacyExperimentRep._environmentSettings",
        "deprecated duplicate of LegacyExperimentRep.environments",
    ),
    dropped("FeatureFlagConfig._access", "access detail"),
    dropped("FeatureFlagConfig._site", "link"),
    dropped("FeatureFlagConfig._environmentName", "duplicate of environments.name"),
    dropped(
        "FeatureFlagConfig._summary",
        "duplicate: counts of the rules, targets and prerequisites stored in full",
    ),
    dropped("FeatureFlagConfig.archived", "duplicate of flags.state"),
    dropped("FeatureFlagConfig.salt", "secret: tells who is bucketed into which variation"),
    dropped("FeatureFlagConfig.sel", "secret: an internal key without documented meaning"),
    dropped("StaleFlagData.cleanupId", "an external provider's detail"),
];
