//! What a data file holds, in the words of the catalogue: rows, columns, types, missing values, ranges.
//!
//! Promises: a file of any size is profiled in constant memory; nothing of a text value enters the profile
//! (only counts), because the profile is public and the data is not; a file that cannot be read as what it
//! claims to be is refused with the place where it breaks, never guessed at.

pub mod csv;
mod encoding;
pub mod parquet;
mod value;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

pub use encoding::Encoding;
pub use value::{ColumnType, Scalar};

use crate::exit::{Code, Failure};

/// At most so many warnings are kept; the rest are counted.
const MAX_WARNINGS: usize = 20;

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatChoice {
    /// From the first bytes and the name of the file
    #[default]
    Auto,
    /// Comma, semicolon or tab separated text with a header line
    Csv,
    /// Apache Parquet
    Parquet,
    /// Anything else: only the length is recorded
    Other,
}

/// What the person asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How to read the file.
    pub format: FormatChoice,
    /// The text encoding of a CSV file.
    pub encoding: Encoding,
    /// Refuse ragged rows in place of warning about them.
    pub strict: bool,
}

/// The format that the profile is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Not looked into.
    Other,
}

impl Format {
    /// The media type that is announced for such a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Parquet => "application/vnd.apache.parquet",
            Format::Other => "application/octet-stream",
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// The narrowest type that holds every value present.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// How many rows have no value here.
    pub missing: u64,
    /// The smallest value, for numbers and timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Scalar>,
    /// The largest value, for numbers and timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Scalar>,
    /// How many different values there are, when there are few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u64>,
}

/// The `profile` part of a dataset's metadata document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// What the file was read as.
    pub format: Format,
    /// The text encoding, when it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The delimiter of separated text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Data rows, the header not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The columns in file order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub columns: Vec<Column>,
    /// What a buyer should know.
    pub warnings: Vec<String>,
}

impl Profile {
    fn other() -> Profile {
        Profile {
            format: Format::Other,
            encoding: None,
            delimiter: None,
            rows: None,
            columns: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Collects warnings and keeps their number small.
#[derive(Debug, Default)]
struct Warnings {
    kept: Vec<String>,
    dropped: usize,
}

impl Warnings {
    fn push(&mut self, text: String) {
        if self.kept.len() < MAX_WARNINGS {
            self.kept.push(text);
        } else {
            self.dropped += 1;
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.dropped > 0 {
            self.kept.push(format!("{} further warnings are left out", self.dropped));
        }
        self.kept
    }
}

/// Profiles the file at `path`, until `stop` is set. `progress` is told how many bytes were read since it was
/// last told.
pub fn profile_file(
    path: &Path,
    options: Options,
    stop: &AtomicBool,
    progress: &dyn Fn(u64),
) -> Result<Profile, Failure> {
    let length = data_length(path)?;
    match resolve(path, length, options.format)? {
        Format::Csv => {
            let input = Stoppable { inner: open(path)?, stop };
            csv::profile(input, options.encoding, options.strict, progress).map_err(|error| error.about(path))
        }
        Format::Parquet => {
            let profile = parquet::profile(open(path)?).map_err(|error| error.about(path))?;
            progress(length);
            Ok(profile)
        }
        Format::Other => {
            progress(length);
            Ok(Profile::other())
        }
    }
}

/// A reader that fails once `stop` is set.
struct Stoppable<'a, R> {
    inner: R,
    stop: &'a AtomicBool,
}

impl<R: Read> Read for Stoppable<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(std::io::Error::other("stopped"));
        }
        self.inner.read(out)
    }
}

/// The length of a file that can become a dataset; refuses what cannot.
pub fn data_length(path: &Path) -> Result<u64, Failure> {
    let about = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if about.is_dir() {
        return Err(Failure::new(
            Code::Refused,
            format!("{} is a folder; a dataset is one file", path.display()),
        )
        .advise("pack it first, for example with `tar cf data.tar FOLDER`"));
    }
    if !about.is_file() {
        return Err(Failure::new(
            Code::Refused,
            format!("{} is not a regular file: its length is not known before its end", path.display()),
        )
        .advise("write what comes out of it to a file first"));
    }
    if about.len() == 0 {
        return Err(Failure::new(
            Code::Refused,
            format!("{} is empty; a dataset has at least one byte", path.display()),
        ));
    }
    if about.len() > wonbon_primitives::bounds::MAX_LENGTH {
        return Err(Failure::new(
            Code::Refused,
            format!("{} is longer than a dataset may be (256 GiB)", path.display()),
        )
        .advise("split it into several datasets"));
    }
    Ok(about.len())
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::Refused, format!("cannot read {}: {error}", path.display()))
}

