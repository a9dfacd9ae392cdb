//! The proof of a bad block, from a package.

use super::{engine, input::Input, open::judge, StreamError, Watch};
use crate::{
    bounds::BLOCK_SIZE,
    content::{
        block_length,
        tree::{leaf_hash, Builder, Prover},
    },
    dispute::BlockFault,
    BoundedVec, Commitment, Digest,
};
use std::path::Path;

/// What a dispute about a block needs, in one pass over the package. The package is checked on the way: nothing
/// is given for one that is not what was offered, because the chain would refuse it.
pub fn block_fault(
    package: &Path,
    sealed: &Commitment,
    plain_root: &Digest,
    index: u64,
    watch: &Watch<'_>,
) -> Result<BlockFault, StreamError> {
    let no_such_block = |_| StreamError::NoSuchBlock(index);
    let input = Input::open_package(package, sealed.length)?;
    let length = block_length(sealed.length, index).ok_or(StreamError::NoSuchBlock(index))?;
    let mut sealed_prover = Prover::inclusion(index, sealed.blocks()).map_err(no_such_block)?;
    let mut plain_prover = sealed_prover.clone();
    let (mut sealed_tree, mut list) = (Builder::new(), Builder::new());
    engine::run(
        sealed.length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let sealed_leaves: Vec<Digest> = buffer.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect();
            Ok((sealed_leaves, input.read_leaves(segment, sealed.length)?))
        },
        |_, (sealed_leaves, plain_leaves)| {
            for (sealed_leaf, plain_leaf) in sealed_leaves.into_iter().zip(plain_leaves) {
                sealed_prover.push(sealed_leaf);
                sealed_tree.push(sealed_leaf);
                plain_prover.push(plain_leaf);
                list.push(plain_leaf);
            }
            Ok(())
        },
    )?;
    let sealed_block = input.read_block(index, length)?;
    let plain_leaf = input.leaf(sealed.length, index)?;
    input.check_unchanged()?;
    judge(&sealed_tree, &list, sealed, plain_root)?;

    let path = |prover: Prover| {
        let path = prover.finish().map_err(no_such_block)?;
        BoundedVec::try_from(path).map_err(|_| StreamError::NoSuchBlock(index))
    };
    Ok(BlockFault {
        index,
        sealed_block: BoundedVec::try_from(sealed_block).map_err(|_| StreamError::NoSuchBlock(index))?,
        sealed_path: path(sealed_prover)?,
        plain_leaf,
        plain_path: path(plain_prover)?,
    })
}
