//! Past the page cache.
//!
//! For a file that no one reads again soon, the page cache costs more than it gives: on the machine that this was
//! measured on, filling it with a gigabyte or writing one back took as long as hashing two. So large outputs are
//! written past it, and large inputs are read past it where they are not in it already. Where the system or the
//! file system cannot, everything goes through it as usual.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    path::Path,
};

/// From this length on the page cache is passed by.
const MIN_DIRECT_LENGTH: u64 = 2 << 20;
/// What positions, lengths and memory are aligned to.
pub(super) const UNIT: u64 = 4096;

/// A second handle of a file, that passes the page cache by.
pub(super) struct Direct(File);

impl Direct {
    pub(super) fn for_reading(path: &Path, length: u64) -> Option<Self> {
        Self::open(OpenOptions::new().read(true), path, length)
    }

    pub(super) fn for_writing(path: &Path, length: u64) -> Option<Self> {
        Self::open(OpenOptions::new().write(true), path, length)
    }

    #[cfg(target_os = "linux")]
    fn open(options: &mut OpenOptions, path: &Path, length: u64) -> Option<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        if length < MIN_DIRECT_LENGTH {
            return None;
        }
        let flag = i32::try_from(rustix::fs::OFlags::DIRECT.bits()).ok()?;
        options.custom_flags(flag).open(path).ok().map(Self)
    }

    #[cfg(not(target_os = "linux"))]
    fn open(_: &mut OpenOptions, _: &Path, _: u64) -> Option<Self> {
        None
    }

    /// Writes; `None` if this cannot be written here and has to go through the page cache.
    pub(super) fn write(&self, bytes: &[u8], offset: u64) -> Option<io::Result<()>> {
        taken(aligned(bytes, offset), || self.0.write_all_at(bytes, offset))
    }

    /// Reads; `None` if this cannot be read here and has to go through the page cache.
    pub(super) fn read(&self, into: &mut [u8], offset: u64) -> Option<io::Result<()>> {
        taken(aligned(into, offset), || self.0.read_exact_at(into, offset))
    }
}

fn aligned(bytes: &[u8], offset: u64) -> bool {
    [offset, bytes.len() as u64, bytes.as_ptr().addr() as u64].iter().all(|value| value.is_multiple_of(UNIT))
}

/// A file system that takes no direct access after all says that the input is invalid.
fn taken(possible: bool, access: impl FnOnce() -> io::Result<()>) -> Option<io::Result<()>> {
    possible
        .then(access)
        .filter(|result| !matches!(result, Err(error) if error.kind() == ErrorKind::InvalidInput))
}

/// A handle of a file that tells whether a part of it is in the page cache.
pub(super) struct CacheProbe(File);

impl CacheProbe {
    #[cfg(target_os = "linux")]
    pub(super) fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        // A miss makes the system fetch what was asked for; with this advice, that page and no more.
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::Random).ok()?;
        Some(Self(file))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn open(_: &Path) -> Option<Self> {
        None
    }

    /// Whether a page of this part is in the cache, which stands for all of it. The page is any one: the page that
    /// an earlier look fetched would always answer yes.
    #[cfg(target_os = "linux")]
    pub(super) fn is_cached(&self, offset: u64, length: usize) -> bool {
        use rand_core::{OsRng, RngCore};
        use rustix::io::{preadv2, ReadWriteFlags};
        let pages = (length as u64 / UNIT).max(1);
        let page = offset + OsRng.next_u64() % pages * UNIT;
        let mut byte = [0];
        preadv2(&self.0, &mut [io::IoSliceMut::new(&mut byte)], page, ReadWriteFlags::NOWAIT).is_ok()
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_cached(&self, _: u64, _: usize) -> bool {
        true
    }
}
