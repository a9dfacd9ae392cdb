//! A seeded generator of plausible CNC milling sensor rows.
//!
//! Promises: the same seed and size give the same bytes, on every machine; the rows are synthetic and say so
//! (every machine is called SYNTH-…); written as a stream, so that a gibibyte takes seconds.
//!
//! Only whole-number arithmetic is used, so that no machine rounds differently.

use std::io::{self, Write};

use wonbon_model::words::time::Time;

use crate::Progress;

/// The first line of the file: names of its columns.
pub const HEADER: &str = "timestamp,machine_id,program,tool_id,spindle_speed_rpm,feed_mm_min,\
spindle_load_pct,vibration_x_mm_s,vibration_y_mm_s,coolant_temp_c,tool_wear_um,part_no,alarm\n";

/// 2026-01-05T00:00:00Z, a Monday.
const START_MS: u64 = 1_767_571_200_000;
const MACHINES: usize = 4;
const PROGRAMS: [&str; 4] = ["O1001", "O1002", "O2040", "O3300"];
/// Spindle speed and feed of each program.
const CUTS: [(u64, u64); 4] = [(8_000, 1_200), (12_000, 2_400), (6_500, 900), (15_000, 3_000)];

/// How much is written before it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// After so many data rows.
    Rows(u64),
    /// At the last whole row before so many bytes, then one row cut to fit exactly (its last field grows).
    Bytes(u64),
}

/// What came of a run; the same seed and size give the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows without the header.
    pub rows: u64,
    /// Bytes, the header included.
    pub bytes: u64,
}

/// SplitMix64: tiny, well known, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// One machine at work.
#[derive(Clone, Copy)]
struct Machine {
    program: usize,
    tool: u64,
    /// Tenths of a micrometre.
    wear: u64,
    part: u64,
    /// Rows until the next part.
    left: u64,
    /// Hundredths of a degree.
    coolant: u64,
}

/// Writes rows to `out`. `progress` is told how many bytes were written since it was last told; when it breaks,
/// writing stops early with an error.
pub fn generate(
    seed: u64,
    size: Size,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> io::Result<Written> {
    let mut random = Random(seed);
    let mut machines = [Machine { program: 0, tool: 1, wear: 0, part: 0, left: 0, coolant: 2_150 }; MACHINES];
    let (rows_limit, limit) = match size {
        Size::Rows(rows) => (rows, u64::MAX),
        Size::Bytes(bytes) => (u64::MAX, bytes),
    };
    let mut written = Written { rows: 0, bytes: 0 };
    let mut buffer = Vec::with_capacity(1 << 17);
    buffer.extend_from_slice(HEADER.as_bytes());
    let mut clock = Clock { second: u64::MAX, text: String::new() };
    let mut row = Vec::with_capacity(256);
    let total = |written: &Written, buffer: &Vec<u8>| written.bytes + buffer.len() as u64;
    while written.rows < rows_limit && total(&written, &buffer) < limit {
        row.clear();
        one_row(&mut row, written.rows, &mut machines, &mut random, &mut clock)?;
        if total(&written, &buffer) + row.len() as u64 > limit {
            break;
        }
        buffer.extend_from_slice(&row);
        written.rows += 1;
        if buffer.len() >= 1 << 16 {
            out.write_all(&buffer)?;
            written.bytes += buffer.len() as u64;
            if progress(buffer.len() as u64).is_break() {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "stopped"));
            }
            buffer.clear();
        }
    }
    if let Size::Bytes(bytes) = size {
        fill(&mut buffer, written.bytes, bytes);
    }
    out.write_all(&buffer)?;
    out.flush()?;
    written.bytes += buffer.len() as u64;
    let _ = progress(buffer.len() as u64);
    Ok(written)
}

/// Brings the text to exactly `bytes`: blank lines, which every CSV reader skips, fill the rest. A size below
/// the header's cuts the header.
fn fill(buffer: &mut Vec<u8>, before: u64, bytes: u64) {
    buffer.resize(usize::try_from(bytes.saturating_sub(before)).unwrap_or(usize::MAX), b'\n');
}

