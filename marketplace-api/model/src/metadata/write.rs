//! Writes documents: from what a seller says about a file and what the file was found to hold.

use super::{
    Metadata, Profile, TextReference, MAX_BYTES, MAX_COLUMNS, MAX_DESCRIPTION, MAX_KEYWORD, MAX_KEYWORDS,
    MAX_TITLE, SCHEMA,
};
use crate::{canonical, json::without_absent, Digest, Hash};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// The longest file name that is written, in characters.
const MAX_FILE_NAME: usize = 255;

/// What a seller says about a dataset.
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

/// Why a description is refused, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct BadDescription(String);

/// The document has more than [`MAX_BYTES`] even without its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the description is too long for a metadata document")]
pub struct TooLong;

/// A file that a document describes.
#[derive(Clone, Debug)]
pub struct DescribedFile<'a> {
    /// Its name, without folders.
    pub name: &'a str,
    /// Its length in bytes.
    pub length: u64,
    /// SHA-256 of its bytes, where they were read anyway.
    pub sha256: Option<Digest>,
    /// What it holds.
    pub profile: Profile,
}

/// A document as bytes with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The RFC 8785 form.
    pub bytes: Vec<u8>,
    /// Its SHA-256: the metadata hash on the chain.
    pub digest: Digest,
}

impl Description {
    /// Checks lengths and characters. Title and keywords are shown on one line, so they have no control characters.
    pub fn check(&self) -> Result<(), BadDescription> {
        let refuse = |text: String| Err(BadDescription(text));
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

    /// The document of a file, under these texts.
    pub fn of_file(
        &self,
        file: DescribedFile<'_>,
        licence: TextReference,
        nda: TextReference,
    ) -> Result<Metadata, BadDescription> {
        self.check()?;
        let mut keywords: Vec<String> = Vec::new();
        for word in self.keywords.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
            if !keywords.iter().any(|known| known == word) {
                keywords.push(word.to_owned());
            }
        }
        Ok(Metadata {
            schema: SCHEMA.into(),
            title: self.title.trim().into(),
            description: self.description.trim().into(),
            keywords,
            language: Some(self.language()),
            media_type: Some(file.profile.format.media_type().into()),
            file_name: Some(file.name.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME).collect()),
            length: file.length,
            sha256: file.sha256.map(Hash),
            licence: Some(licence),
            nda: Some(nda),
            profile: Some(file.profile),
        })
    }
}

impl TextReference {
    /// How documents name a text: its first line that says something, and the hash of all of it.
    pub fn of(text: &str) -> Self {
        let first = text.trim_start_matches('\u{feff}').lines().map(str::trim).find(|line| !line.is_empty());
        let title = first.unwrap_or_default().trim_start_matches('#').trim();
        Self {
            title: title.chars().filter(|c| !c.is_control()).take(MAX_TITLE).collect(),
            sha256: Hash(Sha256::digest(text).into()),
        }
    }
}

impl Metadata {
    /// The document: what is absent is left out.
    pub fn document(&self) -> Value {
        let mut document = without_absent(self);
        if let Some(profile) = &self.profile {
            document["profile"] = profile.document();
        }
        document
    }

    /// The canonical bytes. When a very wide table makes them too long, the last columns are left out and a warning in
    /// the profile says so.
    pub fn canonical(&mut self) -> Result<Canonical, TooLong> {
        let all = self.profile.as_ref().map_or(0, |profile| profile.columns.len());
        self.keep_columns(all.min(MAX_COLUMNS), all);
        let mut kept = all.min(MAX_COLUMNS);
        loop {
            let bytes = canonical::to_vec(&self.document())
                .expect("a document holds texts, integers and finite numbers; qed");
            if bytes.len() <= MAX_BYTES {
                let digest = Sha256::digest(&bytes).into();
                return Ok(Canonical { bytes, digest });
            }
            if kept == 0 {
                return Err(TooLong);
            }
            if let Some(profile) = self.profile.as_mut().filter(|_| kept < all) {
                profile.warnings.pop();
            }
            kept = (kept * MAX_BYTES / bytes.len()).saturating_sub(1).min(kept - 1);
            self.keep_columns(kept, all);
        }
    }

