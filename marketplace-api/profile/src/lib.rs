//! What a data file holds, in the words of the catalogue: rows, columns, types, missing values, ranges.
//!
//! Promises: a file of any size is profiled in constant memory; nothing of a text value enters the profile
//! (only counts), because the profile is public and the data is not; a file that cannot be read as what it
//! claims to be is refused with the place where it breaks, never guessed at.
//!
//! Bytes come from a reader and go to the caller; the crate opens no file, starts no thread, asks no clock and prints
//! nothing, and builds for `wasm32-unknown-unknown`.
//!
//! | Module | What it answers |
//! | --- | --- |
//! | [`mod@format`] | what is the file read as? |
//! | [`encoding`] | which bytes are text, and which text? |
//! | [`dialect`] | what stands between two fields? |
//! | `column` | which type, range and gaps does a column have? |
//! | [`csv`], `parquet` (with the feature of that name) | the profile of such a file |
//! | [`rows`] | where in the file does a row stand, and which blocks show it? |
//! | [`synthetic`] | rows to try things with |

mod column;
pub mod csv;
pub mod dialect;
pub mod encoding;
mod error;
pub mod format;
#[cfg(feature = "parquet")]
pub mod parquet;
mod progress;
pub mod rows;
pub mod synthetic;
mod warnings;

use std::io::{Read, Seek};

use progress::InspectReader;
use sha2::{Digest as _, Sha256};
use wonbon_model::Digest;

pub use encoding::Encoding;
pub use error::ProfileError;
pub use progress::Progress;
pub use wonbon_model::metadata::{Column, ColumnType, Format, Profile, Scalar};

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the file is; found from its bytes and its name when absent.
    pub format: Option<Format>,
    /// The text encoding of a CSV file.
    pub encoding: Encoding,
    /// Refuse rows that do not fit the header instead of warning about them.
    pub strict: bool,
}

/// What was found out about a file in one pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiled {
    /// What its columns hold.
    pub profile: Profile,
    /// SHA-256 of its bytes, where the profile needed all of them: of separated text.
    pub sha256: Option<Digest>,
}

/// Profiles a file of this name. It is read from its start, wherever the reader stands.
pub fn profile<R: Read + Seek + Send + 'static>(
    file_name: &str,
    mut input: R,
    options: Options,
    progress: &mut Progress<'_>,
) -> Result<Profiled, ProfileError> {
    let unhashed = |profile| Profiled { profile, sha256: None };
    match format::recognise(options.format, file_name, &mut input)? {
        Format::Csv => {
            let mut hash = Sha256::new();
            let input = InspectReader::new(input, |bytes| {
                hash.update(bytes);
                Ok(())
            });
            let profile = csv::profile(input, options.encoding, options.strict, progress)?;
            Ok(Profiled { profile, sha256: Some(hash.finalize().into()) })
        }
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::profile(input, progress).map(unhashed),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(ProfileError::NoParquetReader),
        Format::Other => Ok(unhashed(Profile::default())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::ControlFlow;

    use super::*;

    fn profile_of(name: &str, bytes: &[u8]) -> Result<Profiled, ProfileError> {
        profile(name, Cursor::new(bytes.to_vec()), Options::default(), &mut |_| ControlFlow::Continue(()))
    }

    #[test]
    fn sizes_about_one_block_are_profiled() {
        for length in [1usize, 2, 4095, 4096, 4097] {
            let mut bytes = b"a\n".to_vec();
            while bytes.len() < length {
                bytes.extend_from_slice(b"7\n");
            }
            bytes.truncate(length);
            let Profiled { profile, sha256 } = profile_of("a.csv", &bytes).unwrap();
            assert_eq!(sha256, Some(Sha256::digest(&bytes).into()), "length {length}");
            assert_eq!(profile.format, Format::Csv);
            assert_eq!(profile.rows, Some((length.saturating_sub(2)).div_ceil(2) as u64), "length {length}");
        }
    }

    #[test]
    fn unknown_bytes_have_no_rows() {
        let Profiled { profile, sha256 } = profile_of("a.bin", &[0xff; 5000]).unwrap();
        assert_eq!(sha256, None);
        assert_eq!(profile.document().to_string(), r#"{"format":"other","warnings":[]}"#);
    }

    #[test]
    fn a_cut_off_parquet_file_is_refused() {
        let refused = profile_of("a.parquet", b"PAR1 and then nothing of use").unwrap_err();
        assert!(matches!(refused, ProfileError::NotParquet), "{refused}");
        assert!(refused.to_string().contains("PAR1"));
    }

    #[test]
    fn the_caller_can_stop() {
        let mut told = 0;
        let stopped =
            profile("a.csv", Cursor::new(b"a,b\n1,2\n".repeat(100_000)), Options::default(), &mut |bytes| {
                told += bytes;
                if told > 100_000 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
        assert!(matches!(stopped, Err(ProfileError::Stopped)));
        assert!(told < 800_000, "{told}");
    }
}
