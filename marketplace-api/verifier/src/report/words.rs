//! How values read: words in Korean and English, amounts with separators, times in Korea.

use crate::{
    claims::{Derivation, Outcome},
    value::{Account, Decimal, Hex, Time},
};
use wonbon_primitives::{
    company::SizeClass,
    dataset::{Method, Relation},
    record::{AttestationKind, Revoker, Standing},
    share::Share,
};

/// The same in Korean and in English.
pub(super) type Words = (&'static str, &'static str);

pub(super) fn method(method: Method) -> Words {
    match method {
        Method::Collected => ("수집", "collected"),
        Method::Cleaned => ("정제", "cleaned"),
        Method::Preprocessed => ("전처리", "preprocessed"),
        Method::Labelled => ("라벨링", "labelled"),
        Method::Aggregated => ("집계", "aggregated"),
        Method::Anonymised => ("익명화", "anonymised"),
        Method::Synthesised => ("합성", "synthesised"),
    }
}

pub(super) fn relation(relation: Relation) -> Words {
    match relation {
        Relation::DerivedFrom => ("파생", "derived from"),
        Relation::NewVersionOf => ("새 버전", "new version of"),
        Relation::CleanedFrom => ("정제", "cleaned from"),
        Relation::PreprocessedFrom => ("전처리", "preprocessed from"),
        Relation::LabelledFrom => ("라벨링", "labelled from"),
        Relation::AggregatedFrom => ("집계", "aggregated from"),
        Relation::AnonymisedFrom => ("익명화", "anonymised from"),
        Relation::SynthesisedFrom => ("합성", "synthesised from"),
        Relation::SubsetOf => ("부분집합", "subset of"),
    }
}

pub(super) fn outcome(outcome: &Outcome) -> Words {
    match outcome {
        Outcome::Accepted => ("인수", "accepted, paid"),
        Outcome::Lapsed => ("이의기간 경과", "undisputed, paid"),
        Outcome::Missed => ("미인도 환불", "no key in time, refunded"),
        Outcome::WrongKey => ("키 오류 환불", "wrong key, refunded"),
        Outcome::BadBlock { .. } => ("데이터 하자 환불", "wrong data, refunded"),
        Outcome::Faulted => ("하자 환불", "faulty sealing, refunded"),
    }
}

pub(super) fn attestation(kind: AttestationKind) -> Words {
    match kind {
        AttestationKind::Quality => ("품질", "quality"),
        AttestationKind::SmartFactoryLevel => ("스마트공장 수준", "smart-factory level"),
        AttestationKind::Processing => ("가공", "processing"),
    }
}

pub(super) fn revoker(by: Revoker) -> Words {
    match by {
        Revoker::Inspector => ("검증기관", "by the inspector"),
        Revoker::Authority => ("전담기관", "by the authority"),
    }
}

pub(super) fn standing(standing: Standing) -> Words {
    match standing {
        Standing::Pending => ("심사 중", "pending"),
        Standing::Verified => ("인증", "verified"),
        Standing::Suspended => ("정지", "suspended"),
    }
}

pub(super) fn size(size: SizeClass) -> Words {
    match size {
        SizeClass::Small => ("소기업", "small"),
        SizeClass::Medium => ("중기업", "medium"),
        SizeClass::MidMarket => ("중견기업", "mid-market"),
        SizeClass::Large => ("대기업", "large"),
        SizeClass::Institute => ("연구기관", "institute"),
    }
}

/// A share in per cent.
pub(super) fn share(millionths: u32) -> String {
    Share::from_millionths(millionths).map_or_else(|| format!("{millionths} ppm"), |share| share.to_string())
}

pub(super) fn derivation(derivation: Derivation) -> (String, String) {
    match derivation {
        Derivation::Forbidden => ("파생 판매 불가".into(), "no resale of derived data".into()),
        Derivation::Permitted { royalty_millionths } => {
            let share = share(royalty_millionths);
            (
                format!("파생 판매 가능 (로열티 {share})"),
                format!("derived data may be sold ({share} royalty)"),
            )
        }
    }
}

/// A number with separators.
pub(super) fn number(number: impl Into<Decimal>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of money.
pub(super) fn won(amount: Decimal) -> String {
    format!("₩{}", number(amount))
}

/// The time in Korea, to the second: `2025-11-21 13:40:20`.
pub(super) fn korean_time(time: Time) -> String {
    const AHEAD: u64 = 9 * 3_600_000;
    // The last nine hours of the year 9999 have no later ones.
    let local = Time::from_millis(time.millis().saturating_add(AHEAD)).unwrap_or(time);
    let text = local.to_string();
    format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..19).unwrap_or_default())
}

/// The day in Korea.
pub(super) fn korean_day(time: Time) -> String {
    korean_time(time).get(..10).unwrap_or_default().to_owned()
}

/// The first digits of a digest, where the whole stands elsewhere.
pub(super) fn short(digest: &Hex) -> String {
    digest.to_string().chars().take(10).collect()
}

/// An account in short, where the whole stands elsewhere.
pub(super) fn short_account(account: &Account) -> String {
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
    fn amounts_and_times_read_well() {
        assert_eq!(won(Decimal(0)), "₩0");
        assert_eq!(won(Decimal(1_500_000)), "₩1,500,000");
        assert_eq!(number(999u64), "999");
        assert_eq!(korean_time(Time::from_millis(1_763_700_020_999).unwrap()), "2025-11-21 13:40:20");
        assert_eq!(korean_time(Time::from_millis(253_402_300_799_999).unwrap()), "9999-12-31 23:59:59");
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