fn one_row(
    row: &mut Vec<u8>,
    number: u64,
    machines: &mut [Machine; MACHINES],
    random: &mut Random,
    clock: &mut Clock,
) -> io::Result<()> {
    let which = (number % MACHINES as u64) as usize;
    let machine = &mut machines[which];
    let noise = random.next();
    if machine.left == 0 {
        machine.part += 1;
        machine.left = 400 + random.next() % 400;
        machine.program = (random.next() % PROGRAMS.len() as u64) as usize;
    }
    machine.left -= 1;
    let (speed, feed) = CUTS[machine.program];
    // The tool wears with the cut and is changed at 0.3 mm.
    machine.wear += noise % 4;
    if machine.wear > 3_000 {
        machine.wear = 0;
        machine.tool = machine.tool % 24 + 1;
    }
    // Coolant drifts between 18 and 32 degrees.
    machine.coolant = (machine.coolant + (noise >> 8) % 7).saturating_sub(3).clamp(1_800, 3_200);
    let jitter = |shift: u32, range: u64| (noise >> shift) % range;
    let idle = machine.left < 40;
    let load = if idle { jitter(16, 50) } else { 300 + machine.wear / 12 + jitter(16, 120) };
    let vibration = if idle { 20 } else { 180 + machine.wear / 6 };
    let alarm = !idle && load > 630 && jitter(48, 64) == 0;

    let milliseconds = START_MS + number / MACHINES as u64 * 100;
    if milliseconds / 1000 != clock.second {
        clock.second = milliseconds / 1000;
        clock.text = Time::from_millis(milliseconds).unwrap_or(Time::LAST).to_second();
    }
    let (second, tenth) = (clock.text.trim_end_matches('Z'), milliseconds / 100 % 10);
    let (machine_number, program, tool) = (which + 1, PROGRAMS[machine.program], machine.tool);
    let (speed, feed) = if idle { (0, 0) } else { (speed - 40 + jitter(24, 80), feed - 10 + jitter(32, 20)) };
    let (x, y) = (vibration + jitter(36, 60), vibration + jitter(42, 50));
    write!(row, "{second}.{tenth}Z,SYNTH-0{machine_number},{program},T{tool:02},{speed},{feed},")?;
    write!(row, "{}.{},{}.{:02},{}.{:02},", load / 10, load % 10, x / 100, x % 100, y / 100, y % 100)?;
    // A sensor fails now and then.
    if jitter(52, 512) != 0 {
        write!(row, "{}.{:02}", machine.coolant / 100, machine.coolant % 100)?;
    }
    writeln!(row, ",{}.{},{},{alarm}", machine.wear / 10, machine.wear % 10, machine.part)
}

/// The part of a timestamp above the second, which is made once a second.
struct Clock {
    second: u64,
    text: String,
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use sha2::{Digest, Sha256};

    fn make(seed: u64, size: Size) -> (Vec<u8>, Written) {
        let mut bytes = Vec::new();
        let written = generate(seed, size, &mut bytes, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(written.bytes, bytes.len() as u64);
        (bytes, written)
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (first, _) = make(7, Size::Rows(1_000));
        assert_eq!(first, make(7, Size::Rows(1_000)).0);
        assert_ne!(first, make(8, Size::Rows(1_000)).0);
        // These bytes must not change: benchmarks and documents quote them.
        assert_eq!(hex::encode(Sha256::digest(&first)), GOLDEN);
    }

    const GOLDEN: &str = "a12074369efd4d3441f27d62d097f73ee3475f375dd252e8a35a944cb2e87889";

    #[test]
    fn the_rows_look_like_a_milling_shop_and_say_synthetic() {
        let (bytes, _) = make(1, Size::Rows(20_000));
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.lines().skip(1).all(|line| line.contains(",SYNTH-0")));
        let profile =
            crate::csv::profile(&bytes[..], Default::default(), true, &mut |_| ControlFlow::Continue(()))
                .unwrap();
        let kinds: Vec<_> = profile.columns.iter().map(|column| column.kind.word()).collect();
        assert_eq!(
            kinds,
            [
                "timestamp",
                "text",
                "text",
                "text",
                "integer",
                "integer",
                "number",
                "number",
                "number",
                "number",
                "number",
                "integer",
                "boolean"
            ]
        );
        assert_eq!(profile.rows, Some(20_000));
        assert!(profile.columns[9].missing > Some(0), "a sensor fails now and then");
        assert!(profile.warnings.is_empty(), "{:?}", profile.warnings);
    }

    #[test]
    fn a_size_in_bytes_is_met_exactly() {
        for bytes in [1, 100, 4_096, 4_097, 1_000_000] {
            let (made, _) = make(3, Size::Bytes(bytes));
            assert_eq!(made.len() as u64, bytes);
        }
        let (long, _) = make(3, Size::Bytes(100_000));
        assert_eq!(long[..50_000], make(3, Size::Bytes(200_000)).0[..50_000]);
    }

    #[test]
    fn rows_are_counted() {
        assert_eq!(make(1, Size::Rows(0)).0, HEADER.as_bytes());
        assert_eq!(make(1, Size::Rows(17)).1.rows, 17);
    }
}
