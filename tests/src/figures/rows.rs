//! The proof of one row of a large dataset, made by `wonbon prove`: of a row that lies in one block, and of one that
//! lies across two.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
};

use serde_json::Value;

use super::{
    report::{Figure, Target},
    say, Bench,
};
use crate::programs;

/// Bytes of a block.
const BLOCK: u64 = 4096;

/// Makes a file of rows as large as the bench's, and proves two of its rows.
pub fn measure(bench: &Bench) -> [Figure; 2] {
    let file = bench.folder.join("rows.csv");
    say(&format!("Writing {} MiB of sensor rows, and proving two of them", bench.size >> 20));
    wonbon(bench, &["synthesise", "--bytes", &bench.size.to_string(), "--output", text(&file)]);
    let within = prove(bench, &file, 1);
    let across = prove(bench, &file, 2);
    // The next measurements need the room.
    fs::remove_file(&file).expect("a file that was just made can be removed");
    let detail =
        |row: u64| format!("row {row} of a file of {} MiB; the proof holds its blocks", bench.size >> 20);
    [
        Figure {
            name: "proof of one row in one block",
            value: within.1 as f64,
            unit: "bytes",
            target: Target::Below(5_500.0),
            detail: detail(within.0),
        },
        Figure {
            name: "proof of one row across two blocks",
            value: across.1 as f64,
            unit: "bytes",
            target: Target::Below(10_000.0),
            detail: detail(across.0),
        },
    ]
}

/// Proves a row from the middle of the file that lies in so many blocks; gives its number and the proof's length.
fn prove(bench: &Bench, file: &Path, blocks: u64) -> (u64, u64) {
    let row = row_in(file, bench.size / 2, blocks);
    let proof = bench.folder.join("proof");
    let rows = format!("{row}-{row}");
    let said = wonbon(bench, &["prove", text(file), "--rows", &rows, "--output", text(&proof), "--yes"]);
    let ends = [0, 1].map(|end| said["blocks"][end].as_u64().expect("the command says which blocks"));
    assert_eq!(ends[1] - ends[0] + 1, blocks, "{said}");
    let checked = wonbon(bench, &["check-rows", text(&proof)]);
    assert_eq!(checked["dataset"], said["dataset"], "{checked}");
    let length = fs::metadata(&proof).expect("the proof was written").len();
    fs::remove_file(&proof).expect("a file that was just made can be removed");
    (row, length)
}

/// The first row from `offset` on whose line, with its end, lies in exactly so many blocks.
fn row_in(file: &Path, offset: u64, blocks: u64) -> u64 {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(file).expect("the rows were written"));
    let (mut row, mut start, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        let length = lines.read_until(b'\n', &mut line).expect("the rows can be read") as u64;
        assert!(length > 0, "no row lies in {blocks} blocks");
        let touched = (start + length - 1) / BLOCK - start / BLOCK + 1;
        if start >= offset && touched == blocks {
            return row;
        }
        row += 1;
        start += length;
    }
}

/// Runs the command and gives its object.
fn wonbon(bench: &Bench, arguments: &[&str]) -> Value {
    let mut command = Command::new(programs::path(programs::COMMAND));
    command.args(arguments).args(["--quiet", "--json", "--home"]).arg(bench.folder.join("home"));
    let done = command.output().expect("the command starts");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("it prints one object")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the folders of a run have plain names")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn rows_are_found_by_the_blocks_that_they_touch() {
        let folder = Scratch::new("rows");
        let file = folder.join("rows.csv");
        // Lines of 100 bytes: the 41st from 0 on begins at 4,000 and ends at 4,100.
        fs::write(&file, format!("{}\n", "x".repeat(99)).repeat(200)).unwrap();
        assert_eq!(row_in(&file, 0, 2), 40);
        assert_eq!(row_in(&file, 0, 1), 0);
        assert_eq!(row_in(&file, 4_001, 1), 41);
        assert_eq!(row_in(&file, 4_101, 2), 81);
    }
}
