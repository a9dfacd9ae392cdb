//! Samples: the draw against its vector and its distribution, the file against every way to bend it.

use crate::support::{blocks, commit, sample};
use codec::Encode;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::convert::Infallible;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_SAMPLE, MAX_TAIL, MIN_SAMPLED},
    content::range::{self, BadRange, BlockRange, Prover},
    content::tree::BadProof,
    sample::{
        blocks_for, draw, most_blocks, rows, ruled_out, BadSample, Kind, Row, Sample, FORMAT, MAGIC, MAX_FILE,
    },
    share::Share,
    BoundedVec, DatasetId, Digest,
};

const BLOCK: usize = BLOCK_SIZE as usize;
const GENESIS: Digest = [1; 32];
const SEED: Digest = [2; 32];

fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

/// Made by an independent implementation of what the module's documentation says.
#[test]
fn the_draw_is_the_published_one() {
    let vectors: [(u64, u64, &[u64]); 4] = [
        (262_144, 10, &[152298, 86352, 117352, 201438, 246783, 197093, 159288, 29863, 235253, 90572]),
        (10, 10, &[8, 6, 1, 9, 3, 7, 2, 5, 4, 0]),
        (1, 3, &[0]),
        (100, 20, &[18, 69, 2, 83, 27, 7, 6, 16, 97, 35, 4, 61, 40, 21, 91, 19, 72, 15, 82, 1]),
    ];
    for (n, k, drawn) in vectors {
        assert_eq!(draw(&GENESIS, &SEED, &[3; 32], n, k), drawn);
    }
    assert_eq!(draw(&GENESIS, &SEED, &[3; 32], 0, 3), [0; 0]);
}

#[test]
fn a_draw_is_for_one_chain_one_seed_and_one_root() {
    let of = |genesis: &Digest, seed: &Digest, root: &Digest| draw(genesis, seed, root, 1000, 20);
    let first = of(&GENESIS, &SEED, &[3; 32]);
    for other in
        [of(&[9; 32], &SEED, &[3; 32]), of(&GENESIS, &[9; 32], &[3; 32]), of(&GENESIS, &SEED, &[9; 32])]
    {
        assert_ne!(first, other);
    }
}

proptest! {
    #[test]
    fn a_draw_is_distinct_and_its_beginning_stays(seed: Digest, n in 1u64..500, k in 0u64..600) {
        let drawn = draw(&GENESIS, &seed, &[3; 32], n, k);
        prop_assert_eq!(drawn.len() as u64, k.min(n));
        prop_assert!(drawn.iter().all(|index| *index < n));
        prop_assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len());
        let all = draw(&GENESIS, &seed, &[3; 32], n, n);
        prop_assert_eq!(&all[..drawn.len()], drawn);
    }
}

/// Every index is drawn about as often as any other, at every place. The bounds are ten standard deviations away.
#[test]
fn a_draw_is_uniform() {
    const N: usize = 7;
    const TIMES: u32 = 7000;
    let mut counts = [[0u32; N]; N];
    for seed in 0..TIMES {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        for (place, index) in draw(&GENESIS, &bytes, &[3; 32], N as u64, N as u64).into_iter().enumerate() {
            counts[place][index as usize] += 1;
        }
    }
    for count in counts.as_flattened() {
        assert!((700..=1300).contains(count), "{counts:?}");
    }
}

/// The figures of the design: 307 blocks for 10 %, 631 for 5 %.
#[test]
fn what_a_sample_rules_out() {
    let large = 1 << 20;
    assert_eq!(blocks_for(share(100_000), large), Some(307));
    assert_eq!(blocks_for(share(50_000), large), Some(631));
    assert_eq!(ruled_out(307, large), Some(share(100_000)));
    assert_eq!(ruled_out(631, large), Some(share(50_000)));
    assert_eq!(ruled_out(4096, large), Some(share(7_900)));
    assert_eq!(ruled_out(1, large), Some(Share::WHOLE));
    assert_eq!(ruled_out(0, large), None, "nothing is nothing");
    assert_eq!(ruled_out(7, 7), Some(Share::NONE), "everything is seen");
    assert_eq!(blocks_for(Share::NONE, large), None);
    assert_eq!(blocks_for(share(7_000), large), None, "more than a sample has");
    assert_eq!(blocks_for(Share::NONE, 4096), Some(4096));
    assert_eq!(blocks_for(Share::WHOLE, large), Some(1));
    for millionths in (7_900..1_000_000).step_by(900) {
        let needed = blocks_for(share(millionths), large).unwrap();
        assert!(ruled_out(needed, large).unwrap() <= share(millionths), "{millionths}");
    }
}

