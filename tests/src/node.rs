//! A node in a process of its own: a development chain, or one validator of the local network.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{json, Value};

use crate::{
    process::Process,
    programs, rpc,
    wait::{within, SOON},
};

/// How a node is started, apart from its ports and its folder.
#[derive(Clone, Debug)]
enum Kind {
    /// The only validator of a chain of its own.
    Development,
    /// The same, which tells its counters and keeps the state of 256 blocks, as a validator does that serves nobody.
    Measured,
    /// A development chain whose blocks are made on request, the first so many slots ago.
    Past { slots: u64 },
    /// One of the four validators of the local preset, or of a chain with the same keys.
    Validator { name: &'static str, node_key: String, chain: OsString },
}

/// The ports that a node listens on.
#[derive(Clone, Copy, Debug)]
struct Ports {
    rpc: u16,
    peers: u16,
}

/// A running node, or one that was killed and can be started again where it was.
#[derive(Debug)]
pub struct Node {
    kind: Kind,
    name: String,
    base: PathBuf,
    logs: PathBuf,
    ports: Ports,
    process: Process,
}

impl Node {
    /// Starts a development chain with its data and its log under `folder`.
    pub async fn development(folder: &Path) -> Self {
        Self::start(Kind::Development, "node".to_owned(), folder, &[]).await
    }

    /// Starts a development chain to be measured, on the data in `base` if there are any.
    pub async fn measured(base: &Path, logs: &Path) -> Self {
        Self::start_at(Kind::Measured, "node-measured".to_owned(), base.to_owned(), logs, &[]).await
    }

    /// Starts a development chain whose blocks are made on request (`wonbon_authorBlock`), the first so many slots ago.
    pub async fn of_the_past(base: &Path, logs: &Path, slots: u64) -> Self {
        Self::start_at(Kind::Past { slots }, "node-past".to_owned(), base.to_owned(), logs, &[]).await
    }

    /// Where a measured node tells its counters, `127.0.0.1:PORT`.
    pub async fn metrics(&self) -> String {
        let address = |line: &str| {
            line.split_once("Prometheus exporter started at ").map(|(_, at)| at.trim().to_owned())
        };
        self.process.line("the address of its counters", SOON, address).await
    }

    /// Starts the validator `name` (of the local preset: `alice` to `dave`), which dials `peers`. `chain` is
    /// `local` or a specification with the same validators.
    pub async fn validator(
        name: &'static str,
        node_key: String,
        chain: &OsStr,
        folder: &Path,
        peers: &[String],
    ) -> Self {
        let kind = Kind::Validator { name, node_key, chain: chain.to_owned() };
        Self::start(kind, format!("node-{name}"), folder, peers).await
    }

    async fn start(kind: Kind, name: String, folder: &Path, peers: &[String]) -> Self {
        let base = folder.join(format!("{name}-data"));
        Self::start_at(kind, name, base, folder, peers).await
    }

    async fn start_at(kind: Kind, name: String, base: PathBuf, logs: &Path, peers: &[String]) -> Self {
        let ports = Ports { rpc: 0, peers: 0 };
        let (process, ports) = run(&kind, &name, &base, logs, ports, peers).await;
        Self { kind, name, base, logs: logs.to_owned(), ports, process }
    }

    /// The address for clients.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.ports.rpc)
    }

