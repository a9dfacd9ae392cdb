//! Writing the page: never over what it was made from, and whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The input that this is another name of, if it is one.
pub(crate) fn is_input<'a>(
    page: &Path,
    inputs: impl IntoIterator<Item = &'a PathBuf>,
) -> Option<&'a PathBuf> {
    // What is not there yet is none of them.
    let page = page.canonicalize().ok()?;
    inputs.into_iter().find(|input| input.canonicalize().is_ok_and(|input| input == page))
}

/// Puts a page in this place.
pub(crate) fn write(place: &Path, page: &str) -> io::Result<()> {
    // Devices and pipes are written to and not replaced.
    if fs::metadata(place).is_ok_and(|there| !there.is_file()) {
        return fs::write(place, page);
    }
    let place = place.canonicalize().unwrap_or_else(|_| place.to_owned());
    let mut part = place.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let mut file = File::create_new(&part)?;
    let written = file.write_all(page.as_bytes()).and_then(|()| fs::rename(&part, &place));
    if written.is_err() {
        // It was made here. The error that matters is the one before.
        let _ = fs::remove_file(&part);
    }
    written
}
