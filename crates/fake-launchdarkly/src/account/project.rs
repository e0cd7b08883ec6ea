//! Projects and their environments.

use super::{Flag, Json, object_id, salt, uuid};

/// Which client-side SDKs see a flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientSide {
    /// SDKs with a mobile key.
    pub using_mobile_key: bool,
    /// SDKs with a client-side ID.
    pub using_environment_id: bool,
}

/// One project.
#[derive(Clone, Debug)]
pub struct Project {
    /// Key.
    pub key: String,
    /// Identifier.
    pub id: String,
    /// Human-friendly name.
    pub name: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Whether new flags are made available to the JavaScript SDK.
    pub include_in_snippet: bool,
    /// Availability of new flags; absent in some answers.
    pub client_side: Option<ClientSide>,
    /// Key of the default release pipeline.
    pub release_pipeline: Option<String>,
    /// Environments, in the order lists show them.
    pub environments: Vec<Environment>,
    /// Flags of every state, in the order unsorted lists show them.
    pub flags: Vec<Flag>,
    /// Fields that no documentation mentions.
    pub extra: Vec<(String, Json)>,
}

impl Project {
    /// A project with neither environments nor flags, named after its key.
    pub fn new(key: impl Into<String>) -> Self {
        let key = key.into();
        Project {
            id: object_id(&format!("project {key}")),
            name: key.clone(),
            key,
            tags: Vec::new(),
            include_in_snippet: false,
            client_side: Some(ClientSide::default()),
            release_pipeline: None,
            environments: Vec::new(),
            flags: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// The project with one more environment, whose identifier and secrets become this project's
    /// own.
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environments.push(environment.identified(&self.key));
        self
    }

    /// The project with one more flag.
    pub fn with_flag(mut self, flag: Flag) -> Self {
        self.flags.push(flag);
        self
    }

    /// The environment with this key.
    pub fn environment(&self, key: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.key == key)
    }

    /// The flag with this key.
    pub fn flag(&self, key: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.key == key)
    }

    /// The flag with this key, to be changed.
    pub fn flag_mut(&mut self, key: &str) -> Option<&mut Flag> {
        self.flags.iter_mut().find(|flag| flag.key == key)
    }
}

/// How changes to an environment's flags are approved.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Whether approval is required at all.
    pub required: bool,
    /// How many must approve.
    pub minimum: i64,
    /// Whether the author may approve.
    pub can_review_own_request: bool,
    /// Whether one approval outweighs a refusal.
    pub can_apply_declined_changes: bool,
    /// The service in charge, such as `launchdarkly` or `servicenow`.
    pub service_kind: String,
}

impl Approval {
    /// LaunchDarkly's own approvals with this many approvers; not required where that is 0.
    pub fn by(approvers: i64) -> Self {
        Approval {
            required: approvers > 0,
            minimum: approvers.max(1),
            can_review_own_request: false,
            can_apply_declined_changes: approvers < 2,
            service_kind: "launchdarkly".to_owned(),
        }
    }
}

/// One environment. Its three secrets are served in clear, as LaunchDarkly does.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Key, unique in its project.
    pub key: String,
    /// Identifier, which is also the client-side ID.
    pub id: String,
    /// Human-friendly name.
    pub name: String,
    /// Colour, six hexadecimal digits.
    pub color: String,
    /// Whether people depend on it.
    pub critical: bool,
    /// Tags.
    pub tags: Vec<String>,
    /// Minutes for which the PHP SDK caches.
    pub default_ttl: i64,
    /// Whether client-side users are kept apart by a hash.
    pub secure_mode: bool,
    /// Whether new flags track events.
    pub default_track_events: bool,
    /// Whether changes need a comment.
    pub require_comments: bool,
    /// Whether changes need to be confirmed.
    pub confirm_changes: bool,
    /// Approval settings, absent on plans without approvals.
    pub approval: Option<Approval>,
    /// Secret SDK key, `sdk-fake…`.
    pub api_key: String,
    /// Secret mobile key, `mob-fake…`.
    pub mobile_key: String,
    /// Secret of the undocumented `_pubnub` field, `fake-cipher-key-…`.
    pub cipher_key: String,
    /// Fields that no documentation mentions.
    pub extra: Vec<(String, Json)>,
}

impl Environment {
    /// An environment that is not critical, named after its key.
    pub fn new(key: impl Into<String>) -> Self {
        let key = key.into();
        let [id, api_key, mobile_key, cipher_key] = identity("", &key);
        Environment {
            id,
            name: key.clone(),
            key,
            color: "8A93A6".to_owned(),
            critical: false,
            tags: Vec::new(),
            default_ttl: 0,
            secure_mode: false,
            default_track_events: false,
            require_comments: false,
            confirm_changes: false,
            approval: None,
            api_key,
            mobile_key,
            cipher_key,
            extra: Vec::new(),
        }
    }

    /// The environment with the identifier and the secrets that it has in `project`; what was set
    /// by hand stays.
    fn identified(mut self, project: &str) -> Self {
        let before = identity("", &self.key);
        let after = identity(project, &self.key);
        let fields = [&mut self.id, &mut self.api_key, &mut self.mobile_key, &mut self.cipher_key];
        for ((field, before), after) in fields.into_iter().zip(before).zip(after) {
            if *field == before {
                *field = after;
            }
        }
        self
    }
}

/// Identifier, SDK key, mobile key and cipher key of an environment.
fn identity(project: &str, environment: &str) -> [String; 4] {
    let name = format!("environment {project} {environment}");
    [
        object_id(&name),
        format!("sdk-fake{}", &uuid(&name)[4..]),
        format!("mob-fake{}", &uuid(&salt(&name))[4..]),
        format!("fake-cipher-key-{}", salt(&name)),
    ]
}
