//! Packages in files: opened whole or not at all, or checked and nothing written.

use super::{input::Input, output::Output, FileError, Watch};
use crate::{Checking, Opening, Sealed};
use std::{
    io::Write,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};
use wonbon_primitives::{seal::ContentKey, Commitment, Digest};

/// Opens a package into a file and checks all of it against what was offered.
///
/// [`crate::PackageError::BadBlock`] names the first block that is not the dataset's, for [`super::block_fault`].
pub fn open_file(
    package: &Path,
    output: &Path,
    key: &ContentKey,
    expected: &Sealed,
    watch: &Watch<'_>,
) -> Result<(), FileError> {
    open(package, Some(output), key, expected, watch)
}

/// Opens a package without writing anything: what sellers do before they offer it.
pub fn check_package(
    package: &Path,
    key: &ContentKey,
    expected: &Sealed,
    watch: &Watch<'_>,
) -> Result<(), FileError> {
    open(package, None, key, expected, watch)
}

fn open(
    package: &Path,
    output: Option<&Path>,
    key: &ContentKey,
    expected: &Sealed,
    watch: &Watch<'_>,
) -> Result<(), FileError> {
    let mut opening = Opening::new(expected, key)?;
    let length = expected.sealed.length;
    let input = Input::open_package(package, length)?;
    let output = output.map(|place| Output::create(place, expected.plain.length, &input)).transpose()?;
    // Nothing more is written once a block is bad, but the pass goes on: whose fault it is shows at its end.
    let spoiled = AtomicBool::new(false);
    input.pass(
        length,
        watch,
        |chunk, buffer| {
            let opened = chunk.open(key, buffer, input.read_leaves(chunk, length)?)?;
            if !opened.is_good() {
                spoiled.store(true, Ordering::Relaxed);
            }
            match &output {
                Some(output) if !spoiled.load(Ordering::Relaxed) => output.write(buffer, chunk.offset)?,
                _ => {}
            }
            Ok::<_, FileError>(opened)
        },
        |opened| opening.push(&opened),
    )?;
    opening.finish()?;
    output.map_or(Ok(()), Output::publish)
}

/// Checks the sealed payload and the leaf list of a package without the key: what buyers do before they order, and
/// the service before it publishes.
pub fn verify_package(
    package: &Path,
    sealed: &Commitment,
    plain_root: &Digest,
    watch: &Watch<'_>,
) -> Result<(), FileError> {
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
) -> Result<(), FileError> {
    let input = Input::open_package(package, sealed.length)?;
    let mut checking = Checking::new(sealed, plain_root)?;
    input.pass(
        sealed.length,
        watch,
        |chunk, bytes| input.check(chunk, bytes, sealed.length),
        |checked| {
            checking.push(&checked)?;
            let leaves = checked.sealed_leaves().as_flattened();
            tree.write_all(leaves).map_err(FileError::io("write the tree of", package))
        },
    )?;
    Ok(checking.finish()?)
}
