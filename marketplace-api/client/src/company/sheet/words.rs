//! A secret as 32 words in eight rows of four, of the English word list of BIP-39.
//!
//! The first three words of a row carry 33 bits: of the secret's 256 bits, and in the last row of a checksum of 8 bits over
//! the whole. The fourth word of each row is a check of 11 bits over that row, so that a wrong word is not only noticed
//! but found. Every check binds company, chain and epoch, and a row's place: words of another sheet, or rows in another
//! order, do not pass. It is no BIP-39 phrase, and no wallet takes it for one.

use crate::company::{CompanyId, CompanySecret, Epoch};
use crate::keys::Secret;
use bip39::Language;
use std::fmt;
use thiserror::Error;
use wonbon_primitives::label;
use zeroize::Zeroizing;

/// Rows of words.
pub const ROWS: usize = 8;
/// Words in a row, the check word being the last.
pub const WORDS_IN_ROW: usize = 4;
/// All words.
pub const WORDS: usize = ROWS * WORDS_IN_ROW;

const BITS_IN_WORD: usize = 11;
const DATA_WORDS: usize = ROWS * (WORDS_IN_ROW - 1);
/// The secret and the checksum of the whole.
const DATA_BYTES: usize = DATA_WORDS * BITS_IN_WORD / 8;
const WORD_MASK: u32 = 0x7ff;
/// By so many letters each word is known.
const LETTERS_KNOWN: usize = 4;

/// A word that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// Its place among all words, counted from 1.
    pub position: usize,
    /// What stands there.
    pub word: String,
    /// What it may be meant to be.
    pub near: Option<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, word, near } = self;
        write!(f, "word {position}, {word:?}, is none of the words")?;
        near.map_or(Ok(()), |near| write!(f, " (perhaps {near:?})"))
    }
}

/// Why words are no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WordsError {
    /// There are more or fewer than there should be.
    #[error("there are {0} words where there should be {all}", all = WORDS)]
    Count(usize),
    /// Some are not in the list.
    #[error("{}", listed(.0))]
    Unknown(Vec<UnknownWord>),
    /// Some words are in the list and yet not those of the sheet: one or more in each of these rows, counted from 1.
    #[error("a word is wrong in row {}: words {}", listed(.0), spans(.0))]
    Rows(Vec<usize>),
    /// No row is right.
    #[error("the words are those of another company, chain or epoch")]
    Other,
    /// Every row is right, and the whole is not.
    #[error("the words do not belong together: the checksum over all of them is wrong")]
    Checksum,
}