fn made(bytes: &[u8], indices: Vec<u64>, kind: Kind) -> Sample {
    let leaves = blocks(bytes);
    let ranges = range::join(indices);
    let mut prover = Prover::new(leaves.len() as u64, ranges.clone()).unwrap();
    leaves.into_iter().for_each(|leaf| prover.push(leaf));
    let (root, paths) = prover.finish().unwrap();
    let ranges = ranges.iter().zip(paths).map(|(range, path)| BlockRange {
        first: range.start,
        blocks: bytes[range.start as usize * BLOCK..(range.end as usize * BLOCK).min(bytes.len())].to_vec(),
        path,
    });
    Sample {
        dataset: DatasetId(root),
        length: bytes.len() as u64,
        kind,
        ranges: BoundedVec::try_from(ranges.collect::<Vec<_>>()).unwrap(),
    }
}

/// Large enough for a fair sample, of up to 50 blocks.
fn large() -> Vec<u8> {
    sample(500 * BLOCK + 7)
}

fn fair(bytes: &[u8], count: u32) -> Sample {
    let file = commit(bytes);
    let drawn = draw(&GENESIS, &SEED, &file.root, file.blocks(), count.into());
    made(bytes, drawn, Kind::Fair { seed: SEED, drawn: count, rows: false })
}

/// The drawn blocks with the ends of their rows.
fn fair_with_rows(bytes: &[u8], count: u32) -> Sample {
    let file = commit(bytes);
    let drawn = draw(&GENESIS, &SEED, &file.root, file.blocks(), count.into());
    let blocks = rows::followed(file.length, &drawn, |index| block(bytes, index)).unwrap();
    made(bytes, blocks.into_iter().collect(), Kind::Fair { seed: SEED, drawn: count, rows: true })
}

fn block(bytes: &[u8], index: u64) -> Result<&[u8], Infallible> {
    Ok(bytes.chunks(BLOCK).nth(index as usize).unwrap())
}

#[test]
fn hardly_anything_is_given_away() {
    assert_eq!(most_blocks(MIN_SAMPLED - 1), 0);
    assert_eq!(most_blocks(MIN_SAMPLED), 48);
    assert_eq!(most_blocks(500 * BLOCK_SIZE), 50);
    assert_eq!(most_blocks(1 << 38), u64::from(MAX_SAMPLE));
    let bytes = large();
    let file = commit(&bytes);
    assert_eq!(fair(&bytes, 50).verify_fair(&file, &GENESIS, &SEED), Ok(()));
    let more = fair(&bytes, 51).verify_fair(&file, &GENESIS, &SEED);
    assert_eq!(more, Err(BadSample::TooMuch { shown: 51, most: 50 }));
    let small = sample(MIN_SAMPLED as usize - 1);
    let given = fair(&small, 1).verify_fair(&commit(&small), &GENESIS, &SEED);
    assert_eq!(given, Err(BadSample::TooSmall));
}

#[test]
fn a_sample_comes_back_and_holds() {
    let bytes = large();
    let file = commit(&bytes);
    for sample in [made(&bytes, vec![0, 1, 2, 17, 500], Kind::Chosen), fair(&bytes, 6), fair(&bytes, 21)] {
        assert_eq!(sample.verify(&file), Ok(()));
        let written = sample.to_file();
        assert_eq!(Sample::from_file(&written).unwrap(), sample);
        assert!(written.starts_with(b"WBSAMP\x02"));
    }
    assert_eq!(fair(&bytes, 6).verify_fair(&file, &GENESIS, &SEED), Ok(()));
    assert_eq!(fair(&bytes, 21).verify_fair(&file, &GENESIS, &SEED), Ok(()));
}