    /// The address for plain calls, `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.ports.rpc)
    }

    /// The address for other nodes, as they are told it.
    pub async fn peer_address(&self) -> String {
        let addresses = self.call("system_localListenAddresses").await;
        let address = addresses.as_array().into_iter().flatten().filter_map(|address| address.as_str());
        address
            .into_iter()
            .find(|address| address.starts_with("/ip4/127.0.0.1/tcp/") && !address.contains("/ws"))
            .unwrap_or_else(|| panic!("{} listens on loopback, but said {addresses}", self.name))
            .to_owned()
    }

    pub async fn peers(&self) -> u64 {
        self.call("system_health").await["peers"].as_u64().expect("the health of a node counts its peers")
    }

    /// The answer to a call without parameters.
    async fn call(&self, method: &str) -> Value {
        ask(self.ports.rpc, method).await
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn kill(&self) {
        self.process.kill();
    }

    /// Starts it again without its data: the same genesis, and another history; it has to be dead.
    pub async fn restart_anew(&mut self) {
        self.process.exited(SOON).await;
        std::fs::remove_dir_all(&self.base).expect("the data of a dead node can be removed");
        self.restart(&[]).await;
    }

    /// Starts it again with the same data and on the same ports, dialling `peers`; it has to be dead.
    pub async fn restart(&mut self, peers: &[String]) {
        assert!(!self.process.is_running() || self.process.exited(SOON).await.code().is_none());
        let (process, ports) = run(&self.kind, &self.name, &self.base, &self.logs, self.ports, peers).await;
        self.process = process;
        self.ports = ports;
    }
}

impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.name, self.url())
    }
}

/// Starts a node; returns it with the ports that it really has, once clients can connect.
async fn run(
    kind: &Kind,
    name: &str,
    base: &Path,
    logs: &Path,
    ports: Ports,
    peers: &[String],
) -> (Process, Ports) {
    let mut command = Command::new(programs::path(programs::NODE));
    match kind {
        Kind::Development => command.arg("--dev"),
        Kind::Measured => command.args(["--dev", "--prometheus-port", "0"]),
        Kind::Past { slots } => command.args(["author-past", "--dev", "--slots", &slots.to_string()]),
        Kind::Validator { name, node_key, chain } => {
            command.args(["--validator", "--node-key", node_key]).arg(format!("--{name}"));
            command.arg("--chain").arg(chain)
        }
    };
    // Without --no-mdns the chains of two tests, which have the same genesis, would find each other.
    command.args(["--no-mdns", "--no-telemetry", "--rpc-max-connections", "1000"]);
    if !matches!(kind, Kind::Measured) {
        command.arg("--no-prometheus");
    }
    let state = if matches!(kind, Kind::Measured | Kind::Past { .. }) { "256" } else { "archive-canonical" };
    command.args(["--state-pruning", state]);
    command.arg("--base-path").arg(base);
    command.args(["--rpc-port", &ports.rpc.to_string()]);
    command.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", ports.peers)]);
    for peer in peers {
        command.args(["--bootnodes", peer]);
    }
    let process = Process::start(name, command, logs);
    let rpc_port = process.line("the address for clients", START, rpc_port).await;
    let mut ports = Ports { rpc: rpc_port, peers: ports.peers };
    if ports.peers == 0 {
        ports.peers = peer_port(rpc_port).await;
    }
    (process, ports)
}

/// A node compiles its runtime first, and four may do that at once.
const START: Duration = Duration::from_secs(60);

/// The port in the line `Running JSON-RPC server: addr=127.0.0.1:9944,[::1]:9944`.
fn rpc_port(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("JSON-RPC server: addr=127.0.0.1:")?;
    let digits = address.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The port that it listens on for other nodes.
async fn peer_port(rpc_port: u16) -> u16 {
    let listening = async {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        loop {
            let addresses = ask(rpc_port, "system_localListenAddresses").await;
            let mut addresses =
                addresses.as_array().into_iter().flatten().filter_map(|address| address.as_str());
            let port = addresses.find_map(|address| {
                address.strip_prefix("/ip4/127.0.0.1/tcp/")?.split('/').next()?.parse::<u16>().ok()
            });
            if let Some(port) = port {
                return port;
            }
            // The node announces the address nowhere; it can only be asked.
            pause.tick().await;
        }
    };
    within(SOON, "the address for other nodes", listening).await
}

async fn ask(port: u16, method: &str) -> Value {
    rpc::call(&format!("127.0.0.1:{port}"), method, json!([])).await
}