fn listed(items: &[impl fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn spans(rows: &[usize]) -> String {
    let span = |row: &usize| format!("{} to {}", (row - 1) * WORDS_IN_ROW + 1, row * WORDS_IN_ROW);
    rows.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// The words of a secret.
pub fn encode(secret: &CompanySecret) -> [[&'static str; WORDS_IN_ROW]; ROWS] {
    let mut data = Zeroizing::new([0u8; DATA_BYTES]);
    data[..32].copy_from_slice(secret.expose().as_ref());
    let id = secret.id();
    data[32] = checksum(&id.company, id.epoch, secret.expose());
    let list = Language::English.word_list();
    std::array::from_fn(|row| {
        let own: Zeroizing<[u16; WORDS_IN_ROW - 1]> =
            Zeroizing::new(std::array::from_fn(|at| index(&data, row * (WORDS_IN_ROW - 1) + at)));
        let check = check(&id.company, id.epoch, row, &own);
        let [one, two, three] = *own;
        [one, two, three, check].map(|index| list[usize::from(index)])
    })
}

/// The secret of a company and epoch that these are the words of. Of each word four letters are enough; capitals do not
/// matter.
pub fn decode(company: &CompanyId, epoch: Epoch, words: &[&str]) -> Result<CompanySecret, WordsError> {
    if words.len() != WORDS {
        return Err(WordsError::Count(words.len()));
    }
    let found: Vec<Option<u16>> = words.iter().map(|word| find(word)).collect();
    let found = Zeroizing::new(found);
    let unknown = words.iter().zip(found.iter()).enumerate().filter(|(_, (_, found))| found.is_none());
    let unknown: Vec<UnknownWord> = unknown
        .map(|(at, (word, _))| UnknownWord { position: at + 1, word: (*word).to_owned(), near: near(word) })
        .collect();
    if !unknown.is_empty() {
        return Err(WordsError::Unknown(unknown));
    }

    let mut data = Zeroizing::new([0u8; DATA_BYTES]);
    let mut wrong = Vec::new();
    let indices = Zeroizing::new(found.iter().flatten().copied().collect::<Vec<u16>>());
    for (row, words) in indices.chunks_exact(WORDS_IN_ROW).enumerate() {
        let &[one, two, three, given] = words else { return Err(WordsError::Count(indices.len())) };
        let own = Zeroizing::new([one, two, three]);
        if check(company, epoch, row, &own) != given {
            wrong.push(row + 1);
        }
        for (at, index) in own.iter().enumerate() {
            put(&mut data, row * (WORDS_IN_ROW - 1) + at, *index);
        }
    }
    if wrong.len() == ROWS {
        return Err(WordsError::Other);
    }
    if !wrong.is_empty() {
        return Err(WordsError::Rows(wrong));
    }
    let mut secret = Secret::default();
    secret.copy_from_slice(&data[..32]);
    if checksum(company, epoch, &secret) != data[32] {
        return Err(WordsError::Checksum);
    }
    Ok(CompanySecret::from_bytes(*company, epoch, secret))
}

/// The index of data word `at`.
fn index(data: &[u8; DATA_BYTES], at: usize) -> u16 {
    (0..BITS_IN_WORD).fold(0u16, |index, bit| {
        let place = at * BITS_IN_WORD + bit;
        (index << 1) | u16::from((data[place / 8] >> (7 - place % 8)) & 1)
    })
}

fn put(data: &mut [u8; DATA_BYTES], at: usize, index: u16) {
    for bit in 0..BITS_IN_WORD {
        let place = at * BITS_IN_WORD + bit;
        let set = ((index >> (BITS_IN_WORD - 1 - bit)) & 1) as u8;
        data[place / 8] |= set << (7 - place % 8);
    }
}

/// The index of a row's check word.
fn check(company: &CompanyId, epoch: Epoch, row: usize, words: &[u16; WORDS_IN_ROW - 1]) -> u16 {
    let words = Zeroizing::new(words.map(u16::to_le_bytes));
    let hash = hash(company, epoch, row, words.as_flattened());
    (u32::from_le_bytes([hash[0], hash[1], 0, 0]) & WORD_MASK) as u16
}

/// The checksum of the whole, which stands for the row behind the last.
fn checksum(company: &CompanyId, epoch: Epoch, secret: &Secret) -> u8 {
    hash(company, epoch, ROWS, secret.as_ref())[0]
}

/// H(label, genesis, company, epoch, row, bytes).
fn hash(company: &CompanyId, epoch: Epoch, row: usize, bytes: &[u8]) -> [u8; 32] {
    let (epoch, row) = (epoch.0.to_le_bytes(), [row as u8]);
    let parts: [&[u8]; 5] = [&company.genesis, &company.account.0, &epoch, &row, bytes];
    label::hash(label::RECOVERY_SHEET, &parts)
}

/// The index of a word, or of the one that begins with these four letters or more.
fn find(word: &str) -> Option<u16> {
    let word = Zeroizing::new(word.to_ascii_lowercase());
    let exact = Language::English.find_word(&word);
    exact.or_else(|| match Language::English.words_by_prefix(&word) {
        [only] if word.len() >= LETTERS_KNOWN => Language::English.find_word(only),
        _ => None,
    })
}

/// The word that is meant, if one alone is nearest: by two letters put in, left out or changed at most.
fn near(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    // Longer ones are no slips, and take long.
    if word.len() > 16 {
        return None;
    }
    let list = Language::English.word_list();
    let away: Vec<usize> = list.iter().map(|other| distance(&word, other)).collect();
    let least = away.iter().copied().min().filter(|least| *least <= 2)?;
    let mut nearest = list.iter().zip(&away).filter(|(_, away)| **away == least).map(|(word, _)| *word);
    nearest.next().filter(|_| nearest.next().is_none())
}

/// How many letters are put in, left out or changed between two words (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (place, right) in other.chars().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{company, secret};
    use super::*;
    use proptest::prelude::*;
    use wonbon_model::AccountId;

    fn words(secret: &CompanySecret) -> Vec<&'static str> {
        encode(secret).concat()
    }

    fn read(words: &[&str]) -> Result<CompanySecret, WordsError> {
        decode(&company(), Epoch(1), words)
    }

    #[test]
    fn the_words_are_always_the_same() {
        let rows = encode(&secret(1, 0)).map(|row| row[..3].join(" "));
        assert!(rows[..7].iter().all(|row| row == "abandon abandon abandon"), "{rows:?}");
        assert_eq!(DATA_BYTES, 33);
        assert_eq!(words(&secret(1, 7)), words(&secret(1, 7)));
    }

    #[test]
    fn a_slip_is_named_by_its_place() {
        let mut words = words(&secret(1, 7));
        let meant = words[13];
        words[13] = "zzebra";
        words[20] = "qqqqqqqq";
        let refused = read(&words).unwrap_err();
        let unknown = [
            UnknownWord { position: 14, word: "zzebra".to_owned(), near: Some("zebra") },
            UnknownWord { position: 21, word: "qqqqqqqq".to_owned(), near: None },
        ];
        assert_eq!(refused, WordsError::Unknown(unknown.to_vec()));
        let text = refused.to_string();
        assert!(text.contains("word 14, \"zzebra\", is none of the words (perhaps \"zebra\")"), "{text}");

        words = self::words(&secret(1, 7));
        words[13] = if meant == "zebra" { "zero" } else { "zebra" };
        assert_eq!(read(&words), Err(WordsError::Rows(vec![4])));
        let text = read(&words).unwrap_err().to_string();
        assert_eq!(text, "a word is wrong in row 4: words 13 to 16");
        assert_eq!(read(&words[1..]), Err(WordsError::Count(31)));
    }

    #[test]
    fn words_of_another_company_chain_or_epoch_and_rows_in_another_order_are_refused() {
        let words = words(&secret(1, 7));
        let other = CompanyId { account: AccountId([9; 32]), ..company() };
        assert_eq!(decode(&other, Epoch(1), &words), Err(WordsError::Other));
        let other = CompanyId { genesis: [9; 32], ..company() };
        assert_eq!(decode(&other, Epoch(1), &words), Err(WordsError::Other));
        assert_eq!(decode(&company(), Epoch(2), &words), Err(WordsError::Other));

        let secret = CompanySecret::generate(company(), Epoch(1), &mut rand_core::OsRng);
        let mut rows = encode(&secret);
        rows.swap(1, 5);
        assert_eq!(read(rows.as_flattened()), Err(WordsError::Rows(vec![2, 6])));
        // Rows of two secrets of one epoch pass one by one.
        let mut rows = encode(&secret);
        let mixed = (0..=255).find_map(|byte| {
            rows[0] = encode(&self::secret(1, byte))[0];
            read(rows.as_flattened()).err()
        });
        assert_eq!(mixed, Some(WordsError::Checksum));
    }

    #[test]
    fn four_letters_are_enough_and_a_whole_word_is_itself() {
        let words = words(&secret(1, 7));
        let short: Vec<String> = words.iter().map(|word| word.chars().take(4).collect()).collect();
        let short: Vec<String> = short.iter().map(|word| word.to_uppercase()).collect();
        assert_eq!(read(&short.iter().map(String::as_str).collect::<Vec<_>>()), Ok(secret(1, 7)));
        let list = Language::English.word_list();
        for (at, word) in list.iter().enumerate() {
            assert_eq!(find(word), Some(at as u16));
            assert_eq!(find(&word[..word.len().min(4)]), Some(at as u16));
        }
        assert_eq!((find("ab"), find("aban dn"), find(""), find("한국")), (None, None, None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_secret_comes_back_and_any_other_word_is_noticed(
            bytes: [u8; 32], epoch: u32, at in 0..WORDS, other in 0usize..2048,
        ) {
            let secret = CompanySecret::from_bytes(company(), Epoch(epoch), Secret::new(bytes));
            let mut words = words(&secret);
            prop_assert_eq!(&decode(&company(), Epoch(epoch), &words).unwrap(), &secret);
            let other = Language::English.word_list()[other];
            prop_assume!(words[at] != other);
            words[at] = other;
            let row = at / WORDS_IN_ROW + 1;
            match decode(&company(), Epoch(epoch), &words) {
                // One of 2048 data words passes its row, and then the whole does not.
                Err(WordsError::Checksum) => prop_assert!(at % WORDS_IN_ROW < 3),
                refused => prop_assert_eq!(refused, Err(WordsError::Rows(vec![row]))),
            }
        }

        #[test]
        fn no_words_are_a_panic(text in "\\PC{0,40}( \\PC{0,8}){0,40}") {
            let words: Vec<&str> = text.split_whitespace().collect();
            prop_assert!(read(&words).is_err());
            let padded: Vec<&str> = words.iter().copied().chain(["zoo"; WORDS]).take(WORDS).collect();
            prop_assert!(read(&padded).is_err());
        }
    }
}
