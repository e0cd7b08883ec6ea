//! What the role of a token says about an action. A token has a base role, custom roles, or a policy
//! of its own: <https://launchdarkly.com/docs/home/account/roles/role-policies>.

use serde::Deserialize;

use crate::sync::permissions::Writes;

/// The token as the API shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Token {
    role: Option<String>,
    custom_role_ids: Option<Vec<String>>,
    inline_role: Option<Vec<Statement>>,
}

/// A statement of a policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Statement {
    effect: String,
    actions: Option<Vec<String>>,
    not_actions: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    not_resources: Option<Vec<String>>,
}

/// What is known about a kind of write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All of its actions are allowed, in these words.
    Allowed(String),
    /// None of its actions is allowed.
    Refused,
    /// Nothing certain, or of some actions only; in these words.
    Open(String),
}

impl Token {
    /// What is known about a kind of write.
    pub fn verdict(&self, write: &Writes) -> Verdict {
        let policy = self.inline_role.as_deref().unwrap_or_default();
        if self.custom_role_ids.as_ref().is_some_and(|roles| !roles.is_empty()) {
            return Verdict::Open(format!(
                "cannot be told without writing: the token has a custom role, which needs {}",
                quoted(write.actions)
            ));
        }
        if !policy.is_empty() {
            return by_policy(policy, write);
        }
        match self.role.as_deref() {
            Some("reader" | "no_access") => Verdict::Refused,
            Some(role @ ("writer" | "admin" | "owner")) => {
                Verdict::Allowed(format!("the role `{role}` allows it"))
            }
            _ => Verdict::Open(format!(
                "cannot be told without writing: the token needs {}",
                quoted(write.actions)
            )),
        }
    }
}

fn by_policy(policy: &[Statement], write: &Writes) -> Verdict {
    let about: Vec<_> = policy.iter().filter(|one| one.is_about(write.specifier)).collect();
    let is_named = |action: &str| about.iter().any(|one| one.allows(action));
    let missing: Vec<_> =
        write.actions.iter().copied().filter(|action| !is_named(action)).collect();
    if missing.len() == write.actions.len() {
        return Verdict::Refused;
    }
    if !missing.is_empty() {
        let missing = quoted(&missing);
        return Verdict::Open(format!("in part: the token's policy does not allow {missing}"));
    }
    if !about.iter().all(|one| one.is_plain()) {
        let text = "cannot be told without writing: the token's policy has exceptions";
        return Verdict::Open(text.to_owned());
    }
    let resources = about.iter().flat_map(|one| one.resources.iter().flatten());
    let mut resources: Vec<_> =
        resources.map(String::as_str).filter(|one| kinds(one) == kinds(write.specifier)).collect();
    resources.dedup();
    Verdict::Allowed(format!("the token's policy allows it for {}", quoted(&resources)))
}

impl Statement {
    /// Whether it may be about resources of this kind.
    fn is_about(&self, specifier: &str) -> bool {
        let is_alike = |one: &String| one == "*" || kinds(one) == kinds(specifier);
        self.not_resources.is_some() || self.resources.iter().flatten().any(is_alike)
    }

    /// Whether it may allow the action.
    fn allows(&self, action: &str) -> bool {
        let is_alike = |one: &String| one == action || one.contains('*');
        let is_named = self.actions.iter().flatten().any(is_alike);
        self.effect == "allow" && (is_named || self.not_actions.is_some())
    }

    /// Whether it allows exactly what it names.
    fn is_plain(&self) -> bool {
        let is_plain = |one: &String| one == "*" || !one.contains('*');
        self.effect == "allow"
            && self.not_actions.is_none()
            && self.not_resources.is_none()
            && self.actions.iter().flatten().all(is_plain)
            && self.resources.iter().flatten().all(|one| one != "*")
    }
}

/// The kinds of a specifier: `proj`, `env` and `segment` of `proj/web:env/*:segment/beta`.
fn kinds(specifier: &str) -> Vec<&str> {
    specifier.split(':').filter_map(|part| part.split('/').next()).collect()
}

/// Names as a list, each one as code.
pub(super) fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const WRITES: Writes = Writes {
        name: "write_segments",
        what: "create segments",
        specifier: "proj/*:env/*:segment/*",
        actions: &["createSegment", "updateIncluded"],
        list: "",
    };

    fn verdict(token: Value) -> String {
        format!("{:?}", serde_json::from_value::<Token>(token).unwrap().verdict(&WRITES))
    }

    fn of_policy(statements: Value) -> String {
        verdict(json!({"inlineRole": statements}))
    }

    fn allow(resource: &str, actions: &[&str]) -> Value {
        json!({"effect": "allow", "resources": [resource], "actions": actions})
    }

    #[test]
    fn only_a_base_role_decides_alone() {
        for (token, expected) in [
            (json!({"role": "reader"}), "Refused"),
            (json!({"role": "no_access", "customRoleIds": [], "inlineRole": []}), "Refused"),
            (json!({"role": "admin"}), "Allowed"),
            (json!({"role": "reader", "customRoleIds": ["x"]}), "Open"),
            (json!({"role": "writer", "customRoleIds": ["x"]}), "Open"),
            (json!({"role": "something new"}), "Open"),
            (json!({}), "Open"),
        ] {
            assert!(verdict(token.clone()).starts_with(expected), "{token}");
        }
    }

    #[test]
    fn a_policy_decides_where_it_is_plain() {
        let segments = "proj/web:env/production;eu:segment/beta";
        let both = ["createSegment", "updateIncluded"];
        for (statements, expected) in [
            (json!([allow(segments, &both)]), "Allowed"),
            (json!([allow(segments, &["*"])]), "Allowed"),
            (json!([allow("proj/web:metric/*", &["*"])]), "Refused"),
            (json!([allow(segments, &["updateTags"])]), "Refused"),
            (json!([allow(segments, &both[..1])]), "Open(\"in part"),
            (json!([allow(segments, &["update*", "createSegment"])]), "Open"),
            (json!([allow("*", &both)]), "Open"),
            (json!([{"effect": "deny", "resources": [segments], "actions": both}]), "Refused"),
            (
                json!([allow(segments, &both), {"effect": "deny", "resources": [segments], "actions": both}]),
                "Open",
            ),
            (json!([{"effect": "allow", "resources": [segments], "notActions": ["x"]}]), "Open"),
            (json!([{"effect": "allow", "notResources": ["x"], "actions": both}]), "Open"),
        ] {
            assert!(of_policy(statements.clone()).starts_with(expected), "{statements}");
        }
    }

    #[test]
    fn the_resources_of_a_policy_are_named() {
        let policy = json!([allow("proj/web:env/*:segment/a", &["*"]), allow("proj/x", &["*"])]);
        let named = "the token's policy allows it for `proj/web:env/*:segment/a`";
        assert_eq!(of_policy(policy), format!("{:?}", Verdict::Allowed(named.to_owned())));
    }
}
