//! `wonbon-figures`: measures the figures that the README quotes and prints them.
//!
//! It needs the other binaries of the same build beside it, and openssl, curl, nginx and GNU time.
//! `scripts/bench.sh` installs and builds all that and runs it.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use wonbon_tests::{
    figures::{
        report::{table, Figure},
        say, throughput, warn_if_busy, Bench,
    },
    scratch::{self, Scratch},
};

/// Measures the figures that the README quotes.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    only: Option<Only>,
    #[command(flatten)]
    all: All,
}

/// What takes longer and is measured on its own.
#[derive(Debug, clap::Subcommand)]
enum Only {
    /// Trades a second, on a new chain and on one with a million past trades, which is made first if it is not there
    Trades(Trades),
    /// Make a chain with past trades, or go on with making it
    Past(Past),
}

#[derive(Debug, clap::Args)]
struct All {
    /// One JSON object a line in place of the table
    #[arg(long)]
    json: bool,
    /// Size of the file in MiB
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=65_536))]
    size: u64,
    /// Where the files go, about eight times the size [default: the folder for temporary files]
    #[arg(long)]
    folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Trades {
    /// One JSON object a line in place of the table
    #[arg(long)]
    json: bool,
    /// How long trades are measured
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=3_600))]
    seconds: u64,
    /// Only on a new chain
    #[arg(long)]
    new: bool,
    #[command(flatten)]
    past: Past,
}

#[derive(Debug, clap::Args)]
struct Past {
    /// The base path of the chain with past trades
    #[arg(long, env = "WONBON_PAST_TRADES")]
    base_path: Option<PathBuf>,
    /// How many past trades
    #[arg(long, default_value_t = 1_000_000)]
    trades: u64,
}

impl Past {
    /// The base path, or a place for it among the caches of the project.
    fn base_path(&self) -> PathBuf {
        self.base_path.clone().unwrap_or_else(|| {
            let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache");
            cache.unwrap_or_else(home).join("wonbon/past-trades/chain")
        })
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    match options.only {
        None => measure_all(&options.all, &runtime)?,
        Some(Only::Trades(trades)) => {
            warn_if_busy();
            let past = (!trades.new).then(|| (trades.past.base_path(), trades.past.trades));
            let how = throughput::Options { seconds: trades.seconds, past };
            show(&runtime.block_on(throughput::measure(&how)), trades.json);
        }
        Some(Only::Past(past)) => {
            runtime.block_on(throughput::past::make(&past.base_path(), past.trades));
        }
    }
    scratch::remove_all();
    Ok(ExitCode::SUCCESS)
}

/// Measures everything that takes minutes.
fn measure_all(options: &All, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let scratch = Scratch::new("figures");
    let folder = match &options.folder {
        Some(parent) => tempfile_in(parent)?,
        None => scratch.path().to_owned(),
    };
    let bench = Bench::prepare(folder.clone(), options.size << 20);
    show(&runtime.block_on(bench.run()), options.json);
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn show(figures: &[Figure], json: bool) {
    if json {
        figures.iter().for_each(|figure| println!("{}", figure.json()));
    } else {
        print!("{}", table(figures));
    }
    for figure in figures {
        say(&format!("{}: {}", figure.name, figure.detail));
    }
}

/// A folder of this run in `parent`.
fn tempfile_in(parent: &std::path::Path) -> anyhow::Result<PathBuf> {
    let folder = parent.join(format!("wonbon-figures-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