/// Decides what the file is read as.
pub(crate) fn resolve(path: &Path, length: u64, choice: FormatChoice) -> Result<Format, Failure> {
    let magic = has_parquet_magic(path, length)?;
    let extension = path.extension().and_then(|text| text.to_str()).unwrap_or("").to_ascii_lowercase();
    let named_parquet = matches!(extension.as_str(), "parquet" | "parq" | "pq");
    match choice {
        FormatChoice::Other => Ok(Format::Other),
        FormatChoice::Csv => Ok(Format::Csv),
        FormatChoice::Auto if magic => Ok(Format::Parquet),
        FormatChoice::Parquet if magic => Ok(Format::Parquet),
        FormatChoice::Parquet | FormatChoice::Auto if named_parquet || choice == FormatChoice::Parquet => {
            Err(Failure::new(
                Code::Refused,
                format!("{} is not a Parquet file: it does not begin and end with PAR1", path.display()),
            )
            .advise("the file may be cut off; make it again, or publish it as it is with --format other"))
        }
        _ if matches!(extension.as_str(), "csv" | "tsv") => Ok(Format::Csv),
        _ => Ok(Format::Other),
    }
}

fn has_parquet_magic(path: &Path, length: u64) -> Result<bool, Failure> {
    use std::io::{Seek, SeekFrom};
    if length < 12 {
        return Ok(false);
    }
    let mut file = open(path)?;
    let mut both = [0u8; 8];
    let read = |file: &mut File, both: &mut [u8; 8]| -> std::io::Result<()> {
        file.read_exact(&mut both[..4])?;
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut both[4..])
    };
    read(&mut file, &mut both).map_err(|error| cannot_read(path, &error))?;
    Ok(&both == b"PAR1PAR1")
}

/// The length of the last block when it is so short that its leaf hash could be guessed.
///
/// The leaf list is stored beside the sealed payload; whoever holds it can confirm a guess of a block.
pub fn short_last_block(length: u64) -> Option<u64> {
    const GUESSABLE: u64 = 16;
    let rest = length % wonbon_primitives::bounds::BLOCK_SIZE;
    (rest > 0 && rest < GUESSABLE).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        (dir, path)
    }

    #[test]
    fn an_empty_file_is_refused() {
        let (_dir, path) = file("a.csv", b"");
        let failure = profile_file(&path, Options::default(), &AtomicBool::new(false), &|_| {}).unwrap_err();
        assert_eq!(failure.code, Code::Refused);
        assert!(failure.message.contains("is empty"), "{}", failure.message);
    }

    #[test]
    fn sizes_about_one_block_are_profiled() {
        for length in [1usize, 2, 4095, 4096, 4097] {
            let mut bytes = b"a\n".to_vec();
            while bytes.len() < length {
                bytes.extend_from_slice(b"7\n");
            }
            bytes.truncate(length);
            let (_dir, path) = file("a.csv", &bytes);
            let profile = profile_file(&path, Options::default(), &AtomicBool::new(false), &|_| {}).unwrap();
            assert_eq!(profile.format, Format::Csv);
            assert_eq!(profile.rows, Some((length.saturating_sub(2)).div_ceil(2) as u64), "length {length}");
        }
    }

    #[test]
    fn unknown_bytes_have_no_rows() {
        let (_dir, path) = file("a.bin", &[0xff; 5000]);
        let profile = profile_file(&path, Options::default(), &AtomicBool::new(false), &|_| {}).unwrap();
        assert_eq!(serde_json::to_string(&profile).unwrap(), r#"{"format":"other","warnings":[]}"#);
    }

    #[test]
    fn a_cut_off_parquet_file_is_refused() {
        let (_dir, path) = file("a.parquet", b"PAR1 and then nothing of use");
        let failure = profile_file(&path, Options::default(), &AtomicBool::new(false), &|_| {}).unwrap_err();
        assert_eq!(failure.code, Code::Refused);
        assert!(failure.message.contains("PAR1"));
    }

    #[test]
    fn a_guessable_last_block_is_noticed() {
        assert_eq!(short_last_block(1), Some(1));
        assert_eq!(short_last_block(4096), None);
        assert_eq!(short_last_block(4097), Some(1));
        assert_eq!(short_last_block(4096 + 100), None);
    }
}
