//! A PostgreSQL server of the test's own, as a user other than root. It ends with this process.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// The superuser, who needs no password.
pub const OWNER: &str = "owner";

/// A server that is running.
pub struct Server {
    pub port: u16,
    pub folder: PathBuf,
    /// The server ends when this process's end of the pipe is closed.
    _process: Child,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// The folder of the programs, if the server is installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.chain(std::env::split_paths(&path));
    all.into_iter().find(|folder| folder.join("initdb").exists())
}

/// The server; `None`, with a message, where it is not installed.
pub fn server() -> Option<&'static Server> {
    let server = SERVER.get_or_init(|| programs().map(|programs| Server::start(&programs)));
    if server.is_none() {
        eprintln!("skipped: no PostgreSQL server is installed (Debian's package: postgresql)");
    }
    server.as_ref()
}

/// Runs a shell script as a user that the server accepts.
fn shell(folder: &Path, script: &str) -> Command {
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let mut command = if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    };
    command.current_dir(folder);
    command
}

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = TempDir::new().unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let bin = programs.display();
        let set_up = format!("
            set -e
            {bin}/initdb -D data -U {OWNER} --auth=trust --no-sync --no-locale -E UTF8
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt
            openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout data/server.key -out server.csr
            printf 'subjectAltName=DNS:localhost' > names
            openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
                -extfile names -out data/server.crt
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out other.crt
            chmod 600 data/server.key
            chmod 644 ca.crt other.crt
            {{
                echo 'local all all trust'
                echo 'host all {OWNER} 127.0.0.1/32 trust'
                echo 'hostssl all encrypted 127.0.0.1/32 scram-sha-256'
                echo 'hostnossl all encrypted 127.0.0.1/32 reject'
                echo 'host all all 127.0.0.1/32 scram-sha-256'
            }} > data/pg_hba.conf");
        let made = shell(&folder, &set_up).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // The data is not needed after the test, even after a crash of the machine.
        let run = format!(
            "{bin}/postgres -D data -p {port} -k {folder} -c listen_addresses=127.0.0.1 -c ssl=on \
                 -c fsync=off -c max_connections=200 -c shared_buffers=64MB >log 2>&1 </dev/null &
             server=$!
             cat >/dev/null
             kill -QUIT $server; wait $server; rm -rf ./*",
            folder = folder.display()
        );
        let mut command = shell(&folder, &run);
        let process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let server = Server { port, folder, _process: process };
        while server.try_connect("postgres").is_none() {
            std::thread::yield_now();
        }
        server
    }

    fn try_connect(&self, database: &str) -> Option<Database> {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let config = format!("host=127.0.0.1 port={} user={OWNER} dbname={database}", self.port);
        let (client, connection) =
            runtime.block_on(tokio_postgres::connect(&config, NoTls)).ok()?;
        runtime.spawn(connection);
        Some(Database { name: database.to_owned(), port: self.port, client, runtime })
    }

    /// A new database.
    pub fn database(&self) -> Database {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        self.try_connect("postgres").unwrap().run(&format!("CREATE DATABASE {name}"));
        self.try_connect(&name).unwrap()
    }
}

/// A database, and the owner's connection to it.
pub struct Database {
    pub name: String,
    pub port: u16,
    client: Client,
    runtime: Runtime,
}

impl Database {
    /// Another connection.
    pub fn again(&self) -> Self {
        server().unwrap().try_connect(&self.name).unwrap()
    }

    /// The address of the schema `launchdarkly`, as `user`.
    pub fn address_of(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{}", self.port, self.name)
    }

    pub fn address(&self) -> String {
        self.address_of(OWNER)
    }

    #[track_caller]
    pub fn run(&self, sql: &str) {
        assert!(self.try_run(sql), "{sql}");
    }

    /// Runs statements; returns whether they succeeded.
    pub fn try_run(&self, sql: &str) -> bool {
        let ended = self.runtime.block_on(self.client.batch_execute(sql));
        ended.inspect_err(|error| eprintln!("{error}")).is_ok()
    }

    /// Every row, its cells as text.
    #[track_caller]
    pub fn cells(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let messages = self.runtime.block_on(self.client.simple_query(sql)).expect(sql);
        let row = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|index| row.get(index).map(str::to_owned)).collect())
            }
            _ => None,
        };
        messages.into_iter().filter_map(row).collect()
    }

    /// Every row, its cells joined.
    #[track_caller]
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let rows = self.cells(sql).into_iter();
        let text = |cell: Option<String>| cell.unwrap_or_else(|| "NULL".to_owned());
        rows.map(|row| row.into_iter().map(text).collect::<Vec<_>>().join(" | ")).collect()
    }

    /// The first cell.
    #[track_caller]
    pub fn value(&self, sql: &str) -> String {
        self.rows(sql).into_iter().next().unwrap_or_default()
    }
}
