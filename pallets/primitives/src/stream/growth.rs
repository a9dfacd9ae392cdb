//! The proof that a new version of a file begins with the whole blocks of the old one.

use super::{
    engine,
    input::Input,
    seal::{append, root},
    StreamError, Watch,
};
use crate::{
    bounds::BLOCK_SIZE,
    content::{
        block_count,
        growth::{self, GrowthProof, Prover},
        tree::{leaf_hash, Builder},
    },
    Commitment, Digest,
};
use std::path::Path;

/// Leaf hashes read at once.
const LIST_READ: usize = 1 << 15;

/// Where the leaf hashes of the old version are.
#[derive(Clone, Copy, Debug)]
pub enum OldLeaves<'a> {
    /// In the new file, which begins with all bytes of the old one, its short last block included.
    NewFile(&'a Path),
    /// In the old file.
    OldFile(&'a Path),
    /// In a leaf list, from this position of a file on: 0, or in a package the length of its payload.
    List(&'a Path, u64),
}

/// Makes the proof; the new version's leaves come from the leaf list of its package.
///
/// [`StreamError::OtherFile`] or [`StreamError::LeafList`] if there are no old leaves where they should be,
/// [`StreamError::Growth`] if the new version does not begin with the old one's whole blocks.
pub fn growth_proof(
    old: &Commitment,
    leaves: OldLeaves<'_>,
    new_package: &Path,
    new: &Commitment,
    watch: &Watch<'_>,
) -> Result<GrowthProof, StreamError> {
    let mut prover = Prover::new(old.length, new.length).map_err(StreamError::Growth)?;
    let package = Input::open_package(new_package, new.length)?;
    match leaves {
        OldLeaves::NewFile(path) => from_new_file(&mut prover, old, path, &package, new)?,
        OldLeaves::OldFile(path) => from_old_file(&mut prover, old, path, watch)?,
        OldLeaves::List(path, position) => {
            let input = Input::open(path)?;
            let mut tree = Builder::new();
            read_list(&input, position, block_count(old.length), |leaf| {
                tree.push(leaf);
                prover.old_leaf(leaf);
            })?;
            if root(&tree) != old.root {
                return Err(StreamError::LeafList);
            }
        }
    }
    read_list(&package, new.length, new.blocks(), |leaf| prover.new_leaf(leaf))?;
    let proof = prover.finish().map_err(StreamError::Growth)?;
    growth::verify(old, new, &proof).map_err(StreamError::Growth)?;
    Ok(proof)
}

fn from_new_file(
    prover: &mut Prover,
    old: &Commitment,
    path: &Path,
    package: &Input,
    new: &Commitment,
) -> Result<(), StreamError> {
    let whole = old.length / BLOCK_SIZE;
    let mut tree = Builder::new();
    let mut each = |leaf| {
        tree.push(leaf);
        prover.old_leaf(leaf);
    };
    read_list(package, new.length, whole, &mut each)?;
    let tail = old.length % BLOCK_SIZE;
    if tail > 0 {
        let input = Input::open(path)?;
        each(leaf_hash(&input.read_block(whole, tail)?));
        input.check_unchanged()?;
    }
    if root(&tree) == old.root {
        Ok(())
    } else {
        Err(StreamError::OtherFile(path.to_owned()))
    }
}

fn from_old_file(
    prover: &mut Prover,
    old: &Commitment,
    path: &Path,
    watch: &Watch<'_>,
) -> Result<(), StreamError> {
    let (input, length) = Input::open_plain(path)?;
    if length != old.length {
        return Err(StreamError::OtherFile(path.to_owned()));
    }
    let mut tree = Builder::new();
    engine::run(
        length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            Ok(buffer.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect::<Vec<Digest>>())
        },
        |_, leaves| {
            let mut part = Builder::new();
            for leaf in leaves {
                part.push(leaf);
                prover.old_leaf(leaf);
            }
            append(&mut tree, &part);
            Ok(())
        },
    )?;
    input.check_unchanged()?;
    if root(&tree) == old.root {
        Ok(())
    } else {
        Err(StreamError::OtherFile(path.to_owned()))
    }
}

/// Gives so many leaf hashes, in order, from the one at this position of a file on.
fn read_list(
    input: &Input,
    position: u64,
    count: u64,
    mut each: impl FnMut(Digest),
) -> Result<(), StreamError> {
    for first in (0..count).step_by(LIST_READ) {
        let now = (count - first).min(LIST_READ as u64) as usize;
        input.leaves(position, first, now)?.into_iter().for_each(&mut each);
    }
    input.check_unchanged()
}
