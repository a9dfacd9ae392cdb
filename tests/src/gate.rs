//! A wire between a client and a server that a test can hold: it lets a number of bytes through one way and
//! then stops, so that a crash can be placed exactly where it should be.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use crate::wait::{within, TRADE};

/// A port on loopback that leads to another address.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    to_server: Arc<Meter>,
    to_client: Arc<Meter>,
    _connections: JoinSet<()>,
}

/// One direction of a gate.
#[derive(Debug)]
pub struct Meter {
    /// Bytes that went through, and how many may.
    passed: watch::Sender<u64>,
    limit: watch::Sender<u64>,
    /// What nothing goes through from, once it comes.
    word: Mutex<Option<&'static str>>,
    /// Whether bytes wait for the limit to be raised.
    held: watch::Sender<bool>,
}

impl Gate {
    /// Opens a gate to `target` that lets everything through both ways until a [`Meter`] is told otherwise.
    pub async fn open(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address; qed");
        let (to_server, to_client) = (Arc::new(Meter::open()), Arc::new(Meter::open()));
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, target.to_owned(), to_server.clone(), to_client.clone()));
        Self { address, to_server, to_client, _connections: connections }
    }

    /// The address of this side.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The way from the client to the server.
    pub fn to_server(&self) -> &Meter {
        &self.to_server
    }

    /// The way from the server to the client.
    pub fn to_client(&self) -> &Meter {
        &self.to_client
    }
}

impl Meter {
    fn open() -> Self {
        Self {
            passed: watch::Sender::new(0),
            limit: watch::Sender::new(u64::MAX),
            word: Mutex::default(),
            held: watch::Sender::new(false),
        }
    }

    /// Bytes that went through so far.
    pub fn passed(&self) -> u64 {
        *self.passed.borrow()
    }

    /// Lets `bytes` more through, and then nothing.
    pub fn hold_after(&self, bytes: u64) {
        self.limit.send_replace(self.passed().saturating_add(bytes));
    }

    /// Lets everything through until this word comes, and then nothing, nor the word. A word that is cut in two by the
    /// way that it comes is not noticed; the first line of a request is not.
    pub fn hold_at(&self, word: &'static str) {
        *self.word.lock().unwrap_or_else(PoisonError::into_inner) = Some(word);
    }

    /// Returns when bytes wait here.
    pub async fn holds(&self) {
        let mut held = self.held.subscribe();
        let waiting = async { held.wait_for(|held| *held).await.map(|_| ()) };
        within(TRADE, "bytes that wait at the gate", waiting).await.expect("the sender is in self; qed");
    }

    /// Lets everything through again.
    pub fn release(&self) {
        self.held.send_replace(false);
        self.limit.send_replace(u64::MAX);
    }

    /// Returns when these bytes may go through.
    async fn pass(&self, bytes: &[u8]) {
        if self.has_word(bytes) {
            self.hold_after(0);
        }
        let count = bytes.len();
        let mut limit = self.limit.subscribe();
        loop {
            let allowed = *limit.borrow_and_update();
            let next = self.passed().saturating_add(count as u64);
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

    /// Whether the word is in these bytes; it is waited for no longer then.
    fn has_word(&self, bytes: &[u8]) -> bool {
        let mut word = self.word.lock().unwrap_or_else(PoisonError::into_inner);
        let found = word.is_some_and(|word| bytes.windows(word.len()).any(|part| part == word.as_bytes()));
        if found {
            *word = None;
        }
        found
    }
}

async fn accept(listener: TcpListener, target: String, to_server: Arc<Meter>, to_client: Arc<Meter>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (target, to_server, to_client) = (target.clone(), to_server.clone(), to_client.clone());
        connections.spawn(async move {
            // A server that is down closes the client's connection, as a refused one would.
            if let Ok(server) = TcpStream::connect(&target).await {
                let (client_reads, client_writes) = client.into_split();
                let (server_reads, server_writes) = server.into_split();
                // When one direction ends, for whatever reason, both do.
                tokio::select! {
                    _ = forward(client_reads, server_writes, &to_server) => {}
                    _ = forward(server_reads, client_writes, &to_client) => {}
                }
            }
        });
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    meter: &Meter,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        meter.pass(&buffer[..count]).await;
        to.write_all(&buffer[..count]).await?;
    }
}