#[test]
fn a_seller_cannot_pick_what_is_fair() {
    let bytes = large();
    let file = commit(&bytes);
    let drawn = draw(&GENESIS, &SEED, &file.root, file.blocks(), 6);
    // Left out the third, shown the seventh in its place.
    let more = draw(&GENESIS, &SEED, &file.root, file.blocks(), 7);
    let picked = more.iter().copied().filter(|index| *index != drawn[2]).collect();
    let bent = made(&bytes, picked, Kind::Fair { seed: SEED, drawn: 6, rows: false });
    assert_eq!(bent.verify(&file), Ok(()), "the blocks are the dataset's");
    assert_eq!(bent.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::Draw));
    // Another seed, another chain, another kind.
    assert_eq!(fair(&bytes, 6).verify_fair(&file, &GENESIS, &[9; 32]), Err(BadSample::Seed));
    assert_eq!(fair(&bytes, 6).verify_fair(&file, &[9; 32], &SEED), Err(BadSample::Draw));
    // More than are drawn, fewer, none, and more than there are.
    for count in [5, 7, 0, 502, u32::MAX] {
        let kind = Kind::Fair { seed: SEED, drawn: count, rows: false };
        let bent = Sample { kind, ..fair(&bytes, 6) };
        assert_eq!(bent.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::Draw), "{count}");
    }
    let chosen = made(&bytes, drawn, Kind::Chosen);
    assert_eq!(chosen.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::OtherKind));
}

#[test]
fn a_changed_block_is_no_sample() {
    let bytes = large();
    let file = commit(&bytes);
    let mut bent = fair(&bytes, 6);
    bent.ranges[1].blocks[5] ^= 1;
    let first = bent.ranges[1].first;
    let cause = BadRange::Proof(BadProof::Root);
    assert_eq!(bent.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::Range { first, cause }));
    let other = commit(&sample(500 * BLOCK + 8));
    assert_eq!(fair(&bytes, 6).verify(&other), Err(BadSample::OtherDataset));
}

#[test]
fn one_sample_has_one_encoding() {
    let bytes = sample(20 * BLOCK + 7);
    let good = made(&bytes, vec![1, 2, 5, 20], Kind::Chosen);
    let refused = |bend: &dyn Fn(&mut Sample)| {
        let mut bent = good.clone();
        bend(&mut bent);
        assert_eq!(bent.verify(&commit(&bytes)), Sample::from_file(&bent.to_file()).map(drop));
        Sample::from_file(&bent.to_file()).unwrap_err()
    };
    let ranges = |list: Vec<BlockRange>| BoundedVec::try_from(list).unwrap();
    assert_eq!(refused(&|s| s.ranges.reverse_for_test()), BadSample::Order);
    assert_eq!(
        refused(&|s| s.ranges = ranges(vec![s.ranges[0].clone(), s.ranges[0].clone()])),
        BadSample::Order
    );
    let apart = |first| made(&bytes, vec![first], Kind::Chosen).ranges[0].clone();
    assert_eq!(refused(&|s| s.ranges = ranges(vec![apart(1), apart(2)])), BadSample::Order, "neighbours");
    assert_eq!(refused(&|s| s.ranges = ranges(vec![])), BadSample::Count);
    let blocks = |first| BadSample::Range { first, cause: BadRange::Blocks };
    assert_eq!(refused(&|s| s.ranges[0].blocks.clear()), blocks(1));
    assert_eq!(refused(&|s| s.ranges[0].blocks.truncate(BLOCK + 1)), blocks(1));
    assert_eq!(refused(&|s| s.ranges[2].blocks.push(0)), blocks(20));
    assert_eq!(refused(&|s| s.kind = Kind::Rows { from: 5, to: 5 }), BadSample::Span);
    assert_eq!(
        refused(&|s| s.kind = Kind::Rows { from: BLOCK_SIZE - 1, to: BLOCK_SIZE + 9 }),
        BadSample::Span
    );

    let file = good.to_file();
    assert_eq!(Sample::from_file(b""), Err(BadSample::Magic));
    assert_eq!(Sample::from_file(&[b"X", &file[1..]].concat()), Err(BadSample::Magic));
    assert_eq!(Sample::from_file(MAGIC), Err(BadSample::Encoding));
    assert_eq!(
        Sample::from_file(&[&MAGIC[..], &[FORMAT + 1], &file[7..]].concat()),
        Err(BadSample::Format(FORMAT + 1))
    );
    assert_eq!(Sample::from_file(&file[..file.len() - 1]), Err(BadSample::Encoding));
    assert_eq!(Sample::from_file(&[&file[..], &[0]].concat()), Err(BadSample::Encoding));
    assert_eq!(Sample::from_file(&vec![0; MAX_FILE as usize + 1]), Err(BadSample::TooLong));
    // The length written with more bytes than it needs.
    let compact = codec::Compact(good.length).encode();
    let mut long = vec![0b11];
    long.extend_from_slice(&(good.length as u32).to_le_bytes());
    let wide = [&file[..39], &long, &file[39 + compact.len()..]].concat();
    assert_eq!(Sample::from_file(&wide), Err(BadSample::Encoding));
}

