//! The server: real HTTP/1.1 on a loopback port that the system chooses.

mod answer;
mod body;
mod caller;
mod connection;
mod log;
mod outcome;
mod reply;
mod shared;
mod written;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::Behaviour;
use super::account::{Account, Flag};
use shared::{Shared, read, write};

pub use log::Request;

/// A running server. It stops, and closes every connection, when dropped.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts a server on the current tokio runtime.
    pub async fn start(account: Account, behaviour: Behaviour) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(account, behaviour));
        let accepting = tokio::spawn(connection::accept(listener, Arc::clone(&shared)));
        Ok(Server { shared, address, accepting, runtime: None })
    }

    /// Starts a server on threads of its own, for callers without a runtime.
    pub fn spawn(account: Account, behaviour: Behaviour) -> io::Result<Server> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("demo-server")
            .enable_all()
            .build()?;
        let mut server = runtime.block_on(Server::start(account, behaviour))?;
        server.runtime = Some(runtime);
        Ok(server)
    }

    /// The base address, `http://127.0.0.1:port`, without a trailing slash.
    pub fn base_uri(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests since the start or since [`Server::forget_requests`], in the order they
    /// arrived.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log().requests().to_vec()
    }

    /// Empties the log.
    pub fn forget_requests(&self) {
        self.shared.log().forget();
    }

    /// How many requests were scripted never to be answered, and have come that far.
    pub fn held(&self) -> usize {
        self.shared.held()
    }

    /// Renders all flags ahead of the first request, so that a benchmark does not measure it.
    pub fn warm_up(&self) {
        read(&self.shared.stored).render();
    }

    /// Reads the account.
    pub fn read<T>(&self, look: impl FnOnce(&Account) -> T) -> T {
        look(&read(&self.shared.stored).account)
    }

    /// Changes the account between two requests.
    pub fn change<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        write(&self.shared.stored).change(change)
    }

    /// How often [`Behaviour::churn`] has changed the account.
    pub fn changes(&self) -> usize {
        self.shared.turmoil().journal().len()
    }

    /// The changes that [`Behaviour::churn`] has made, in order: number, change, and the request
    /// that was answered after it.
    pub fn churn_journal(&self) -> Vec<String> {
        self.shared.turmoil().journal().to_vec()
    }

    /// Every state that [`Behaviour::churn`] has given a flag, each with its project's key; also
    /// the last state of a flag that was deleted. The account's initial states are not included.
    pub fn flag_states(&self) -> Vec<(String, Flag)> {
        self.shared.turmoil().states().to_vec()
    }

    /// Changes the switches between two requests.
    pub fn behave<T>(&self, change: impl FnOnce(&mut Behaviour) -> T) -> T {
        change(&mut write(&self.shared.behaviour))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        if let Some(runtime) = self.runtime.take() {
            // An ordinary drop blocks, which panics inside another runtime.
            runtime.shutdown_background();
        }
    }
}
