//! Small files written so that a crash leaves either the old content or the new one, readable by the owner only.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes `bytes` to `path`, replacing what is there, in one step. The file has mode 0600.
pub fn replace(path: &Path, mut bytes: &[u8]) -> io::Result<()> {
    let (file, directory) = write_temporary(path, &mut bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    sync_directory(directory)
}

/// Writes `bytes` to `path` in one step and fails with `AlreadyExists` if there is a file. It has mode 0600.
pub fn create_new(path: &Path, mut bytes: &[u8]) -> io::Result<()> {
    let (file, directory) = write_temporary(path, &mut bytes)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync_directory(directory)
}

/// Writes what `from` gives to `path` in one step; a file that is there stays. It has mode 0600.
pub fn create_from(path: &Path, from: &mut impl io::Read) -> io::Result<()> {
    let (file, directory) = write_temporary(path, from)?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        _ => {}
    }
    sync_directory(directory)
}

/// The folder that a file is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder, with its parents, that only the owner can enter.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

// `NamedTempFile` makes files of mode 0600.
fn write_temporary<'a>(path: &'a Path, from: &mut impl io::Read) -> io::Result<(NamedTempFile, &'a Path)> {
    let directory = folder_of(path);
    let mut file = NamedTempFile::new_in(directory)?;
    io::copy(from, file.as_file_mut())?;
    file.as_file().sync_all()?;
    Ok((file, directory))
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_private_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        create_new(&path, b"one").unwrap();
        assert_eq!(create_new(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }
}
