//! Reading: plain files and packages.

use super::{
    direct::{CacheProbe, Direct},
    engine::Segment,
    StreamError,
};
use crate::{
    bounds::{BLOCK_SIZE, DIGEST_SIZE},
    content::{check_length, leaf_list},
    Digest,
};
use std::{
    fs::{File, Metadata},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
};

/// A file that is read.
pub(super) struct Input {
    file: File,
    /// For segments that are not in the page cache.
    direct: Option<(Direct, CacheProbe)>,
    path: PathBuf,
    metadata: Metadata,
}

impl Input {
    pub(super) fn open(path: &Path) -> Result<Self, StreamError> {
        let file = File::open(path).map_err(StreamError::io("open", path))?;
        let metadata = file.metadata().map_err(StreamError::io("read", path))?;
        if metadata.is_dir() {
            return Err(StreamError::io("read", path)(std::io::ErrorKind::IsADirectory.into()));
        }
        let direct = Direct::for_reading(path, metadata.len()).zip(CacheProbe::open(path));
        Ok(Self { file, direct, path: path.to_owned(), metadata })
    }

    /// A file to commit or seal; gives its length.
    pub(super) fn open_plain(path: &Path) -> Result<(Self, u64), StreamError> {
        let input = Self::open(path)?;
        let length = input.metadata.len();
        check_length(length)?;
        Ok((input, length))
    }

    /// A package of a payload of this length.
    pub(super) fn open_package(path: &Path, length: u64) -> Result<Self, StreamError> {
        let expected = leaf_list::package_length(length).ok_or(crate::content::BadLength(length))?;
        let input = Self::open(path)?;
        match input.metadata.len() {
            found if found == expected => Ok(input),
            found => Err(StreamError::PackageLength { expected, found }),
        }
    }

    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Reads a segment of the payload.
    pub(super) fn read(&self, segment: Segment, into: &mut [u8]) -> Result<(), StreamError> {
        if let Some((direct, cache)) = &self.direct {
            if !cache.is_cached(segment.offset, segment.length) {
                if let Some(done) = direct.read(into, segment.offset) {
                    return done.map_err(StreamError::io("read", &self.path));
                }
            }
        }
        self.read_at(into, segment.offset)
    }

    /// Reads one block of the payload.
    pub(super) fn read_block(&self, index: u64, length: u64) -> Result<Vec<u8>, StreamError> {
        let mut block = vec![0; length as usize];
        self.read_at(&mut block, index * BLOCK_SIZE)?;
        Ok(block)
    }

    /// Reads the leaf hashes of a segment from the leaf list of a package of a payload of this length.
    pub(super) fn read_leaves(&self, segment: Segment, length: u64) -> Result<Vec<Digest>, StreamError> {
        self.leaves(length, segment.first_block(), segment.blocks())
    }

    /// Reads `count` leaf hashes, the first with this index.
    pub(super) fn leaves(&self, length: u64, first: u64, count: usize) -> Result<Vec<Digest>, StreamError> {
        let mut leaves = vec![[0; DIGEST_SIZE as usize]; count];
        self.read_at(leaves.as_flattened_mut(), length + first * DIGEST_SIZE)?;
        Ok(leaves)
    }

    /// Reads one leaf hash.
    pub(super) fn leaf(&self, length: u64, index: u64) -> Result<Digest, StreamError> {
        let mut leaf = [0; DIGEST_SIZE as usize];
        self.read_at(&mut leaf, length + index * DIGEST_SIZE)?;
        Ok(leaf)
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> Result<(), StreamError> {
        self.file.read_exact_at(into, offset).map_err(StreamError::io("read", &self.path))
    }

    /// Refuses if the file is not as it was when it was opened.
    pub(super) fn check_unchanged(&self) -> Result<(), StreamError> {
        let now = self.file.metadata().map_err(StreamError::io("read", &self.path))?;
        let stamp = |of: &Metadata| (of.len(), of.mtime(), of.mtime_nsec());
        if stamp(&now) == stamp(&self.metadata) {
            Ok(())
        } else {
            Err(StreamError::Changed(self.path.clone()))
        }
    }
}
