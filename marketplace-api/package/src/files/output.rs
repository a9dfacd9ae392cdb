//! Writing: in whole and durable, or not at all.
//!
//! The file is written under a temporary name in the directory of its place. [`Output::publish`] syncs it,
//! renames it and syncs the directory; an output dropped before that removes its temporary file. (A process
//! that is killed leaves one behind: its name begins with a dot and ends with `.part`.) A file that was there
//! from the start is replaced; one that somebody put there meanwhile is not.

use super::{direct::Direct, input::Input, FileError};
use rand_core::{OsRng, RngCore};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
};

/// A file that is written.
pub(super) struct Output {
    /// For what is short or not aligned.
    file: File,
    /// For whole chunks, past the page cache.
    direct: Option<Direct>,
    temporary: PathBuf,
    place: PathBuf,
    /// Whether a file stood there when the writing began.
    replaces: bool,
    published: bool,
}

impl Output {
    /// A file of this length, to stand at `place`, made from `input`.
    pub(super) fn create(place: &Path, length: u64, input: &Input) -> Result<Self, FileError> {
        let there = fs::metadata(place).ok();
        if let Some(there) = &there {
            if there.is_dir() {
                return Err(FileError::io("write", place)(ErrorKind::IsADirectory.into()));
            }
            let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
            if same(there, input.metadata()) {
                return Err(FileError::SameFile(place.to_owned()));
            }
        }
        let temporary = temporary_name(place)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
            .map_err(FileError::io("create", &temporary))?;
        let (place, replaces) = (place.to_owned(), there.is_some());
        let mut output = Self { file, direct: None, temporary, place, replaces, published: false };
        output.reserve(length)?;
        output.direct = Direct::for_writing(&output.temporary, length);
        Ok(output)
    }

    /// Takes the room on the disk now, so that a full disk is noticed before the work and not after it.
    fn reserve(&self, length: u64) -> Result<(), FileError> {
        #[cfg(target_os = "linux")]
        match rustix::fs::fallocate(&self.file, rustix::fs::FallocateFlags::empty(), 0, length) {
            Ok(()) => return Ok(()),
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {}
            Err(full) => return Err(FileError::io("write", &self.place)(full.into())),
        }
        self.file.set_len(length).map_err(FileError::io("write", &self.place))
    }

    /// Writes at a position; workers write at different ones at the same time.
    pub(super) fn write(&self, bytes: &[u8], offset: u64) -> Result<(), FileError> {
        if let Some(done) = self.direct.as_ref().and_then(|direct| direct.write(bytes, offset)) {
            return done.map_err(FileError::io("write", &self.place));
        }
        self.file.write_all_at(bytes, offset).map_err(FileError::io("write", &self.place))
    }

    /// Puts the file in its place.
    pub(super) fn publish(mut self) -> Result<(), FileError> {
        self.file.sync_all().map_err(FileError::io("sync", &self.temporary))?;
        self.take_place().map_err(FileError::io("write", &self.place))?;
        self.published = true;
        let directory = directory_of(&self.place);
        File::open(directory).and_then(|open| open.sync_all()).map_err(FileError::io("sync", directory))
    }

    fn take_place(&self) -> io::Result<()> {
        if !self.replaces {
            // A link, unlike a rename, never takes the place of another file.
            match fs::hard_link(&self.temporary, &self.place) {
                Ok(()) => return fs::remove_file(&self.temporary),
                Err(taken) if taken.kind() == ErrorKind::AlreadyExists => return Err(taken),
                Err(_) => {} // This file system has no links.
            }
        }
        fs::rename(&self.temporary, &self.place)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.published {
            // There is no one to tell; a file that stays has a name that says what it is.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn directory_of(place: &Path) -> &Path {
    match place.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    }
}

fn temporary_name(place: &Path) -> Result<PathBuf, FileError> {
    let name =
        place.file_name().ok_or(ErrorKind::InvalidInput.into()).map_err(FileError::io("write", place))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{:016x}.part", OsRng.next_u64()));
    Ok(directory_of(place).join(temporary))
}
