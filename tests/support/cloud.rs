//! An emulator of S3 (`pip install 'moto[server]'`).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::{Run, python};

/// The emulator's bucket.
pub const BUCKET: &str = "lake";

/// Credentials that the emulator accepts.
pub const CREDENTIALS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIAFAKEFORTESTS0001"),
    ("AWS_SECRET_ACCESS_KEY", "fake/secret+of+the+tests+0123456789abcdef"),
    ("AWS_SESSION_TOKEN", "fake-session-token-of-the-tests"),
];

/// A running emulator with an empty bucket.
pub struct Cloud {
    process: Child,
    /// The emulator ends when this pipe is closed, even if the test is killed.
    lifeline: Option<ChildStdin>,
    address: String,
}

impl Cloud {
    /// `None` where the emulator is not installed.
    pub fn start() -> Option<Self> {
        if !python::has(&["moto.server", "boto3"]) {
            return None;
        }
        let mut script = python::script(include_str!("../python/serve_s3.py"));
        script.arg(BUCKET).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = script.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let lifeline = process.stdin.take();
        Some(Cloud { process, lifeline, address: address.trim().to_owned() })
    }

    /// Lets `command` use the emulator.
    pub fn lend(&self, run: &Run, command: &mut Command) {
        command.envs(CREDENTIALS);
        command.env("AWS_ENDPOINT_URL", &self.address).env("AWS_REGION", "us-east-1");
        // Files of a run with a bucket are in this folder. Each test needs its own, because all
        // buckets have the same name.
        command.env("TMPDIR", run.folder.path());
    }

    /// Copies all objects, read by a client other than flaglake's.
    pub fn download(&self, folder: &Path) {
        let script = include_str!("../python/download_s3.py");
        python::run(script, [self.address.as_str(), BUCKET, &folder.to_string_lossy()]);
    }

    /// Replaces the content of an object.
    pub fn put(&self, key: &str, body: &str) {
        let script = include_str!("../python/put_s3.py");
        python::run(script, [self.address.as_str(), BUCKET, key, body]);
    }

    /// Removes an object.
    pub fn remove(&self, key: &str) {
        let script = include_str!("../python/remove_s3.py");
        python::run(script, [self.address.as_str(), BUCKET, key]);
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
}
