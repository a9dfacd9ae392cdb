//! Files that a person names: read up to a bound, and written whole or not at all.
//!
//! Promises: what is there is written over only if that is meant; a run that fails or is stopped leaves nothing behind.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use wonbon_client::files::folder_of;

use crate::blocking::blocking;
use crate::exit::{Code, Failure, Result};

/// Reads a file of at most `limit` bytes, and one byte more of a larger one.
pub fn read_bounded(file: &Path, limit: u64) -> Result<Vec<u8>> {
    read_at_most(file, limit).map_err(|error| cannot_read(file, &error))
}

/// The same with the system's error.
pub fn read_at_most(file: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The failure of reading a file that was named.
pub fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("cannot read {}: {error}", path.display()))
}

/// Refuses early what [`NewFile::keep`] would refuse late.
pub fn refuse_to_overwrite(path: &Path, force: bool) -> Result<()> {
    if !force && path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::refused(format!("{} exists already", path.display()))
        .named("Occupied")
        .advise("choose another name, or say --force to write over it")
}

/// The failure of writing to a file.
pub fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => Failure::new(Code::Failure, format!("cannot write {}: {error}", path.display()))
            .advise("check the disk, its free space and the permissions"),
    }
}

/// A file that has no name yet: it gets one when it is whole, and is gone otherwise.
pub struct NewFile {
    path: PathBuf,
    file: NamedTempFile,
    force: bool,
}

impl NewFile {
    /// A file that will be called `path`; with `force` in place of what is called so.
    pub fn create(path: &Path, force: bool) -> Result<NewFile> {
        refuse_to_overwrite(path, force)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".wonbon-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What the user's own mask leaves of it.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder_of(path)).map_err(|error| cannot_write(path, &error))?;
        Ok(NewFile { path: path.to_owned(), file, force })
    }

    /// What is written to.
    pub fn writer(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives the file its name, as durable as its bytes; answers its length in bytes.
    pub fn keep(self) -> Result<u64> {
        let path = self.path.clone();
        let durable = || {
            self.file.as_file().sync_all()?;
            let length = self.file.as_file().metadata()?.len();
            self.rename()?;
            File::open(folder_of(&path))?.sync_all()?;
            Ok(length)
        };
        durable().map_err(|error| cannot_write(&path, &error))
    }

    /// Gives the file its name, without waiting for the disk: for what can be made again.
    pub fn keep_undurable(self) -> Result<()> {
        let path = self.path.clone();
        self.rename().map_err(|error| cannot_write(&path, &error))
    }

    fn rename(self) -> io::Result<()> {
        let Self { path, file, force } = self;
        let kept = if force { file.persist(path) } else { file.persist_noclobber(path) };
        kept.map(drop).map_err(|error| error.error)
    }
}

/// Writes a document that is made to be passed on, in one step.
pub async fn write_document(path: &Path, bytes: Vec<u8>, force: bool) -> Result<()> {
    let path = path.to_owned();
    blocking(move || {
        let mut file = NewFile::create(&path, force)?;
        file.writer().write_all(&bytes).map_err(|error| cannot_write(&path, &error))?;
        file.keep().map(drop)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn documents_are_whole_and_are_not_written_over_by_accident() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certificate");
        refuse_to_overwrite(&path, false).unwrap();
        write_document(&path, b"one".to_vec(), false).await.unwrap();
        assert_eq!(refuse_to_overwrite(&path, false).unwrap_err().code, Code::Refused);
        refuse_to_overwrite(&path, true).unwrap();
        let refused = write_document(&path, b"two".to_vec(), false).await.unwrap_err();
        assert_eq!((refused.code, refused.name.as_deref()), (Code::Refused, Some("Occupied")));
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write_document(&path, b"three".to_vec(), true).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_large_file_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchor");
        std::fs::write(&path, vec![b' '; 100]).unwrap();
        assert_eq!(read_bounded(&path, 10).unwrap().len(), 11);
        assert_eq!(read_bounded(&path, 100).unwrap().len(), 100);
        assert_eq!(read_bounded(folder.path(), 10).unwrap_err().code, Code::Refused);
    }

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.csv");
        let write = |force: bool| {
            let mut file = NewFile::create(&path, force)?;
            file.writer().write_all(b"new").unwrap();
            file.keep()
        };
        assert_eq!(write(false).unwrap(), 3);
        assert_eq!(write(false).unwrap_err().code, Code::Refused);
        std::fs::write(&path, "old, and longer").unwrap();
        write(true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
