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
    /// What the token may do, in words.
    pub fn words(&self) -> String {
        let roles = self.custom_role_ids.as_ref().map_or(0, Vec::len);
        if roles > 0 {
            return format!("{roles} custom role{}", if roles == 1 { "" } else { "s" });
        }
        if self.inline_role.as_ref().is_some_and(|policy| !policy.is_empty()) {
            return "a policy of its own".to_owned();
        }
        self.role.as_ref().map_or("unknown role".to_owned(), |role| format!("role `{role}`"))
    }

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
    let is_about = |one: &&Statement| {
        one.is_about(write.specifier) && write.actions.iter().any(|action| one.names(action))
    };
    let about: Vec<_> = policy.iter().filter(is_about).collect();
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
    if !about.iter().all(|one| one.is_plain(write.specifier)) {
        let text = "cannot be told without writing: the token's policy has exceptions";
        return Verdict::Open(text.to_owned());
    }
    match whole(&about, write).as_slice() {
        [] => Verdict::Open(format!(
            "cannot be told without writing: the token's policy allows {} for no resource together",
            quoted(write.actions)
        )),
        whole => Verdict::Allowed(format!("the token's policy allows it for {}", quoted(whole))),
    }
}

/// The resources for which plain statements allow all actions of a write.
fn whole<'p>(about: &[&'p Statement], write: &Writes) -> Vec<&'p str> {
    let mut found: Vec<&str> = Vec::new();
    for resource in about.iter().flat_map(|one| one.resources.iter().flatten()) {
        let has = |action: &&str| about.iter().any(|one| one.has(resource) && one.allows(action));
        let is_new = !found.contains(&resource.as_str());
        if is_new && kinds(resource) == kinds(write.specifier) && write.actions.iter().all(has) {
            found.push(resource);
        }
    }
    found
}

impl Statement {
    /// Whether it may be about resources of this kind.
    fn is_about(&self, specifier: &str) -> bool {
        let is_alike = |one: &String| may_be(one, specifier);
        self.not_resources.is_some() || self.resources.iter().flatten().any(is_alike)
    }

    /// Whether it lists the resource.
    fn has(&self, resource: &str) -> bool {
        self.resources.iter().flatten().any(|one| one == resource)
    }

    /// Whether it may be about the action.
    fn names(&self, action: &str) -> bool {
        let is_named = self.actions.iter().flatten().any(|one| has_form(action, one));
        let is_left = |names: &Vec<String>| !names.iter().any(|one| one == action || one == "*");
        is_named || self.not_actions.as_ref().is_some_and(is_left)
    }

    /// Whether it may allow the action.
    fn allows(&self, action: &str) -> bool {
        self.effect == "allow" && self.names(action)
    }

    /// Whether it allows exactly what it names.
    fn is_plain(&self, specifier: &str) -> bool {
        let is_plain = |one: &String| one == "*" || !one.contains('*');
        let is_exact = |one: &String| kinds(one) == kinds(specifier) || !may_be(one, specifier);
        self.effect == "allow"
            && self.not_actions.is_none()
            && self.not_resources.is_none()
            && self.actions.iter().flatten().all(is_plain)
            && self.resources.iter().flatten().all(is_exact)
    }
}

/// Whether a text has the form of a pattern, in which `*` stands for anything.
fn has_form(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(text) = text.strip_prefix(start) else { return false };
    let mut ends = text.char_indices().map(|(index, _)| index).chain([text.len()]);
    ends.any(|index| has_form(&text[index..], rest))
}

/// Whether a resource of a policy may be of the specifier's kind.
fn may_be(resource: &str, specifier: &str) -> bool {
    let (one, other) = (kinds(resource), kinds(specifier));
    let is_alike = |(one, other): (&&str, &&str)| has_form(other, one);
    resource == "*" || (one.len() == other.len() && one.iter().zip(&other).all(is_alike))
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
            (json!([allow("proj/*:env/*:*/*", &both)]), "Open"),
        ] {
            assert!(of_policy(statements.clone()).starts_with(expected), "{statements}");
        }
    }

    #[test]
    fn only_resources_with_every_action_are_allowed() {
        let (one, other) = ("proj/a:env/*:segment/*", "proj/b:env/*:segment/*");
        let both = ["createSegment", "updateIncluded"];
        let divided = json!([allow(one, &both[..1]), allow(other, &both[1..])]);
        assert!(of_policy(divided).starts_with("Open(\"cannot be told"));
        let named = format!("the token's policy allows it for `{one}`");
        let allowed = format!("{:?}", Verdict::Allowed(named));
        let in_part = json!([allow(one, &both[1..]), allow(other, &both[1..]), allow(one, &both)]);
        assert_eq!(of_policy(in_part), allowed);
        let deny = |action| json!({"effect": "deny", "resources": ["*"], "actions": [action]});
        let others = json!([allow(one, &both), allow(other, &["updateName"]), deny("delete*")]);
        assert_eq!(of_policy(others), allowed, "other actions do not matter");
        assert!(of_policy(json!([allow(one, &both), deny("update*")])).starts_with("Open"));
    }

    #[test]
    fn the_resources_of_a_policy_are_named() {
        let policy = json!([allow("proj/web:env/*:segment/a", &["*"]), allow("proj/x", &["*"])]);
        let named = "the token's policy allows it for `proj/web:env/*:segment/a`";
        assert_eq!(of_policy(policy), format!("{:?}", Verdict::Allowed(named.to_owned())));
    }
}
