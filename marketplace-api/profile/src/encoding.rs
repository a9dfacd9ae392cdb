//! Text encodings: a reader that turns a file's bytes into checked UTF-8 and says exactly where that fails.
//!
//! Promises: constant memory; the error carries the offset in the file as it is on disk, and the line.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, EUC_KR};

const BUFFER: usize = 64 * 1024;

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

/// Bytes that are not text in the encoding that was expected.
#[derive(Debug, thiserror::Error)]
#[error("not {encoding} text: byte 0x{byte:02x} at offset {offset} (line {line})")]
pub(crate) struct BadText {
    pub(crate) encoding: &'static str,
    pub(crate) offset: u64,
    pub(crate) line: u64,
    pub(crate) byte: u8,
    /// The first bytes are a UTF-16 byte-order mark.
    pub(crate) utf16: bool,
}

/// Reads as UTF-8: without the byte-order mark, and with an error in place of the first bad byte.
pub(crate) struct TextReader<R> {
    inner: R,
    encoding: Encoding,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_start: usize,
    raw_end: usize,
    /// Offset in the file of `raw[raw_start]`.
    offset: u64,
    line: u64,
    text: Vec<u8>,
    text_start: usize,
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
            raw: vec![0; BUFFER],
            raw_start: 0,
            raw_end: 0,
            offset: 0,
            line: 1,
            text: Vec::with_capacity(BUFFER * 2),
            text_start: 0,
            ended: false,
            started: false,
        }
    }

    /// Reads more raw bytes behind those that are left.
    fn refill(&mut self) -> io::Result<()> {
        self.raw.copy_within(self.raw_start..self.raw_end, 0);
        self.raw_end -= self.raw_start;
        self.raw_start = 0;
        while self.raw_end < self.raw.len() {
            match self.inner.read(&mut self.raw[self.raw_end..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => self.raw_end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if !self.started {
            self.started = true;
            let head = &self.raw[..self.raw_end];
            if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
                return Err(self.bad(0, true));
            }
            if self.encoding == Encoding::Utf8 && head.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.raw_start = 3;
                self.offset = 3;
            }
        }
        Ok(())
    }

    /// The error for the byte `ahead` behind `raw_start`.
    fn bad(&self, ahead: usize, utf16: bool) -> io::Error {
        let before = &self.raw[self.raw_start..self.raw_start + ahead];
        let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
        io::Error::new(
            io::ErrorKind::InvalidData,
            BadText {
                encoding: self.encoding.name(),
                offset: self.offset + ahead as u64,
                line: self.line + lines,
                byte: self.raw.get(self.raw_start + ahead).copied().unwrap_or(0),
                utf16,
            },
        )
    }

    fn advance(&mut self, count: usize) {
        let passed = &self.raw[self.raw_start..self.raw_start + count];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.offset += count as u64;
        self.raw_start += count;
    }

    /// Turns raw bytes into text until there is some, or the file ends.
    fn produce(&mut self) -> io::Result<()> {
        self.text.clear();
        self.text_start = 0;
        while self.text.is_empty() && !(self.ended && self.raw_start == self.raw_end) {
            self.refill()?;
            let raw = &self.raw[self.raw_start..self.raw_end];
            match &mut self.decoder {
                None => {
                    let good = match std::str::from_utf8(raw) {
                        Ok(_) => raw.len(),
                        // The tail of the buffer may be the head of a character.
                        Err(error) if error.error_len().is_none() && !self.ended => error.valid_up_to(),
                        Err(error) => return Err(self.bad(error.valid_up_to(), false)),
                    };
                    self.text.extend_from_slice(&raw[..good]);
                    self.advance(good);
                }
                Some(decoder) => {
                    let needed = decoder.max_utf8_buffer_length_without_replacement(raw.len());
                    self.text.resize(needed.unwrap_or(raw.len() * 4), 0);
                    let (result, read, written) =
                        decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.ended);
                    self.text.truncate(written);
                    if let DecoderResult::Malformed(length, behind) = result {
                        let at = read.saturating_sub(usize::from(length) + usize::from(behind));
                        return Err(self.bad(at, false));
                    }
                    self.advance(read);
                    if self.ended {
                        self.raw_start = self.raw_end;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.text_start == self.text.len() {
            self.produce()?;
        }
        let count = out.len().min(self.text.len() - self.text_start);
        out[..count].copy_from_slice(&self.text[self.text_start..self.text_start + count]);
        self.text_start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> Result<String, (u64, u64, u8)> {
        let mut text = String::new();
        match TextReader::new(bytes, encoding).read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => {
                let bad = error.get_ref().and_then(|inner| inner.downcast_ref::<BadText>()).unwrap();
                Err((bad.offset, bad.line, bad.byte))
            }
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
        let mut text = "a".repeat(BUFFER - 1);
        text.push_str("온도");
        text.push_str(&"b".repeat(BUFFER));
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
