//! Committing and sealing a file.

use super::{engine, input::Input, output::Output, Sealed, StreamError, Watch};
use crate::{
    bounds::{BLOCK_SIZE, DIGEST_SIZE},
    content::{
        leaf_list,
        tree::{leaf_hash, Builder},
        BadLength,
    },
    seal::{self, ContentKey},
    Commitment, Digest,
};
use std::path::Path;

/// Leaves that are written together, 1 MiB of them: small writes among the workers' large ones hold these up.
const LEAVES_AT_ONCE: usize = 1 << 15;

/// The commitment to a file.
pub fn commit_file(path: &Path, watch: &Watch<'_>) -> Result<Commitment, StreamError> {
    let (input, length) = Input::open_plain(path)?;
    let mut tree = Builder::new();
    engine::run(
        length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let mut part = Builder::new();
            buffer.chunks(BLOCK_SIZE as usize).for_each(|block| part.push(leaf_hash(block)));
            Ok(part)
        },
        |_, part| {
            append(&mut tree, &part);
            Ok(())
        },
    )?;
    input.check_unchanged()?;
    Ok(Commitment { root: root(&tree), length })
}

/// Seals a file into a package. The key must be fresh: generated for this sealing and used for no other.
pub fn seal_file(
    input: &Path,
    package: &Path,
    key: &ContentKey,
    watch: &Watch<'_>,
) -> Result<Sealed, StreamError> {
    let (input, length) = Input::open_plain(input)?;
    let whole = leaf_list::package_length(length).ok_or(BadLength(length))?;
    let output = Output::create(package, whole, &input)?;
    let (mut plain, mut sealed) = (Builder::new(), Builder::new());
    // The part of the leaf list that is not written yet, and where it belongs.
    let (mut pending, mut list_end) = (Vec::<Digest>::new(), length);
    engine::run(
        length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let mut leaves: Vec<Digest> = Vec::with_capacity(segment.blocks());
            let (mut plain, mut sealed) = (Builder::new(), Builder::new());
            for (block, index) in buffer.chunks_mut(BLOCK_SIZE as usize).zip(segment.first_block()..) {
                let leaf = leaf_hash(block);
                plain.push(leaf);
                leaves.push(leaf);
                seal::apply(key, index, block).map_err(|_| BadLength(length))?;
                sealed.push(leaf_hash(block));
            }
            output.write(buffer, segment.offset)?;
            Ok((plain, sealed, leaves))
        },
        |_, (plain_part, sealed_part, leaves)| {
            append(&mut plain, &plain_part);
            append(&mut sealed, &sealed_part);
            pending.extend(leaves);
            if pending.len() >= LEAVES_AT_ONCE {
                output.write(pending.as_flattened(), list_end)?;
                list_end += pending.len() as u64 * DIGEST_SIZE;
                pending.clear();
            }
            Ok(())
        },
    )?;
    output.write(pending.as_flattened(), list_end)?;
    input.check_unchanged()?;
    output.publish()?;
    Ok(Sealed {
        plain: Commitment { root: root(&plain), length },
        sealed: Commitment { root: root(&sealed), length },
        key_commitment: key.commitment(),
    })
}

/// Adds the tree of a segment to that of all segments before it.
pub(super) fn append(tree: &mut Builder, part: &Builder) {
    tree.append(part).expect("every segment but the last is a perfect subtree; qed");
}

/// The root of a file's tree.
pub(super) fn root(tree: &Builder) -> Digest {
    tree.finish().expect("no file here is empty; qed")
}
