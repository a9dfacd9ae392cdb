//! The same chunk by chunk, without a file: what a worker in a browser does.

use crate::support::{blocks, commit, sample, seal};
use wonbon_package::{
    leaf_hashes, Checking, Chunk, Committing, FaultProving, GrowthProving, Opening, PackageError, Sampling,
    Sealed, Sealing, Shown, CHUNK_SIZE,
};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, DIGEST_SIZE},
    content::{growth, leaf_list},
    dispute::{verify_block, DisputeError},
    seal::ContentKey,
    Commitment, Digest, OsRng,
};

const LENGTHS: [usize; 8] =
    [1, 4095, 4097, 5 * 4096, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 3 * 4096 + 5];

fn key() -> ContentKey {
    ContentKey::generate(&mut OsRng)
}

/// The bytes of a chunk in a file.
fn place(chunk: &Chunk) -> std::ops::Range<usize> {
    chunk.offset as usize..chunk.end_offset() as usize
}

/// The package and what it is known by.
fn sealed(plain: &[u8], key: &ContentKey) -> (Vec<u8>, Sealed) {
    let mut package = plain.to_vec();
    let mut list = Vec::new();
    let mut sealing = Sealing::new(plain.len() as u64).unwrap();
    for chunk in Chunk::all(plain.len() as u64) {
        let done = chunk.seal(key, &mut package[place(&chunk)]).unwrap();
        sealing.push(&done).unwrap();
        list.extend_from_slice(done.leaves());
    }
    package.extend_from_slice(list.as_flattened());
    (package, sealing.finish(key).unwrap())
}

/// A chunk's part of the leaf list of a package.
fn leaves(package: &[u8], chunk: &Chunk, length: u64) -> Vec<Digest> {
    let first = length + chunk.first_block() * DIGEST_SIZE;
    package[first as usize..].as_chunks().0[..chunk.blocks()].to_vec()
}

fn check(package: &[u8], sealed: &Commitment, plain_root: &Digest) -> Result<(), PackageError> {
    let mut checking = Checking::new(sealed, plain_root)?;
    for chunk in Chunk::all(sealed.length) {
        checking.push(&chunk.check(&package[place(&chunk)], leaves(package, &chunk, sealed.length))?)?;
    }
    checking.finish()
}

fn open(package: &[u8], expected: &Sealed, key: &ContentKey) -> Result<Vec<u8>, PackageError> {
    let length = expected.sealed.length;
    let mut opening = Opening::new(expected, key)?;
    let mut plain = package[..length as usize].to_vec();
    for chunk in Chunk::all(length) {
        let done = chunk.open(key, &mut plain[place(&chunk)], leaves(package, &chunk, length))?;
        opening.push(&done)?;
    }
    opening.finish()?;
    Ok(plain)
}

#[test]
fn every_length_comes_back() {
    let key = key();
    for length in LENGTHS {
        let plain = sample(length);
        let (package, known) = sealed(&plain, &key);
        let ciphertext = seal(&plain, &key);
        let expected =
            Sealed { plain: commit(&plain), sealed: commit(&ciphertext), key_commitment: key.commitment() };
        assert_eq!(known, expected, "{length}");
        assert!(package[..length] == ciphertext, "{length}");
        assert_eq!(leaf_list::check(&package[length..], &known.plain), Ok(()));
        assert_eq!(check(&package, &known.sealed, &known.plain.root), Ok(()));
        assert!(open(&package, &known, &key).unwrap() == plain, "{length}");

        let mut committing = Committing::new(length as u64).unwrap();
        for chunk in Chunk::all(length as u64) {
            committing.push(&chunk.commit(&plain[place(&chunk)]).unwrap()).unwrap();
        }
        assert_eq!(committing.finish(), Ok(known.plain));
    }
}

#[test]
fn a_changed_byte_is_told_by_its_place() {
    let (key, length) = (key(), CHUNK_SIZE + 4097);
    let (package, known) = sealed(&sample(length), &key);
    for (at, error) in [
        (0, PackageError::Payload),
        (length - 1, PackageError::Payload),
        (length, PackageError::LeafList),
        (package.len() - 1, PackageError::LeafList),
    ] {
        let mut package = package.clone();
        package[at] ^= 1;
        assert_eq!(check(&package, &known.sealed, &known.plain.root), Err(error), "{at}");
        assert_eq!(open(&package, &known, &key), Err(error), "{at}");
    }
    assert_eq!(open(&package, &known, &self::key()), Err(PackageError::WrongKey));
}

