//! How a trade ended and what a buyer may do, in words and in sentences.

use crate::{Derivation, Outcome};
use wonbon_primitives::share::Share;

/// How a trade ended, in a sentence.
pub fn outcome_sentence(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted => "accepted by the buyer; the seller was paid".into(),
        Outcome::Lapsed => "the dispute window passed; the seller was paid".into(),
        Outcome::Missed => {
            "not delivered in time; the buyer got the money back, and the penalty if one was due".into()
        }
        Outcome::WrongKey => "the delivered key was proved wrong; the buyer got the money back".into(),
        Outcome::BadBlock(index) => format!("block {index} was proved bad; the buyer got the money back"),
        Outcome::Faulted => "another buyer proved a bad block; the buyer got the money back".into(),
        Outcome::Refused => "the seller refused to deliver; the buyer got the money back".into(),
        Outcome::Refunded => "undone after the delivery, as both agreed; the buyer got the money back".into(),
    }
}

/// Whether a buyer may sell what they make from a dataset, in Korean and in English.
pub fn derivation_words(derivation: Derivation) -> (String, String) {
    match derivation {
        Derivation::Forbidden => ("파생 판매 불가".into(), "no resale of derived data".into()),
        Derivation::Permitted { royalty } => (
            format!("파생 판매 가능 (로열티 {royalty})"),
            format!("derived data may be sold ({royalty} royalty)"),
        ),
    }
}

/// The answer alone, where the question stands beside it: `가능 Yes, ≥ 5 %`.
pub fn derivation_label(derivation: Derivation) -> String {
    match derivation {
        Derivation::Forbidden => "불가 No".to_owned(),
        Derivation::Permitted { royalty: Share::NONE } => "가능 Yes".to_owned(),
        Derivation::Permitted { royalty } => format!("가능 Yes, ≥ {royalty}"),
    }
}

/// The same in a sentence.
pub fn derivation_sentence(derivation: Derivation) -> String {
    match derivation {
        Derivation::Forbidden => "what is made from it may not be sold".into(),
        Derivation::Permitted { royalty } => {
            format!("what is made from it may be sold, for a royalty of at least {royalty} of each sale")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Term;

    #[test]
    fn trades_read_well() {
        assert_eq!(Outcome::Accepted.label(), "인수 Accepted");
        assert_eq!(Outcome::BadBlock(7).label(), "데이터 하자 환불 Refunded, block 7 was wrong");
        assert_eq!((Outcome::BadBlock(7).word(), Outcome::WrongKey.word()), ("bad_block", "wrong_key"));
        assert_eq!(
            outcome_sentence(Outcome::BadBlock(7)),
            "block 7 was proved bad; the buyer got the money back"
        );
        let permitted =
            |millionths| Derivation::Permitted { royalty: Share::from_millionths(millionths).unwrap() };
        assert_eq!(derivation_label(permitted(50_000)), "가능 Yes, ≥ 5 %");
        assert_eq!(derivation_label(permitted(0)), "가능 Yes");
        assert_eq!(derivation_words(permitted(50_000)).1, "derived data may be sold (5 % royalty)");
        assert!(derivation_sentence(permitted(50_000)).ends_with("at least 5 % of each sale"));
    }
}
