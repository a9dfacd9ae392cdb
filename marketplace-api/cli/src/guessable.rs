//! Whether the last block of a file could be guessed.
//!
//! Promises: it errs on the side of a warning, and reads one block.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::data_file::open;
use crate::exit::Result;
use crate::files::cannot_read;

/// Fewer unknown bits than this can be guessed one after the other.
const GUESSABLE_BITS: f64 = 128.0;

/// How many bits are unknown in the last block of a file, if they are so few that it could be guessed.
///
/// The leaf list is stored beside the sealed payload, and the paths of a sample are leaf hashes too: whoever has them can
/// confirm a guess of a block.
pub fn guessable_last_block(path: &Path, length: u64) -> Result<Option<u64>> {
    let size = wonbon_primitives::bounds::BLOCK_SIZE;
    let mut file = open(path)?;
    let from = length.saturating_sub(1) / size * size;
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(|error| cannot_read(path, &error))?;
    file.take(size).read_to_end(&mut last).map_err(|error| cannot_read(path, &error))?;
    let bits = unknown_bits(&last);
    Ok((bits < GUESSABLE_BITS).then_some(bits as u64))
}

/// About how many bits somebody does not know who knows what such data look like: each byte counts as one of its kind (a
/// digit, a letter, anything), and what was there before in the block, three bytes or more in a row, as the choice of
/// where it was. It errs on the side of a warning.
fn unknown_bits(block: &[u8]) -> f64 {
    const SHORTEST_REPEAT: usize = 3;
    let mut bits = 0.0;
    let mut at = 0;
    while let Some(&byte) = block.get(at) {
        let repeat = |from: usize| block[from..].iter().zip(&block[at..]).take_while(|(a, b)| a == b).count();
        let longest = (0..at).map(repeat).max().unwrap_or(0);
        if longest >= SHORTEST_REPEAT {
            bits += (at as f64).log2() + 1.0;
            at += longest;
            continue;
        }
        bits += match byte {
            // What separates values is where everybody expects it.
            b',' | b';' | b'\t' | b'\n' | b'\r' | b'"' | b'.' | b':' | b'-' | b' ' => 0.0,
            b'0'..=b'9' => 10f64.log2(),
            b'a'..=b'z' | b'A'..=b'Z' => 26f64.log2(),
            _ => 8.0,
        };
        at += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessable(bytes: &[u8]) -> Option<u64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        guessable_last_block(&path, bytes.len() as u64).unwrap()
    }

    /// Bytes that nobody guesses.
    fn random(count: usize) -> Vec<u8> {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn a_guessable_last_block_is_noticed() {
        // Short: few bytes, whatever they are.
        assert!(guessable(b"x").is_some());
        assert!(guessable(&random(4096 + 12)).is_some());
        assert_eq!(guessable(&random(4096 + 40)), None);
        assert_eq!(guessable(&random(4096)), None);
        // Long enough, and always the same, or only separators and a few digits.
        assert!(guessable(&vec![0; 8192]).is_some());
        assert!(guessable("0,0,0,0\n".repeat(600).as_bytes()).is_some());
        assert!(guessable(b"2026-01-01T00:00:00,1,22.5\n").is_some());
        // A page of measured values is not.
        let rows: String =
            random(1500).chunks(3).map(|row| format!("{},{},{}\n", row[0], row[1], row[2])).collect();
        assert_eq!(guessable(rows.as_bytes()), None);
    }
}
