//! Delta tables in a bucket, against an emulator of S3 (`pip install 'moto[server]'`).
#![cfg(feature = "cloud")]

use std::process::Stdio;

use super::log;
use super::tables::account;
use crate::support::cloud::Cloud;
use crate::support::{Run, ended};

const OUTPUT: &str = "delta:s3://lake/nightly";

/// Two hosts, each with an account and a temporary folder of its own.
fn hosts() -> [Run; 2] {
    ["one", "two"].map(|id| {
        let run = account();
        run.server.change(|account| account.account_id = id.into());
        run
    })
}

#[test]
fn two_hosts_publish_to_one_bucket_at_once() {
    let Some(cloud) = Cloud::start() else { return };
    let hosts = hosts();
    let start = |run: &Run| {
        let mut command = run.command(&["extract", "--output", OUTPUT]);
        command.env("FLAGLAKE_RESOURCES", "projects,environments,teams");
        cloud.lend(run, &mut command);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs = [0, 1].map(|host| start(&hosts[host]));
    for run in runs {
        ended(run.wait_with_output().unwrap()).succeeded();
    }
    let folder = hosts[0].path("bucket");
    cloud.download(&folder);
    let objects = log::objects(&folder.join("nightly"));
    log::assert_readable(&objects);
    let tables = log::tables(&objects);
    assert!(tables.len() > 10, "{}", tables.len());
    for (name, table) in tables {
        let accounts: Vec<_> = table.newest().iter().map(|live| live.account.as_str()).collect();
        assert_eq!(accounts, ["one", "two"], "{name}");
        assert_eq!(table.versions.len(), 2, "{name}");
    }
}