#[test]
fn a_bad_block_is_found_and_proved() {
    let (key, length) = (key(), CHUNK_SIZE + 3 * 4096 + 7);
    for bad in [0, 3, 255, 256, 259] {
        let plain = sample(length);
        let (mut package, honest) = sealed(&plain, &key);
        package[(bad * BLOCK_SIZE) as usize + 1] ^= 1;
        let offered = Sealed { sealed: commit(&package[..length]), ..honest };
        assert_eq!(open(&package, &offered, &key), Err(PackageError::BadBlock(bad)));

        let prove = |index: u64| {
            let mut proving = FaultProving::new(&offered.sealed, &offered.plain.root, index).unwrap();
            for chunk in Chunk::all(length as u64) {
                let leaves = leaves(&package, &chunk, length as u64);
                proving.push(&chunk.check(&package[place(&chunk)], leaves).unwrap()).unwrap();
            }
            let start = (index * BLOCK_SIZE) as usize;
            let block = package[start..][..proving.block_length() as usize].to_vec();
            proving.finish(block).unwrap()
        };
        let judged = |index| verify_block(&key, &offered.sealed, &offered.plain, &prove(index));
        assert_eq!(judged(bad), Ok(()));
        assert_eq!(judged(bad ^ 1), Err(DisputeError::BlockIsRight));
    }
}

#[test]
fn blocks_are_shown_with_their_paths() {
    let bytes = sample(2 * CHUNK_SIZE + 3 * 4096 + 11);
    let file = commit(&bytes);
    let shown = Shown::new(file.length, vec![515, 0, 256, 255, 257]).unwrap();
    let mut sampling = Sampling::new(&shown).unwrap();
    for chunk in Chunk::all(file.length) {
        sampling.push(shown.cut(chunk, &bytes[place(&chunk)]).unwrap()).unwrap();
    }
    let (found, ranges) = sampling.finish().unwrap();
    assert_eq!(found, file);
    assert_eq!(ranges.iter().map(|range| range.indices()).collect::<Vec<_>>(), [0..1, 255..258, 515..516]);
    for range in ranges {
        assert_eq!(range.verify(&file), Ok(()));
        let span = range.span();
        assert!(range.blocks == bytes[span.start as usize..span.end as usize]);
    }
}

#[test]
fn growth_is_proved_from_leaves() {
    let bytes = sample(CHUNK_SIZE + 777);
    let new = commit(&bytes);
    for old_length in [4096, 10_000, CHUNK_SIZE] {
        let old = commit(&bytes[..old_length]);
        let mut proving = GrowthProving::new(&old, &new).unwrap();
        proving.push_old(&blocks(&bytes[..old_length]));
        assert!(proving.has_old());
        proving.push_new(&leaf_hashes(&bytes));
        let proof = proving.finish().unwrap();
        assert_eq!(growth::verify(&old, &new, &proof), Ok((old_length / 4096 * 4096) as u64));
    }
}

#[test]
fn chunks_come_whole_and_in_order() {
    let bytes = sample(2 * CHUNK_SIZE + 1);
    let length = bytes.len() as u64;
    let chunks: Vec<_> = Chunk::all(length).collect();
    let done = |at: usize| chunks[at].commit(&bytes[place(&chunks[at])]).unwrap();
    assert_eq!(chunks.len() as u64, Chunk::count(length));
    assert!(chunks[0].commit(&bytes[1..CHUNK_SIZE]).is_err(), "fewer bytes than it has");

    let mut committing = Committing::new(length).unwrap();
    assert_eq!(committing.push(&done(1)), Err(PackageError::Chunks), "not the first");
    committing.push(&done(0)).unwrap();
    assert_eq!(committing.push(&done(0)), Err(PackageError::Chunks), "twice");
    assert_eq!(committing.clone().finish(), Err(PackageError::Chunks), "not all");
    committing.push(&done(1)).unwrap();
    let of_another_file = Chunk { offset: 2 * CHUNK_SIZE as u64, length: 2 }.commit(b"xy").unwrap();
    assert_eq!(committing.push(&of_another_file), Err(PackageError::Chunks));
    committing.push(&done(2)).unwrap();
    assert_eq!(committing.push(&done(2)), Err(PackageError::Chunks), "beyond the last");
    assert_eq!(committing.finish(), Ok(commit(&bytes)));
    assert!(matches!(Committing::new(0), Err(PackageError::Length(_))));
}
