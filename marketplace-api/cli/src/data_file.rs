//! A file on disk that is, or will become, a dataset: whether it can, what it holds, and where its rows stand.
//!
//! Promises: what cannot be a dataset is refused before anything is done with it; a refusal says what to do.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use clap::{Args, ValueEnum};
use wonbon_profile::rows::{self, Rows, RowsError};
use wonbon_profile::{format, parquet, Encoding, Format, Options, ProfileError, Profiled, Progress};

use crate::exit::{Code, Failure, Result};
use crate::files::cannot_read;
use crate::ranges;

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

/// Fewer unknown bits than this can be guessed one after the other.
const GUESSABLE_BITS: f64 = 128.0;

/// How many bits are unknown in the last block of a file, if they are so few that it could be guessed.
///
/// The leaf list is stored beside the sealed payload, and the paths of a sample are leaf hashes too: whoever has them can
/// confirm a guess of a block.
pub fn guessable_last_block(path: &Path, length: u64) -> Result<Option<u64>> {
    let size = wonbon_primitives::bounds::BLOCK_SIZE;
    let mut file = open(path)?;
    let from = length.saturating_sub(1) / size * size;
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(|error| cannot_read(path, &error))?;
    file.take(size).read_to_end(&mut last).map_err(|error| cannot_read(path, &error))?;
    let bits = unknown_bits(&last);
    Ok((bits < GUESSABLE_BITS).then_some(bits as u64))
}

/// About how many bits somebody does not know who knows what such data look like: each byte counts as one of its kind (a
/// digit, a letter, anything), and what was there before in the block, three bytes or more in a row, as the choice of
/// where it was. It errs on the side of a warning.
fn unknown_bits(block: &[u8]) -> f64 {
    const SHORTEST_REPEAT: usize = 3;
    let mut bits = 0.0;
    let mut at = 0;
    while let Some(&byte) = block.get(at) {
        let repeat = |from: usize| block[from..].iter().zip(&block[at..]).take_while(|(a, b)| a == b).count();
        let longest = (0..at).map(repeat).max().unwrap_or(0);
        if longest >= SHORTEST_REPEAT {
            bits += (at as f64).log2() + 1.0;
            at += longest;
            continue;
        }
        bits += match byte {
            // What separates values is where everybody expects it.
            b',' | b';' | b'\t' | b'\n' | b'\r' | b'"' | b'.' | b':' | b'-' | b' ' => 0.0,
            b'0'..=b'9' => 10f64.log2(),
            b'a'..=b'z' | b'A'..=b'Z' => 26f64.log2(),
            _ => 8.0,
        };
        at += 1;
    }
    bits
}

/// Which part of a Parquet file is meant.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The row groups that hold these rows; the first row is row 1.
    Rows(RangeInclusive<u64>),
    /// These row groups, counted from 0.
    Groups(Vec<u64>),
}

/// Row groups of a Parquet file, and what shows them.
#[derive(Clone, Debug)]
pub struct FoundGroups {
    /// The groups, counted from 0.
    pub groups: Vec<u64>,
    /// The blocks that hold all bytes of their columns, and the footer.
    pub blocks: Vec<u64>,
    /// Their rows, all of which become visible.
    pub rows: Vec<Range<u64>>,
}

impl FoundGroups {
    /// Which rows become visible.
    pub fn in_words(&self) -> String {
        let groups = ranges::list(ranges::joined(&self.groups).into_iter());
        let rows = ranges::list(self.rows.iter().cloned());
        format!(
            "A Parquet file shows whole row groups: group {groups}, with rows {rows}. With the footer the names, ranges \
             and counts of all columns in all groups become visible."
        )
    }
}

/// Whether a file is read as Parquet.
pub fn is_parquet(path: &Path, choice: FormatChoice) -> Result<bool> {
    let format = format::recognise(choice.format(), &name(path), &mut open(path)?);
    Ok(format.map_err(|error| no_profile(path, error))? == Format::Parquet)
}

