//! Files that are read once: for their root, or to be sealed into a package.

use super::{input::Input, output::Output, FileError, Watch};
use crate::{Committing, Sealed, Sealing};
use std::path::Path;
use wonbon_primitives::{
    bounds::DIGEST_SIZE,
    content::{leaf_list, BadLength},
    seal::ContentKey,
    Commitment, Digest,
};

/// Leaves that are written together, 1 MiB of them: small writes among the workers' large ones hold these up.
const LEAVES_AT_ONCE: usize = 1 << 15;

/// The commitment to a file.
pub fn commit_file(path: &Path, watch: &Watch<'_>) -> Result<Commitment, FileError> {
    let (input, length) = Input::open_plain(path)?;
    let mut committing = Committing::new(length)?;
    input.pass(length, watch, |chunk, bytes| chunk.commit(bytes), |chunk| committing.push(&chunk))?;
    Ok(committing.finish()?)
}

/// Seals a file into a package. The key must be fresh: generated for this sealing and used for no other.
pub fn seal_file(
    input: &Path,
    package: &Path,
    key: &ContentKey,
    watch: &Watch<'_>,
) -> Result<Sealed, FileError> {
    let (input, length) = Input::open_plain(input)?;
    let whole = leaf_list::package_length(length).ok_or(BadLength(length))?;
    let output = Output::create(package, whole, &input)?;
    let mut sealing = Sealing::new(length)?;
    // The part of the leaf list that is not written yet, and where it belongs.
    let (mut pending, mut list_end) = (Vec::<Digest>::new(), length);
    input.pass(
        length,
        watch,
        |chunk, buffer| {
            let sealed = chunk.seal(key, buffer)?;
            output.write(buffer, chunk.offset)?;
            Ok::<_, FileError>(sealed)
        },
        |sealed| {
            sealing.push(&sealed)?;
            pending.extend(sealed.leaves());
            if pending.len() >= LEAVES_AT_ONCE {
                output.write(pending.as_flattened(), list_end)?;
                list_end += pending.len() as u64 * DIGEST_SIZE;
                pending.clear();
            }
            Ok::<_, FileError>(())
        },
    )?;
    output.write(pending.as_flattened(), list_end)?;
    output.publish()?;
    Ok(sealing.finish(key)?)
}