/// A list of ranges that says it has more than it may costs no memory.
#[test]
fn a_count_is_no_reason_to_allocate() {
    let mut file = [&MAGIC[..], &[FORMAT], &[7; 32]].concat();
    codec::Compact(9u64 * BLOCK_SIZE).encode_to(&mut file);
    Kind::Chosen.encode_to(&mut file);
    codec::Compact(u32::MAX).encode_to(&mut file);
    assert_eq!(Sample::from_file(&file), Err(BadSample::Encoding));
}

trait Reverse {
    fn reverse_for_test(&mut self);
}

impl Reverse for BoundedVec<BlockRange, wonbon_primitives::bounds::SampleBound> {
    fn reverse_for_test(&mut self) {
        let mut list = self.clone().into_inner();
        list.reverse();
        *self = BoundedVec::try_from(list).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_file_of_any_kind_panics(mut file in prop::collection::vec(any::<u8>(), 0..300), magic: bool) {
        if magic {
            file.splice(0..0, [&MAGIC[..], &[FORMAT]].concat());
        }
        if let Ok(sample) = Sample::from_file(&file) {
            prop_assert_eq!(sample.to_file(), file);
        }
    }

    /// Whatever byte is changed: it is no sample, or not one of this dataset, or not the fair one.
    #[test]
    fn no_changed_byte_passes(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let bytes = large();
        let commitment = commit(&bytes);
        let mut file = fair(&bytes, 3).to_file();
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        let checked = Sample::from_file(&file).and_then(|sample| sample.verify_fair(&commitment, &GENESIS, &SEED));
        prop_assert!(checked.is_err(), "byte {at}");
    }
}

#[test]
fn only_whole_lines_are_rows() {
    let rows: Vec<String> = (0..3000).map(|row| format!("{row},값,{}", row * 7)).collect();
    for (end, last) in [("\n", true), ("\r\n", true), ("\n", false), ("\r", true), ("\r", false)] {
        let mut text = rows.join(end);
        if last {
            text.push_str(end);
        }
        let bytes = text.as_bytes();
        let count = commit(bytes).blocks();
        for indices in [vec![0], vec![1], vec![1, 2], vec![0, 2], vec![count - 1], (0..count).collect()] {
            let sample = made(bytes, indices.clone(), Kind::Chosen);
            let lines: Vec<_> = sample.lines().collect();
            let whole = indices.len() as u64 == count;
            assert!(if whole { lines.len() == rows.len() } else { lines.len() > 10 });
            for line in lines {
                let line_text = std::str::from_utf8(line.bytes).unwrap();
                assert!(rows.iter().any(|row| row == line_text), "{line_text:?}");
                assert!(text[line.offset as usize..].starts_with(line_text));
            }
        }
    }
    // A row as long as a block shows nothing whole, and bytes without a line break are one line if all are there.
    let long = vec![b'x'; 3 * BLOCK];
    assert_eq!(made(&long, vec![1], Kind::Chosen).lines().count(), 0);
    assert_eq!(made(&long, vec![0, 1], Kind::Chosen).lines().count(), 0);
    assert_eq!(made(&long, vec![0, 1, 2], Kind::Chosen).lines().count(), 1);
}

/// What one row of a dataset of 1 GiB takes: its block or two and the hashes beside them.
#[test]
fn a_rows_proof_is_small() {
    let size = |blocks: usize, hashes: usize| {
        let range = BlockRange {
            first: 131_071,
            blocks: vec![7; blocks * BLOCK],
            path: BoundedVec::try_from(vec![[7; 32]; hashes]).unwrap(),
        };
        let sample = Sample {
            dataset: DatasetId([7; 32]),
            length: 1 << 30,
            kind: Kind::Rows { from: 131_072 * BLOCK_SIZE - 90, to: 131_072 * BLOCK_SIZE + 9 },
            ranges: BoundedVec::try_from(vec![range]).unwrap(),
        };
        sample.to_file().len()
    };
    // The longest paths in 2^18 blocks, see `range::the_longest_path_is_the_bound`.
    assert!(size(1, 18) < 5_500, "{}", size(1, 18));
    assert!(size(2, 34) < 10_000, "{}", size(2, 34));
}

/// What a fair sample has to show, told in another way: the file is cut into lines as a whole, and each is its block's.
fn belonging(bytes: &[u8], drawn: &[u64]) -> Vec<Row> {
    let mut lines = vec![0];
    let mut at = 0;
    while at < bytes.len() {
        at += match &bytes[at..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(at);
    }
    let mut found = Vec::new();
    for (place, start) in lines.iter().enumerate() {
        let end = lines.get(place + 1).copied().unwrap_or(bytes.len());
        let line = &bytes[*start..end];
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let block = (start.saturating_sub(1) / BLOCK) as u64;
        if drawn.contains(&block) && !text.is_empty() {
            let shown = ((block as usize + 1 + MAX_TAIL as usize) * BLOCK).min(start + text.len());
            let bytes = bytes[*start..shown].to_vec();
            found.push(Row { offset: *start as u64, whole: bytes.len() == text.len(), bytes });
        }
    }
    found
}

/// A table of lines of up to `longest` bytes, with these line breaks in any order.
fn table(mut state: u64, longest: usize, breaks: &[&str], last: bool) -> Vec<u8> {
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut bytes = Vec::new();
    while bytes.len() < MIN_SAMPLED as usize {
        let (length, fill) = (random() % (longest + 1), b'a' + (random() % 26) as u8);
        bytes.resize(bytes.len() + length, fill);
        bytes.extend_from_slice(breaks[random() % breaks.len()].as_bytes());
    }
    if !last {
        bytes.extend_from_slice(b"the end");
    }
    bytes
}

const ALL_BREAKS: &[&[&str]] = &[&["\n"], &["\r\n"], &["\r"], &["\n", "\r\n", "\r", "\n\r", "\n\n"]];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The rows that are shown are those that begin in drawn blocks, all of them and no others.
    #[test]
    fn every_row_that_begins_in_a_drawn_block_is_shown(
        state: u64,
        longest in prop_oneof![0usize..9, 9usize..100, 4000usize..4200, 10_000usize..40_000],
        breaks in prop::sample::select(ALL_BREAKS),
        last: bool,
        most in 1u64..48,
    ) {
        let bytes = table(state, longest, breaks, last);
        let file = commit(&bytes);
        let drawn = draw(&GENESIS, &SEED, &file.root, file.blocks(), 48);
        let selected = rows::select(file.length, &drawn, most, |index| block(&bytes, index)).unwrap();
        prop_assert!(selected.blocks.len() as u64 <= most);
        if selected.drawn == 0 {
            // One drawn block takes more than may be shown.
            prop_assert!(rows::followed(file.length, &drawn[..1], |index| block(&bytes, index)).unwrap().len() as u64 > most);
            return Ok(());
        }
        let sample = fair_with_rows(&bytes, selected.drawn);
        prop_assert_eq!(sample.indices().collect::<BTreeSet<_>>(), selected.blocks);
        prop_assert_eq!(sample.verify_fair(&file, &GENESIS, &SEED), Ok(()));
        let blocks = sample.drawn(&GENESIS);
        prop_assert_eq!(sample.rows_of(blocks.iter().copied()).collect::<Vec<_>>(), belonging(&bytes, &blocks));
    }
}

/// Every row belongs to one block, and all blocks together show all rows.
#[test]
fn every_row_belongs_to_one_block() {
    for breaks in ALL_BREAKS {
        let bytes = table(7, 300, breaks, false);
        let all: Vec<u64> = (0..bytes.len().div_ceil(BLOCK) as u64).collect();
        let sample = made(&bytes, all.clone(), Kind::Chosen);
        let mut lines: Vec<&[u8]> = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).collect();
        lines.retain(|line| !line.is_empty());
        let rows: Vec<Row> = sample.rows_of(all).collect();
        assert!(rows.iter().all(|row| row.whole));
        assert_eq!(rows.iter().map(|row| &row.bytes[..]).collect::<Vec<_>>(), lines);
    }
}

