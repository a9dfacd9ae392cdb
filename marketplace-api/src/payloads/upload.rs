//! One upload in progress: its manifest, its files and how far it is.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, MutexGuard},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use wonbon_model::AccountId;

use super::{check::Expected, offset::OffsetFile};
use crate::{
    locks::{Mutex, Running},
    storage::Reserved,
};

/// What an upload will be, fixed when it is created and kept in a file beside its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadManifest {
    /// Layout of the file.
    pub version: u8,
    /// Name: 32 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// What the package has to be.
    #[serde(flatten)]
    pub expected: Expected,
    /// Bytes of the package: payload and leaf list.
    pub package_length: u64,
}

impl UploadManifest {
    /// Layout of the file.
    pub(super) const VERSION: u8 = 1;
}

/// Where the files of an upload are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) manifest: PathBuf,
    pub(super) data: PathBuf,
    pub(super) offset: PathBuf,
    pub(super) tree: PathBuf,
}

impl Files {
    pub(super) fn new(folder: &Path, id: &str) -> Self {
        let file = |extension: &str| folder.join(format!("{id}.{extension}"));
        Self { manifest: file("plan"), data: file("data"), offset: file("offset"), tree: file("tree") }
    }

    /// Removes them, the manifest first: without it the others are leftovers.
    pub(super) fn remove(&self) -> io::Result<()> {
        for path in [&self.manifest, &self.data, &self.offset, &self.tree] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Bytes are missing, or the check has not been made.
    Receiving,
    /// Published; kept so that the client can learn it.
    Published,
    /// Ended: found wrong, deleted or expired.
    Gone,
}

/// What an upload takes from its account while it is in progress: bytes, and a place among its uploads. One that was
/// found at the start may be one too many.
pub(super) type Reservation = (Reserved, Option<Running>);

#[derive(Debug)]
struct Progress {
    stage: Stage,
    reservation: Option<Reservation>,
    offset: OffsetFile,
    touched: SystemTime,
    interrupt: CancellationToken,
}

/// An upload.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) manifest: UploadManifest,
    pub(super) files: Files,
    /// Held by whoever writes, checks or removes.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Cancelled once somebody wants it removed.
    pub(super) unwanted: CancellationToken,
    progress: Mutex<Progress>,
}

impl Upload {
    /// Makes the files of a new upload, durably.
    pub(super) fn create(folder: &Path, manifest: &UploadManifest) -> io::Result<Self> {
        let files = Files::new(folder, &manifest.id);
        File::create(&files.data)?.sync_all()?;
        OffsetFile::open(&files.offset)?;
        // The manifest comes last and by rename: an upload exists whole or not at all.
        let draft = files.manifest.with_extension("draft");
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec(manifest).map_err(io::Error::other)?)?;
        file.sync_all()?;
        std::fs::rename(&draft, &files.manifest)?;
        File::open(folder)?.sync_all()?;
        Self::reopen(folder, &manifest.id, |_, _| false)
    }

    /// Opens an upload by its files, as after a restart.
    pub(super) fn reopen(
        folder: &Path,
        id: &str,
        published: impl Fn(&UploadManifest, &Files) -> bool,
    ) -> io::Result<Self> {
        let files = Files::new(folder, id);
        let manifest: UploadManifest =
            serde_json::from_slice(&std::fs::read(&files.manifest)?).map_err(io::Error::other)?;
        if manifest.version != UploadManifest::VERSION || manifest.id != id {
            return Err(io::Error::other("the manifest of an upload is of another layout or another upload"));
        }
        let progress = Progress {
            stage: if published(&manifest, &files) { Stage::Published } else { Stage::Receiving },
            reservation: None,
            offset: OffsetFile::open(&files.offset)?,
            touched: std::fs::metadata(&files.offset)?.modified()?,
            interrupt: CancellationToken::new(),
        };
        Ok(Self {
            manifest,
            files,
            turn: tokio::sync::Mutex::new(()),
            unwanted: CancellationToken::new(),
            progress: Mutex::new(progress),
        })
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock()
    }

    /// The bytes that are on disk for good.
    pub(super) fn offset(&self) -> u64 {
        let progress = self.progress();
        match progress.stage {
            Stage::Published => self.manifest.package_length,
            _ => progress.offset.offset(),
        }
    }

    pub(super) fn stage(&self) -> Stage {
        self.progress().stage
    }

    /// Gives it what it takes from its account, until it ends.
    pub(super) fn set_reservation(&self, reservation: Reservation) {
        self.progress().reservation = Some(reservation);
    }

    /// Ends its progress, and gives back what it took from its account.
    pub(super) fn end_as(&self, stage: Stage) {
        let mut progress = self.progress();
        progress.stage = stage;
        progress.touched = SystemTime::now();
        drop(progress.reservation.take());
    }

    /// When it will be removed if nothing more arrives.
    pub(super) fn expires_at(&self, lifetime: Duration) -> SystemTime {
        self.progress().touched + lifetime
    }

    /// Asks whoever writes to stop at the next chunk, and gives a token that the next one may ask the same with.
    pub(super) fn interrupt(&self) -> CancellationToken {
        let mut progress = self.progress();
        progress.interrupt.cancel();
        progress.interrupt = CancellationToken::new();
        progress.interrupt.clone()
    }

    /// The data file, for writing.
    pub(super) fn open_data(&self) -> io::Result<Arc<File>> {
        Ok(Arc::new(File::options().read(true).write(true).open(&self.files.data)?))
    }

    /// Writes chunks at a position.
    pub(super) fn write(file: &File, chunks: &[Bytes], mut position: u64) -> io::Result<u64> {
        for chunk in chunks {
            file.write_all_at(chunk, position)?;
            position += chunk.len() as u64;
        }
        Ok(position)
    }

    /// Makes everything written before `position` durable, and says so in the offset file.
    pub(super) fn sync(&self, file: &File, position: u64) -> io::Result<()> {
        file.sync_data()?;
        let mut progress = self.progress();
        progress.offset.advance(position)?;
        progress.touched = SystemTime::now();
        Ok(())
    }
}
