//! The chain's records as programs (`--json`) and people read them.
//!
//! Promises: the JSON has the names and forms of the service's (snake case, 32-byte values as 64 hexadecimal
//! digits, accounts as SS58, heights and amounts as numbers).

mod dataset;

pub use dataset::{
    attestation, attestation_word, dataset, dataset_fields, draw, draw_text, handover, parent, royalty_share,
};

use serde_json::{json, Value};
use wonbon_model::words::{amount, duration, size, time};
use wonbon_model::{
    text, AccountId, DatasetId, Derivation, Offer, OfferId, OfferState, Order, OrderId, OrderState, Outcome,
    Participant, Royalties, Royalty, Standing, Trade,
};
use wonbon_primitives::company::SizeClass;
use wonbon_primitives::id::to_hex;

/// The word that serde writes for a unit variant.
pub fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// Reads the word of a unit variant; dashes pass for underscores.
pub fn parse_word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let word = text.trim().to_ascii_lowercase().replace('-', "_");
    serde_json::from_value(Value::String(word)).map_err(|error| format!("\"{text}\" is not known: {error}"))
}

/// An amount of money: a number, or digits in quotes beyond 2^64.
pub fn amount(value: u128) -> Value {
    u64::try_from(value).map_or_else(|_| json!(value.to_string()), |small| json!(small))
}

/// The Korean name of a size class.
pub fn size_korean(size: SizeClass) -> &'static str {
    match size {
        SizeClass::Small => "소기업",
        SizeClass::Medium => "중기업",
        SizeClass::MidMarket => "중견기업",
        SizeClass::Large => "대기업",
        SizeClass::Institute => "기관",
    }
}

/// One word.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "pending",
        Standing::Verified => "verified",
        Standing::Suspended => "suspended",
    }
}

/// One word.
pub fn offer_state(state: OfferState) -> &'static str {
    match state {
        OfferState::Open => "open",
        OfferState::Withdrawn => "withdrawn",
        OfferState::Faulted => "faulted",
    }
}

/// One word.
pub fn order_state(state: &OrderState) -> &'static str {
    match state {
        OrderState::Placed => "placed",
        OrderState::Delivered { .. } => "delivered",
    }
}

/// One word.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Lapsed => "lapsed",
        Outcome::Missed => "missed",
        Outcome::WrongKey => "wrong_key",
        Outcome::BadBlock(_) => "bad_block",
        Outcome::Faulted => "faulted",
    }
}

/// A sentence.
pub fn outcome_text(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted => "accepted by the buyer; the seller was paid".into(),
        Outcome::Lapsed => "the dispute window passed; the seller was paid".into(),
        Outcome::Missed => "not delivered in time; the buyer got the money back and a penalty".into(),
        Outcome::WrongKey => "the delivered key was proved wrong; the buyer got the money back".into(),
        Outcome::BadBlock(index) => format!("block {index} was proved bad; the buyer got the money back"),
        Outcome::Faulted => "another buyer proved a bad block; the buyer got the money back".into(),
    }
}

/// Whether the buyer got the money back.
pub fn refunded(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Accepted | Outcome::Lapsed)
}

/// A company.
pub fn participant(account: &AccountId, record: &Participant) -> Value {
    let profile = &record.profile;
    json!({
        "account": account.to_string(),
        "name": text(&profile.name),
        "registration_number": profile.registration_number.to_string(),
        "ksic": profile.ksic.to_string(),
        "size": word(&profile.size),
        "region": profile.region.code(),
        "roles": profile.roles.iter().map(|role| word(&role)).collect::<Vec<_>>(),
        "standing": standing(record.standing),
        "accredited": record.accredited,
        "registered_at": record.registered_at,
        "changed_at": record.changed_at,
        "deposit": amount(record.deposit),
    })
}

