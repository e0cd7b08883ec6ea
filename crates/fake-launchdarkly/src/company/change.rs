//! The last change of a flag's configuration: the audit log tells it, and the past undoes it.

use crate::account::{FlagConfig, Rollout, Serve};

/// The last change that explains a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Turned off.
    Off,
    /// Turned on.
    On,
    /// A rule was added.
    Rule,
    /// The default rule became a percentage rollout, or one to more contexts.
    Rollout,
}

impl Change {
    /// The change that led to `config`.
    pub fn to(config: &FlagConfig) -> Self {
        match &config.fallthrough {
            _ if !config.on => Change::Off,
            _ if !config.rules.is_empty() => Change::Rule,
            Some(Serve::Rollout(_)) => Change::Rollout,
            _ => Change::On,
        }
    }

    /// The configuration before the change that led to `config`.
    pub fn undone(config: &FlagConfig) -> FlagConfig {
        let before = FlagConfig { version: (config.version - 1).max(1), ..config.clone() };
        match Change::to(config) {
            Change::Off => FlagConfig { on: true, ..before },
            Change::On => FlagConfig { on: false, ..before },
            Change::Rule => FlagConfig { rules: Vec::new(), ..before },
            Change::Rollout => {
                FlagConfig { fallthrough: config.fallthrough.as_ref().map(halved), ..before }
            }
        }
    }
}

/// A rollout to half as many: the others are served the last variation.
fn halved(serve: &Serve) -> Serve {
    let Serve::Rollout(rollout) = serve else { return serve.clone() };
    let mut weights = rollout.weights.clone();
    let Some(((_, last), others)) = weights.split_last_mut() else { return serve.clone() };
    for (_, weight) in others {
        *last += *weight - *weight / 2;
        *weight /= 2;
    }
    Serve::Rollout(Rollout { weights, ..rollout.clone() })
}
