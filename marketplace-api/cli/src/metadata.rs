//! The metadata document of a dataset: canonical JSON (RFC 8785) whose SHA-256 stands on the chain.
//!
//! Promises: the bytes made here are canonical, fit the limit of the service, and are checked before anything
//! is uploaded; licence and non-disclosure texts are named by the hash of the exact bytes that were given.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wonbon_primitives::bounds::{MAX_DOCUMENT, MAX_METADATA};
use wonbon_primitives::Digest;
use wonbon_profile::Profile;

use crate::exit::{Code, Failure};

/// The name of this layout.
pub const SCHEMA: &str = "wonbon/metadata/1";
/// The licence that is used when no file is given.
pub const DEFAULT_LICENCE: &str = include_str!("../texts/licence.txt");
/// The non-disclosure agreement (비밀유지협약) that is used when no file is given.
pub const DEFAULT_NDA: &str = include_str!("../texts/nda.txt");

const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 20_000;
const MAX_KEYWORDS: usize = 32;
const MAX_KEYWORD: usize = 64;
/// The service takes no more.
const MAX_COLUMNS: usize = 4_096;

/// A text that a document names by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRef {
    /// What the text calls itself.
    pub title: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: String,
    /// One line.
    pub title: String,
    /// As long as need be.
    pub description: String,
    /// What people search for.
    pub keywords: Vec<String>,
    /// BCP 47 tag of title and description.
    pub language: String,
    /// Of the data.
    pub media_type: String,
    /// What the seller called the file, without folders.
    pub file_name: String,
    /// Of the data, in bytes.
    pub length: u64,
    /// What the buyer may do.
    pub licence: TextRef,
    /// What the buyer must keep secret.
    pub nda: TextRef,
    /// What the data holds.
    pub profile: Profile,
}

/// What the seller says about a dataset.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// One line.
    pub title: String,
    /// As long as need be.
    pub description: String,
    /// What people search for.
    pub keywords: Vec<String>,
    /// BCP 47 tag; found from the text when absent.
    pub language: Option<String>,
}

/// A licence or non-disclosure text with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The exact bytes.
    pub bytes: Vec<u8>,
    /// Its first line.
    pub title: String,
}

impl Text {
    /// The text of a file, or the default one.
    pub fn load(path: Option<&Path>, default: &str) -> Result<Text, Failure> {
        let Some(path) = path else { return Ok(Text::of(default.as_bytes().to_vec(), default)) };
        let refuse = |reason: String| Failure::new(Code::Refused, format!("{}: {reason}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        if bytes.len() > MAX_DOCUMENT as usize {
            return Err(refuse(format!(
                "{} bytes; a licence or NDA text has at most {MAX_DOCUMENT}",
                bytes.len()
            )));
        }
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| {
                refuse(format!("not UTF-8 text (byte {})", error.valid_up_to()))
                    .advise("convert it with `iconv -f CP949 -t UTF-8`; PDF and Word files are not texts")
            })?
            .to_owned();
        if text.trim().is_empty() {
            return Err(refuse("the text is empty".into()));
        }
        Ok(Text::of(bytes, &text))
    }

    fn of(bytes: Vec<u8>, text: &str) -> Text {
        let first = text.trim_start_matches('\u{feff}').lines().map(str::trim).find(|line| !line.is_empty());
        let title: String = first
            .unwrap_or("")
            .trim_start_matches('#')
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_TITLE)
            .collect();
        Text { bytes, title }
    }

    /// SHA-256 of the bytes.
    pub fn digest(&self) -> Digest {
        Sha256::digest(&self.bytes).into()
    }

    /// How a document names it.
    pub fn reference(&self) -> TextRef {
        TextRef { title: self.title.clone(), sha256: hex::encode(self.digest()) }
    }
}

/// A document as bytes with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// RFC 8785 bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256: the metadata hash on the chain.
    pub digest: Digest,
}

impl Description {
    /// Checks lengths and characters.
    pub fn check(&self) -> Result<(), Failure> {
        let refuse = |text: String| Err(Failure::new(Code::Refused, text));
        let title = self.title.trim();
        if title.is_empty() {
            return refuse("the title is empty".into());
        }
        if title.chars().count() > MAX_TITLE {
            return refuse(format!("the title is longer than {MAX_TITLE} characters"));
        }
        if title.chars().chain(self.keywords.iter().flat_map(|word| word.chars())).any(char::is_control) {
            return refuse("title and keywords may not hold control characters or line breaks".into());
        }
        if self.description.chars().count() > MAX_DESCRIPTION {
            return refuse(format!("the description is longer than {MAX_DESCRIPTION} characters"));
        }
        if self.keywords.len() > MAX_KEYWORDS {
            return refuse(format!("there are more than {MAX_KEYWORDS} keywords"));
        }
        if let Some(long) = self.keywords.iter().find(|word| word.chars().count() > MAX_KEYWORD) {
            return refuse(format!("the keyword \"{long}\" is longer than {MAX_KEYWORD} characters"));
        }
        if let Some(tag) = &self.language {
            let good = (2..=35).contains(&tag.len())
                && tag.split('-').all(|part| {
                    (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                });
            if !good {
                return refuse(format!("\"{tag}\" is not a language tag; write for example ko or en"));
            }
        }
        Ok(())
    }

    fn language(&self) -> String {
        let korean = |c: char| matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}');
        match &self.language {
            Some(tag) => tag.clone(),
            None if self.title.chars().chain(self.description.chars()).any(korean) => "ko".into(),
            None => "en".into(),
        }
    }
}