/// The same as lines.
pub fn participant_fields(account: &AccountId, record: &Participant) -> Vec<(&'static str, String)> {
    let profile = &record.profile;
    let roles: Vec<_> = profile.roles.iter().map(|role| word(&role)).collect();
    let accredited = if record.accredited { ", accredited" } else { "" };
    vec![
        ("account", account.to_string()),
        ("name", text(&profile.name)),
        ("registration", profile.registration_number.to_string()),
        ("industry", format!("KSIC {}", profile.ksic)),
        ("size", format!("{} ({})", word(&profile.size), size_korean(profile.size))),
        ("region", format!("{} ({})", profile.region.code(), profile.region.korean())),
        ("roles", roles.join(", ")),
        ("standing", format!("{}{accredited}", standing(record.standing))),
        ("registered", format!("block {}", record.registered_at)),
        ("changed", format!("block {}", record.changed_at)),
    ]
}

/// What one sale pays the ancestors' owners.
pub fn royalties(royalties: &Royalties) -> Value {
    let part = |royalty: &Royalty| {
        json!({
            "dataset": royalty.dataset.to_string(),
            "account": royalty.account.to_string(),
            "amount": amount(royalty.amount),
        })
    };
    royalties.iter().map(part).collect()
}

/// Their sum.
pub fn royalty_total(royalties: &Royalties) -> u128 {
    royalties.iter().fold(0, |sum: u128, royalty| sum.saturating_add(royalty.amount))
}

/// A sentence.
pub fn derivation_text(derivation: Derivation) -> String {
    match derivation {
        Derivation::Forbidden => "what is made from it may not be sold".into(),
        Derivation::Permitted { royalty } => {
            format!("what is made from it may be sold, for a royalty of at least {royalty} of each sale")
        }
    }
}

/// An offer.
pub fn offer(id: OfferId, record: &Offer) -> Value {
    json!({
        "offer": id,
        "dataset": record.dataset.to_string(),
        "seller": record.seller.to_string(),
        "length": record.length,
        "sealed_root": to_hex(&record.sealed_root),
        "key_commitment": to_hex(&record.key_commitment),
        "price": amount(record.price),
        "licence": to_hex(&record.licence),
        "nda": to_hex(&record.nda),
        "delivery_window": record.delivery_window,
        "dispute_window": record.dispute_window,
        "bond": amount(record.bond),
        "open_orders": record.open_orders,
        "exposure": amount(record.exposure),
        "state": offer_state(record.state),
        "offered_at": record.offered_at,
        "derivation": record.derivation,
    })
}

/// The same as lines.
pub fn offer_fields(id: OfferId, record: &Offer) -> Vec<(&'static str, String)> {
    vec![
        ("offer", id.to_string()),
        ("state", offer_state(record.state).into()),
        ("dataset", record.dataset.to_string()),
        ("seller", record.seller.to_string()),
        ("price", amount::krw(record.price)),
        ("length", size::bytes_exact(record.length)),
        ("licence", to_hex(&record.licence)),
        ("nda", to_hex(&record.nda)),
        ("delivery within", duration::blocks(record.delivery_window)),
        ("dispute within", duration::blocks(record.dispute_window)),
        (
            "bond",
            format!(
                "{} ({} behind {} open orders)",
                amount::krw(record.bond),
                amount::krw(record.exposure),
                record.open_orders
            ),
        ),
        ("sealed root", to_hex(&record.sealed_root)),
        ("key commitment", to_hex(&record.key_commitment)),
        ("offered", format!("block {}", record.offered_at)),
        ("deriving", derivation_text(record.derivation)),
    ]
}

/// An order that is not final.
pub fn order(id: OrderId, record: &Order) -> Value {
    let (delivered_at, dispute_until) = match record.state {
        OrderState::Placed => (None, None),
        OrderState::Delivered { at, dispute_until, .. } => (Some(at), Some(dispute_until)),
    };
    json!({
        "order": id,
        "offer": record.offer,
        "dataset": record.terms.dataset.to_string(),
        "seller": record.terms.seller.to_string(),
        "buyer": record.buyer.to_string(),
        "price": amount(record.terms.price),
        "platform_fee": amount(record.terms.platform_fee),
        "dispute_reserve": amount(record.terms.dispute_reserve),
        "bond": amount(record.terms.bond),
        "terms": to_hex(&record.terms.digest()),
        "licence": to_hex(&record.terms.licence),
        "nda": to_hex(&record.terms.nda),
        "derivation": record.terms.derivation,
        "royalties": royalties(&record.terms.royalties),
        "placed_at": record.placed_at,
        "deliver_by": record.deliver_by,
        "delivered_at": delivered_at,
        "dispute_until": dispute_until,
        "state": order_state(&record.state),
        "final": false,
    })
}

