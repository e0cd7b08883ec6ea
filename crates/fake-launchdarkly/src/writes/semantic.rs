//! Semantic patches.

use serde_json::Value;

use super::WriteCall;
use super::objects::require;
use crate::call::Refusal;

/// A semantic patch: all of its instructions are applied, or none.
pub(super) struct Patch {
    /// The comment, for the audit log.
    pub comment: Option<String>,
    /// Key of the environment.
    pub environment: Option<String>,
    /// One or more instructions, each with a `kind`.
    pub instructions: Vec<Value>,
}

impl Patch {
    /// The patch in a body.
    pub fn parse(body: &Value) -> Result<Self, Refusal> {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let instructions = instructions(&body["instructions"])?;
        Ok(Patch { comment: text("comment"), environment: text("environmentKey"), instructions })
    }
}

/// The instructions of a patch or of an approval request.
pub(super) fn instructions(value: &Value) -> Result<Vec<Value>, Refusal> {
    let instructions = value.as_array().cloned().unwrap_or_default();
    require(!instructions.is_empty(), "instructions are missing")?;
    let has_kind = |one: &Value| one["kind"].is_string();
    require(instructions.iter().all(has_kind), "an instruction has no kind")?;
    Ok(instructions)
}

/// The kind of an instruction.
pub(super) fn kind(instruction: &Value) -> &str {
    instruction["kind"].as_str().unwrap_or_default()
}

/// The refusal of an instruction that does not apply.
pub(super) fn unknown(instruction: &Value) -> Refusal {
    Refusal::invalid(format!("unknown instruction {}", kind(instruction)))
}

impl WriteCall<'_> {
    /// Whether the request's content type says that its body is a semantic patch.
    pub fn is_semantic(&self) -> bool {
        let parameter = "domain-model=launchdarkly.semanticpatch";
        let kind = self.ask.content_type.as_deref().unwrap_or("");
        kind.split(';').skip(1).any(|one| one.trim() == parameter)
    }

    /// Whether the request asks for a preview of its effect.
    pub fn is_dry_run(&self) -> bool {
        self.query.get("dryRun") == Some("true")
    }
}