/// Builds the document of the file at `path`.
pub fn build(
    description: &Description,
    path: &Path,
    length: u64,
    licence: &Text,
    nda: &Text,
    profile: Profile,
) -> Result<Document, Failure> {
    description.check()?;
    let mut keywords: Vec<String> = Vec::new();
    for word in description.keywords.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        if !keywords.iter().any(|known| known == word) {
            keywords.push(word.to_owned());
        }
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Document {
        schema: SCHEMA.into(),
        title: description.title.trim().into(),
        description: description.description.trim().into(),
        keywords,
        language: description.language(),
        media_type: profile.format.media_type().into(),
        file_name: name.chars().filter(|c| !c.is_control()).take(255).collect(),
        length,
        licence: licence.reference(),
        nda: nda.reference(),
        profile,
    })
}

impl Document {
    /// The canonical bytes. When a very wide table makes them too long, the last columns are left out and a
    /// warning in the profile says so.
    pub fn canonical(&mut self) -> Result<Canonical, Failure> {
        let all = self.profile.columns.len();
        if all > MAX_COLUMNS {
            self.profile.columns.truncate(MAX_COLUMNS);
            self.profile
                .warnings
                .push(format!("only the first {MAX_COLUMNS} of {all} columns are described"));
        }
        loop {
            let bytes = serde_jcs::to_vec(&self).map_err(|error| {
                Failure::new(Code::Failure, format!("cannot write the metadata: {error}"))
            })?;
            if bytes.len() <= MAX_METADATA as usize {
                let digest = Sha256::digest(&bytes).into();
                return Ok(Canonical { bytes, digest });
            }
            let kept = self.profile.columns.len();
            if kept == 0 {
                return Err(Failure::new(
                    Code::Refused,
                    "the description is too long for a metadata document",
                ));
            }
            if kept < all {
                self.profile.warnings.pop();
            }
            let left = (kept * MAX_METADATA as usize / bytes.len()).saturating_sub(1).min(kept - 1);
            self.profile.columns.truncate(left);
            self.profile.warnings.push(format!("only the first {left} of {all} columns are described"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_profile::{Column, ColumnType, Format, Scalar};

    fn profile(columns: usize) -> Profile {
        Profile {
            format: Format::Csv,
            encoding: None,
            delimiter: Some(','),
            rows: Some(2),
            columns: (0..columns)
                .map(|index| Column {
                    name: format!("온도 {index}"),
                    kind: ColumnType::Number,
                    missing: 0,
                    min: Some(Scalar::Number(-0.5)),
                    max: Some(Scalar::Number(1e21)),
                    distinct: Some(2),
                })
                .collect(),
            warnings: vec![],
        }
    }

    fn document(columns: usize) -> Document {
        let description = Description {
            title: " 밀링 \"진동\" ".into(),
            description: "line\nline".into(),
            keywords: vec!["CNC".into(), "CNC".into(), " ".into()],
            language: None,
        };
        let licence = Text::load(None, "L\n").unwrap();
        let nda = Text::load(None, "# N\n").unwrap();
        build(&description, Path::new("some/where/a.csv"), 10, &licence, &nda, profile(columns)).unwrap()
    }

    #[test]
    fn the_document_is_canonical() {
        let canonical = document(1).canonical().unwrap();
        let hash = hex::encode(Sha256::digest(b"L\n"));
        let expected = [
            r#"{"description":"line\nline","file_name":"a.csv","keywords":["CNC"],"language":"ko","length":10,"#,
            &format!(r#""licence":{{"sha256":"{hash}","title":"L"}},"media_type":"text/csv","nda":{{"#),
        ]
        .concat();
        let text = String::from_utf8(canonical.bytes.clone()).unwrap();
        assert!(text.starts_with(&expected), "{text}");
        let profile = r#""profile":{"columns":[{"distinct":2,"max":1e+21,"min":-0.5,"missing":0,"name":"온도 0","type":"number"}],"delimiter":",","format":"csv","rows":2,"warnings":[]},"schema":"wonbon/metadata/1","title":"밀링 \"진동\""}"#;
        assert!(text.ends_with(profile), "{text}");
        assert_eq!(canonical.digest, <Digest>::from(Sha256::digest(text.as_bytes())));
        let back: Document = serde_json::from_slice(&canonical.bytes).unwrap();
        assert_eq!(back.clone().canonical().unwrap(), canonical);
    }

    #[test]
    fn a_wide_table_is_cut_to_the_limit() {
        let mut wide = document(10_000);
        let canonical = wide.canonical().unwrap();
        assert!(canonical.bytes.len() <= MAX_METADATA as usize);
        assert!(canonical.bytes.len() > MAX_METADATA as usize * 9 / 10, "{}", canonical.bytes.len());
        assert_eq!(
            wide.profile.warnings,
            [format!("only the first {} of 10000 columns are described", wide.profile.columns.len())]
        );
    }

    #[test]
    fn descriptions_are_checked() {
        let wrong = [
            Description { title: " ".into(), ..Default::default() },
            Description { title: "가".repeat(201), ..Default::default() },
            Description { title: "a\nb".into(), ..Default::default() },
            Description { title: "a".into(), language: Some("k o".into()), ..Default::default() },
            Description { title: "a".into(), keywords: vec!["x".repeat(65)], ..Default::default() },
        ];
        for description in wrong {
            assert_eq!(description.check().unwrap_err().code, Code::Refused, "{description:?}");
        }
    }

    #[test]
    fn the_default_texts_have_titles_in_both_languages() {
        let licence = Text::load(None, DEFAULT_LICENCE).unwrap();
        assert_eq!(licence.title, "Wonbon Standard Data Licence 1.0 / 원본 표준 데이터 이용허락 1.0");
        let nda = Text::load(None, DEFAULT_NDA).unwrap();
        assert!(nda.title.contains("비밀유지협약"));
        assert_ne!(licence.digest(), nda.digest());
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
