//! Files to trade: rows of a machine's sensors made from a seed, and bytes without a pattern.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// A generator of numbers (SplitMix64): the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Writes `rows` rows of a CSV of a milling machine's spindle. Different seeds give different files.
pub fn write_csv(path: &Path, seed: u64, rows: u32) {
    let mut numbers = Numbers::new(seed);
    let mut file = BufWriter::new(File::create(path).expect("a file can be made"));
    let mut write = || -> std::io::Result<()> {
        writeln!(file, "time_s,spindle_rpm,load_pct,vibration_mm_s,tool")?;
        for row in 0..rows {
            let number = numbers.next_u64();
            writeln!(
                file,
                "{row},{},{}.{},0.{:03},T{:02}",
                7_800 + number % 400,
                (number >> 16) % 100,
                (number >> 24) % 10,
                (number >> 32) % 1_000,
                (number >> 48) % 24,
            )?;
        }
        file.flush()
    };
    write().expect("a file can be written");
}

/// Writes `length` bytes without a pattern.
pub fn write_bytes(path: &Path, seed: u64, length: u64) {
    let mut numbers = Numbers::new(seed);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("a file can be made"));
    let mut left = length;
    let mut chunk = Vec::with_capacity(1 << 16);
    while left > 0 {
        chunk.clear();
        while chunk.len() < 1 << 16 {
            chunk.extend_from_slice(&numbers.next_u64().to_le_bytes());
        }
        let count = usize::try_from(left.min(1 << 16)).expect("at most 65,536; qed");
        file.write_all(&chunk[..count]).expect("a file can be written");
        left -= count as u64;
    }
    file.flush().expect("a file can be written");
}
