//! The words of the chain's choices. One that is added to the chain does not compile here without its own.

use super::{Choice, OrderState, Term, Words};
use crate::{
    AttestationKind, MemberRole, Method, OfferState, Outcome, Region, Relation, Revoker, Role, SizeClass,
    Standing,
};

macro_rules! terms {
    ($type:ident { $($variant:ident = $word:literal, $korean:literal, $english:literal;)+ } $($more:tt)*) => {
        impl Term for $type {
            fn word(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word),+ }
            }

            fn words(&self) -> Words {
                match self { $(Self::$variant { .. } => Words { korean: $korean, english: $english }),+ }
            }
            $($more)*
        }
    };
}

macro_rules! choices {
    ($type:ident { $($variant:ident = $word:literal, $korean:literal, $english:literal;)+ }) => {
        terms! { $type { $($variant = $word, $korean, $english;)+ } }

        impl Choice for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

choices! { Method {
    Collected = "collected", "수집", "collected";
    Cleaned = "cleaned", "정제", "cleaned";
    Preprocessed = "preprocessed", "전처리", "preprocessed";
    Labelled = "labelled", "라벨링", "labelled";
    Aggregated = "aggregated", "집계", "aggregated";
    Anonymised = "anonymised", "익명화", "anonymised";
    Synthesised = "synthesised", "합성", "synthesised";
} }

choices! { Relation {
    DerivedFrom = "derived_from", "파생", "derived from";
    NewVersionOf = "new_version_of", "새 버전", "new version of";
    CleanedFrom = "cleaned_from", "정제", "cleaned from";
    PreprocessedFrom = "preprocessed_from", "전처리", "preprocessed from";
    LabelledFrom = "labelled_from", "라벨링", "labelled from";
    AggregatedFrom = "aggregated_from", "집계", "aggregated from";
    AnonymisedFrom = "anonymised_from", "익명화", "anonymised from";
    SynthesisedFrom = "synthesised_from", "합성", "synthesised from";
    SubsetOf = "subset_of", "부분집합", "subset of";
} }

choices! { AttestationKind {
    Quality = "quality", "품질", "quality";
    SmartFactoryLevel = "smart_factory_level", "스마트공장 수준", "smart-factory level";
    Processing = "processing", "가공", "processing";
} }

choices! { Revoker {
    Inspector = "inspector", "검증기관", "by the inspector";
    Authority = "authority", "전담기관", "by the authority";
} }

choices! { Standing {
    Pending = "pending", "심사 중", "pending";
    Verified = "verified", "인증", "verified";
    Suspended = "suspended", "정지", "suspended";
} }

choices! { Role {
    Provider = "provider", "공급", "provider";
    Consumer = "consumer", "수요", "consumer";
    Auditor = "auditor", "감사", "auditor";
    Inspector = "inspector", "검증", "inspector";
} }

choices! { MemberRole {
    Admin = "admin", "관리", "admin";
    Buy = "buy", "구매", "buy";
    Sell = "sell", "판매", "sell";
    Deliver = "deliver", "인도", "deliver";
    Attest = "attest", "검증", "attest";
    Money = "money", "출금", "money";
} }

choices! { SizeClass {
    Small = "small", "소기업", "small";
    Medium = "medium", "중기업", "medium";
    MidMarket = "mid_market", "중견기업", "mid-market";
    Large = "large", "대기업", "large";
    Institute = "institute", "연구기관", "institute";
} }

choices! { OfferState {
    Open = "open", "판매 중", "open";
    Withdrawn = "withdrawn", "철회", "withdrawn";
    Faulted = "faulted", "하자", "faulted";
    Paused = "paused", "일시 중지", "paused";
} }

choices! { OrderState {
    Placed = "placed", "주문", "placed";
    Delivered = "delivered", "인도", "delivered";
} }

terms! { Outcome {
    Accepted = "accepted", "인수", "accepted, paid";
    Lapsed = "lapsed", "이의기간 경과", "undisputed, paid";
    Missed = "missed", "미인도 환불", "no key in time, refunded";
    WrongKey = "wrong_key", "키 오류 환불", "wrong key, refunded";
    BadBlock = "bad_block", "데이터 하자 환불", "wrong data, refunded";
    Faulted = "faulted", "하자 환불", "faulty sealing, refunded";
    Refused = "refused", "판매자 거절 환불", "refused by the seller, refunded";
    Refunded = "refunded", "합의 환불", "refunded by agreement";
}
    /// What ended the trade comes last, and a bad block has its number.
    fn label(&self) -> String {
        let english = match self {
            Self::Accepted => "Accepted",
            Self::Lapsed => "Settled after the dispute window",
            Self::Missed => "Refunded, no key in time",
            Self::WrongKey => "Refunded, wrong key",
            Self::BadBlock(block) => &format!("Refunded, block {block} was wrong"),
            Self::Faulted => "Refunded, the sealing was proved faulty",
            Self::Refused => "Refunded, the seller refused to deliver",
            Self::Refunded => "Refunded, as both agreed",
        };
        format!("{} {english}", self.words().korean)
    }
}

/// Programs have the code of ISO 3166-2.
impl Term for Region {
    fn word(&self) -> &'static str {
        self.code()
    }

    fn words(&self) -> Words {
        let english = match self {
            Self::Seoul => "Seoul",
            Self::Busan => "Busan",
            Self::Daegu => "Daegu",
            Self::Incheon => "Incheon",
            Self::Gwangju => "Gwangju",
            Self::Daejeon => "Daejeon",
            Self::Ulsan => "Ulsan",
            Self::Gyeonggi => "Gyeonggi",
            Self::Gangwon => "Gangwon",
            Self::NorthChungcheong => "North Chungcheong",
            Self::SouthChungcheong => "South Chungcheong",
            Self::NorthJeolla => "North Jeolla",
            Self::SouthJeolla => "South Jeolla",
            Self::NorthGyeongsang => "North Gyeongsang",
            Self::SouthGyeongsang => "South Gyeongsang",
            Self::Jeju => "Jeju",
            Self::Sejong => "Sejong",
        };
        Words { korean: self.korean(), english }
    }
}

impl Choice for Region {
    const ALL: &'static [Self] = &Region::ALL;
}

#[cfg(test)]
mod tests {
    use super::super::{parse, parse_typed};
    use super::*;
    use serde::Serialize;
    use std::fmt::Debug;

    /// Every word is read back, and is what the chain's own JSON has.
    fn check<T: Choice + Serialize + PartialEq + Debug>(count: usize) {
        assert_eq!(T::ALL.len(), count);
        for value in T::ALL {
            assert_eq!(serde_json::to_value(value).unwrap(), value.word());
            assert_eq!(parse(value.word()), Ok(*value));
        }
    }

    #[test]
    fn every_choice_has_its_word() {
        check::<Method>(7);
        check::<Relation>(9);
        check::<AttestationKind>(3);
        check::<Revoker>(2);
        check::<Standing>(3);
        check::<Role>(4);
        check::<MemberRole>(6);
        check::<SizeClass>(5);
        check::<Region>(17);
        let states = OfferState::ALL.iter().map(Term::word).collect::<Vec<_>>();
        assert_eq!(states, ["open", "withdrawn", "faulted", "paused"]);
    }

    #[test]
    fn words_that_people_type_are_read() {
        assert_eq!(parse_typed("collected"), Ok(Method::Collected));
        assert_eq!(parse_typed("cleaned-from"), Ok(Relation::CleanedFrom));
        assert_eq!(parse_typed(" Provider"), Ok(Role::Provider));
        assert_eq!(parse_typed("kr-11"), Ok(Region::Seoul));
        assert!(parse::<Relation>("cleaned-from").is_err());
        let error = parse_typed::<Method>("stolen").unwrap_err().to_string();
        assert!(error.starts_with("expected one of collected, cleaned, "), "{error}");
    }

    #[test]
    fn people_read_both_languages() {
        assert_eq!(Method::Labelled.label(), "라벨링 Labelled");
        assert_eq!(Relation::NewVersionOf.label(), "새 버전 New version of");
        assert_eq!(SizeClass::MidMarket.label(), "중견기업 Mid-market");
        assert_eq!(Region::Jeju.label(), "제주 Jeju");
        assert_eq!(AttestationKind::SmartFactoryLevel.label(), "스마트공장 수준 Smart-factory level");
    }
}
