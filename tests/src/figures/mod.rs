//! The figures that the README quotes: how each is measured, and how they are printed.
//!
//! Ratios compare two programs on the same file, in turns, in the same run, with the file in the page cache; of
//! several turns the median counts. What is measured is the binaries of this build, in processes of their own.

pub mod certificate;
pub mod dispute;
pub mod download;
pub mod lines;
pub mod nginx;
pub mod report;
pub mod rows;
pub mod sealing;
pub mod stopwatch;
pub mod throughput;
pub mod trade;

use std::path::PathBuf;

use wonbon_client::{chain::Chain, Keypair};

use crate::{
    data::write_bytes,
    market::{Company, Market},
};

use report::Figure;

/// How often a ratio is measured.
const TURNS: usize = 3;

/// What all measurements share.
#[derive(Debug)]
pub struct Bench {
    pub folder: PathBuf,
    /// Bytes of the file.
    pub size: u64,
    /// The file, without a pattern.
    pub file: PathBuf,
}

/// A market of its own, with companies for the measurements on it.
#[derive(Debug)]
pub struct Stage {
    pub market: Market,
    pub chain: Chain,
    pub seller: Company,
    pub buyer: Company,
}

impl Bench {
    pub fn prepare(folder: PathBuf, size: u64) -> Self {
        let file = folder.join("data.bin");
        say(&format!("Writing a file of {} MiB to {}", size >> 20, folder.display()));
        write_bytes(&file, 1, size);
        Self { folder, size, file }
    }

    /// Measures everything, in the order of the table.
    pub async fn run(&self) -> Vec<Figure> {
        warn_if_busy();
        let mut figures = vec![lines::measure()];
        figures.extend(sealing::measure(self));
        figures.extend(certificate::measure(self));
        figures.extend(rows::measure(self));
        say("Starting a development chain and a service");
        let limit = (self.size * 3).to_string();
        let market = Market::start(4, &["--quota", &limit, "--max-upload", &limit]).await;
        let chain = market.chain().await;
        let stage = Stage { chain, seller: market.company("seller"), buyer: market.company("buyer"), market };
        let (extrinsics, duration) = trade::measure(&stage).await;
        let (dispute, package) = dispute::measure(self, &stage).await;
        let download = download::measure(self, &stage, &package).await;
        figures.extend([extrinsics, dispute, download, duration]);
        figures
    }
}

impl Stage {
    fn seller_key(&self) -> &Keypair {
        &self.seller.key
    }

    fn buyer_key(&self) -> &Keypair {
        &self.buyer.key
    }
}

/// Sealing and opening use every core: what else runs makes them look slower than openssl, which uses one.
pub fn warn_if_busy() {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or_default();
    if load > 1.0 {
        say(&format!("Other programs are busy here (load {load}): throughput will come out too low"));
    }
}

pub fn say(what: &str) {
    eprintln!("▸ {what}");
}
