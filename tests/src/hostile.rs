//! A node that lies: a proxy before a real one that sees every request and may change every answer.

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_tungstenite::{accept_async, connect_async, tungstenite::Message};

/// What becomes of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It goes on as it is, or as it was changed.
    Pass(Value),
    Swallow,
}

/// Decides on the answer to a method with these parameters. Of a subscription it sees the notices too, with the method
/// that they come by. The value is the whole object: `result` or `error`, or `params` of a notice.
pub type Lie = dyn Fn(&str, &Value, Value) -> Answer + Send + Sync;

/// A port on loopback that leads to a node, through a liar.
pub struct HostileNode {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _connections: JoinSet<()>,
}

impl fmt::Debug for HostileNode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a hostile node at {}", self.address)
    }
}

impl HostileNode {
    /// Opens the port before the node at `node`, an address like `ws://127.0.0.1:9944`.
    pub async fn before(
        node: &str,
        lie: impl Fn(&str, &Value, Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address; qed");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, node.to_owned(), Arc::new(lie), asked.clone()));
        Self { address, asked, _connections: connections }
    }

    /// The address for clients.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// How often a method was asked for.
    pub fn asked(&self, method: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|name| *name == method).count()
    }

    /// The methods that were asked for, in order; opening a subscription is one.
    pub fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn accept(listener: TcpListener, node: String, lie: Arc<Lie>, asked: Arc<Mutex<Vec<String>>>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(forward(client, node.clone(), lie.clone(), asked.clone()));
    }
}

/// Carries one connection both ways until either side ends it.
async fn forward(client: TcpStream, node: String, lie: Arc<Lie>, asked: Arc<Mutex<Vec<String>>>) {
    let (Ok(client), Ok((node, _))) = (accept_async(client).await, connect_async(node).await) else { return };
    let ((mut to_client, mut from_client), (mut to_node, mut from_node)) = (client.split(), node.split());
    // What was asked under an id, for its answer.
    let mut open: HashMap<String, (String, Value)> = HashMap::new();
    loop {
        tokio::select! {
            request = from_client.next() => {
                let Some(Ok(request)) = request else { return };
                // One request, or several at once.
                let requests = match json(&request) {
                    Some(Value::Array(requests)) => requests,
                    other => Vec::from_iter(other),
                };
                for value in requests {
                    let method = value["method"].as_str().unwrap_or_default().to_owned();
                    asked.lock().unwrap_or_else(PoisonError::into_inner).push(method.clone());
                    open.insert(value["id"].to_string(), (method, value["params"].clone()));
                }
                if to_node.send(request).await.is_err() {
                    return;
                }
            }
            answer = from_node.next() => {
                let Some(Ok(answer)) = answer else { return };
                let told = match json(&answer) {
                    None => Some(answer),
                    Some(value) => {
                        let (method, params) = match open.remove(&value["id"].to_string()) {
                            Some(request) => request,
                            None => (value["method"].as_str().unwrap_or_default().to_owned(), Value::Null),
                        };
                        match lie(&method, &params, value) {
                            Answer::Pass(value) => Some(Message::text(value.to_string())),
                            Answer::Swallow => None,
                        }
                    }
                };
                if let Some(told) = told {
                    if to_client.send(told).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

fn json(message: &Message) -> Option<Value> {
    serde_json::from_str(message.to_text().ok().filter(|text| !text.is_empty())?).ok()
}
