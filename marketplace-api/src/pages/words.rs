//! How values read on a page: in Korean and English, amounts with separators, times of day in Korea.

use time::{OffsetDateTime, UtcOffset};

use crate::model::{Derivation, Hash, Method, OfferState, Outcome, Role, SizeClass, Standing};

pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Collected => "수집 Collected",
        Method::Cleaned => "정제 Cleaned",
        Method::Preprocessed => "전처리 Preprocessed",
        Method::Labelled => "라벨링 Labelled",
        Method::Aggregated => "집계 Aggregated",
        Method::Anonymised => "익명화 Anonymised",
        Method::Synthesised => "합성 Synthesised",
    }
}

pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "심사 중 Pending",
        Standing::Verified => "인증 Verified",
        Standing::Suspended => "정지 Suspended",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Provider => "공급 Provider",
        Role::Consumer => "수요 Consumer",
        Role::Auditor => "감사 Auditor",
        Role::Inspector => "검증 Inspector",
    }
}

pub(super) fn size_class(size: SizeClass) -> &'static str {
    match size {
        SizeClass::Small => "소기업 Small",
        SizeClass::Medium => "중기업 Medium",
        SizeClass::MidMarket => "중견기업 Mid-market",
        SizeClass::Large => "대기업 Large",
        SizeClass::Institute => "연구기관 Institute",
    }
}

pub(super) fn offer_state(state: OfferState) -> &'static str {
    match state {
        OfferState::Open => "판매 중 Open",
        OfferState::Withdrawn => "철회 Withdrawn",
        OfferState::Faulted => "하자 Faulted",
    }
}

pub(super) fn outcome(outcome: Outcome, bad_block: Option<u64>) -> String {
    match outcome {
        Outcome::Accepted => "인수 Accepted".into(),
        Outcome::Lapsed => "이의기간 경과 Settled after the dispute window".into(),
        Outcome::Missed => "미인도 환불 Refunded, no key in time".into(),
        Outcome::WrongKey => "키 오류 환불 Refunded, wrong key".into(),
        Outcome::BadBlock => {
            format!("데이터 하자 환불 Refunded, block {} was wrong", bad_block.unwrap_or_default())
        }
        Outcome::Faulted => "하자 환불 Refunded, the sealing was proved faulty".into(),
    }
}

pub(super) fn relation(relation: &str) -> &'static str {
    match relation {
        "new_version_of" => "새 버전 New version of",
        "cleaned_from" => "정제 Cleaned from",
        "preprocessed_from" => "전처리 Preprocessed from",
        "labelled_from" => "라벨링 Labelled from",
        "aggregated_from" => "집계 Aggregated from",
        "anonymised_from" => "익명화 Anonymised from",
        "synthesised_from" => "합성 Synthesised from",
        "subset_of" => "부분집합 Subset of",
        _ => "파생 Derived from",
    }
}

pub(super) fn attestation(kind: &str) -> &'static str {
    match kind {
        "quality" => "품질 Quality",
        "smart_factory_level" => "스마트공장 수준 Smart-factory level",
        _ => "가공 Processing",
    }
}

/// A number with separators.
pub(super) fn number(number: u128) -> String {
    let digits = number.to_string();
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
pub(super) fn won(amount: u128) -> String {
    format!("₩{}", number(amount))
}

/// A share of a sale, from millionths.
pub(super) fn share(millionths: u32) -> String {
    wonbon_primitives::share::Share::from_millionths(millionths)
        .map_or_else(|| "more than all".to_owned(), |share| share.to_string())
}

/// What a buyer may do with what they make from it.
pub(super) fn derivation(derivation: Derivation) -> String {
    match derivation {
        Derivation::Forbidden => "불가 No".to_owned(),
        Derivation::Permitted { royalty: 0 } => "가능 Yes".to_owned(),
        Derivation::Permitted { royalty } => format!("가능 Yes, ≥ {}", share(royalty)),
    }
}

/// A length in bytes.
pub(super) fn bytes(length: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = length as f64;
    let mut unit = "B";
    for next in UNITS {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" {
        format!("{length} B")
    } else {
        format!("{value:.1} {unit}")
    }
}

/// The beginning of a hash, for where the whole is a click away.
pub(super) fn short(hash: Hash) -> String {
    let mut text = hash.to_string();
    text.truncate(12);
    text.push('…');
    text
}

/// When a block was made.
pub(super) fn time(block: u32, ms: Option<u64>) -> String {
    let time = ms.filter(|ms| *ms > 0).and_then(|ms| {
        let seconds = i64::try_from(ms / 1000).ok()?;
        let korea = UtcOffset::from_hms(9, 0, 0).ok()?;
        Some(OffsetDateTime::from_unix_timestamp(seconds).ok()?.to_offset(korea))
    });
    match time {
        None => format!("block {}", number(block.into())),
        Some(time) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02} KST",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1, 1023, 1024, 1 << 30].map(bytes), ["1 B", "1023 B", "1.0 KiB", "1.0 GiB"]);
        assert_eq!(time(7, Some(1_700_000_000_000)), "2023-11-15 07:13 KST");
        assert_eq!(time(1234, None), "block 1,234");
        assert_eq!([0, 12_500, 1_000_000, 1_000_001].map(share), ["0 %", "1.25 %", "100 %", "more than all"]);
        assert_eq!(derivation(Derivation::Permitted { royalty: 50_000 }), "가능 Yes, ≥ 5 %");
    }
}
