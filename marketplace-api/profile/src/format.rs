//! What a file is read as: by the bytes at both of its ends, and by its name.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::{Format, ProfileError};

/// Decides what a file is read as; `wanted` is what the caller says that it is. Leaves `input` at its start.
pub fn recognise(
    wanted: Option<Format>,
    file_name: &str,
    input: &mut (impl Read + Seek),
) -> Result<Format, ProfileError> {
    let parquet = has_parquet_magic(input)?;
    let extension = Path::new(file_name).extension().and_then(|text| text.to_str());
    match (wanted, extension.unwrap_or("").to_ascii_lowercase().as_str()) {
        (Some(Format::Other), _) => Ok(Format::Other),
        (Some(Format::Csv), _) => Ok(Format::Csv),
        (Some(Format::Parquet) | None, _) if parquet => Ok(Format::Parquet),
        (Some(Format::Parquet), _) | (None, "parquet" | "parq" | "pq") => Err(ProfileError::NotParquet),
        (None, "csv" | "tsv") => Ok(Format::Csv),
        (None, _) => Ok(Format::Other),
    }
}

fn has_parquet_magic(input: &mut (impl Read + Seek)) -> io::Result<bool> {
    const MAGIC: &[u8; 4] = b"PAR1";
    /// The magic twice, and the length of a footer.
    const MIN_PARQUET_BYTES: u64 = 12;
    let length = input.seek(SeekFrom::End(0))?;
    let (mut head, mut tail) = ([0; 4], [0; 4]);
    if length >= MIN_PARQUET_BYTES {
        input.seek(SeekFrom::End(-4))?;
        input.read_exact(&mut tail)?;
        input.rewind()?;
        input.read_exact(&mut head)?;
    }
    input.rewind()?;
    Ok(&head == MAGIC && &tail == MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wanted: Option<Format>, name: &str, bytes: &[u8]) -> Option<Format> {
        recognise(wanted, name, &mut io::Cursor::new(bytes)).ok()
    }

    #[test]
    fn bytes_count_more_than_names() {
        let parquet = b"PAR1 and a footer PAR1";
        assert_eq!(of(None, "a.csv", parquet), Some(Format::Parquet));
        assert_eq!(of(None, "a.CSV", b"a,b\n"), Some(Format::Csv));
        assert_eq!(of(None, "a.tsv", b""), Some(Format::Csv));
        assert_eq!(of(None, "a.bin", b"a,b\n"), Some(Format::Other));
        assert_eq!(of(None, "a.parquet", b"PAR1PAR1"), None);
        assert_eq!(of(Some(Format::Parquet), "a.csv", b"a,b\n"), None);
        assert_eq!(of(Some(Format::Csv), "a.bin", b"a,b\n"), Some(Format::Csv));
        assert_eq!(of(Some(Format::Other), "a.csv", parquet), Some(Format::Other));
    }
}
