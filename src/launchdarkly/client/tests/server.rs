//! A server that treats each connection as a script says.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The treatment of a connection after its request has arrived.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// This is sent, and the connection closed.
    Answer(&'static str),
    /// The connection is closed.
    Close,
    /// Nothing is sent, and the connection stays open.
    Hang,
}

/// A server that runs until it is dropped. A connection beyond the script is closed.
pub struct Server {
    pub base_uri: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(script: &[Step]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_uri = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let task = tokio::spawn(serve(listener, script.to_vec(), Arc::clone(&requests)));
        Server { base_uri, requests, task }
    }

    /// The requests so far, as they were received.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Stops the server; returns its address, at which nothing listens any more.
    pub async fn close(mut self) -> String {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
        self.base_uri.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, script: Vec<Step>, requests: Arc<Mutex<Vec<String>>>) {
    let mut open = Vec::new();
    let mut steps = script.into_iter();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read(&mut stream).await;
        requests.lock().unwrap().push(request);
        match steps.next().unwrap_or(Step::Close) {
            Step::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Step::Close => {}
            Step::Hang => open.push(stream),
        }
    }
}

/// Reads a request: its head, and a body of the length that the head tells.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !is_whole(&bytes) {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.unwrap();
        assert!(length > 0, "a request was cut short");
        bytes.extend_from_slice(&piece[..length]);
    }
    String::from_utf8(bytes).unwrap()
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let told = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= told.map_or(0, |told| told.parse().unwrap())
}
