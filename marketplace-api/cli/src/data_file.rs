//! A file on disk that is, or will become, a dataset: whether it can, what it holds, and where its rows stand.
//!
//! Promises: what cannot be a dataset is refused before anything is done with it; a refusal says what to do.

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;

use clap::{Args, ValueEnum};
use wonbon_profile::rows::{self, Rows, RowsError};
use wonbon_profile::{format, Encoding, Format, Options, ProfileError, Profiled, Progress};

use crate::exit::{Code, Failure, Result};
use crate::files::cannot_read;

/// How to read a data file.
#[derive(Clone, Copy, Debug, Args)]
pub struct Reading {
    /// How to read the file
    #[arg(long, value_enum, default_value_t)]
    format: FormatChoice,
    /// The text encoding of a CSV file
    #[arg(long, value_enum, default_value_t)]
    encoding: EncodingChoice,
    /// Refuse rows that do not fit the header instead of warning about them
    #[arg(long)]
    strict: bool,
}

/// What a file is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatChoice {
    /// As its first bytes and its name suggest
    #[default]
    Auto,
    /// Comma, semicolon or tab separated text with a header line
    Csv,
    /// Apache Parquet
    Parquet,
    /// As nothing in particular: only its length is recorded
    Other,
}

impl FormatChoice {
    fn format(self) -> Option<Format> {
        match self {
            FormatChoice::Auto => None,
            FormatChoice::Csv => Some(Format::Csv),
            FormatChoice::Parquet => Some(Format::Parquet),
            FormatChoice::Other => Some(Format::Other),
        }
    }
}

/// The text encoding of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EncodingChoice {
    /// UTF-8, with or without a byte-order mark
    #[default]
    Utf8,
    /// Korean Windows (CP949, which holds EUC-KR)
    #[value(alias = "euc-kr", alias = "euckr", alias = "uhc")]
    Cp949,
}

impl From<EncodingChoice> for Encoding {
    fn from(choice: EncodingChoice) -> Encoding {
        match choice {
            EncodingChoice::Utf8 => Encoding::Utf8,
            EncodingChoice::Cp949 => Encoding::Cp949,
        }
    }
}

/// The length of a file that can become a dataset, in bytes; refuses what cannot.
pub fn data_length(path: &Path) -> Result<u64> {
    let about = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    let refused = |reason: &str| Failure::refused(format!("{} {reason}", path.display()));
    if about.is_dir() {
        return Err(refused("is a folder; a dataset is one file")
            .advise("pack it first, for example with `tar cf data.tar FOLDER`"));
    }
    if !about.is_file() {
        return Err(refused("is not a regular file: its length is not known before its end")
            .advise("write what comes out of it to a file first"));
    }
    if about.len() == 0 {
        return Err(refused("is empty; a dataset has at least one byte"));
    }
    if about.len() > wonbon_primitives::bounds::MAX_LENGTH {
        return Err(
            refused("is longer than a dataset may be (256 GiB)").advise("split it into several datasets")
        );
    }
    Ok(about.len())
}

/// Profiles the file at `path`.
pub fn profile(path: &Path, reading: Reading, progress: &mut Progress<'_>) -> Result<Profiled> {
    let Reading { format, encoding, strict } = reading;
    let options = Options { format: format.format(), encoding: encoding.into(), strict };
    data_length(path)?;
    wonbon_profile::profile(&name(path), open(path)?, options, progress)
        .map_err(|error| no_profile(path, error))
}

/// Whether a file is read as Parquet.
pub fn is_parquet(path: &Path, choice: FormatChoice) -> Result<bool> {
    let format = format::recognise(choice.format(), &name(path), &mut open(path)?);
    Ok(format.map_err(|error| no_profile(path, error))? == Format::Parquet)
}

