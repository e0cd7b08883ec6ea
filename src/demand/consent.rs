//! What a person is shown and asked before a change.

use crate::Error;
use crate::error::Kind;
use crate::launchdarkly::writes::places::EnvironmentRules;
use crate::sync::guards::guarded;

/// What a change does, and how it is confirmed.
#[derive(Clone, Debug)]
pub struct Consent {
    /// What is shown: a word and its explanation.
    pub facts: Vec<(&'static str, String)>,
    /// The question.
    pub question: String,
    /// What must be typed; without it, `y` suffices.
    pub typed: Option<Typed>,
}

/// A key that must be typed to confirm a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// What it is the key of.
    pub noun: &'static str,
    /// The key.
    pub key: String,
}

/// What is known by its ID.
const REQUEST: &str = "approval request";

impl Typed {
    /// The ID of an approval request.
    pub fn of_request(id: &str) -> Self {
        Typed { noun: REQUEST, key: id.to_owned() }
    }

    /// What must be typed, in words.
    fn name(&self) -> String {
        let name = if self.noun == REQUEST { "ID" } else { "key" };
        format!("{name} of the {}", self.noun)
    }
}

impl Consent {
    /// Whether an answer confirms the change. No answer never does.
    pub fn is_given_by(&self, answer: &str) -> bool {
        let answer = answer.trim();
        match &self.typed {
            Some(typed) => !answer.is_empty() && answer == typed.key,
            None => ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str()),
        }
    }

    /// The last line before the answer.
    pub fn prompt(&self) -> String {
        match &self.typed {
            Some(typed) => {
                format!("{} Type the {} to confirm: ", self.question, typed.name())
            }
            None => format!("{} [y/N] ", self.question),
        }
    }

    /// What is shown, a line for each fact.
    pub fn lines(&self) -> Vec<String> {
        let width = self.facts.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
        self.facts.iter().map(|(word, text)| format!("{word:<width$}  {text}")).collect()
    }
}

/// The error of a change that was not confirmed.
pub fn refused() -> Error {
    Error::new(Kind::ApprovalRequired, "the change was not confirmed; nothing was changed")
}

/// The error of a change that nobody can be asked about.
pub fn missing(can_request: bool) -> Error {
    let request = if can_request {
        ", or `--request-approval` to ask for LaunchDarkly's approval"
    } else {
        ""
    };
    Error::new(Kind::ApprovalRequired, "the change needs consent; nothing was changed")
        .hint(format!("pass `--yes` where there is no terminal to ask on{request}"))
}

/// The error of a change without a comment, where the environment requires one.
pub fn uncommented(environment: &str) -> Error {
    guarded(
        format!("the environment `{environment}` requires a comment for each change"),
        "pass `--comment TEXT`; it is written to LaunchDarkly's audit log",
    )
}

/// The error of a change of an archived flag.
pub fn archived(flag: &str) -> Error {
    guarded(format!("the flag `{flag}` is archived"), "`flaglake flags restore` restores it")
}

/// The environment with what is special about it.
pub fn described(key: &str, rules: Option<&EnvironmentRules>, tags: &[String]) -> String {
    let Some(rules) = rules else { return format!("`{key}` (its rules are not known)") };
    let marks = [
        (rules.critical, "critical"),
        (rules.confirm_changes, "confirms changes"),
        (rules.require_comments, "requires comments"),
        (rules.requires_flag_approval(tags), "requires approval"),
    ];
    let marks: Vec<_> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
    let marks = if marks.is_empty() { "not critical".to_owned() } else { marks.join(", ") };
    format!("`{key}` ({marks})")
}

/// Whether the key of an environment must be typed before a change there: also where its rules are
/// not known.
pub fn must_type(rules: Option<&EnvironmentRules>) -> bool {
    rules.is_none_or(|rules| rules.critical || rules.confirm_changes)
}

/// A list in words: "none", "not known", or its parts.
pub fn listed<T: AsRef<str>>(parts: Option<&[T]>) -> String {
    match parts {
        None => "not known".to_owned(),
        Some([]) => "none".to_owned(),
        Some(parts) => parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(typed: Option<&str>) -> Consent {
        let typed = typed.map(|key| Typed { noun: "environment", key: key.to_owned() });
        Consent { facts: Vec::new(), question: "Sure?".to_owned(), typed }
    }

    #[test]
    fn only_yes_or_the_whole_key_confirms() {
        for (answer, plain, typed) in [
            ("y\n", true, false),
            ("Yes", true, false),
            ("production\n", false, true),
            ("Production", false, false),
            ("n", false, false),
            ("", false, false),
        ] {
            assert_eq!(consent(None).is_given_by(answer), plain, "{answer}");
            assert_eq!(consent(Some("production")).is_given_by(answer), typed, "{answer}");
            assert!(!consent(Some("")).is_given_by(answer), "{answer}");
        }
    }
}
