//! How far an upload is, on disk: the one truth that survives `kill -9` and a power cut.
//!
//! The bytes of an upload are synced first, then the new offset is written here and synced. Two slots take turns,
//! each with a checksum, so that a torn write leaves the older offset readable. Whatever the data file holds
//! behind the offset is not trusted and is written again. The file is open only while it is read or written: an
//! upload may stand still for a day, and a process has few descriptors.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

const SLOT_BYTES: usize = 16;

/// The offset file of one upload.
#[derive(Debug)]
pub(super) struct OffsetFile {
    path: PathBuf,
    offset: u64,
    next_slot: u64,
}

fn slot(offset: u64) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..8].copy_from_slice(&offset.to_le_bytes());
    slot[8..].copy_from_slice(&Sha256::digest(offset.to_le_bytes())[..8]);
    slot
}

impl OffsetFile {
    /// Reads the file, making it at offset 0 if it is not there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut found = None;
        for index in 0..2 {
            let mut bytes = [0; SLOT_BYTES];
            if file.read_exact_at(&mut bytes, index * SLOT_BYTES as u64).is_err() {
                continue;
            }
            let offset = u64::from_le_bytes(bytes[..8].try_into().expect("8 of 16 bytes; qed"));
            if slot(offset) == bytes && found.is_none_or(|(best, _)| offset >= best) {
                found = Some((offset, 1 - index));
            }
        }
        let (offset, next_slot) = found.unwrap_or((0, 0));
        Ok(Self { path: path.to_owned(), offset, next_slot })
    }

    /// Bytes that are on disk.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Moves on to a larger offset, durably. The bytes before it must have been synced.
    pub(super) fn advance(&mut self, offset: u64) -> io::Result<()> {
        if offset <= self.offset {
            return Ok(());
        }
        let file = File::options().write(true).open(&self.path)?;
        file.write_all_at(&slot(offset), self.next_slot * SLOT_BYTES as u64)?;
        file.sync_data()?;
        self.offset = offset;
        self.next_slot = 1 - self.next_slot;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_write_leaves_the_older_offset() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offset");
        let mut file = OffsetFile::open(&path).unwrap();
        assert_eq!(file.offset(), 0);
        file.advance(100).unwrap();
        file.advance(200).unwrap();
        assert_eq!(OffsetFile::open(&path).unwrap().offset(), 200);
        // Every byte of the newer slot, torn at any place.
        let whole = std::fs::read(&path).unwrap();
        for torn in 16..32 {
            let mut bytes = whole.clone();
            bytes[torn] ^= 0xff;
            std::fs::write(&path, &bytes).unwrap();
            let mut file = OffsetFile::open(&path).unwrap();
            assert_eq!(file.offset(), 100, "torn at {torn}");
            file.advance(150).unwrap();
            assert_eq!(OffsetFile::open(&path).unwrap().offset(), 150);
            std::fs::write(&path, &whole).unwrap();
        }
        std::fs::write(&path, [1; 7]).unwrap();
        assert_eq!(OffsetFile::open(&path).unwrap().offset(), 0);
    }
}
