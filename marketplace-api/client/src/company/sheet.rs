//! The recovery sheet: a company's secrets of all epochs as words, on paper.
//!
//! With the sheet alone, and no machine of the company's left, what was bought can be opened and what was offered can be
//! delivered. So whoever has it reads all of that; but it moves no money and signs nothing. A sheet is a text, and a page
//! to print that says the same and how to keep it. Both can be read back: the text as it is, the page by its QR codes,
//! each of which holds the text of one epoch, or by typing its words ([`read_words`]).
//!
//! ```text
//! WONBON RECOVERY SHEET 1
//! company: <name>
//! account: <address>
//! chain: <genesis>
//! printed: <day>
//! # any remark
//! epoch: <number>
//! 1 <word>  2 <word>  3 <word>  4 <word>
//! …
//! ```

mod page;
pub mod words;

use super::secrets::{CompanyId, CompanySecret, Epoch};
use std::fmt::Write as _;
use thiserror::Error;
use wonbon_model::words::time::Time;
use wonbon_primitives::id::{from_hex, to_hex};
use wonbon_verifier::report::plain;
use words::{WordsError, WORDS_IN_ROW};
use zeroize::Zeroizing;

const TITLE: &str = "WONBON RECOVERY SHEET 1";
/// The largest text that is read: thousands of epochs.
pub const MAX_SHEET_BYTES: usize = 1024 * 1024;

const REMARKS: &str = "\
# 회사의 비밀입니다. 인감처럼 보관하고, 사진이나 메일로 남기지 마십시오.
# The company's secrets. Keep this like the company's seal; leave no photograph, mail or file of it.
# 네 번째 단어마다 그 줄을 검사합니다. The fourth word of each row checks the row.
";

/// Why there is no sheet, or a text is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// There is nothing to print.
    #[error("the company has no secret yet")]
    NoSecrets,
    /// A secret is another company's.
    #[error("a secret of another company is no part of the sheet")]
    OtherCompany,
    /// The text does not begin as a sheet does.
    #[error("the text is no recovery sheet of this version: it does not begin with {title:?}", title = TITLE)]
    NotASheet,
    /// The text is longer than any sheet.
    #[error("the text is longer than {most} bytes", most = MAX_SHEET_BYTES)]
    TooLong,
    /// A line cannot be read.
    #[error("line {0} of the sheet cannot be read")]
    Line(usize),
    /// A line is missing.
    #[error("the sheet has no line {0:?} before its first epoch")]
    Missing(&'static str),
    /// The words of an epoch are not right.
    #[error("epoch {0}: {1}")]
    Words(Epoch, WordsError),
}

/// A company's secrets, to be printed.
pub struct Sheet {
    company: CompanyId,
    name: String,
    printed: Time,
    secrets: Vec<CompanySecret>,
}

impl Sheet {
    /// The sheet of a company's secrets, all of them, on this day.
    pub fn new(
        company: CompanyId,
        name: &str,
        printed: Time,
        mut secrets: Vec<CompanySecret>,
    ) -> Result<Self, SheetError> {
        if secrets.is_empty() {
            return Err(SheetError::NoSecrets);
        }
        if secrets.iter().any(|secret| secret.id().company != company) {
            return Err(SheetError::OtherCompany);
        }
        secrets.sort_by_key(|secret| *secret.id());
        // On one line, and nothing in it that hides.
        Ok(Self { company, name: plain(name), printed, secrets })
    }

    /// The sheet as a text, which [`read`] reads.
    pub fn text(&self) -> Zeroizing<String> {
        let head = format!("company: {}\n", self.name);
        self.lines(&head, &format!("printed: {}\n{REMARKS}", self.printed.korean_day()), &self.secrets)
    }

    /// The sheet as one HTML document in Korean and English, for A4. It loads nothing from anywhere.
    pub fn html(&self) -> Zeroizing<String> {
        Zeroizing::new(page::html(self))
    }

    /// The text of one secret, as short as it can be read.
    fn code(&self, secret: &CompanySecret) -> Zeroizing<String> {
        self.lines("", "", std::slice::from_ref(secret))
    }

