//! The check before a payload is published: one pass over the bytes on disk.
//!
//! A package is the sealed payload followed by the leaf list of the plaintext. The sealed root is recomputed from
//! the payload, the leaf list must have one entry a block and fold to the dataset. On the way the sealed leaf
//! hashes are written to a file of their own, the *tree* that lets a reader verify while they stream. Memory does
//! not grow with the payload.

use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use wonbon_model::Hash;
use wonbon_package::{Chunk, Committing, CHUNK_SIZE};
use wonbon_primitives::content::{
    leaf_list::{self, BadLeafList},
    Commitment,
};

/// What a package has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Root of the plaintext.
    pub dataset_root: Hash,
    /// Bytes of the payload, without the leaf list.
    pub payload_length: u64,
}

/// Why a package is not published.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The bytes are not those that were announced.
    #[error("the payload has root {found}, announced was {expected}")]
    Root {
        /// What was announced.
        expected: Hash,
        /// What the bytes give.
        found: Hash,
    },
    /// The leaf list is not the dataset's.
    #[error("the leaf list is not that of the dataset: {0}")]
    LeafList(BadLeafList),
    /// The length is one that no payload can have, or the file is shorter or longer than it should be.
    #[error("the package has the wrong length")]
    Length,
    /// It was told to stop.
    #[error("the check was stopped")]
    Cancelled,
    /// The disk, or the store behind it, failed.
    #[error("the package cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Checks a package and writes its tree.
pub fn check_package(
    package: &Path,
    tree_file: &Path,
    expected: &Expected,
    cancelled: &dyn Fn() -> bool,
) -> Result<(), CheckError> {
    let length = leaf_list::package_length(expected.payload_length).ok_or(CheckError::Length)?;
    let mut input = File::open(package)?;
    if input.metadata()?.len() != length {
        return Err(CheckError::Length);
    }
    let mut leaves = BufWriter::with_capacity(1 << 16, File::create(tree_file)?);
    let mut committing = Committing::new(expected.payload_length).map_err(|_| CheckError::Length)?;
    let mut buffer = vec![0; CHUNK_SIZE];
    for chunk in Chunk::all(expected.payload_length) {
        if cancelled() {
            return Err(CheckError::Cancelled);
        }
        let part = &mut buffer[..chunk.length];
        input.read_exact(part)?;
        let hashed = chunk.commit(part).map_err(|_| CheckError::Length)?;
        leaves.write_all(hashed.leaves().as_flattened())?;
        committing.push(&hashed).map_err(|_| CheckError::Length)?;
    }
    let found = committing.finish().map(|sealed| Hash(sealed.root)).map_err(|_| CheckError::Length)?;
    if found != expected.sealed_root {
        return Err(CheckError::Root { expected: expected.sealed_root, found });
    }
    let plain = Commitment { root: expected.dataset_root.0, length: expected.payload_length };
    let mut list = leaf_list::Checker::new(plain);
    let mut left = leaf_list::byte_length(expected.payload_length);
    while left > 0 {
        if cancelled() {
            return Err(CheckError::Cancelled);
        }
        let part = part_of(&mut buffer, left);
        input.read_exact(part)?;
        left -= part.len() as u64;
        list.update(part);
    }
    list.finish().map_err(CheckError::LeafList)?;
    leaves.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    Ok(())
}

fn part_of(buffer: &mut [u8], left: u64) -> &mut [u8] {
    let length = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
    &mut buffer[..length]
}
