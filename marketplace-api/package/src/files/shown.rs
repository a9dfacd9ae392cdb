//! The leaves that a registration shows, from the leaf list of a package.

use super::{growth::read_list, input::Input, FileError};
use crate::PackageError;
use std::path::Path;
use wonbon_primitives::{
    content::shown::{verify, Prover, ShownLeaves},
    Commitment, Digest,
};

/// The leaves that an account shows for a file, drawn by this seed, in one pass over the leaf list of its package.
///
/// [`PackageError::LeafList`] if the list is not the file's.
pub fn shown_leaves(
    package: &Path,
    plain: &Commitment,
    seed: &Digest,
    account: &[u8],
) -> Result<ShownLeaves, FileError> {
    let other = |_| PackageError::LeafList;
    let mut prover = Prover::new(seed, account, plain).map_err(other)?;
    let input = Input::open_package(package, plain.length)?;
    read_list(&input, plain.length, plain.blocks(), |leaves| {
        leaves.iter().for_each(|leaf| prover.push(*leaf))
    })?;
    let leaves = prover.finish().map_err(other)?;
    verify(seed, account, plain, &leaves).map_err(|_| PackageError::LeafList)?;
    Ok(leaves)
}
