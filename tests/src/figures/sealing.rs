//! Sealing and opening a file with the command, over `openssl dgst -sha256` of the same file.

use std::{path::Path, process::Command};

use super::{
    report::{median, Figure, Target},
    say,
    stopwatch::{measure as timed, Cost},
    Bench,
};
use crate::programs;

/// How often each is measured: a turn takes a second, in which the disk and the other tenants of a machine count for much.
const TURNS: usize = 9;

/// Seals and opens the file, each in turns with openssl.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let package = bench.folder.join("package");
    let opened = bench.folder.join("opened.bin");
    let home = bench.folder.join("home");
    let wonbon = |arguments: &[&Path], verb: &str| {
        let mut command = Command::new(programs::path(programs::COMMAND));
        command.arg(verb).args(arguments).args(["--quiet", "--json", "--home"]).arg(&home);
        command
    };
    let output = Path::new("--output");
    let seal = wonbon(&[&bench.file, output, &package], "seal");
    let sealing = compare(bench, "Sealing", &seal, &[&package, &package.with_extension("key")]);
    let open = wonbon(&[&package, output, &opened], "open");
    // Sealing passes the page cache by. What openssl reads is in it, and so is a package after its download.
    let mut sealed = std::fs::File::open(&package).expect("the last turn sealed it");
    std::io::copy(&mut sealed, &mut std::io::sink()).expect("what was written can be read");
    let opening = compare(bench, "Opening and verifying", &open, &[&opened]);
    say("Comparing the opened file with the first");
    let same = Command::new("cmp").arg(&bench.file).arg(&opened).status().expect("cmp is installed");
    assert!(same.success(), "the opened file is not the one that was sealed");
    for file in [&package, &opened] {
        std::fs::remove_file(file).expect("a file that was just made can be removed");
    }
    let names = [
        ("sealing, throughput over openssl sha256", "sealing, peak memory"),
        ("opening and verifying, throughput over openssl sha256", "opening and verifying, peak memory"),
    ];
    let both = names.into_iter().zip([sealing, opening]);
    both.flat_map(|((throughput, memory), comparison)| comparison.figures(throughput, memory)).collect()
}

/// How a program compares with openssl.
pub(super) struct Comparison {
    ratio: f64,
    peak_memory: u64,
    detail: String,
}

impl Comparison {
    fn figures(self, throughput: &'static str, memory: &'static str) -> [Figure; 2] {
        let peak_memory = Figure {
            name: memory,
            value: self.peak_memory as f64 / f64::from(1 << 20),
            unit: "MiB",
            target: Target::Below(64.0),
            detail: "maximum resident set".to_owned(),
        };
        [self.throughput(throughput, 1.0), peak_memory]
    }

    /// The throughput, which is to be at least `target` times that of openssl.
    pub(super) fn throughput(self, name: &'static str, target: f64) -> Figure {
        Figure {
            name,
            value: self.ratio,
            unit: "ratio",
            target: Target::AtLeast(target),
            detail: self.detail,
        }
    }
}

/// The median time of openssl over that of `command`, whose `outputs` are removed before each turn.
pub(super) fn compare(bench: &Bench, what: &str, command: &Command, outputs: &[&Path]) -> Comparison {
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256"]).arg(&bench.file);
    say(&format!("{what}, in turns with openssl dgst -sha256"));
    let (mut ours, mut theirs, mut peak_memory) = (Vec::new(), Vec::new(), 0);
    // The first turn warms the cache and is not counted.
    for turn in 0..=TURNS {
        for output in outputs {
            // It is not there in the first turn.
            let _ = std::fs::remove_file(output);
        }
        let reference = timed(&openssl, &bench.folder);
        let cost = timed(command, &bench.folder);
        say(&format!(
            "  openssl {}, {} with {} MiB",
            speed(bench, &reference),
            speed(bench, &cost),
            cost.peak_memory >> 20
        ));
        peak_memory = peak_memory.max(cost.peak_memory);
        if turn > 0 {
            theirs.push(reference.seconds);
            ours.push(cost.seconds);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    Comparison { ratio: theirs / ours, peak_memory, detail: format!("{ours:.2} s and {theirs:.2} s") }
}

fn speed(bench: &Bench, cost: &Cost) -> String {
    format!("{:.0} MB/s", bench.size as f64 / cost.seconds / 1e6)
}
