//! `--sample`: whether a sample file shows what the certificate says.

use crate::{
    command::Desk,
    synthetic::{digest, sample::Sample, state::Story},
};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use wonbon_primitives::{
    content::{
        range::{join, range_path, BlockRange},
        tree::{leaf_hash, root_of},
    },
    sample::{draw, rows, Kind, Sample as File},
    BoundedVec, DatasetId, Digest,
};
use wonbon_verifier::{
    shown::{check, ShownKind, ShownSample},
    Claims, Description, Invalid, Refusal, Unreadable,
};

const SEED: u64 = 77;
const DRAWN: u32 = 6;

/// A table of lines, some of which say `bad` and stand across the edge of a block.
struct Table {
    bytes: Vec<u8>,
    leaves: Vec<Digest>,
}

impl Table {
    fn new() -> Self {
        let mut bytes = b"number,value\n".to_vec();
        while bytes.len() < 2_100_000 {
            let crosses = bytes.len() / 4096 != (bytes.len() + 90) / 4096;
            let value = if crosses { "bad" } else { "good" };
            bytes.extend_from_slice(format!("{:>80},{value}\n", bytes.len()).as_bytes());
        }
        let leaves = bytes.chunks(4096).map(leaf_hash).collect();
        Self { bytes, leaves }
    }

    fn id(&self) -> DatasetId {
        DatasetId(root_of(self.leaves.iter().copied()).unwrap())
    }

    fn shown(&self, blocks: impl IntoIterator<Item = u64>, kind: Kind) -> File {
        let ranges = join(blocks.into_iter().collect()).into_iter().map(|range| BlockRange {
            first: range.start,
            blocks: self.bytes
                [range.start as usize * 4096..(range.end as usize * 4096).min(self.bytes.len())]
                .to_vec(),
            path: range_path(self.leaves.iter().copied(), range, self.leaves.len() as u64).unwrap(),
        });
        let ranges = BoundedVec::try_from(ranges.collect::<Vec<_>>()).unwrap();
        File { dataset: self.id(), length: self.bytes.len() as u64, kind, ranges }
    }

    fn drawn(&self, genesis: &Digest) -> Vec<u64> {
        draw(genesis, &digest(SEED), &self.id().0, self.leaves.len() as u64, DRAWN.into())
    }

    fn fair(&self, genesis: &Digest) -> File {
        let block = |index: u64| Ok::<_, Infallible>(self.bytes.chunks(4096).nth(index as usize).unwrap());
        let blocks = rows::followed(self.bytes.len() as u64, &self.drawn(genesis), block).unwrap();
        self.shown(blocks, Kind::Fair { seed: digest(SEED), drawn: DRAWN, rows: true })
    }

    /// A certificate of it, in which the draw was answered with this file.
    fn certified(&self, answer: Option<&File>) -> Sample {
        let mut sample = Sample::empty(1);
        sample.dataset = self.id();
        let mut story = Story::begin(sample.dataset, digest(500), &[], 0).of_length(self.bytes.len() as u64);
        if let Some(file) = answer {
            story.answer_with(DRAWN, file.digest(), digest(SEED));
        }
        story.write(&mut sample.state);
        sample
    }

    fn check(&self, answer: Option<&File>, file: &File) -> Result<ShownSample, Refusal> {
        let (_, claims) = self.certified(answer).make().unwrap();
        check(&file.to_file(), &claims, &[])
    }
}

fn genesis() -> Digest {
    Sample::empty(1).genesis
}