    fn lines(&self, before: &str, after: &str, secrets: &[CompanySecret]) -> Zeroizing<String> {
        // Long enough that it is not moved while it grows, which would leave copies behind.
        let capacity = 1024 + before.len() + after.len() + secrets.len() * 1024;
        let mut text = Zeroizing::new(String::with_capacity(capacity));
        let CompanyId { genesis, account } = &self.company;
        let chain = to_hex(genesis);
        write!(text, "{TITLE}\n{before}account: {account}\nchain: {chain}\n{after}")
            .expect("writing to a string does not fail; qed");
        for secret in secrets {
            writeln!(text, "\nepoch: {}", secret.id().epoch).expect("writing to a string does not fail; qed");
            for (row, words) in words::encode(secret).iter().enumerate() {
                for (at, word) in words.iter().enumerate() {
                    let number = row * WORDS_IN_ROW + at + 1;
                    let end = if at + 1 == WORDS_IN_ROW { "\n" } else { "  " };
                    write!(text, "{number:2} {word}{end}").expect("writing to a string does not fail; qed");
                }
            }
        }
        text
    }
}

/// Reads the text of a sheet, or of several of its QR codes one after another, with whatever blank lines and numbers.
pub fn read(text: &str) -> Result<Vec<CompanySecret>, SheetError> {
    if text.len() > MAX_SHEET_BYTES {
        return Err(SheetError::TooLong);
    }
    let mut reading = Reading::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if !line.is_empty() && !line.starts_with('#') {
            reading.line(at + 1, line)?;
        }
    }
    reading.finish()
}

/// The secret of a company and epoch from its words, as they are typed: with or without their numbers.
pub fn read_words(company: &CompanyId, epoch: Epoch, text: &str) -> Result<CompanySecret, SheetError> {
    if text.len() > MAX_SHEET_BYTES {
        return Err(SheetError::TooLong);
    }
    let words: Vec<&str> = typed(text).collect();
    words::decode(company, epoch, &words).map_err(|error| SheetError::Words(epoch, error))
}

/// The words of a text, without their numbers.
fn typed(text: &str) -> impl Iterator<Item = &str> {
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || ".):".contains(c));
    text.split_whitespace().filter(move |word| !is_number(word))
}

/// What was read of a sheet so far.
#[derive(Default)]
struct Reading<'a> {
    begun: bool,
    account: Option<wonbon_model::AccountId>,
    genesis: Option<wonbon_model::Digest>,
    epoch: Option<(CompanyId, Epoch)>,
    words: Vec<&'a str>,
    secrets: Vec<CompanySecret>,
}

impl<'a> Reading<'a> {
    fn line(&mut self, number: usize, line: &'a str) -> Result<(), SheetError> {
        if line == TITLE {
            self.end_epoch()?;
            *self = Self { begun: true, secrets: std::mem::take(&mut self.secrets), ..Self::default() };
            return Ok(());
        }
        if !self.begun {
            return Err(SheetError::NotASheet);
        }
        let bad = SheetError::Line(number);
        let (field, value) = line.split_once(':').unwrap_or(("", line));
        match field.trim_end() {
            "company" | "printed" if self.epoch.is_none() => {}
            "account" if self.epoch.is_none() => self.account = Some(value.trim().parse().map_err(|_| bad)?),
            "chain" if self.epoch.is_none() => self.genesis = Some(from_hex(value.trim()).map_err(|_| bad)?),
            "epoch" => {
                self.end_epoch()?;
                let account = self.account.ok_or(SheetError::Missing("account"))?;
                let genesis = self.genesis.ok_or(SheetError::Missing("chain"))?;
                let epoch = value.trim().parse().map_err(|_| bad)?;
                self.epoch = Some((CompanyId { genesis, account }, Epoch(epoch)));
            }
            _ if self.epoch.is_some() => self.words.extend(typed(line)),
            _ => return Err(bad),
        }
        Ok(())
    }

    /// Reads the words of the epoch that ends here, if there is one.
    fn end_epoch(&mut self) -> Result<(), SheetError> {
        let words = std::mem::take(&mut self.words);
        let Some((company, epoch)) = self.epoch.take() else { return Ok(()) };
        let secret = words::decode(&company, epoch, &words);
        self.secrets.push(secret.map_err(|error| SheetError::Words(epoch, error))?);
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<CompanySecret>, SheetError> {
        self.end_epoch()?;
        match (self.begun, self.secrets.is_empty()) {
            (false, _) => Err(SheetError::NotASheet),
            (true, true) => Err(SheetError::Missing("epoch")),
            (true, false) => Ok(self.secrets),
        }
    }
}

#[cfg(test)]
mod tests;
