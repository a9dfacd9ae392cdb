//! The service in a process of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use wonbon_model::BlockNumber;

use crate::{
    http::Http,
    process::Process,
    programs,
    wait::{within, SOON},
};

/// A running service, or one that was killed and can be started again where it was.
#[derive(Debug)]
pub struct Service {
    address: String,
    data: PathBuf,
    logs: PathBuf,
    chain: String,
    options: Vec<String>,
    process: Process,
}

impl Service {
    /// Starts a service that follows the chain at `chain`, with its data and its log under `folder`;
    /// `options` go to its command line.
    pub async fn start(folder: &Path, chain: &str, options: &[&str]) -> Self {
        let data = folder.join("service-data");
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let (process, address) = run("127.0.0.1:0", &data, folder, chain, &options).await;
        Self { address, data, logs: folder.to_owned(), chain: chain.to_owned(), options, process }
    }

    /// The address, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address without the scheme.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The folder with all that it keeps.
    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Returns when it has applied the block at `height`.
    pub async fn has_applied(&self, height: BlockNumber) {
        let http = Http::new(&self.url());
        let applied = async {
            // The service says how far it is when asked and not otherwise.
            let mut pause = tokio::time::interval(Duration::from_millis(100));
            loop {
                let health = http.get("/health").await.json();
                if health["applied"].as_u64().is_some_and(|applied| applied >= u64::from(height)) {
                    return;
                }
                pause.tick().await;
            }
        };
        within(SOON, &format!("block {height} in the service"), applied).await;
    }

    pub fn kill(&self) {
        self.process.kill();
    }

    /// Starts it again with the same data and on the same port; it has to be dead.
    pub async fn restart(&mut self) {
        let (process, address) = run(&self.address, &self.data, &self.logs, &self.chain, &self.options).await;
        self.process = process;
        self.address = address;
    }
}

async fn run(listen: &str, data: &Path, logs: &Path, chain: &str, options: &[String]) -> (Process, String) {
    let mut command = Command::new(programs::path(programs::SERVICE));
    command.args(["--listen", listen, "--chain", chain]).arg("--data").arg(data).args(options);
    let process = Process::start("service", command, logs);
    let address = process
        .line("the address of the service", SOON, |line| {
            line.strip_prefix("listening on http://").map(str::to_owned)
        })
        .await;
    (process, address)
}
