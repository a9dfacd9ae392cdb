//! What was measured as weights, for people and as the runtime's source.

use super::{stopwatch::Stopwatch, Measured};
use std::{fmt, time::Duration};

/// What reads and writes cost, in microseconds, and how that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    read: u128,
    write: u128,
    how: Vec<String>,
}

impl Report {
    pub(super) fn of(measured: &Measured) -> Self {
        let read = percentile(&measured.reads, 50);
        let write = percentile(&measured.writing, 50).max(measured.sustained);
        let mut how = vec![
            format!("ParityDB through the node's backend, {} keys, {}.", grouped(measured.keys), processor()),
            format!(
                "A read, without a cache of the trie: median {} ns, 95 of 100 batches below {} ns.",
                read.as_nanos(),
                percentile(&measured.reads, 95).as_nanos()
            ),
            format!(
                "A write after its read, in blocks of {} with state root, commit and finality: median {} ns,",
                grouped(measured.writes),
                percentile(&measured.writing, 50).as_nanos()
            ),
            format!(
                "95 of 100 blocks below {} ns, {} ns with the database's queues emptied.",
                percentile(&measured.writing, 95).as_nanos(),
                measured.sustained.as_nanos()
            ),
        ];
        if measured.stopwatch == Stopwatch::Processor {
            how.push(
                "All of it is processor time of the thread that executes blocks, as others used the machine."
                    .to_owned(),
            );
        }
        Self { read: microseconds(read), write: microseconds(write), how }
    }

    /// The source of `runtime/src/configs/database.rs`.
    pub(super) fn source(&self) -> String {
        let how: String = self.how.iter().map(|line| format!("//! {line}\n")).collect();
        let Self { read, write, .. } = self;
        format!(
            "//! What reads and writes of the state cost: measured by `wonbon-node bench-storage`, which writes this file, \
             and\n//! not by hand.\n//!\n{how}
use frame_support::{{
    parameter_types,
    weights::{{constants::WEIGHT_REF_TIME_PER_MICROS, RuntimeDbWeight}},
}};

parameter_types! {{
    /// Of each read and each write, beside the time that the calls' own benchmarks measured.
    pub const DatabaseWeight: RuntimeDbWeight = RuntimeDbWeight {{
        read: {read} * WEIGHT_REF_TIME_PER_MICROS,
        write: {write} * WEIGHT_REF_TIME_PER_MICROS,
    }};
}}
"
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "read {} µs, write {} µs", self.read, self.write)?;
        self.how.iter().try_for_each(|line| writeln!(formatter, "  {line}"))
    }
}

/// The least of the times that so many of a hundred do not exceed.
fn percentile(times: &[Duration], of_a_hundred: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let place = (sorted.len() * of_a_hundred).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// In whole microseconds, rounded up.
fn microseconds(time: Duration) -> u128 {
    time.as_nanos().div_ceil(1_000)
}

/// A number with its thousands apart.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What the machine calls its processor.
fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or("a processor without a name", |(_, name)| name.trim()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_rounded_up_and_what_is_left_in_queues_counts() {
        let times = |nanos: &[u64]| nanos.iter().copied().map(Duration::from_nanos).collect::<Vec<_>>();
        let hundred: Vec<u64> = (1..=100).map(|step| step * 100).rev().collect();
        assert_eq!(percentile(&times(&hundred), 95), Duration::from_nanos(9_500));
        assert_eq!(percentile(&[], 95), Duration::ZERO);
        let measured = Measured {
            keys: 1_000_000,
            writes: 4_000,
            stopwatch: Stopwatch::Clock,
            reads: times(&hundred),
            writing: times(&[20_000, 20_001]),
            sustained: Duration::from_nanos(31_001),
        };
        let report = Report::of(&measured);
        assert_eq!((report.read, report.write), (5, 32));
        let source = report.source();
        assert!(source.contains("read: 5 * WEIGHT_REF_TIME_PER_MICROS"), "{source}");
        assert!(source.contains("1,000,000 keys"), "{source}");
        assert!(source.lines().all(|line| line.chars().count() <= 120), "{source}");
    }
}
