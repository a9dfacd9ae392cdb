//! The proof that a new version of a file begins with the whole blocks of the old one, from files.

use super::{input::Input, FileError, Watch};
use crate::{leaf_hashes, GrowthProving, PackageError};
use std::path::Path;
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::{block_count, growth::GrowthProof},
    Commitment, Digest,
};

/// Leaf hashes read at once.
const LEAVES_AT_ONCE: usize = 1 << 15;

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
/// [`FileError::OtherFile`] or [`PackageError::LeafList`] if there are no old leaves where they should be,
/// [`PackageError::Growth`] if the new version does not begin with the old one's whole blocks.
pub fn growth_proof(
    old: &Commitment,
    leaves: OldLeaves<'_>,
    new_package: &Path,
    new: &Commitment,
    watch: &Watch<'_>,
) -> Result<GrowthProof, FileError> {
    let mut proving = GrowthProving::new(old, new)?;
    let package = Input::open_package(new_package, new.length)?;
    let otherwise = match leaves {
        OldLeaves::NewFile(path) => {
            from_new_file(&mut proving, old, path, &package, new)?;
            FileError::OtherFile(path.to_owned())
        }
        OldLeaves::OldFile(path) => {
            from_old_file(&mut proving, old, path, watch)?;
            FileError::OtherFile(path.to_owned())
        }
        OldLeaves::List(path, position) => {
            let input = Input::open(path)?;
            read_list(&input, position, block_count(old.length), |leaves| proving.push_old(leaves))?;
            PackageError::LeafList.into()
        }
    };
    if !proving.has_old() {
        return Err(otherwise);
    }
    read_list(&package, new.length, new.blocks(), |leaves| proving.push_new(leaves))?;
    Ok(proving.finish()?)
}

fn from_new_file(
    proving: &mut GrowthProving,
    old: &Commitment,
    path: &Path,
    package: &Input,
    new: &Commitment,
) -> Result<(), FileError> {
    let whole = old.length / BLOCK_SIZE;
    read_list(package, new.length, whole, |leaves| proving.push_old(leaves))?;
    let tail = old.length % BLOCK_SIZE;
    if tail > 0 {
        let input = Input::open(path)?;
        proving.push_old(&leaf_hashes(&input.read_block(whole, tail)?));
        input.check_unchanged()?;
    }
    Ok(())
}

fn from_old_file(
    proving: &mut GrowthProving,
    old: &Commitment,
    path: &Path,
    watch: &Watch<'_>,
) -> Result<(), FileError> {
    let (input, length) = Input::open_plain(path)?;
    if length != old.length {
        return Err(FileError::OtherFile(path.to_owned()));
    }
    let hash = |_, bytes: &mut [u8]| Ok::<_, FileError>(leaf_hashes(bytes));
    input.pass(length, watch, hash, |leaves| {
        proving.push_old(&leaves);
        Ok::<_, FileError>(())
    })
}

/// Gives so many leaf hashes, in order, from the one at this position of a file on.
pub(super) fn read_list(
    input: &Input,
    position: u64,
    count: u64,
    mut each: impl FnMut(&[Digest]),
) -> Result<(), FileError> {
    for first in (0..count).step_by(LEAVES_AT_ONCE) {
        let now = (count - first).min(LEAVES_AT_ONCE as u64) as usize;
        each(&input.leaves(position, first, now)?);
    }
    input.check_unchanged()
}
