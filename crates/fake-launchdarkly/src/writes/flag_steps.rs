//! What a patch of a flag does, step by step.

use serde_json::Value;

use super::json_patch::{Kind, Operation};
use super::semantic::{kind, unknown};
use crate::account::{Flag, Project};
use crate::call::Refusal;

/// One change of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Targeting in the environment with this key is on from now on, or off.
    Turn(String, bool),
    /// The flag is archived from now on, or it is not.
    Archive(bool),
}

impl Step {
    /// The steps of instructions, for the environment with this key.
    pub fn of_instructions(
        instructions: &[Value],
        environment: Option<&str>,
    ) -> Result<Vec<Self>, Refusal> {
        instructions.iter().map(|one| Step::of_instruction(one, environment)).collect()
    }

    fn of_instruction(instruction: &Value, environment: Option<&str>) -> Result<Self, Refusal> {
        let turn = |on: bool| match environment {
            Some(key) => Ok(Step::Turn(key.to_owned(), on)),
            None => Err(Refusal::invalid("environmentKey is missing")),
        };
        match kind(instruction) {
            "turnFlagOn" => turn(true),
            "turnFlagOff" => turn(false),
            "archiveFlag" => Ok(Step::Archive(true)),
            "restoreFlag" => Ok(Step::Archive(false)),
            _ => Err(unknown(instruction)),
        }
    }

    /// The steps of a JSON Patch, which may begin with a test of the flag's version.
    pub fn of_patch(operations: &[Operation], flag: &Flag) -> Result<Vec<Self>, Refusal> {
        let (tests, changes): (Vec<_>, Vec<_>) =
            operations.iter().partition(|operation| operation.kind == Kind::Test);
        for test in tests {
            let is_version = matches!(&*test.path, "/version" | "/_version");
            if !is_version || test.value != flag.version {
                return Err(Refusal::documented(409));
            }
        }
        changes.into_iter().map(Step::of_operation).collect()
    }

    fn of_operation(operation: &Operation) -> Result<Self, Refusal> {
        let parts = operation.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (operation.kind, &parts[..], operation.value.as_bool()) {
            (Kind::Replace, ["environments", key, "on"], Some(on)) => {
                Ok(Step::Turn((*key).to_owned(), on))
            }
            (Kind::Replace, ["archived"], Some(archived)) => Ok(Step::Archive(archived)),
            _ => {
                let message = format!("cannot apply a patch at {}", operation.path);
                Err(Refusal::new(400, "invalid_patch", message))
            }
        }
    }

    /// The action that permits it.
    pub fn action(&self) -> &'static str {
        match self {
            Step::Turn(..) => "updateOn",
            Step::Archive(_) => "updateGlobalArchived",
        }
    }

    /// The step in words.
    pub fn verb(&self) -> &'static str {
        match self {
            Step::Turn(_, true) => "turned on the flag",
            Step::Turn(_, false) => "turned off the flag",
            Step::Archive(true) => "archived the flag",
            Step::Archive(false) => "restored the flag",
        }
    }

    /// The specifier of what it changes.
    pub fn resource(&self, project: &str, flag: &str) -> String {
        let environment = match self {
            Step::Turn(key, _) => key,
            Step::Archive(_) => "*",
        };
        format!("proj/{project}:env/{environment}:flag/{flag}")
    }

    /// Refuses a step in an environment that the project does not have.
    pub fn check(&self, project: &Project) -> Result<(), Refusal> {
        match self {
            Step::Turn(key, _) if project.environment(key).is_none() => {
                Err(Refusal::invalid(format!("unknown environment {key}")))
            }
            _ => Ok(()),
        }
    }

    /// Whether the step changes the flag.
    pub fn changes(&self, flag: &Flag) -> bool {
        match self {
            Step::Turn(key, on) => flag.environment(key).config.on != *on,
            Step::Archive(archived) => flag.archived_ms.is_some() != *archived,
        }
    }

    /// Makes the step, unless it would change nothing.
    pub fn apply(&self, flag: &mut Flag, now_ms: i64) {
        if !self.changes(flag) {
            return;
        }
        match self {
            Step::Turn(key, on) => {
                let mut state = flag.environment(key).into_owned();
                state.config.on = *on;
                state.config.version += 1;
                state.config.last_modified_ms = now_ms;
                flag.environments.insert(key.clone(), state);
            }
            Step::Archive(archived) => {
                flag.archived_ms = archived.then_some(now_ms);
                flag.version += 1;
            }
        }
    }
}