    /// Leaves columns out, and says so.
    fn keep_columns(&mut self, kept: usize, all: usize) {
        if let Some(profile) = self.profile.as_mut().filter(|_| kept < all) {
            profile.columns.truncate(kept);
            profile.warnings.push(format!("only the first {kept} of {all} columns are described"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, ColumnType, Format, Scalar};
    use super::*;

    fn profile(columns: usize) -> Profile {
        Profile {
            format: Format::Csv,
            encoding: None,
            delimiter: Some(','),
            rows_are_lines: Some(true),
            rows: Some(2),
            columns: (0..columns)
                .map(|index| Column {
                    name: format!("온도 {index}"),
                    kind: ColumnType::Number,
                    missing: Some(0),
                    min: Some(Scalar::Number(-0.5)),
                    max: Some(Scalar::Number(1e21)),
                    distinct: Some(2),
                })
                .collect(),
            warnings: vec![],
        }
    }

    fn document(columns: usize) -> Metadata {
        let description = Description {
            title: " 밀링 \"진동\" ".into(),
            description: "line\nline".into(),
            keywords: vec!["CNC".into(), "CNC".into(), " ".into()],
            language: None,
        };
        let file = DescribedFile { name: "a.csv", length: 10, sha256: None, profile: profile(columns) };
        description.of_file(file, TextReference::of("L\n"), TextReference::of("# N\n")).unwrap()
    }

    #[test]
    fn the_document_is_canonical() {
        let canonical = document(1).canonical().unwrap();
        let hash = Hash(Sha256::digest(b"L\n").into());
        let expected = [
            r#"{"description":"line\nline","file_name":"a.csv","keywords":["CNC"],"language":"ko","length":10,"#,
            &format!(r#""licence":{{"sha256":"{hash}","title":"L"}},"media_type":"text/csv","nda":{{"#),
        ]
        .concat();
        let text = String::from_utf8(canonical.bytes.clone()).unwrap();
        assert!(text.starts_with(&expected), "{text}");
        let profile = r#""profile":{"columns":[{"distinct":2,"max":1e+21,"min":-0.5,"missing":0,"name":"온도 0","type":"number"}],"delimiter":",","format":"csv","rows":2,"rows_are_lines":true,"warnings":[]},"schema":"wonbon/metadata/1","title":"밀링 \"진동\""}"#;
        assert!(text.ends_with(profile), "{text}");
        assert_eq!(canonical.digest, <Digest>::from(Sha256::digest(text.as_bytes())));
        let back = Metadata::read(serde_json::from_slice(&canonical.bytes).unwrap()).unwrap();
        assert_eq!(back, document(1));
        assert_eq!(back.clone().canonical().unwrap(), canonical);
        let mut hashed = document(0);
        hashed.sha256 = Some(Hash([7; 32]));
        assert_eq!(hashed.document()["sha256"], "07".repeat(32));
    }

    #[test]
    fn a_wide_table_is_cut_to_the_limit() {
        let mut wide = document(10_000);
        let canonical = wide.canonical().unwrap();
        assert!(canonical.bytes.len() <= MAX_BYTES);
        assert!(canonical.bytes.len() > MAX_BYTES * 9 / 10, "{}", canonical.bytes.len());
        let profile = wide.profile.clone().unwrap();
        assert_eq!(
            profile.warnings,
            [format!("only the first {} of 10000 columns are described", profile.columns.len())]
        );
        assert!(Metadata::read(wide.document()).is_ok());
        wide.description = "가".repeat(MAX_BYTES);
        assert_eq!(wide.canonical(), Err(TooLong));
    }

    #[test]
    fn descriptions_are_checked() {
        let wrong = [
            Description { title: " ".into(), ..Default::default() },
            Description { title: "가".repeat(301), ..Default::default() },
            Description { title: "a\nb".into(), ..Default::default() },
            Description { title: "a".into(), language: Some("k o".into()), ..Default::default() },
            Description { title: "a".into(), keywords: vec!["x".repeat(301)], ..Default::default() },
            Description { title: "a".into(), keywords: vec!["x".into(); 65], ..Default::default() },
        ];
        for description in wrong {
            assert!(description.check().is_err(), "{description:?}");
        }
        assert_eq!(Description { title: "가".repeat(300), ..Default::default() }.check(), Ok(()));
    }

    #[test]
    fn a_text_is_named_by_its_first_line() {
        assert_eq!(TextReference::of("\u{feff}\n ## 비밀유지협약\u{7} \nx").title, "비밀유지협약");
        assert_eq!(TextReference::of("").title, "");
    }
}
