//! Flags, with the fields that all environments share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{ClientSide, FlagConfig, FlagEnvironment, FlagStatus, Json, uuid};

/// The lifecycle state of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In use.
    Live,
    /// Deprecated: still evaluated, to be removed.
    Deprecated,
    /// No longer served.
    Archived,
}

/// One variation.
#[derive(Clone, Debug)]
pub struct Variation {
    /// Identifier, absent in some answers.
    pub id: Option<String>,
    /// The value: any JSON.
    pub value: Json,
    /// Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
}

impl Variation {
    /// A variation with neither identifier nor name.
    pub fn new(value: impl Into<Json>) -> Self {
        Variation { id: None, value: value.into(), name: None, description: None }
    }

    /// The variation with a name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// Settings of a migration flag.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The context kind that migrates, for six stages.
    pub context_kind: Option<String>,
    /// Number of stages: 2, 4 or 6.
    pub stage_count: i64,
}

/// One custom property.
#[derive(Clone, Debug)]
pub struct CustomProperty {
    /// Key.
    pub key: String,
    /// Human-friendly name.
    pub name: String,
    /// Values.
    pub values: Vec<String>,
}

/// One flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Key, unique in its project.
    pub key: String,
    /// Human-friendly name.
    pub name: String,
    /// Description, absent if there is none.
    pub description: Option<String>,
    /// `boolean`, `multivariate` or something newer.
    pub kind: String,
    /// Whether the flag is temporary.
    pub temporary: bool,
    /// Counts changes.
    pub version: i64,
    /// When it was created, in epoch milliseconds.
    pub created_ms: i64,
    /// When it was archived; set means archived.
    pub archived_ms: Option<i64>,
    /// When it was deprecated; set means deprecated, unless archived.
    pub deprecated_ms: Option<i64>,
    /// Identifier of the member who maintains it; the member may have left the account.
    pub maintainer_id: Option<String>,
    /// Key of the team that maintains it.
    pub maintainer_team: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Custom properties.
    pub custom_properties: Vec<CustomProperty>,
    /// Variations; all else refers to them by index.
    pub variations: Vec<Variation>,
    /// Indexes of the on and off variation that new environments start with.
    pub defaults: Option<(i64, i64)>,
    /// Purpose, such as `migration` or `holdout`.
    pub purpose: Option<String>,
    /// Migration settings, served with `expand=migrationSettings`.
    pub migration: Option<Migration>,
    /// Which client-side SDKs see it; absent in some answers.
    pub client_side: Option<ClientSide>,
    /// Configuration and status by environment key; see [`Flag::in_environment`].
    pub environments: BTreeMap<String, FlagEnvironment>,
    /// Fields that no documentation mentions.
    pub extra: Vec<(String, Json)>,
}

impl Flag {
    /// A temporary boolean flag that is off everywhere, named after its key.
    pub fn new(key: impl Into<String>, created_ms: i64) -> Self {
        let key = key.into();
        let flag = Flag {
            name: key.clone(),
            key,
            description: None,
            kind: "boolean".to_owned(),
            temporary: true,
            version: 1,
            created_ms,
            archived_ms: None,
            deprecated_ms: None,
            maintainer_id: None,
            maintainer_team: None,
            tags: Vec::new(),
            custom_properties: Vec::new(),
            variations: Vec::new(),
            defaults: None,
            purpose: None,
            migration: None,
            client_side: Some(ClientSide::default()),
            environments: BTreeMap::new(),
            extra: Vec::new(),
        };
        flag.with_values(["true", "false"])
    }

    /// The flag with these values as its variations, of which the last is the off variation.
    pub fn with_values<'a>(mut self, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.variations = values.into_iter().map(Variation::new).collect();
        for (index, variation) in self.variations.iter_mut().enumerate() {
            variation.id = Some(uuid(&format!("{} {} {index}", self.key, self.created_ms)));
        }
        let boolean = |variation: &Variation| matches!(&*variation.value, "true" | "false");
        let kind = if self.variations.iter().all(boolean) { "boolean" } else { "multivariate" };
        self.kind = kind.to_owned();
        self.defaults = match self.variations.len() as i64 {
            0 => None,
            count => Some((0, count - 1)),
        };
        self
    }

    /// The flag with this configuration and status in `environment`. By default, a flag is off,
    /// unchanged since its creation, never requested and inactive.
    pub fn in_environment(mut self, environment: &str, state: FlagEnvironment) -> Self {
        self.environments.insert(environment.to_owned(), state);
        self
    }

    /// The flag, archived.
    pub fn archived(mut self, at_ms: i64) -> Self {
        self.archived_ms = Some(at_ms);
        self
    }

    /// The flag, deprecated.
    pub fn deprecated(mut self, at_ms: i64) -> Self {
        self.deprecated_ms = Some(at_ms);
        self
    }

    /// The flag's lifecycle state.
    pub fn state(&self) -> State {
        match (self.archived_ms, self.deprecated_ms) {
            (Some(_), _) => State::Archived,
            (None, Some(_)) => State::Deprecated,
            (None, None) => State::Live,
        }
    }

    /// The flag's configuration and status in `environment`.
    pub fn environment(&self, environment: &str) -> Cow<'_, FlagEnvironment> {
        match self.environments.get(environment) {
            Some(state) => Cow::Borrowed(state),
            None => Cow::Owned(FlagEnvironment {
                config: FlagConfig::off(self.created_ms, self.defaults),
                status: Some(FlagStatus::never_requested("inactive")),
            }),
        }
    }
}
