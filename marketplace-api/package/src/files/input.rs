//! Reading: plain files and packages.

use super::{
    direct::{CacheProbe, Direct},
    engine, FileError, Watch,
};
use crate::{CheckedChunk, Chunk, PackageError};
use std::{
    fs::{File, Metadata},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, DIGEST_SIZE},
    content::{check_length, leaf_list},
    Digest,
};

/// A file that is read.
pub(super) struct Input {
    file: File,
    /// For chunks that are not in the page cache.
    direct: Option<(Direct, CacheProbe)>,
    path: PathBuf,
    metadata: Metadata,
}

impl Input {
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        let file = File::open(path).map_err(FileError::io("open", path))?;
        let metadata = file.metadata().map_err(FileError::io("read", path))?;
        if metadata.is_dir() {
            return Err(FileError::io("read", path)(std::io::ErrorKind::IsADirectory.into()));
        }
        let direct = Direct::for_reading(path, metadata.len()).zip(CacheProbe::open(path));
        Ok(Self { file, direct, path: path.to_owned(), metadata })
    }

    /// A file to commit or seal; gives its length.
    pub(super) fn open_plain(path: &Path) -> Result<(Self, u64), FileError> {
        let input = Self::open(path)?;
        let length = input.metadata.len();
        check_length(length)?;
        Ok((input, length))
    }

    /// A package of a payload of this length.
    pub(super) fn open_package(path: &Path, length: u64) -> Result<Self, FileError> {
        let expected =
            leaf_list::package_length(length).ok_or(wonbon_primitives::content::BadLength(length))?;
        let input = Self::open(path)?;
        match input.metadata.len() {
            found if found == expected => Ok(input),
            found => Err(PackageError::PackageLength { expected, found }.into()),
        }
    }

    /// Reads the first `length` bytes: runs `work` on every chunk and `fold` on every result, in order. Refuses in the
    /// end if the file changed meanwhile.
    pub(super) fn pass<T: Send, W, F>(
        &self,
        length: u64,
        watch: &Watch<'_>,
        work: impl Fn(Chunk, &mut [u8]) -> Result<T, W> + Sync,
        mut fold: impl FnMut(T) -> Result<(), F>,
    ) -> Result<(), FileError>
    where
        FileError: From<W> + From<F>,
    {
        let work = |chunk: Chunk, buffer: &mut [u8]| {
            self.read(chunk, buffer)?;
            Ok(work(chunk, buffer)?)
        };
        engine::run(length, watch, work, |result| Ok(fold(result)?))?;
        self.check_unchanged()
    }

    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Reads a chunk of the payload.
    fn read(&self, chunk: Chunk, into: &mut [u8]) -> Result<(), FileError> {
        if let Some((direct, cache)) = &self.direct {
            if !cache.is_cached(chunk.offset, chunk.length) {
                if let Some(done) = direct.read(into, chunk.offset) {
                    return done.map_err(FileError::io("read", &self.path));
                }
            }
        }
        self.read_at(into, chunk.offset)
    }

    /// Reads one block of the payload.
    pub(super) fn read_block(&self, index: u64, length: u64) -> Result<Vec<u8>, FileError> {
        let mut block = vec![0; length as usize];
        self.read_at(&mut block, index * BLOCK_SIZE)?;
        Ok(block)
    }

    /// Reads the leaf hashes of a chunk from the leaf list of a package of a payload of this length.
    pub(super) fn read_leaves(&self, chunk: Chunk, length: u64) -> Result<Vec<Digest>, FileError> {
        self.leaves(length, chunk.first_block(), chunk.blocks())
    }

    /// Hashes a chunk's sealed bytes and its part of the leaf list.
    pub(super) fn check(&self, chunk: Chunk, sealed: &[u8], length: u64) -> Result<CheckedChunk, FileError> {
        Ok(chunk.check(sealed, self.read_leaves(chunk, length)?)?)
    }

    /// Reads `count` leaf hashes, the first with this index.
    pub(super) fn leaves(&self, length: u64, first: u64, count: usize) -> Result<Vec<Digest>, FileError> {
        let mut leaves = vec![[0; DIGEST_SIZE as usize]; count];
        self.read_at(leaves.as_flattened_mut(), length + first * DIGEST_SIZE)?;
        Ok(leaves)
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> Result<(), FileError> {
        self.file.read_exact_at(into, offset).map_err(FileError::io("read", &self.path))
    }

    /// Refuses if the file is not as it was when it was opened.
    pub(super) fn check_unchanged(&self) -> Result<(), FileError> {
        let now = self.file.metadata().map_err(FileError::io("read", &self.path))?;
        let stamp = |of: &Metadata| (of.len(), of.mtime(), of.mtime_nsec());
        if stamp(&now) == stamp(&self.metadata) {
            Ok(())
        } else {
            Err(FileError::Changed(self.path.clone()))
        }
    }
}
