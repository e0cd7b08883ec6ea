//! The account, its server, and the recorded responses.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fake_launchdarkly::account::DEMO_TOKEN;
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, RateLimit, Request, Server};
use flaglake::model::scope::Scope;
use tempfile::TempDir;

use crate::Result;
use crate::measure::{self, Usage};

/// An account that is being served without limits, and a folder for outputs.
pub struct Served {
    pub server: Server,
    pub folder: TempDir,
}

/// One run of the binary.
pub struct Extracted {
    pub usage: Usage,
    pub requests: usize,
    /// The size of the output, in bytes.
    pub output: u64,
}

/// One response, as the server sent it.
pub struct Answer {
    pub path: String,
    pub body: Vec<u8>,
}

impl Served {
    pub fn new(size: Size) -> Result<Self> {
        let rate_limit =
            RateLimit { global: None, route: None, token: None, ..RateLimit::default() };
        let rate_limit = rate_limit.without_headers();
        let behaviour = Behaviour { rate_limit, ..Behaviour::default() };
        let mut account = generated::account(size);
        // The audit log is read back from the current time.
        let later = jiff::Timestamp::now().as_millisecond() - generated::NOW_MS;
        account.audit_log.iter_mut().for_each(|entry| entry.date_ms += later);
        let server = Server::spawn(account, behaviour)?;
        server.warm_up();
        Ok(Served { server, folder: TempDir::new()? })
    }

    /// Runs the binary once, to an output that does not exist yet; counts its requests, too.
    pub fn extract(&self, kind: &str) -> Result<(Usage, usize)> {
        self.extract_resources(kind, "core")
    }

    /// Extracts these resources; returns the resources used and the number of requests.
    pub fn extract_resources(&self, kind: &str, resources: &str) -> Result<(Usage, usize)> {
        let extracted = self.extracted(kind, resources)?;
        Ok((extracted.usage, extracted.requests))
    }

    /// Extracts these resources.
    pub fn extracted(&self, kind: &str, resources: &str) -> Result<Extracted> {
        let folder = TempDir::new_in(self.folder.path())?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_flaglake"));
        command.env_clear().env("LAUNCHDARKLY_ACCESS_TOKEN", DEMO_TOKEN);
        command.args(["extract", "--quiet", "--base-uri", &self.server.base_uri()]);
        command.args(["--resources", resources]);
        command.arg("--output").arg(format!("{kind}:{}/out.db", folder.path().display()));
        self.server.forget_requests();
        let usage = measure::run(&command)?;
        let requests = self.server.requests().len();
        Ok(Extracted { usage, requests, output: size_of(folder.path())? })
    }

    pub fn set_latency(&self, latency: Duration) {
        self.server.behave(|behaviour| behaviour.latency = latency);
    }

    /// Repeats every request of a run and keeps the responses.
    pub fn record(&self) -> Result<Vec<Answer>> {
        self.extract("sqlite")?;
        let requests = self.server.requests();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        let answers = requests.iter().map(|request| runtime.block_on(self.fetch(&client, request)));
        answers.collect()
    }

    async fn fetch(&self, client: &reqwest::Client, request: &Request) -> Result<Answer> {
        let get = client.get(self.server.base_uri() + &request.path).query(&request.query);
        let get = get.header("authorization", DEMO_TOKEN);
        let get = get.header("ld-api-version", request.api_version.as_deref().unwrap_or_default());
        let body = get.send().await?.error_for_status()?.bytes().await?.to_vec();
        Ok(Answer { path: request.path.clone(), body })
    }
}

impl Answer {
    /// The parts of the path behind `/api/v2/`.
    pub fn route(&self) -> Vec<&str> {
        self.path.split('/').skip(3).collect()
    }

    /// The keys in the path; generated ones need no decoding.
    pub fn scope(&self) -> Scope {
        match *self.route() {
            [_, project] => Scope::project(project),
            [_, project, environment] => Scope::environment(project, environment),
            _ => Scope::Account,
        }
    }
}

/// The size of all responses, in bytes.
pub fn bytes<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> usize {
    answers.into_iter().map(|answer| answer.body.len()).sum()
}

/// The size of all files below a folder, in bytes.
fn size_of(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        size += if metadata.is_dir() { size_of(&entry.path())? } else { metadata.len() };
    }
    Ok(size)
}