#[track_caller]
fn invalid(found: Result<ShownSample, Refusal>) -> Invalid {
    match found {
        Err(Refusal::Invalid(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fair_sample_is_checked_against_the_seed_in_the_certificate() {
    let table = Table::new();
    let fair = table.fair(&genesis());
    let found = table.check(Some(&fair), &fair).unwrap();
    assert_eq!((found.kind, found.drawn, found.shows_rows), (ShownKind::Fair, Some(DRAWN), true));
    assert_eq!((found.blocks, found.of_blocks), (fair.blocks(), table.leaves.len() as u64));
    assert!(found.rows.iter().any(|row| row.text.ends_with("bad")), "{:?}", found.rows);
    assert!(found.row_count > 200 && found.rows.len() == 100 && !found.rows_as_promised);
    // Of another chain, with another seed, or of other blocks: all of them the dataset's, and answered for.
    let other_chain = table.fair(&[9; 32]);
    assert!(matches!(invalid(table.check(Some(&other_chain), &other_chain)), Invalid::Sample { .. }));
    let seed = File { kind: Kind::Fair { seed: [9; 32], drawn: DRAWN, rows: true }, ..fair.clone() };
    assert!(matches!(invalid(table.check(Some(&seed), &seed)), Invalid::Sample { .. }));
    let picked = table.shown(0..u64::from(DRAWN), fair.kind);
    assert!(matches!(invalid(table.check(Some(&picked), &picked)), Invalid::Sample { .. }));
    let cut = table.shown(table.drawn(&genesis()), fair.kind);
    assert!(matches!(invalid(table.check(Some(&cut), &cut)), Invalid::Sample { .. }));
    // Not what the owner answered for, or nothing was answered.
    let rows = false;
    let kind = Kind::Fair { seed: digest(SEED), drawn: DRAWN, rows };
    let bare = table.shown(table.drawn(&genesis()), kind);
    assert!(table.check(Some(&bare), &bare).is_ok_and(|found| !found.shows_rows));
    assert!(matches!(invalid(table.check(Some(&fair), &bare)), Invalid::OtherSample { .. }));
    assert_eq!(invalid(table.check(None, &fair)), Invalid::SampleUnanswered);
}

#[test]
fn a_certificate_from_before_seeds_were_proved_is_told() {
    let table = Table::new();
    let fair = table.fair(&genesis());
    let (_, mut claims): (_, Claims) = table.certified(Some(&fair)).make().unwrap();
    claims.dataset.fair_sample.as_mut().unwrap().seed = None;
    assert!(!String::from_utf8(claims.canonical()).unwrap().contains("seed"));
    assert_eq!(check(&fair.to_file(), &claims, &[]), Err(Unreadable::NoSeed.into()));
}

#[test]
fn rows_are_as_the_metadata_document_fixed_them() {
    let table = Table::new();
    let fair = table.fair(&genesis());
    let (_, mut claims) = table.certified(Some(&fair)).make().unwrap();
    for (document, promised) in
        [(r#"{"title":"t","profile":{"rows_are_lines":true}}"#, true), (r#"{"title":"t"}"#, false)]
    {
        claims.dataset.metadata = <[u8; 32]>::from(Sha256::digest(document)).into();
        let description = Description::read(document.as_bytes(), &claims).unwrap();
        let found = check(&fair.to_file(), &claims, &[description]);
        match promised {
            true => assert!(found.unwrap().rows_as_promised),
            false => assert_eq!(invalid(found), Invalid::SampleRows { shows: true }),
        }
    }
}

#[test]
fn a_chosen_sample_is_checked_against_the_root() {
    let table = Table::new();
    let chosen = table.shown([0, 7], Kind::Chosen);
    let found = table.check(None, &chosen).unwrap();
    assert_eq!((found.kind, found.drawn, found.ruled_out), (ShownKind::Chosen, None, None));
    assert_eq!(found.rows[0].text, "number,value");
    let mut bent = chosen.clone();
    bent.ranges[1].blocks[5] ^= 1;
    assert!(matches!(invalid(table.check(None, &bent)), Invalid::Sample { .. }));
    let other = File { dataset: DatasetId([3; 32]), ..chosen.clone() };
    assert_eq!(invalid(table.check(None, &other)), Invalid::SampleOfAnother);
    let claims = table.certified(None).make().unwrap().1;
    let file = chosen.to_file();
    let old = [&b"WBSAMP\x01"[..], &file[7..]].concat();
    for damaged in [&file[..file.len() - 1], b"", b"WBSAMP", b"rows", &old[..]] {
        let found = check(damaged, &claims, &[]);
        assert!(matches!(found, Err(Refusal::Unreadable(Unreadable::Sample { .. }))), "{found:?}");
    }
}

#[test]
fn the_command_prints_what_a_sample_shows() {
    let table = Table::new();
    let fair = table.fair(&genesis());
    let desk = Desk::of(table.certified(Some(&fair)));
    desk.write("fair.wbsamp", fair.to_file());
    let mut bent = fair.to_file();
    bent[5000] ^= 1;
    desk.write("bent.wbsamp", &bent);
    desk.write("none.wbsamp", "no sample");
    let asked = |file: &'static str| ["cert", "--trust", "anchor.json", "--sample", file];
    let (code, value) = desk.json(&asked("fair.wbsamp"));
    assert_eq!((code, &value["verdict"]), (0, &"valid".into()), "{value}");
    let sample = &value["sample"];
    assert_eq!((&sample["kind"], &sample["drawn"]), (&"fair".into(), &DRAWN.into()), "{sample}");
    assert!(sample["rows"].as_array().unwrap().len() == 100 && sample["row_count"].as_u64().unwrap() > 200);
    let output = desk.run(&[&asked("fair.wbsamp")[..], &["--html", "page.html"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("the blocks that the chain drew") && text.contains(",bad"), "{text}");
    let page = std::fs::read_to_string(desk.path("page.html")).unwrap();
    assert!(page.contains("체인이 추첨한 블록") && page.contains(",bad"), "{page}");
    for (file, code, reason) in
        [("bent.wbsamp", 1, "sample"), ("none.wbsamp", 3, "sample"), ("missing", 3, "file")]
    {
        let (found, value) = desk.json(&asked(file));
        assert_eq!((found, &value["reason"]), (code, &reason.into()), "{value}");
    }
}
