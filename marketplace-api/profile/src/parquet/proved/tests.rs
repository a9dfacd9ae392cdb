//! Row groups cut out of files, and read from nothing but what was cut out.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc as Shared;

use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use wonbon_primitives::bounds::BLOCK_SIZE;
use wonbon_primitives::content::range::{join, range_path, BlockRange};
use wonbon_primitives::content::tree::{leaf_hash, root_of};
use wonbon_primitives::sample::{Kind, Sample};
use wonbon_primitives::{BoundedVec, Commitment, DatasetId};

use super::*;

const BLOCK: usize = BLOCK_SIZE as usize;

/// A sample of the blocks that hold these bytes, found right.
fn sample_of(file: &[u8], spans: impl IntoIterator<Item = std::ops::Range<u64>>) -> Sample {
    let leaves: Vec<_> = file.chunks(BLOCK).map(leaf_hash).collect();
    let blocks = spans.into_iter().flat_map(|span| span.start / BLOCK_SIZE..span.end.div_ceil(BLOCK_SIZE));
    let ranges = join(blocks.collect()).into_iter().map(|range| {
        let end = (range.end as usize * BLOCK).min(file.len());
        BlockRange {
            first: range.start,
            blocks: file[range.start as usize * BLOCK..end].to_vec(),
            path: range_path(leaves.iter().copied(), range, leaves.len() as u64).unwrap(),
        }
    });
    let root = root_of(leaves.iter().copied()).unwrap();
    let sample = Sample {
        dataset: DatasetId(root),
        length: file.len() as u64,
        kind: Kind::Chosen,
        ranges: BoundedVec::try_from(ranges.collect::<Vec<_>>()).unwrap(),
    };
    sample.verify(&Commitment { root, length: file.len() as u64 }).unwrap();
    sample
}

/// Five groups of 2,000 rows.
fn large() -> Vec<u8> {
    let mut file = Vec::new();
    let schema = "message m { REQUIRED INT64 n; OPTIONAL BYTE_ARRAY name (UTF8); REPEATED INT64 list; }";
    let schema = Shared::new(parse_message_type(schema).unwrap());
    let properties = Shared::new(WriterProperties::builder().set_dictionary_enabled(false).build());
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    for group in 0..5i64 {
        let mut rows = writer.next_row_group().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        let numbers: Vec<i64> = (1..=2_000).map(|row| group * 2_000 + row).collect();
        column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap();
        column.close().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        let there: Vec<i16> = (0..2_000).map(|row| i16::from(row % 3 != 0)).collect();
        let names: Vec<ByteArray> = numbers
            .iter()
            .zip(&there)
            .filter(|(_, there)| **there == 1)
            .map(|(number, _)| ByteArray::from(format!("설비 {number}").as_str()))
            .collect();
        column.typed::<ByteArrayType>().write_batch(&names, Some(&there), None).unwrap();
        column.close().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        let lists: Vec<i64> = (0..4_000).collect();
        let (levels, repeats) = (vec![1; 4_000], [0, 1].repeat(2_000));
        column.typed::<Int64Type>().write_batch(&lists, Some(&levels), Some(&repeats)).unwrap();
        column.close().unwrap();
        rows.close().unwrap();
    }
    writer.close().unwrap();
    file
}

#[test]
fn a_group_is_read_from_its_proved_bytes_alone() {
    let file = large();
    let found = groups(Cursor::new(file.clone())).unwrap();
    assert_eq!(found.groups.len(), 5);
    assert_eq!(found.groups[3].rows, 6_001..8_001);
    let spans = found.groups[3].spans.iter().cloned().chain([found.footer.clone()]);
    let sample = sample_of(&file, spans);
    assert!(sample.blocks() < (file.len() / BLOCK / 2) as u64);
    let shown = proved_rows(&sample, 4).unwrap();
    assert_eq!((shown.groups, shown.file_groups), (vec![3], 5));
    assert_eq!((shown.all_rows, shown.file_rows), (2_000, 10_000));
    assert_eq!(shown.columns, ["n", "name", "list"]);
    let rows: Vec<_> = shown.rows.iter().map(|row| (row.number, row.cells.join("|"))).collect();
    let expected =
        ["6001||[0, 1]", "6002|설비 6002|[2, 3]", "6003|설비 6003|[4, 5]", "6004||[6, 7]"].map(str::to_owned);
    assert_eq!(rows, (6_001..).zip(expected).collect::<Vec<_>>());
    assert_eq!(proved_rows(&sample, usize::MAX).unwrap().rows.len(), 2_000);
    // One byte of a column is not here: the group is not shown.
    let cut = sample_of(&file, [found.groups[3].spans[0].clone(), found.footer.clone()]);
    assert_eq!(proved_rows(&cut, 4).unwrap().groups, Vec::<usize>::new());
}

#[test]
fn without_the_footer_nothing_is_read() {
    let file = large();
    let found = groups(Cursor::new(file.clone())).unwrap();
    let sample = sample_of(&file, found.groups[0].spans.clone());
    assert!(matches!(proved_rows(&sample, 4), Err(ProfileError::NotParquet)));
    // Its last block alone, of a footer that begins before it.
    let end = found.footer.end;
    let text = b"a,b\n1,2\nPAR1";
    for sample in [sample_of(&file, [end - 1..end]), sample_of(text, [0..text.len() as u64])] {
        if let Ok(shown) = proved_rows(&sample, 4) {
            assert_eq!(shown.rows, []);
        }
    }
}

/// Every file that other programs made: all of it is proved, and read as far as it can be, without a panic.
#[test]
fn files_of_other_programs_are_read_or_refused() {
    let Ok(shared) = std::env::var("WONBON_SHARED") else { return };
    let cases = std::fs::read_dir(PathBuf::from(shared).join("cases")).unwrap();
    let (mut read, mut refused) = (0, 0);
    for case in cases.map(|case| case.unwrap().path()).filter(|case| case.is_dir()) {
        for path in std::fs::read_dir(case).unwrap().map(|file| file.unwrap().path()) {
            if path.extension().is_none_or(|extension| extension != "parquet") {
                continue;
            }
            let file = std::fs::read(&path).unwrap();
            let sample = sample_of(&file, [0..file.len() as u64]);
            let found = groups(Cursor::new(file)).and_then(|_| proved_rows(&sample, 100));
            match found {
                Ok(shown) => {
                    assert!(shown.rows.iter().all(|row| row.cells.len() == shown.columns.len()), "{path:?}");
                    assert_eq!(shown.rows.len() as u64, shown.all_rows.min(100), "{path:?}");
                    read += 1;
                }
                Err(error) => {
                    let path = path.to_string_lossy();
                    assert!(path.contains("malformed") || path.contains("gzip"), "{path:?}: {error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(read >= 8, "{read} were read and {refused} refused");
}

/// Whatever bytes of a file are exchanged: it is read or refused, and nothing panics.
#[test]
fn bent_files_are_refused_or_read() {
    let good = large();
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let footer = groups(Cursor::new(good.clone())).unwrap().footer;
    for round in 0..60 {
        let mut file = good.clone();
        // Half of them in the footer, which says where all the rest stands.
        let from = if round % 2 == 0 { footer.start as usize } else { 0 };
        for _ in 0..=random() % 3 {
            let at = from + random() % (file.len() - from);
            file[at] = random() as u8;
        }
        let _ = groups(Cursor::new(file.clone()));
        let _ = proved_rows(&sample_of(&file, [0..file.len() as u64]), 10);
    }
}
