//! The proof of a bad block, for a dispute.

use crate::{CheckedChunk, Checking, PackageError};
use wonbon_primitives::{
    content::{block_length, tree::Prover},
    dispute::BlockFault,
    BoundedVec, Commitment, Digest,
};

/// Folds the chunks of a package to what a dispute about one block needs. The package is checked on the way: nothing
/// is given for one that is not what was offered, because the chain would refuse it.
#[derive(Clone, Debug)]
pub struct FaultProving {
    checking: Checking,
    index: u64,
    length: u64,
    sealed: Prover,
    list: Prover,
    leaf: Option<Digest>,
}

impl FaultProving {
    /// For the block with this index of a package of this sealed payload and this dataset.
    pub fn new(sealed: &Commitment, plain_root: &Digest, index: u64) -> Result<Self, PackageError> {
        let checking = Checking::new(sealed, plain_root)?;
        let length = block_length(sealed.length, index).ok_or(PackageError::NoSuchBlock(index))?;
        let path = Prover::inclusion(index, sealed.blocks()).map_err(|_| PackageError::NoSuchBlock(index))?;
        Ok(Self { checking, index, length, sealed: path.clone(), list: path, leaf: None })
    }

    /// Bytes of the block.
    pub fn block_length(&self) -> u64 {
        self.length
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: &CheckedChunk) -> Result<(), PackageError> {
        self.checking.push(chunk)?;
        chunk.sealed_leaves().iter().for_each(|leaf| self.sealed.push(*leaf));
        chunk.listed_leaves().iter().for_each(|leaf| self.list.push(*leaf));
        let place = self.index.checked_sub(chunk.chunk().first_block());
        let leaf = place.and_then(|at| chunk.listed_leaves().get(usize::try_from(at).ok()?));
        self.leaf = self.leaf.or(leaf.copied());
        Ok(())
    }

    /// The proof, once every chunk was given; `sealed_block` is the block as the sealed payload has it.
    pub fn finish(self, sealed_block: Vec<u8>) -> Result<BlockFault, PackageError> {
        self.checking.finish()?;
        let no_such_block = PackageError::NoSuchBlock(self.index);
        let path = |prover: Prover| {
            let path = prover.finish().map_err(|_| no_such_block)?;
            BoundedVec::try_from(path).map_err(|_| no_such_block)
        };
        Ok(BlockFault {
            index: self.index,
            sealed_block: BoundedVec::try_from(sealed_block).map_err(|_| no_such_block)?,
            sealed_path: path(self.sealed)?,
            plain_leaf: self.leaf.ok_or(no_such_block)?,
            plain_path: path(self.list)?,
        })
    }
}
