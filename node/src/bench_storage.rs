//! `wonbon-node bench-storage`: what a read and a write of the state cost on ParityDB, through the node's own backend.
//!
//! It makes a database of its own with a state of a million keys, which are as long as the runtime's and have values as
//! long as its records. It reads keys picked at random without a cache of the trie, so that each read goes to the database;
//! and it makes blocks that change as many random values as a full block does, each read before it is changed, as the
//! runtime's are. A write is what such a block costs from the changed values to the committed block, state root and finality
//! included, divided by its writes. What is left in the database's queues at the end is waited for and divided too.
//!
//! The weights are the medians of the batches, rounded up to a whole microsecond; a write's is no less than what all of them
//! cost with the queues emptied: see [`report`].

mod report;
mod state;
mod stopwatch;

use report::Report;
use state::State;
use std::{path::PathBuf, time::Duration};
use stopwatch::Stopwatch;

/// Reads are timed so many at a time.
const READS_AT_A_TIME: u32 = 10_000;

/// Measures what reading and writing the state cost
#[derive(Debug, clap::Args)]
pub(crate) struct BenchStorage {
    /// Keys of the state
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    keys: u32,
    /// Blocks that are measured
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..))]
    blocks: u32,
    /// Changed values of a block
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..))]
    writes: u32,
    /// Where the database is made: an empty folder, which is removed afterwards
    #[arg(long)]
    folder: PathBuf,
    /// Measure the processor time of the thread, for a machine that others use; what the database does in other threads and
    /// waiting for the disk are not in it
    #[arg(long)]
    processor_time: bool,
    /// Where to write the weights as the runtime's source (runtime/src/configs/database.rs)
    #[arg(long)]
    output: Option<PathBuf>,
}

/// What was measured.
#[derive(Debug)]
struct Measured {
    keys: u32,
    writes: u32,
    stopwatch: Stopwatch,
    /// The time of one read, of each batch.
    reads: Vec<Duration>,
    /// The time of one write, of each block.
    writing: Vec<Duration>,
    /// The time of one write over all blocks, the emptying of the database's queues included.
    sustained: Duration,
}

impl BenchStorage {
    pub(crate) fn run(&self) -> Result<(), String> {
        std::fs::create_dir_all(&self.folder).map_err(|error| error.to_string())?;
        let path = self.folder.join("bench-storage");
        if path.exists() {
            return Err(format!("{} exists already", path.display()));
        }
        let report = Report::of(&self.measure(&path)?);
        std::fs::remove_dir_all(&path).map_err(|error| error.to_string())?;
        println!("{report}");
        match &self.output {
            Some(output) => std::fs::write(output, report.source()).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    fn measure(&self, path: &std::path::Path) -> Result<Measured, String> {
        eprintln!("Making a state of {} keys", self.keys);
        let mut state = State::make(path.to_owned())?;
        state.grow_to(self.keys)?;
        // What is in no cache of this process and in no queue of the database any more is read from its files.
        drop(state);

        let stopwatch = if self.processor_time { Stopwatch::Processor } else { Stopwatch::Clock };
        eprintln!("Reading");
        let mut state = State::open(path.to_owned(), self.keys, false, stopwatch)?;
        let mut reads = Vec::new();
        for _ in 0..self.blocks.saturating_mul(self.writes).div_ceil(READS_AT_A_TIME) {
            reads.push(state.read(READS_AT_A_TIME)? / READS_AT_A_TIME);
        }
        drop(state);

        eprintln!("Writing {} blocks", self.blocks);
        let mut state = State::open(path.to_owned(), self.keys, true, stopwatch)?;
        let mut blocks = Vec::new();
        for _ in 0..self.blocks {
            blocks.push(state.write(self.writes)?);
        }
        let closing = stopwatch.now()?;
        drop(state);
        let all = blocks.iter().sum::<Duration>() + stopwatch.now()?.saturating_sub(closing);
        let sustained = all / self.blocks.saturating_mul(self.writes);
        let writing = blocks.into_iter().map(|block| block / self.writes).collect();
        Ok(Measured { keys: self.keys, writes: self.writes, stopwatch, reads, writing, sustained })
    }
}