/// Finds row groups of a Parquet file, and the blocks that show them.
pub fn find_groups(path: &Path, wanted: &Wanted) -> Result<FoundGroups> {
    let parquet::Groups { groups, footer } =
        parquet::groups(open(path)?).map_err(|error| no_profile(path, error))?;
    let refused = |text: String| Failure::refused(format!("{} {text}", path.display()));
    let all = groups.last().map_or(0, |last| last.rows.end - 1);
    let picked: Vec<u64> = match wanted {
        Wanted::Rows(rows) if *rows.start() == 0 || *rows.end() > all => {
            return Err(refused(format!("has rows 1 to {all}")));
        }
        Wanted::Rows(rows) => {
            let meant =
                |group: &parquet::Group| group.rows.start <= *rows.end() && group.rows.end > *rows.start();
            (0..).zip(&groups).filter(|(_, group)| meant(group)).map(|(index, _)| index).collect()
        }
        Wanted::Groups(picked) => picked.clone(),
    };
    let size = wonbon_primitives::bounds::BLOCK_SIZE;
    let mut blocks = BTreeSet::new();
    let mut rows = Vec::new();
    let mut add = |span: &Range<u64>| {
        let covered = span.start / size..span.end.div_ceil(size);
        let most = u64::from(wonbon_primitives::bounds::MAX_SAMPLE);
        let count = blocks.len() as u64 + (covered.end - covered.start);
        if count > most + size {
            return false;
        }
        blocks.extend(covered);
        blocks.len() as u64 <= most
    };
    let large = || {
        let most = wonbon_primitives::bounds::MAX_SAMPLE;
        refused(format!(
            "has larger row groups than a sample or a proof may show: they take more than {most} blocks"
        ))
        .advise("write the file with smaller row groups before it is published")
    };
    for index in &picked {
        let group = usize::try_from(*index).ok().and_then(|index| groups.get(index));
        let group =
            group.ok_or_else(|| refused(format!("has {} row groups, counted from 0", groups.len())))?;
        if !group.spans.iter().filter(|span| !span.is_empty()).all(&mut add) {
            return Err(large());
        }
        if !group.rows.is_empty() {
            rows.push(group.rows.clone());
        }
    }
    if !add(&footer) {
        return Err(large());
    }
    Ok(FoundGroups { groups: picked, blocks: blocks.into_iter().collect(), rows })
}

/// Profiles the file at `path`.
pub fn profile(path: &Path, reading: Reading, progress: &mut Progress<'_>) -> Result<Profiled> {
    let Reading { format, encoding, strict } = reading;
    let options = Options { format: format.format(), encoding: encoding.into(), strict };
    data_length(path)?;
    wonbon_profile::profile(&name(path), open(path)?, options, progress)
        .map_err(|error| no_profile(path, error))
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

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| cannot_read(path, &error))
}

/// Why a file is not profiled, and what its owner can do.
fn no_profile(path: &Path, error: ProfileError) -> Failure {
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

    fn guessable(bytes: &[u8]) -> Option<u64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        guessable_last_block(&path, bytes.len() as u64).unwrap()
    }

    /// Bytes that nobody guesses.
    fn random(count: usize) -> Vec<u8> {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn a_guessable_last_block_is_noticed() {
        // Short: few bytes, whatever they are.
        assert!(guessable(b"x").is_some());
        assert!(guessable(&random(4096 + 12)).is_some());
        assert_eq!(guessable(&random(4096 + 40)), None);
        assert_eq!(guessable(&random(4096)), None);
        // Long enough, and always the same, or only separators and a few digits.
        assert!(guessable(&vec![0; 8192]).is_some());
        assert!(guessable("0,0,0,0\n".repeat(600).as_bytes()).is_some());
        assert!(guessable(b"2026-01-01T00:00:00,1,22.5\n").is_some());
        // A page of measured values is not.
        let rows: String =
            random(1500).chunks(3).map(|row| format!("{},{},{}\n", row[0], row[1], row[2])).collect();
        assert_eq!(guessable(rows.as_bytes()), None);
    }
}
