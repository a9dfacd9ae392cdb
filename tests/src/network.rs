//! The local network: four validators on loopback, each a process. One of them may fail.

use std::{ffi::OsStr, path::Path};

use crate::{node::Node, scratch::Scratch};

/// The validators of the local preset.
pub const NAMES: [&str; 4] = ["alice", "bob", "charlie", "dave"];

/// Four validators that know each other.
#[derive(Debug)]
pub struct Network {
    nodes: Vec<Node>,
    alive: Vec<bool>,
    _folder: Scratch,
}

impl Network {
    /// Starts the four, each dialling those before it.
    pub async fn start() -> Self {
        Self::start_as(OsStr::new("local")).await
    }

    /// The same on a chain of its own, from a specification that has the same validators.
    pub async fn of(specification: &Path) -> Self {
        Self::start_as(specification.as_os_str()).await
    }

    async fn start_as(chain: &OsStr) -> Self {
        let folder = Scratch::new("network");
        let mut nodes: Vec<Node> = Vec::new();
        let mut addresses = Vec::new();
        for (index, name) in NAMES.into_iter().enumerate() {
            // Any 32 bytes are a key; these are told apart by the last one.
            let node_key = format!("{:064x}", index.saturating_add(1));
            let node = Node::validator(name, node_key, chain, folder.path(), &addresses).await;
            addresses.push(node.peer_address().await);
            nodes.push(node);
        }
        Self { alive: vec![true; nodes.len()], nodes, _folder: folder }
    }

    pub fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// Kills the `index`-th validator (SIGKILL).
    pub fn kill(&mut self, index: usize) {
        self.nodes[index].kill();
        self.alive[index] = false;
    }

    /// Starts the `index`-th validator again, with its data and on its ports, dialling those that run.
    pub async fn restart(&mut self, index: usize) {
        let mut peers = Vec::new();
        for (node, alive) in self.nodes.iter().zip(&self.alive) {
            if *alive {
                peers.push(node.peer_address().await);
            }
        }
        self.nodes[index].restart(&peers).await;
        self.alive[index] = true;
    }
}
