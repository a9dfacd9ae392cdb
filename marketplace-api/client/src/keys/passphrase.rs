//! Passphrases: one text whatever the keyboard that typed it, and long enough.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The least number of characters of a new passphrase.
pub const MIN_PASSPHRASE_LENGTH: usize = 10;

/// A passphrase in the form in which it is used. A Mac types 한 as three letters where others type one: both are the same
/// passphrase (Unicode normalisation form C).
pub(super) fn normalised(passphrase: &str) -> Zeroizing<String> {
    // Room for all of it from the start: a string that grows leaves copies behind that nobody wipes. No text grows to more
    // than three times its length (Unicode Standard Annex 15, section 1.3).
    let mut form = Zeroizing::new(String::with_capacity(passphrase.len().saturating_mul(3)));
    form.extend(passphrase.nfc());
    form
}

/// Whether a new key may be sealed with it.
pub fn is_long_enough(passphrase: &str) -> bool {
    normalised(passphrase).chars().count() >= MIN_PASSPHRASE_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes_or_letters_of_a_syllable() {
        assert!(is_long_enough("열 글자로 된 문구다"));
        assert!(!is_long_enough("아홉 글자 문구다"));
        // Nine syllables, typed as their letters.
        let typed: String = "가나다라마바사아자".nfd().collect();
        assert!(typed.chars().count() > MIN_PASSPHRASE_LENGTH && !is_long_enough(&typed));
    }
}
