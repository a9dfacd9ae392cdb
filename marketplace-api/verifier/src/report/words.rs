//! How a report reads: what things are called in both languages, and what may be shown of a text that somebody else
//! wrote.
//!
//! Page and terminal take every label, role and finding from here, so that both say the same and a word is put right in
//! one place. The words of the chain's own choices are the model's.

pub(super) mod label;
pub(super) mod sentence;

use crate::{
    claims::{Claims, Derivation, Outcome},
    finality::AnchorRole,
    shown::{ShownKind, ShownSample},
    verdict::Verdict,
    AccountId,
};
use wonbon_model::words::{trade, Term};
use wonbon_primitives::{record, share::Share};

/// The same in Korean and in English.
pub(super) type Words = (&'static str, &'static str);
/// The same, with numbers or names in it.
pub(super) type Said = (String, String);

/// Both languages in one text, where there is no markup.
pub(super) fn joined((korean, english): (impl AsRef<str>, impl AsRef<str>)) -> String {
    format!("{} {}", korean.as_ref(), english.as_ref())
}

/// English in the middle of a line: with a small letter, unless it begins with an abbreviation.
pub(super) fn in_a_line(english: &str) -> String {
    let mut rest = english.chars();
    match (rest.next(), rest.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            format!("{}{}", first.to_ascii_lowercase(), rest.as_str())
        }
        _ => english.to_owned(),
    }
}

/// What a certificate is found to be.
pub(super) fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Valid => ("유효", "Valid"),
        Verdict::ValidWithWarnings => ("유효 · 경고 있음", "Valid with warnings"),
        Verdict::Invalid => ("무효", "Invalid"),
        Verdict::Unreadable => ("판독 불가", "Unreadable"),
    }
}

/// What an anchor was good for.
pub(super) fn anchor_role(role: AnchorRole) -> Words {
    match role {
        AnchorRole::Start => ("신뢰의 시작점", "trust begins here"),
        AnchorRole::Passed => ("이 기준점에서 같은 검증인단", "the same validators were in force at it"),
        AnchorRole::TooEarly => ("쓰이지 않음 (앞선 기준점)", "not used: earlier than the hand-offs"),
        AnchorRole::Later => ("쓰이지 않음 (뒤의 기준점)", "not used: later than the certificate"),
    }
}

/// What a sample was found to be.
pub(super) fn shown_kind(kind: ShownKind) -> Words {
    match kind {
        ShownKind::Chosen => label::SAMPLE_CHOSEN,
        ShownKind::Fair => label::SAMPLE_FAIR,
        ShownKind::Rows => label::SAMPLE_PROOF,
    }
}

/// What else is to say of a sample: of a fair one, what it rules out and what it says of rows.
pub(super) fn shown_more(sample: &ShownSample) -> Vec<Said> {
    let said = |words: Words| (words.0.to_owned(), words.1.to_owned());
    if sample.kind != ShownKind::Fair {
        return Vec::new();
    }
    let mut more: Vec<Said> = sample.ruled_out.map(sentence::sample_rules_out).into_iter().collect();
    more.push(said(if sample.shows_rows { label::SAMPLE_ROWS } else { label::SAMPLE_NO_ROWS }));
    more.push(said(if sample.rows_as_promised { label::SAMPLE_PROMISE } else { label::SAMPLE_NO_PROMISE }));
    more
}

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
        Outcome::Refused => record::Outcome::Refused,
        Outcome::Refunded => record::Outcome::Refunded,
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

/// Who stands behind an account: its company's name, or the account in short. Not filtered.
pub(super) fn name(claims: &Claims, account: &AccountId) -> String {
    claims.company(account).map_or_else(|| short_account(account), |company| company.name.clone())
}

/// As much of a text as so many Latin letters take; a letter of Korean takes the place of two.
pub(super) fn fitting(text: &str, most: usize) -> String {
    let width = |letter: char| if letter < '\u{1100}' { 1 } else { 2 };
    if text.chars().map(width).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut taken = 1;
    let fits = |letter: &char| {
        taken += width(*letter);
        taken <= most
    };
    let head: String = text.chars().take_while(fits).collect();
    format!("{}…", head.trim_end())
}

/// The longest text of someone else's that is shown as a reason, in characters. Our own are shorter.
const MAX_REASON_CHARACTERS: usize = 300;

/// A reason with someone else's text in it: of one line, with nothing hidden in it, and not too long.
pub fn brief(text: &str) -> String {
    let text = plain(text);
    match text.char_indices().nth(MAX_REASON_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
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
    fn labels_fit_where_they_stand() {
        assert_eq!(in_a_line(label::REGISTRANT.1), "first registered by");
        assert_eq!(in_a_line(label::NDA.1), "NDA text");
        assert_eq!((in_a_line(""), in_a_line("A")), (String::new(), "a".into()));
        assert_eq!(joined(label::NEW_VERSION), "새 버전 New version");
        assert_eq!(fitting("한빛정밀 주식회사", 17), "한빛정밀 주식회사");
        assert_eq!(fitting("한빛정밀 주식회사", 16), "한빛정밀 주식회…");
        assert_eq!(fitting("한빛정밀 주식회사", 10), "한빛정밀…");
        assert_eq!(fitting("spindle", 4), "spi…");
    }

    #[test]
    fn verdicts_of_json_and_of_words_are_the_same() {
        for found in [Verdict::Valid, Verdict::ValidWithWarnings, Verdict::Invalid, Verdict::Unreadable] {
            let word = verdict(found).1.to_lowercase().replace(' ', "_");
            assert_eq!(serde_json::to_value(found).unwrap(), word);
        }
    }

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
