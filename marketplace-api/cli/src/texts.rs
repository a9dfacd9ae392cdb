//! Licence and non-disclosure texts, which documents name by the hash of the exact bytes that were given.

use std::path::Path;

use wonbon_model::metadata::TextReference;
use wonbon_primitives::bounds::MAX_DOCUMENT;

use crate::exit::{Failure, Result};

/// The licence that is used when no file is given.
pub const DEFAULT_LICENCE: &str = include_str!("../texts/licence.txt");
/// The non-disclosure agreement (비밀유지협약) that is used when no file is given.
pub const DEFAULT_NDA: &str = include_str!("../texts/nda.txt");

/// A licence or non-disclosure text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The whole text, as its hash covers it.
    pub text: String,
    /// How a document names it.
    pub reference: TextReference,
}

impl Text {
    /// The text of a file, or the default one.
    pub fn load(path: Option<&Path>, default: &str) -> Result<Text> {
        let Some(path) = path else { return Ok(Text::of(default.into())) };
        let refuse = |reason: String| Failure::refused(format!("{}: {reason}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        if bytes.len() > MAX_DOCUMENT as usize {
            return Err(refuse(format!(
                "{} bytes; a licence or NDA text has at most {MAX_DOCUMENT}",
                bytes.len()
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            refuse(format!("not UTF-8 text (byte {})", error.utf8_error().valid_up_to()))
                .advise("convert it with `iconv -f CP949 -t UTF-8`; PDF and Word files are not texts")
        })?;
        if text.trim().is_empty() {
            return Err(refuse("the text is empty".into()));
        }
        Ok(Text::of(text))
    }

    fn of(text: String) -> Text {
        Text { reference: TextReference::of(&text), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Code;

    #[test]
    fn the_default_texts_have_titles_in_both_languages() {
        let licence = Text::load(None, DEFAULT_LICENCE).unwrap();
        assert_eq!(
            licence.reference.title,
            "Wonbon Standard Data Licence 1.0 / 원본 표준 데이터 이용허락 1.0"
        );
        let nda = Text::load(None, DEFAULT_NDA).unwrap();
        assert!(nda.reference.title.contains("비밀유지협약"));
        assert_ne!(licence.reference.sha256, nda.reference.sha256);
    }

    #[test]
    fn a_text_that_is_no_text_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nda.pdf");
        for bytes in [&b"%PDF\xff\xfe"[..], b"", b" \n"] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Text::load(Some(&path), DEFAULT_NDA).unwrap_err().code, Code::Refused);
        }
        assert_eq!(Text::load(Some(Path::new("/nowhere")), "").unwrap_err().code, Code::Refused);
    }
}
