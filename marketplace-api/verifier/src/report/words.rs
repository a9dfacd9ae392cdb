//! How claims read: the words of both languages, and what may be shown of a text that somebody else wrote.

use crate::{
    claims::{Derivation, Outcome},
    AccountId,
};
use wonbon_model::words::{trade, Term};
use wonbon_primitives::{record, share::Share};

/// The same in Korean and in English.
pub(super) type Words = (&'static str, &'static str);

/// A choice of the chain in both languages.
pub(super) fn both(term: &impl Term) -> Words {
    let words = term.words();
    (words.korean, words.english)
}

/// How a trade ended; which block was bad stands elsewhere.
pub(super) fn outcome(outcome: &Outcome) -> Words {
    both(&match outcome {
        Outcome::Accepted => record::Outcome::Accepted,
        Outcome::Lapsed => record::Outcome::Lapsed,
        Outcome::Missed => record::Outcome::Missed,
        Outcome::WrongKey => record::Outcome::WrongKey,
        Outcome::BadBlock { .. } => record::Outcome::BadBlock(0),
        Outcome::Faulted => record::Outcome::Faulted,
    })
}

/// Whether a buyer may sell what they make from the dataset.
pub(super) fn derivation(derivation: Derivation) -> (String, String) {
    trade::derivation_words(match derivation {
        Derivation::Forbidden => record::Derivation::Forbidden,
        Derivation::Permitted { royalty_millionths } => record::Derivation::Permitted {
            // The chain's records hold no larger share.
            royalty: Share::from_millionths(royalty_millionths).unwrap_or(Share::WHOLE),
        },
    })
}

/// An account in short, where the whole stands elsewhere.
pub(super) fn short_account(account: &AccountId) -> String {
    let text = account.to_string();
    let (head, tail) = (text.get(..6).unwrap_or(&text), text.get(text.len().saturating_sub(6)..));
    format!("{head}…{}", tail.unwrap_or_default())
}

/// Whether a character may be shown: none that moves the cursor, changes colours, turns the line's direction or hides
/// between others.
pub fn is_shown(c: &char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// A text of someone else's, on one line: what [`is_shown`] of it.
pub fn plain(text: &str) -> String {
    text.chars().filter(is_shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_spoof_a_line_is_not_shown() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b\u{7f}\u{9b}\n"), "a[2Jb");
        for hidden in
            ["\u{61c}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{e0000}", "\u{e0041}", "\u{e007f}"]
        {
            assert_eq!(plain(hidden), "");
        }
        assert_eq!(plain("한빛정밀(주) ㈜ é ₩…"), "한빛정밀(주) ㈜ é ₩…");
    }
}
