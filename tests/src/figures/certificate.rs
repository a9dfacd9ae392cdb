//! Certificates: how large they are, how they grow, and what checking one costs.
//!
//! They are of a synthetic chain, because a real one takes hours to get a hundred datasets and a thousand trades. It
//! is the one of the verifier's own tests: records in the chain's own layouts under the chain's own keys in a real
//! trie, headers as the node makes them, and real votes, of all four validators. Beside the dataset stand a hundred
//! others with ten trades each, their companies, and what else such a chain keeps: accounts, offers, block hashes,
//! and the single values of every pallet. Sizes are those of the binary form. A certificate is checked by
//! `wonbon-verify` in a process of its own, and the time is that of the whole process.

#[path = "../../../marketplace-api/verifier/tests/suite/synthetic/mod.rs"]
#[allow(missing_docs, dead_code, clippy::unwrap_used, reason = "support of another crate's tests")]
mod synthetic;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use synthetic::{
    digest,
    finality::{block, header, Justification, Log},
    sample::Sample,
    state::{State, Story},
};
use wonbon_package::files::{commit_file, Watch};
use wonbon_primitives::{record::Outcome, Commitment, DatasetId};
use wonbon_verifier::{keys, verify, Certificate, HandOff};

use super::{
    report::{median, Figure, Target},
    say,
    sealing::compare,
    stopwatch::measure as timed,
    Bench,
};
use crate::programs;

/// Trades and hand-offs of the certificate that the figures begin with.
const TRADES: u32 = 10;
const HAND_OFFS: usize = 3;
/// A dataset that sells well.
const MANY_TRADES: u32 = 1_000;
/// Datasets beside the one that is certified.
const DATASETS: u64 = 100;
/// How often a certificate is checked.
const CHECKS: usize = 15;

/// Makes certificates about the bench's file, and checks one with and without the file.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    say("Making certificates of a synthetic chain");
    let file = commit_file(&bench.file, &Watch::none()).expect("the file can be read");
    let base = Made::new(&file, TRADES, HAND_OFFS);
    let mut figures = vec![
        Figure {
            name: "certificate with 3 ancestors, 10 trades, 3 hand-offs",
            value: base.size(),
            unit: "bytes",
            target: Target::Below(16_000.0),
            detail: format!(
                "each trade with another company; among {DATASETS} datasets, four validators; as JSON {} bytes",
                base.json.len()
            ),
        },
        per_trade(&file),
        per_hand_off(&file, &base),
    ];
    figures.extend(checking(bench, &base));
    figures
}

/// A certificate and what it is of.
struct Made {
    sample: Sample,
    certificate: Certificate,
    json: String,
}

impl Made {
    fn new(file: &Commitment, trades: u32, hand_offs: usize) -> Self {
        let sample = chain(file, trades, hand_offs);
        let (set, set_id) = sample.last();
        let justification = Justification::of(set, set.0.len(), set_id, sample.block());
        let (certificate, claims) = Certificate::make(
            sample.dataset,
            sample.genesis,
            sample.hand_offs.clone(),
            sample.header(),
            justification.encode(),
            sample.state.trie().1,
        )
        .expect("the synthetic chain is sound");
        verify(&certificate, &sample.anchors()).expect("the certificate is valid");
        let json = certificate.to_json(&claims);
        Self { sample, certificate, json }
    }

    fn size(&self) -> f64 {
        self.certificate.encode().len() as f64
    }

    /// Writes the certificate and the anchor of the first block.
    fn write(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (certificate, anchor) = (folder.join("certificate"), folder.join("anchor.json"));
        std::fs::write(&certificate, self.certificate.encode()).expect("a file can be written");
        std::fs::write(&anchor, self.sample.anchor(0).to_json()).expect("a file can be written");
        (certificate, anchor)
    }
}

fn per_trade(file: &Commitment) -> Figure {
    let (none, many) = (Made::new(file, 0, HAND_OFFS), Made::new(file, MANY_TRADES, HAND_OFFS));
    let record =
        |index| many.sample.state.0.get(&keys::trade(&many.sample.dataset, index)).map_or(0, Vec::len);
    let records: usize = (0..MANY_TRADES).map(record).sum();
    let trades = f64::from(MANY_TRADES);
    let beside = (many.size() - none.size() - records as f64) / trades;
    Figure {
        name: "certificate with 1,000 trades: each beside its record",
        value: beside,
        unit: "bytes",
        target: Target::Below(40.0),
        detail: format!(
            "{} bytes in all, {} without a trade; a record has {:.0}",
            many.size(),
            none.size(),
            records as f64 / trades
        ),
    }
}

fn per_hand_off(file: &Commitment, base: &Made) -> Figure {
    let more = Made::new(file, TRADES, HAND_OFFS + 1);
    Figure {
        name: "certificate: each further hand-off",
        value: more.size() - base.size(),
        unit: "bytes",
        target: Target::Below(1_100.0),
        detail: "to another set of four validators".to_owned(),
    }
}

