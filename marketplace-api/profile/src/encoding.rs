//! Text encodings: a reader that turns a file's bytes into checked UTF-8 and says exactly where that fails.
//!
//! Promises: constant memory; the error carries the offset in the file as it is on disk, and the line.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, EUC_KR};

use crate::{Format, Profile, ProfileError};

const READ_BYTES: usize = 64 * 1024;

/// The text encoding of a CSV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark
    #[default]
    Utf8,
    /// Korean Windows (CP949, which holds EUC-KR)
    Cp949,
}

impl Encoding {
    /// That of a file with this profile; `None` if the file is no separated text.
    pub fn of(profile: &Profile) -> Option<Self> {
        match (profile.format, profile.encoding.as_deref()) {
            (Format::Csv, Some("cp949")) => Some(Self::Cp949),
            (Format::Csv, _) => Some(Self::Utf8),
            _ => None,
        }
    }

    /// What people call it.
    fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Cp949 => "CP949",
        }
    }

    /// Bytes as text, for somebody to look at: what is no text becomes U+FFFD, a byte-order mark is left out.
    pub fn decode_lossy(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Utf8 => {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                String::from_utf8_lossy(bytes).into_owned()
            }
            Encoding::Cp949 => EUC_KR.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

/// Reads as UTF-8: without the byte-order mark, and with an error in place of the first bad byte.
pub(crate) struct TextReader<R> {
    inner: R,
    encoding: Encoding,
    decoder: Option<Decoder>,
    /// What was read and is no text yet; the first byte of it stands at `offset` in the file, on `line`.
    raw: Vec<u8>,
    offset: u64,
    line: u64,
    text: io::Cursor<Vec<u8>>,
    ended: bool,
    started: bool,
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Cp949 => Some(EUC_KR.new_decoder_without_bom_handling()),
        };
        TextReader {
            inner,
            encoding,
            decoder,
            raw: Vec::with_capacity(READ_BYTES),
            offset: 0,
            line: 1,
            text: io::Cursor::default(),
            ended: false,
            started: false,
        }
    }

    /// Reads more raw bytes behind those that are left.
    fn refill(&mut self) -> io::Result<()> {
        let room = READ_BYTES - self.raw.len();
        self.inner.by_ref().take(room as u64).read_to_end(&mut self.raw)?;
        self.ended = self.raw.len() < READ_BYTES;
        if !self.started {
            self.started = true;
            if self.raw.starts_with(&[0xff, 0xfe]) || self.raw.starts_with(&[0xfe, 0xff]) {
                return Err(self.not_text(0, true));
            }
            if self.encoding == Encoding::Utf8 && self.raw.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.advance(3);
            }
        }
        Ok(())
    }

    /// The error for the raw byte with this number.
    fn not_text(&self, ahead: usize, utf16: bool) -> io::Error {
        io::Error::other(ProfileError::NotText {
            encoding: self.encoding.name(),
            offset: self.offset + ahead as u64,
            line: self.line + line_feeds(&self.raw[..ahead]),
            byte: self.raw.get(ahead).copied().unwrap_or(0),
            utf16,
        })
    }

    fn advance(&mut self, count: usize) {
        self.line += line_feeds(&self.raw[..count]);
        self.offset += count as u64;
        self.raw.drain(..count);
    }

    /// Turns raw bytes into text until there is some, or the file ends.
    fn decode_some(&mut self) -> io::Result<()> {
        self.text.set_position(0);
        self.text.get_mut().clear();
        while self.text.get_ref().is_empty() && !(self.ended && self.raw.is_empty()) {
            self.refill()?;
            let text = self.text.get_mut();
            match &mut self.decoder {
                None => {
                    let good = match std::str::from_utf8(&self.raw) {
                        Ok(_) => self.raw.len(),
                        // The tail of the buffer may be the head of a character.
                        Err(error) if error.error_len().is_none() && !self.ended => error.valid_up_to(),
                        Err(error) => return Err(self.not_text(error.valid_up_to(), false)),
                    };
                    text.extend_from_slice(&self.raw[..good]);
                    self.advance(good);
                }
                Some(decoder) => {
                    let needed = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
                    text.resize(needed.unwrap_or(self.raw.len() * 4), 0);
                    let (result, read, written) =
                        decoder.decode_to_utf8_without_replacement(&self.raw, text, self.ended);
                    text.truncate(written);
                    if let DecoderResult::Malformed(length, behind) = result {
                        let at = read.saturating_sub(usize::from(length) + usize::from(behind));
                        return Err(self.not_text(at, false));
                    }
                    self.advance(read);
                    if self.ended {
                        self.raw.clear();
                    }
                }
            }
        }
        Ok(())
    }
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.text.position() == self.text.get_ref().len() as u64 {
            self.decode_some()?;
        }
        self.text.read(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> Result<String, (u64, u64, u8)> {
        let mut text = String::new();
        match TextReader::new(bytes, encoding).read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => match error.into() {
                ProfileError::NotText { offset, line, byte, .. } => Err((offset, line, byte)),
                other => panic!("{other}"),
            },
        }
    }

    #[test]
    fn the_mark_is_left_out_and_korean_passes() {
        assert_eq!(read("\u{feff}온도,압력\n1,2\n".as_bytes(), Encoding::Utf8).unwrap(), "온도,압력\n1,2\n");
        assert_eq!(read(b"", Encoding::Utf8).unwrap(), "");
        assert_eq!(read(b"x", Encoding::Utf8).unwrap(), "x");
    }

    #[test]
    fn a_character_across_two_buffers_passes() {
        let mut text = "a".repeat(READ_BYTES - 1);
        text.push_str("온도");
        text.push_str(&"b".repeat(READ_BYTES));
        assert_eq!(read(text.as_bytes(), Encoding::Utf8).unwrap(), text);
        let (bytes, _, _) = EUC_KR.encode(&text);
        assert_eq!(read(&bytes, Encoding::Cp949).unwrap(), text);
    }

    #[test]
    fn a_bad_byte_is_named() {
        assert_eq!(read(b"a,b\n1,2\n3,\xbf\n", Encoding::Utf8).unwrap_err(), (10, 3, 0xbf));
        let mut far = b"1,2\n".repeat(50_000);
        far.push(0xff);
        assert_eq!(read(&far, Encoding::Utf8).unwrap_err(), (200_000, 50_001, 0xff));
        // The file ends within a character.
        assert_eq!(read(b"a\n\xec\x98", Encoding::Utf8).unwrap_err(), (2, 2, 0xec));
        assert_eq!(read(b"a\n\xff\xff", Encoding::Cp949).unwrap_err(), (2, 2, 0xff));
    }

    #[test]
    fn text_to_look_at_is_never_refused() {
        assert_eq!(Encoding::Utf8.decode_lossy(b"1,\xff"), "1,\u{fffd}");
        assert_eq!(Encoding::Utf8.decode_lossy("\u{feff}값".as_bytes()), "값");
        assert_eq!(Encoding::Cp949.decode_lossy(&EUC_KR.encode("설비").0), "설비");
    }

    #[test]
    fn cp949_is_read_when_asked_for() {
        let (bytes, _, _) = EUC_KR.encode("설비,온도\n밀링1호,21.5\n");
        assert!(read(&bytes, Encoding::Utf8).is_err());
        assert_eq!(read(&bytes, Encoding::Cp949).unwrap(), "설비,온도\n밀링1호,21.5\n");
    }
}
