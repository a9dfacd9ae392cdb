//! A wire between a client and a server that a test can hold: it lets a number of bytes through on the way to
//! the server and then stops, so that a crash can be placed exactly where it should be.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use crate::wait::{within, SOON};

/// A port on loopback that leads to another address.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    meter: Arc<Meter>,
    _connections: JoinSet<()>,
}

#[derive(Debug)]
struct Meter {
    /// Bytes that went to the server, and how many may.
    passed: watch::Sender<u64>,
    limit: watch::Sender<u64>,
    /// Whether a connection waits for the limit to be raised.
    held: watch::Sender<bool>,
}

impl Gate {
    /// Opens a gate to `target` that lets everything through until [`Gate::hold_after`].
    pub async fn open(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address; qed");
        let meter = Arc::new(Meter {
            passed: watch::Sender::new(0),
            limit: watch::Sender::new(u64::MAX),
            held: watch::Sender::new(false),
        });
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, target.to_owned(), meter.clone()));
        Self { address, meter, _connections: connections }
    }

    /// The address of this side.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Lets `bytes` more through on the way to the server, and then nothing.
    pub fn hold_after(&self, bytes: u64) {
        let passed = *self.meter.passed.borrow();
        self.meter.limit.send_replace(passed.saturating_add(bytes));
    }

    /// Returns when bytes wait here.
    pub async fn holds(&self) {
        let mut held = self.meter.held.subscribe();
        let waiting = async { held.wait_for(|held| *held).await.map(|_| ()) };
        within(SOON, "bytes that wait at the gate", waiting).await.expect("the sender is in self; qed");
    }

    /// Lets everything through again.
    pub fn release(&self) {
        self.meter.limit.send_replace(u64::MAX);
        self.meter.held.send_replace(false);
    }
}

async fn accept(listener: TcpListener, target: String, meter: Arc<Meter>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (target, meter) = (target.clone(), meter.clone());
        connections.spawn(async move {
            // A server that is down closes the client's connection, as a refused one would.
            if let Ok(server) = TcpStream::connect(&target).await {
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                // When one direction ends, for whatever reason, both do.
                tokio::select! {
                    _ = forward(from_client, to_server, Some(&meter)) => {}
                    _ = forward(from_server, to_client, None) => {}
                }
            }
        });
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    meter: Option<&Meter>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        if let Some(meter) = meter {
            meter.pass(count).await;
        }
        to.write_all(&buffer[..count]).await?;
    }
}

impl Meter {
    /// Returns when `count` more bytes may go to the server.
    async fn pass(&self, count: usize) {
        let mut limit = self.limit.subscribe();
        loop {
            let allowed = *limit.borrow_and_update();
            let next = self.passed.borrow().saturating_add(count as u64);
            if next <= allowed {
                self.passed.send_replace(next);
                return;
            }
            self.held.send_replace(true);
            if limit.changed().await.is_err() {
                return;
            }
        }
    }
}