/// What checking a certificate costs, alone and with the file that it is about.
fn checking(bench: &Bench, made: &Made) -> Vec<Figure> {
    let (certificate, anchor) = made.write(&bench.folder);
    let mut check = Command::new(programs::path(programs::VERIFIER));
    check.arg(&certificate).arg("--trust").arg(&anchor).arg("--json");
    say("Checking a certificate");
    let costs: Vec<_> = (0..CHECKS).map(|_| timed(&check, &bench.folder)).collect();
    let memory = costs.iter().map(|cost| cost.peak_memory).max().unwrap_or_default();
    check.arg("--file").arg(&bench.file);
    let with_file = compare(bench, "Checking a file against its certificate", &check, &[]);
    vec![
        Figure {
            name: "checking a certificate",
            value: median(costs.iter().map(|cost| cost.seconds * 1_000.0).collect()),
            unit: "ms",
            target: Target::Below(20.0),
            detail: format!("the median of {CHECKS} runs of wonbon-verify, from start to end"),
        },
        Figure {
            name: "checking a certificate, peak memory",
            value: memory as f64 / f64::from(1 << 20),
            unit: "MiB",
            target: Target::Below(32.0),
            detail: "maximum resident set".to_owned(),
        },
        with_file.throughput("checking a file against its certificate, over openssl sha256", 2.8),
    ]
}

/// A chain on which `file` is registered, made from two datasets of which one was made from a third.
fn chain(file: &Commitment, trades: u32, hand_offs: usize) -> Sample {
    let mut sample = Sample::empty(hand_offs);
    sample.dataset = DatasetId(file.root);
    // Every validator votes, which is what there mostly is, and more than there need be.
    for (index, sets) in sample.sets.windows(2).enumerate() {
        let (from, to, number) = (&sets[0], &sets[1], 100 * (index as u32 + 1));
        let header = header(digest(u64::from(number)), number, digest(9), &[Log::to(to)]);
        let all = Justification::of(from, from.0.len(), index as u64, block(&header, number));
        sample.hand_offs[index] = HandOff { header, justification: all.encode() };
    }
    surroundings(&mut sample.state);

    let [seller, other] = [digest(500), digest(501)];
    let buyers: Vec<_> = (0..u64::from(TRADES)).map(|buyer| digest(600 + buyer)).collect();
    buyers.iter().for_each(|buyer| sample.state.company(*buyer, "부산데이터 주식회사"));
    let [mother, father, grandmother] = [digest(2), digest(3), digest(4)].map(DatasetId);
    sample.state.company(seller, "한빛정밀 주식회사");
    sample.state.company(other, "대한금형 주식회사");
    for (id, owner, parents, depth) in
        [(grandmother, other, &[][..], 0), (mother, seller, &[grandmother], 1), (father, other, &[], 0)]
    {
        let mut story = Story::begin(id, owner, parents, depth);
        buyers.iter().for_each(|buyer| story.trade(*buyer, Outcome::Accepted));
        story.write(&mut sample.state);
    }
    let mut story = Story::begin(sample.dataset, seller, &[mother, father], 2).of_length(file.length);
    let sold = buyers.iter().cycle().take(trades as usize);
    sold.for_each(|buyer| story.trade(*buyer, Outcome::Accepted));
    story.write(&mut sample.state);
    sample
}

/// What stands in a chain of a hundred traded datasets beside the one that is certified.
fn surroundings(state: &mut State) {
    /// Numbers that nothing else here has.
    const OWN: u64 = 1 << 40;
    for number in 0..DATASETS {
        let owner = digest(OWN + number % 40);
        state.company(owner, "주식회사 시험정밀가공");
        let mut story = Story::begin(DatasetId(digest(OWN + 1_000 + number)), owner, &[], 0);
        (0..10).for_each(|buyer| story.trade(digest(OWN + buyer), Outcome::Accepted));
        story.write(state);
    }
    // Maps: how many entries of how many bytes each. Their keys are as good as random, like those of the chain.
    let maps = [(300, 80), (100, 260), (1_100, 36), (2_200, 36), (100, 40), (60, 32), (40, 48)];
    for (map, (entries, length)) in (0..).zip(maps) {
        for entry in 0..entries {
            state.0.insert(stored_under(OWN + 10_000 + map, Some(OWN + entry)), vec![7; length]);
        }
    }
    for item in 0..100 {
        state.0.insert(stored_under(OWN + 20_000 + item, None), vec![7; 4 + item as usize % 60]);
    }
    for number in 1..=256 {
        state.put(keys::block_hash(number), digest(OWN + 30_000 + u64::from(number)));
    }
}

/// A storage key: of a single value, or of an entry of a map.
fn stored_under(item: u64, entry: Option<u64>) -> Vec<u8> {
    // Five items a pallet share the first half of their prefix.
    let mut key = [&digest(item / 5)[..16], &digest(item)[16..]].concat();
    if let Some(entry) = entry {
        key.extend_from_slice(&digest(entry)[..16]);
        key.extend_from_slice(&digest(entry));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes need no other program and no large file, so they are tested too.
    #[test]
    fn certificates_are_as_small_as_the_readme_says() {
        let file = Commitment { root: digest(1), length: 1 << 30 };
        let base = Made::new(&file, TRADES, HAND_OFFS);
        println!("{} bytes", base.size());
        assert!(base.size() < 16_000.0, "{} bytes", base.size());
        for figure in [per_trade(&file), per_hand_off(&file, &base)] {
            println!("{}: {} {}", figure.name, figure.value, figure.unit);
            assert!(figure.reached(), "{}: {} {}", figure.name, figure.value, figure.unit);
        }
    }
}