/// Finds rows of a file of separated text.
pub fn find_rows(
    path: &Path,
    choice: FormatChoice,
    wanted: &RangeInclusive<u64>,
    progress: &mut Progress<'_>,
) -> Result<Rows> {
    let mut file = open(path)?;
    let format = format::recognise(choice.format(), &name(path), &mut file);
    if format.map_err(|error| no_profile(path, error))? != Format::Csv {
        let text = format!("{} does not look like CSV, so it has no rows that can be found", path.display());
        return Err(Failure::refused(text).advise("say --format csv if it is"));
    }
    rows::find(file, wanted, progress).map_err(|error| no_rows(path, &error))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| cannot_read(path, &error))
}

/// Why a file is not profiled, and what its owner can do.
pub(crate) fn no_profile(path: &Path, error: ProfileError) -> Failure {
    const PUBLISH_UNREAD: &str = "--format other publishes it without a profile";
    let advice = match &error {
        ProfileError::Stopped => return Failure::new(Code::Interrupted, "stopped"),
        ProfileError::Read(error) => return cannot_read(path, error),
        ProfileError::NotText { utf16: true, .. } => {
            "the file is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`".to_owned()
        }
        ProfileError::NotText { encoding: "UTF-8", .. } => format!(
            "a CSV from Korean Windows or Excel is often CP949 (EUC-KR): say --encoding cp949, or convert it \
             with `iconv -f CP949 -t UTF-8 {} > utf8.csv`; {PUBLISH_UNREAD}",
            path.display()
        ),
        ProfileError::NotText { .. } | ProfileError::TooWide { .. } | ProfileError::NoParquetReader => {
            PUBLISH_UNREAD.to_owned()
        }
        ProfileError::EndlessRow { .. } => format!("close the quotation mark; {PUBLISH_UNREAD}"),
        ProfileError::Ragged { .. } => {
            "repair the row, or leave --strict out to publish with a warning".to_owned()
        }
        ProfileError::NotParquet => format!("the file may be cut off: make it again; {PUBLISH_UNREAD}"),
        ProfileError::BrokenParquet(_) => format!("make the file again; {PUBLISH_UNREAD}"),
    };
    Failure::refused(format!("{}: {error}", path.display())).advise(advice)
}

/// Why rows of a file are not found.
fn no_rows(path: &Path, error: &RowsError) -> Failure {
    let refused = Failure::refused(format!("{} {error}", path.display()));
    match error {
        RowsError::Stopped => Failure::new(Code::Interrupted, "stopped; nothing was written"),
        RowsError::Utf16 | RowsError::NulBytes => refused.advise(
            "rows are found in UTF-8 and CP949 text; a file converted with `iconv -f UTF-16 -t UTF-8` is another \
             dataset, so convert it before it is published",
        ),
        RowsError::NoSuchRow { .. } | RowsError::Read(_) => refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_IT_IS: Reading =
        Reading { format: FormatChoice::Auto, encoding: EncodingChoice::Utf8, strict: false };

    fn profile_of(name: &str, bytes: &[u8]) -> Result<Profiled> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        profile(&path, AS_IT_IS, &mut |_| std::ops::ControlFlow::Continue(()))
    }

    #[test]
    fn an_empty_file_is_refused() {
        let failure = profile_of("a.csv", b"").unwrap_err();
        assert_eq!(failure.code, Code::Refused);
        assert!(failure.message.contains("is empty"), "{}", failure.message);
    }

    #[test]
    fn a_cut_off_parquet_file_is_refused() {
        let failure = profile_of("a.parquet", b"PAR1 and then nothing of use").unwrap_err();
        assert_eq!(failure.code, Code::Refused);
        assert!(failure.message.contains("PAR1"));
    }

    #[test]
    fn another_encoding_is_named() {
        let failure = profile_of("x.csv", b"a,b\n1,\xb0\xa1\n").unwrap_err();
        assert!(
            failure.message.ends_with("x.csv: not UTF-8 text: byte 0xb0 at offset 6 (line 2)"),
            "{failure}"
        );
        assert!(failure.advice.as_deref().is_some_and(|advice| advice.contains("--encoding cp949")));
        let failure = profile_of("x.csv", b"\xff\xfea\0,\0").unwrap_err();
        assert!(failure.advice.is_some_and(|advice| advice.contains("UTF-16")));
    }
}
