//! A seeded generator of plausible CNC milling sensor rows.
//!
//! Promises: the same seed and size give the same bytes, on every machine; the rows are synthetic and say so
//! (every machine is called SYNTH-…); written as a stream, so that a gibibyte takes seconds.
//!
//! Only whole-number arithmetic is used, so that no machine rounds differently.

use std::io::{self, Write};

use crate::Progress;

/// The header line.
pub const HEADER: &str = "timestamp,machine_id,program,tool_id,spindle_speed_rpm,feed_mm_min,\
spindle_load_pct,vibration_x_mm_s,vibration_y_mm_s,coolant_temp_c,tool_wear_um,part_no,alarm\n";

/// 2026-01-05T00:00:00Z, a Monday.
const START_MS: u64 = 1_767_571_200_000;
const MACHINES: usize = 4;
const PROGRAMS: [&str; 4] = ["O1001", "O1002", "O2040", "O3300"];
/// Spindle speed and feed of each program.
const CUTS: [(u64, u64); 4] = [(8_000, 1_200), (12_000, 2_400), (6_500, 900), (15_000, 3_000)];

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// After so many data rows.
    Rows(u64),
    /// At the last whole row before so many bytes, then one row cut to fit exactly (its last field grows).
    Bytes(u64),
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Data rows.
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
    let limit = match size {
        Size::Rows(_) => u64::MAX,
        Size::Bytes(bytes) => bytes,
    };
    let rows_limit = match size {
        Size::Rows(rows) => rows,
        Size::Bytes(_) => u64::MAX,
    };
    let mut written = Written { rows: 0, bytes: 0 };
    let mut buffer = Vec::with_capacity(1 << 17);
    buffer.extend_from_slice(HEADER.as_bytes());
    let mut clock = Clock::new();
    let mut row = Vec::with_capacity(256);
    let total = |written: &Written, buffer: &Vec<u8>| written.bytes + buffer.len() as u64;
    while written.rows < rows_limit && total(&written, &buffer) < limit {
        row.clear();
        one_row(&mut row, written.rows, &mut machines, &mut random, &mut clock);
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
    let length = usize::try_from(bytes.saturating_sub(before)).unwrap_or(usize::MAX);
    if buffer.len() > length {
        buffer.truncate(length);
    } else {
        buffer.resize(length, b'\n');
    }
}

fn one_row(
    row: &mut Vec<u8>,
    number: u64,
    machines: &mut [Machine; MACHINES],
    random: &mut Random,
    clock: &mut Clock,
) {
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

    clock.write(row, number / MACHINES as u64);
    row.extend_from_slice(b",SYNTH-0");
    row.push(b'1' + which as u8);
    row.push(b',');
    row.extend_from_slice(PROGRAMS[machine.program].as_bytes());
    row.extend_from_slice(b",T");
    row.push(b'0' + (machine.tool / 10) as u8);
    row.push(b'0' + (machine.tool % 10) as u8);
    row.push(b',');
    whole(row, if idle { 0 } else { speed - 40 + jitter(24, 80) });
    row.push(b',');
    whole(row, if idle { 0 } else { feed - 10 + jitter(32, 20) });
    row.push(b',');
    tenths(row, load);
    row.push(b',');
    hundredths(row, vibration + jitter(36, 60));
    row.push(b',');
    hundredths(row, vibration + jitter(42, 50));
    row.push(b',');
    // A sensor fails now and then.
    if jitter(52, 512) != 0 {
        hundredths(row, machine.coolant);
    }
    row.push(b',');
    tenths(row, machine.wear);
    row.push(b',');
    whole(row, machine.part);
    row.extend_from_slice(if alarm { b",true\n" } else { b",false\n" });
}

/// Writes timestamps, ten a second; the part above the second is made once a second.
struct Clock {
    second: u64,
    text: String,
}

impl Clock {
    fn new() -> Clock {
        Clock { second: u64::MAX, text: String::new() }
    }

    fn write(&mut self, row: &mut Vec<u8>, step: u64) {
        let milliseconds = START_MS + step * 100;
        let second = milliseconds / 1000;
        if second != self.second {
            self.second = second;
            let (year, month, day) = civil(second / 86_400);
            let of_day = second % 86_400;
            self.text = format!(
                "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.",
                of_day / 3600,
                of_day / 60 % 60,
                of_day % 60
            );
        }
        row.extend_from_slice(self.text.as_bytes());
        row.push(b'0' + (milliseconds / 100 % 10) as u8);
        row.push(b'Z');
    }
}

/// The date of a day counted from 1970-01-01.
fn civil(day: u64) -> (u64, u64, u64) {
    let z = day + 719_468;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

fn whole(row: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    row.extend_from_slice(&digits[at..]);
}

fn tenths(row: &mut Vec<u8>, value: u64) {
    whole(row, value / 10);
    row.push(b'.');
    row.push(b'0' + (value % 10) as u8);
}

fn hundredths(row: &mut Vec<u8>, value: u64) {
    whole(row, value / 100);
    row.push(b'.');
    row.push(b'0' + (value / 10 % 10) as u8);
    row.push(b'0' + (value % 10) as u8);
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
