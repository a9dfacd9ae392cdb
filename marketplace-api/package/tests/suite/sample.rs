//! Blocks cut out of files and chunks, against the paths that the primitives make from the leaves.

use crate::support::{blocks, commit, sample};
use std::fs;
use wonbon_package::{
    files::{block_ranges, FileError, Watch},
    PackageError,
};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_SAMPLE},
    content::range::{self, BlockRange, Prover},
    sample::{Kind, Sample},
    BoundedVec, DatasetId,
};

const BLOCK: usize = BLOCK_SIZE as usize;

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

#[test]
fn blocks_come_out_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    // Chunks, their edges and the short last block.
    let bytes = sample((1 << 20) * 2 + 3 * BLOCK + 11);
    fs::write(&path, &bytes).unwrap();
    let file = commit(&bytes);
    for indices in
        [vec![0], vec![255, 256], vec![0, 255, 256, 257, 400, 514, 515], (0..file.blocks()).collect()]
    {
        let (found, ranges) = block_ranges(&path, indices.clone(), &Watch::none()).unwrap();
        assert_eq!(found, file);
        let ranges = BoundedVec::try_from(ranges).unwrap();
        let sample =
            Sample { dataset: DatasetId(file.root), length: file.length, kind: Kind::Chosen, ranges };
        assert_eq!(sample.verify(&file), Ok(()));
        assert_eq!(sample, made(&bytes, indices, Kind::Chosen));
    }
    for index in [516, u64::MAX] {
        let beyond = block_ranges(&path, vec![0, index], &Watch::none());
        assert!(
            matches!(beyond, Err(FileError::Package(PackageError::NoSuchBlock(i))) if i == index),
            "{beyond:?}"
        );
    }
    let many = block_ranges(&path, (0..=u64::from(MAX_SAMPLE)).collect(), &Watch::none());
    assert!(matches!(many, Err(FileError::Package(PackageError::TooManyBlocks(4097)))));
}
