//! The proof of a bad block, from a package.

use super::{input::Input, FileError, Watch};
use crate::FaultProving;
use std::path::Path;
use wonbon_primitives::{dispute::BlockFault, Commitment, Digest};

/// What a dispute about a block needs, in one pass over the package. The package is checked on the way: nothing
/// is given for one that is not what was offered, because the chain would refuse it.
pub fn block_fault(
    package: &Path,
    sealed: &Commitment,
    plain_root: &Digest,
    index: u64,
    watch: &Watch<'_>,
) -> Result<BlockFault, FileError> {
    let input = Input::open_package(package, sealed.length)?;
    let mut proving = FaultProving::new(sealed, plain_root, index)?;
    input.pass(
        sealed.length,
        watch,
        |chunk, bytes| input.check(chunk, bytes, sealed.length),
        |chunk| proving.push(&chunk),
    )?;
    let block = input.read_block(index, proving.block_length())?;
    input.check_unchanged()?;
    Ok(proving.finish(block)?)
}
