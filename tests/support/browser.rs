//! A headless Chromium that a test looks at pages with, over the DevTools protocol:
//! <https://chromedevtools.github.io/devtools-protocol/>.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "about:blank",
];

/// Messages that a page must not cause: errors, and refusals by its policy.
const COMPLAINTS: [&str; 3] =
    ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"];

/// A Chromium with one tab; it ends when dropped.
pub struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    calls: u64,
    /// Errors and policy violations that the page reported.
    pub complaints: Vec<String>,
    /// Every address that the page asked for.
    pub requests: Vec<String>,
    profile: TempDir,
}

impl Browser {
    /// Starts it; `None`, said on standard output, where there is no Chromium.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            println!("skipped: no Chromium (none on the PATH, and no FLAGLAKE_CHROMIUM)");
            return None;
        };
        let profile = TempDir::new().unwrap();
        let mut command = Command::new(program);
        command.args(ARGUMENTS).arg(format!("--user-data-dir={}", profile.path().display()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut lines = lines.skip_while(|line| !line.contains("ws://"));
        let line = lines.next().expect("Chromium says where it listens");
        // Its pipe must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        let address = &line[line.find("ws://").unwrap()..];
        let host = address.trim_start_matches("ws://").split('/').next().unwrap();
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let (socket, _) = tungstenite::client(address, stream).unwrap();
        let (complaints, requests) = (Vec::new(), Vec::new());
        let mut browser =
            Browser { process, socket, session: None, calls: 0, complaints, requests, profile };
        browser.attach();
        Some(browser)
    }

    fn attach(&mut self) {
        let tab = self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let target = json!({ "targetId": tab["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", target);
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Calls a method, and returns its result.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let answer = self.socket.read().unwrap();
            let Message::Text(text) = answer else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    fn note(&mut self, event: &Value) {
        let method = event["method"].as_str().unwrap_or_default();
        if COMPLAINTS.contains(&method) {
            self.complaints.push(event["params"].to_string());
        }
        if method == "Network.requestWillBeSent" {
            let address = event["params"]["request"]["url"].as_str().unwrap_or_default();
            self.requests.push(address.to_owned());
        }
    }

    /// Opens a page and waits until it says that it is ready; returns how long that took.
    pub fn open(&mut self, path: &Path, fragment: &str) -> Duration {
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        let begin = Instant::now();
        let url = format!("file://{}{fragment}", path.display());
        self.call("Page.navigate", json!({ "url": url }));
        self.wait("document.documentElement?.dataset.ready === 'true'");
        begin.elapsed()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait(&mut self, expression: &str) {
        let patience = Instant::now() + Duration::from_secs(30);
        while self.evaluate(expression) != json!(true) {
            assert!(Instant::now() < patience, "never: {expression}; {:?}", self.complaints);
            // The browser answers in its own time.
            self.call(
                "Runtime.evaluate",
                json!({ "awaitPromise": true,
                "expression": "new Promise((done) => setTimeout(done, 20))" }),
            );
        }
    }

    /// The value of an expression, promises waited for.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
        });
        let result = self.call("Runtime.evaluate", parameters);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Presses a key, as at a keyboard.
    pub fn press(&mut self, key: &str, code: u32, text: &str) {
        let event = |kind: &str| {
            json!({ "type": kind, "key": key, "code": key,
            "windowsVirtualKeyCode": code, "text": text })
        };
        self.call("Input.dispatchKeyEvent", event("keyDown"));
        self.call(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code }),
        );
    }

    /// The size of the window, and whether the system is dark.
    pub fn look(&mut self, width: u32, height: u32, scheme: &str) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Keeps a picture in the folder that FLAGLAKE_SCREENSHOTS names, if it does.
    pub fn keep_picture(&mut self, name: &str) {
        let Some(folder) = env::var_os("FLAGLAKE_SCREENSHOTS").map(PathBuf::from) else { return };
        fs::create_dir_all(&folder).unwrap();
        let (method, extension) = match name {
            "print" => ("Page.printToPDF", "pdf"),
            _ => ("Page.captureScreenshot", "png"),
        };
        let picture =
            self.call(method, json!({ "printBackground": true, "preferCSSPageSize": true }));
        let bytes = STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        fs::write(folder.join(format!("report-{name}.{extension}")), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        let _ = self.socket.send(Message::text(r#"{"id":0,"method":"Browser.close"}"#));
        let patience = Instant::now() + Duration::from_secs(5);
        while Instant::now() < patience && self.socket.read().is_ok() {}
        // It writes to its profile until it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// FLAGLAKE_CHROMIUM, or a Chromium on the PATH.
fn program() -> Option<PathBuf> {
    if let Some(path) = env::var_os("FLAGLAKE_CHROMIUM").filter(|path| !path.is_empty()) {
        return Some(path.into());
    }
    let folders = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let paths = env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .collect::<Vec<_>>();
    paths.into_iter().find(|path| path.is_file())
}