/// The same as lines.
pub fn order_fields(id: OrderId, record: &Order) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("order", id.to_string()),
        ("state", order_state(&record.state).into()),
        ("offer", record.offer.to_string()),
        ("dataset", record.terms.dataset.to_string()),
        ("seller", record.terms.seller.to_string()),
        ("buyer", record.buyer.to_string()),
        ("price", amount::krw(record.terms.price)),
        ("platform fee", amount::krw(record.terms.platform_fee)),
        (
            "dispute reserve",
            format!(
                "{} ({} left)",
                amount::krw(record.terms.dispute_reserve),
                amount::krw(record.reserve_left)
            ),
        ),
        ("placed", format!("block {}", record.placed_at)),
        ("deliver by", format!("block {}", record.deliver_by)),
    ];
    if let OrderState::Delivered { at, dispute_until, .. } = record.state {
        fields.push(("delivered", format!("block {at}")));
        fields.push(("dispute until", format!("block {dispute_until}")));
    }
    fields
}

/// A final trade.
pub fn trade(dataset: &DatasetId, index: u32, record: &Trade) -> Value {
    let block = match record.outcome {
        Outcome::BadBlock(index) => Some(index),
        _ => None,
    };
    json!({
        "dataset": dataset.to_string(),
        "index": index,
        "order": record.order,
        "offer": record.offer,
        "seller": record.seller.to_string(),
        "buyer": record.buyer.to_string(),
        "price": amount(record.price),
        "platform_fee": amount(record.platform_fee),
        "royalties": royalties(&record.royalties),
        "licence": to_hex(&record.licence),
        "nda": to_hex(&record.nda),
        "derivation": record.derivation,
        "terms": to_hex(&record.terms),
        "placed_at": record.placed_at,
        "delivered_at": record.delivered_at,
        "final_at": record.ended.block,
        "final_time_ms": record.ended.time,
        "outcome": outcome_word(record.outcome),
        "bad_block": block,
        "final": true,
    })
}

/// The same as lines.
pub fn trade_fields(dataset: &DatasetId, index: u32, record: &Trade) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("order", record.order.to_string()),
        ("outcome", outcome_text(record.outcome)),
        ("trade", format!("number {index} of dataset {dataset}")),
        ("offer", record.offer.to_string()),
        ("seller", record.seller.to_string()),
        ("buyer", record.buyer.to_string()),
        ("price", amount::krw(record.price)),
        ("platform fee", amount::krw(record.platform_fee)),
        ("placed", format!("block {}", record.placed_at)),
        ("delivered", record.delivered_at.map_or("never".into(), |at| format!("block {at}"))),
        ("final", time::moment(&record.ended)),
        ("deriving", derivation_text(record.derivation)),
    ];
    for royalty in &record.royalties {
        let part = format!("{} to {} for {}", amount::krw(royalty.amount), royalty.account, royalty.dataset);
        fields.push(("royalty", part));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_primitives::company::{Region, Role};
    use wonbon_primitives::dataset::{Method, Relation};

    #[test]
    fn words_are_read_back() {
        assert_eq!(parse_word::<Method>("collected").unwrap(), Method::Collected);
        assert_eq!(parse_word::<Relation>("cleaned-from").unwrap(), Relation::CleanedFrom);
        assert_eq!(parse_word::<Role>("Provider").unwrap(), Role::Provider);
        assert_eq!(word(&SizeClass::MidMarket), "mid_market");
        assert!(parse_word::<Method>("stolen").unwrap_err().contains("collected"));
        assert_eq!("서울".parse::<Region>().unwrap().code(), "KR-11");
    }

    #[test]
    fn amounts_beyond_numbers_are_text() {
        assert_eq!(amount(1_500_000).to_string(), "1500000");
        assert_eq!(amount(u128::from(u64::MAX) + 1).to_string(), "\"18446744073709551616\"");
    }
}
