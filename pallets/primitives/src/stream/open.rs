//! Opening a package and checking one.
//!
//! One pass finds three things: the root of the sealed payload, the root that the leaf list folds to, and the
//! first block that does not open to its leaf. Only if both roots are right is a bad block the seller's fault,
//! so it is reported last.

use super::{
    engine::{self, Segment},
    input::Input,
    output::Output,
    seal::{append, root},
    Sealed, StreamError, Watch,
};
use crate::{
    bounds::BLOCK_SIZE,
    content::tree::{leaf_hash, Builder},
    seal::{self, ContentKey},
    Commitment, Digest,
};
use std::{
    io::Write,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// Opens a package into a file and checks all of it against what was offered.
///
/// [`StreamError::BadBlock`] names the first block that is not the dataset's, for [`super::block_fault`].
pub fn open_file(
    package: &Path,
    output: &Path,
    key: &ContentKey,
    expected: &Sealed,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    let input = prepare(package, key, expected)?;
    let output = Output::create(output, expected.plain.length, &input)?;
    pass(&input, key, expected, Some(&output), watch)?;
    output.publish()
}

/// Opens a package without writing anything: what a seller does before he offers it.
pub fn check_package(
    package: &Path,
    key: &ContentKey,
    expected: &Sealed,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    pass(&prepare(package, key, expected)?, key, expected, None, watch)
}

/// Checks the sealed payload and the leaf list of a package without the key: what a buyer does before he orders,
/// and the service before it publishes.
pub fn verify_package(
    package: &Path,
    sealed: &Commitment,
    plain_root: &Digest,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    verify_package_keeping_tree(package, sealed, plain_root, &mut std::io::sink(), watch)
}

/// The same; also writes the leaf hashes of the sealed payload, 32 bytes for each block, with which a reader can
/// check any part of a download as it comes. They are worth something only if this succeeds.
pub fn verify_package_keeping_tree(
    package: &Path,
    sealed: &Commitment,
    plain_root: &Digest,
    tree: &mut dyn Write,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    let input = Input::open_package(package, sealed.length)?;
    let (mut sealed_tree, mut list) = (Builder::new(), Builder::new());
    engine::run(
        sealed.length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let mut list = Builder::new();
            input.read_leaves(segment, sealed.length)?.into_iter().for_each(|leaf| list.push(leaf));
            let leaves: Vec<Digest> = buffer.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect();
            let mut part = Builder::new();
            leaves.iter().for_each(|leaf| part.push(*leaf));
            Ok((part, list, leaves))
        },
        |_, (part, list_part, leaves)| {
            append(&mut sealed_tree, &part);
            append(&mut list, &list_part);
            tree.write_all(leaves.as_flattened()).map_err(StreamError::io("write the tree of", package))
        },
    )?;
    input.check_unchanged()?;
    judge(&sealed_tree, &list, sealed, plain_root)
}

fn prepare(package: &Path, key: &ContentKey, expected: &Sealed) -> Result<Input, StreamError> {
    if key.commitment() != expected.key_commitment {
        return Err(StreamError::WrongKey);
    }
    if expected.plain.length != expected.sealed.length {
        return Err(StreamError::Payload);
    }
    Input::open_package(package, expected.sealed.length)
}

/// What a worker finds in a segment.
struct Part {
    sealed: Builder,
    list: Builder,
    bad: Option<u64>,
}

fn pass(
    input: &Input,
    key: &ContentKey,
    expected: &Sealed,
    output: Option<&Output>,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    let (mut sealed, mut list) = (Builder::new(), Builder::new());
    let mut first_bad = None;
    // Nothing more is written once a block is bad, but the pass goes on: whose fault it is shows at its end.
    let spoiled = AtomicBool::new(false);
    engine::run(
        expected.sealed.length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let leaves = input.read_leaves(segment, expected.sealed.length)?;
            let part = open_segment(key, segment, buffer, &leaves)?;
            if part.bad.is_some() {
                spoiled.store(true, Ordering::Relaxed);
            }
            match output {
                Some(output) if !spoiled.load(Ordering::Relaxed) => output.write(buffer, segment.offset)?,
                _ => {}
            }
            Ok(part)
        },
        |_, part| {
            append(&mut sealed, &part.sealed);
            append(&mut list, &part.list);
            first_bad = first_bad.or(part.bad);
            Ok(())
        },
    )?;
    input.check_unchanged()?;
    judge(&sealed, &list, &expected.sealed, &expected.plain.root)?;
    first_bad.map_or(Ok(()), |index| Err(StreamError::BadBlock(index)))
}

fn open_segment(
    key: &ContentKey,
    segment: Segment,
    buffer: &mut [u8],
    leaves: &[Digest],
) -> Result<Part, StreamError> {
    let mut part = Part { sealed: Builder::new(), list: Builder::new(), bad: None };
    let blocks = buffer.chunks_mut(BLOCK_SIZE as usize).zip(leaves).zip(segment.first_block()..);
    for ((block, leaf), index) in blocks {
        part.sealed.push(leaf_hash(block));
        part.list.push(*leaf);
        seal::apply(key, index, block).map_err(|_| StreamError::NoSuchBlock(index))?;
        if leaf_hash(block) != *leaf {
            part.bad = part.bad.or(Some(index));
        }
    }
    Ok(part)
}

pub(super) fn judge(
    sealed_tree: &Builder,
    list: &Builder,
    sealed: &Commitment,
    plain_root: &Digest,
) -> Result<(), StreamError> {
    if root(sealed_tree) != sealed.root {
        return Err(StreamError::Payload);
    }
    if root(list) != *plain_root {
        return Err(StreamError::LeafList);
    }
    Ok(())
}
