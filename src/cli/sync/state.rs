//! The arguments of `flaglake sync status`, `log` and `forget`, which only use the state file.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use clap::builder::EnumValueParser;

use super::common::SyncConnection;
use crate::cli::messages::Format;
use crate::cli::values::parse_path;
use crate::sync::place::StatePlace;
use crate::terminal::values::Trimmed;

/// `flaglake sync status`
#[derive(Args, Clone, Debug)]
pub struct StatusArguments {
    /// Accepted and not used
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The file that remembers what was sent
    #[arg(long, value_name = "FILE", default_value = "flaglake-sync.db", env = "FLAGLAKE_STATE",
        value_parser = StatePlace::from_str)]
    pub state: StatePlace,
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// `flaglake sync log`
#[derive(Args, Clone, Debug)]
pub struct LogArguments {
    /// The sync; without it, all
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Accepted and not used
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The file that remembers what was sent
    #[arg(long, value_name = "FILE", default_value = "flaglake-sync.db", env = "FLAGLAKE_STATE",
        value_parser = StatePlace::from_str)]
    pub state: StatePlace,
    /// The most runs, the newest first
    #[arg(long, value_name = "N", default_value_t = 20,
        value_parser = Trimmed(clap::value_parser!(u32).range(1..)))]
    pub limit: u32,
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// `flaglake sync forget`
#[derive(Args, Clone, Debug)]
pub struct ForgetArguments {
    /// The sync
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Accepted and not used
    #[command(flatten)]
    pub connection: SyncConnection,
    /// Forget this key only, such as that of a person
    #[arg(long, value_name = "KEY")]
    pub context_key: Option<String>,
    /// The file that remembers what was sent
    #[arg(long, value_name = "FILE", default_value = "flaglake-sync.db", env = "FLAGLAKE_STATE",
        value_parser = StatePlace::from_str)]
    pub state: StatePlace,
    /// The key with which the state file hashes keys, in a file. Without it, the key comes from
    /// FLAGLAKE_PERSONAL_DATA_KEY
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_PERSONAL_DATA_KEY_FILE",
        value_parser = parse_path)]
    pub personal_data_key_file: Option<PathBuf>,
    /// How to write the outcome
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}
