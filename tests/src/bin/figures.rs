//! `wonbon-figures`: measures the figures that the README quotes and prints them.
//!
//! It needs the other binaries of the same build beside it, and openssl, curl, nginx and GNU time.
//! `scripts/bench.sh` installs and builds all that and runs it.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use wonbon_tests::{
    figures::{report::table, say, Bench},
    scratch::{self, Scratch},
};

/// Measures the figures that the README quotes.
#[derive(Debug, Parser)]
struct Options {
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

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let scratch = Scratch::new("figures");
    let folder = match &options.folder {
        Some(parent) => tempfile_in(parent)?,
        None => scratch.path().to_owned(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let bench = Bench::prepare(folder.clone(), options.size << 20);
    let figures = runtime.block_on(bench.run());
    if options.json {
        figures.iter().for_each(|figure| println!("{}", figure.json()));
    } else {
        print!("{}", table(&figures));
    }
    for figure in &figures {
        say(&format!("{}: {}", figure.name, figure.detail));
    }
    fs::remove_dir_all(&folder)?;
    drop(scratch);
    scratch::remove_all();
    Ok(ExitCode::SUCCESS)
}

/// A folder of this run in `parent`.
fn tempfile_in(parent: &std::path::Path) -> anyhow::Result<PathBuf> {
    let folder = parent.join(format!("wonbon-figures-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