/// The bad values stand only in rows that cross the edge of a block.
#[test]
fn what_is_wrong_does_not_hide_at_the_edges() {
    let mut bytes = Vec::new();
    while bytes.len() < MIN_SAMPLED as usize {
        let crosses = bytes.len() / BLOCK != (bytes.len() + 60) / BLOCK;
        bytes.extend_from_slice(format!("{:059}\n", if crosses { 666 } else { 1 }).as_bytes());
    }
    let file = commit(&bytes);
    let sample = fair_with_rows(&bytes, 20);
    assert_eq!(sample.verify_fair(&file, &GENESIS, &SEED), Ok(()));
    let bad = sample.rows_of(sample.drawn(&GENESIS)).filter(|row| row.bytes.ends_with(b"666")).count();
    assert!((19..=20).contains(&bad), "{bad}: the last block's row crosses nothing");
    // Who leaves the ends of rows away shows no fair sample of rows.
    let kind = sample.kind;
    let cut = made(&bytes, sample.drawn(&GENESIS), kind);
    assert_eq!(cut.verify(&file), Ok(()));
    assert_eq!(cut.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::Draw));
    // Nor who adds a block.
    let more = (0..).find(|index| sample.block(*index).is_none()).unwrap();
    let added = made(&bytes, sample.indices().chain([more]).collect(), kind);
    assert_eq!(added.verify_fair(&file, &GENESIS, &SEED), Err(BadSample::Draw));
}

#[test]
fn a_row_without_end_is_told_to_be_cut() {
    let mut bytes = b"x\n".to_vec();
    bytes.resize(500 * BLOCK, b'y');
    let blocks = rows::followed(bytes.len() as u64, &[0], |index| block(&bytes, index)).unwrap();
    assert_eq!(blocks, (0..=MAX_TAIL).collect());
    let sample = made(&bytes, blocks.into_iter().collect(), Kind::Chosen);
    let rows: Vec<Row> = sample.rows_of([0]).collect();
    assert_eq!(rows.iter().map(|row| row.whole).collect::<Vec<_>>(), [true, false]);
    assert_eq!(rows[1].bytes.len(), (MAX_TAIL as usize + 1) * BLOCK - 2);
    // A block in the middle of it has no row and takes nothing else; the last one ends with the file.
    assert_eq!(
        rows::followed(bytes.len() as u64, &[99, 499], |index| block(&bytes, index)).unwrap().len(),
        2
    );
    // It is more than a tenth of the file: no drawn block fits.
    let none = rows::select(bytes.len() as u64, &[0, 99], 50, |index| block(&bytes, index)).unwrap();
    assert_eq!(none, rows::Selection::default());
}
