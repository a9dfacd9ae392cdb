//! The chain's records as lines for people: a name and a text each. Programs read `wonbon_model::json`.

use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::words::trade::{derivation_sentence, outcome_sentence};
use wonbon_model::words::{self, amount, duration, size, time, Term};
use wonbon_model::{
    text, AccountId, Dataset, DatasetId, Digest, EntryKey, Moment, Offer, OfferId, Order, OrderId,
    OrderState, Parent, Participant, Share, Trade,
};
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;

/// A name and a text.
pub type Line = (&'static str, String);

/// What people read about a company, line by line.
pub fn participant(account: &AccountId, record: &Participant) -> Vec<Line> {
    let profile = &record.profile;
    let roles: Vec<_> = profile.roles.iter().map(|role| role.word()).collect();
    let accredited = if record.accredited { ", accredited" } else { "" };
    vec![
        ("account", account.to_string()),
        ("name", text(&profile.name)),
        ("registration", profile.registration_number.to_string()),
        ("industry", format!("KSIC {}", profile.ksic)),
        ("size", format!("{} ({})", profile.size.word(), profile.size.words().korean)),
        ("region", format!("{} ({})", profile.region.word(), profile.region.words().korean)),
        ("roles", roles.join(", ")),
        ("standing", format!("{}{accredited}", record.standing.word())),
        ("registered", format!("block {}", record.registered_at)),
        ("changed", format!("block {}", record.changed_at)),
    ]
}

/// A dataset, and what it was made from.
pub fn dataset(id: &DatasetId, record: &Dataset, parents: &[Parent]) -> Vec<Line> {
    let mut lines = vec![
        ("dataset", id.to_string()),
        ("registered", format!("first here by {}, {}", record.registrant, time::moment(&record.registered))),
        ("provisional", format!("until about {}", time::moment(&stands_from(record)))),
        ("owner", record.owner.to_string()),
        ("length", size::bytes_exact(record.length)),
        ("made", record.method.word().to_owned()),
        ("metadata", to_hex(&record.metadata)),
    ];
    for parent in parents {
        let royalty = match parent.royalty {
            Share::NONE => String::new(),
            share => format!(", royalty {share}"),
        };
        lines.push(("parent", format!("{} {}{royalty}", parent.relation.word(), parent.dataset)));
    }
    if let Some(withdrawal) = &record.withdrawn {
        let reason = text(&withdrawal.reason);
        lines.push(("withdrawn", format!("{}: {reason}", time::moment(&withdrawal.at))));
    }
    lines
}

/// The block from which on no earlier announcement displaces a registration, and about when it comes.
fn stands_from(record: &Dataset) -> Moment {
    let blocks = record.provisional_until.saturating_sub(record.registered.block);
    let wait = u64::from(blocks).saturating_mul(u64::from(BLOCK_SECONDS)).saturating_mul(1_000);
    // A block without a time has none here either.
    let time = match record.registered.time {
        0 => 0,
        time => time.saturating_add(wait),
    };
    Moment { block: record.provisional_until, time }
}

/// The fair sample of a dataset, as far as the chain tells: an answer is the owner's claim.
pub fn draw(record: &Dataset, seed: Option<&Digest>) -> String {
    match (&record.sample, seed) {
        (None, None) => "fair sample: not drawn yet".into(),
        (None, Some(_)) => "fair sample: drawn, and NOT ANSWERED by the owner".into(),
        (Some(answer), _) => {
            let blocks = amount::number(block_count(record.length));
            let shown = amount::number(answer.blocks);
            let file = to_hex(&answer.digest);
            format!(
                "fair sample: the owner answered for {shown} of {blocks} blocks (file sha256 {file}); check with \
                 `wonbon sample`"
            )
        }
    }
}

/// What people read about an offer, line by line.
pub fn offer(id: OfferId, record: &Offer) -> Vec<Line> {
    let [bond, exposure] = [record.bond, record.exposure].map(amount::krw);
    let mut lines = vec![
        ("offer", id.to_string()),
        ("state", record.state.word().to_owned()),
        ("dataset", record.dataset.to_string()),
        ("seller", record.seller.to_string()),
        ("price", amount::krw(record.price)),
        ("length", size::bytes_exact(record.length)),
        ("licence", to_hex(&record.licence)),
        ("nda", to_hex(&record.nda)),
        ("delivery within", duration::blocks(record.delivery_window)),
        ("dispute within", duration::blocks(record.dispute_window)),
        ("bond", format!("{bond} ({exposure} behind {} open orders)", record.open_orders)),
        ("sealed root", to_hex(&record.sealed_root)),
        ("key commitment", to_hex(&record.key_commitment)),
        ("offered", format!("block {}", record.offered_at)),
        ("deriving", derivation_sentence(record.derivation)),
        (
            "ended otherwise",
            format!(
                "{} missed, {} refused, {} paid back by agreement",
                amount::number(record.missed),
                amount::number(record.refused),
                amount::number(record.refunded)
            ),
        ),
    ];
    if let Some(pause) = &record.pause {
        let penalty = amount::krw(pause.penalty);
        lines.push(("delivery missed", format!("block {}, {penalty} paid for it", pause.since)));
    }
    if let Some(leaving) = &record.leaving {
        let amount = amount::krw(leaving.amount);
        lines.push(("bond leaving", format!("{amount} after block {}", leaving.stays_until)));
    }
    lines
}

/// An order that is not final.
pub fn order(id: OrderId, record: &Order) -> Vec<Line> {
    let [reserve, left] = [record.terms.dispute_reserve, record.reserve_left].map(amount::krw);
    let mut lines = vec![
        ("order", id.to_string()),
        ("state", words::OrderState::from(&record.state).word().to_owned()),
        ("offer", record.offer.to_string()),
        ("dataset", record.terms.dataset.to_string()),
        ("seller", record.terms.seller.to_string()),
        ("buyer", record.buyer.to_string()),
        ("price", amount::krw(record.terms.price)),
        ("platform fee", amount::krw(record.terms.platform_fee)),
        ("dispute reserve", format!("{reserve} ({left} left)")),
        ("placed", format!("block {}", record.placed_at)),
        ("deliver by", format!("block {}", record.deliver_by)),
    ];
    if let OrderState::Delivered { at, dispute_until, .. } = record.state {
        lines.push(("delivered", format!("block {at}")));
        lines.push(("dispute until", format!("block {dispute_until}")));
    }
    if let Some(proposed) = record.refund_proposed {
        lines.push((
            "refund proposed",
            format!("block {proposed}; `wonbon order accept-refund {id}` takes it"),
        ));
    }
    lines
}

/// What people read about a trade, line by line.
pub fn trade(key: EntryKey, record: &Trade) -> Vec<Line> {
    let EntryKey { dataset, index } = key;
    let mut lines = vec![
        ("order", record.order.to_string()),
        ("outcome", outcome_sentence(record.outcome)),
        ("trade", format!("number {index} of dataset {dataset}")),
        ("offer", record.offer.to_string()),
        ("seller", record.seller.to_string()),
        ("buyer", record.buyer.to_string()),
        ("price", amount::krw(record.price)),
        ("platform fee", amount::krw(record.platform_fee)),
        ("placed", format!("block {}", record.placed_at)),
        ("delivered", record.delivered_at.map_or("never".into(), |at| format!("block {at}"))),
        ("final", time::moment(&record.ended)),
        ("deriving", derivation_sentence(record.derivation)),
    ];
    for royalty in &record.royalties {
        let part = format!("{} to {} for {}", amount::krw(royalty.amount), royalty.account, royalty.dataset);
        lines.push(("royalty", part));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::{json::Draw, Method, SampleAnswer};

    /// The chain takes any 32 bytes for the digest of an answer.
    #[test]
    fn an_answer_on_the_chain_is_told_as_a_claim() {
        let mut record = Dataset {
            version: 1,
            registrant: AccountId([1; 32]),
            owner: AccountId([1; 32]),
            length: 3 * 4096,
            metadata: [0; 32],
            method: Method::Collected,
            registered: Moment { block: 1, time: 0 },
            announced: 0,
            provisional_until: 1,
            depth: 0,
            parent_count: 0,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: None,
            records: 0,
            head: [0; 32],
            deposit: 0,
        };
        let seed = [7; 32];
        let json = |record: &Dataset, seed| serde_json::to_value(Draw::new(record, seed)).unwrap();
        assert_eq!(json(&record, None)["state"], "waiting");
        assert_eq!(json(&record, Some(seed))["state"], "unanswered");
        let at = Moment { block: 9, time: 0 };
        record.sample = Some(SampleAnswer { blocks: 3, digest: [8; 32], at, position: 0 });
        let value = json(&record, Some(seed));
        assert_eq!(
            (&value["state"], &value["shown"], &value["blocks"]),
            (&"claimed".into(), &3.into(), &3.into())
        );
        assert_eq!((&value["digest"], &value["ruled_out"]), (&"08".repeat(32).into(), &().into()));
        let text = draw(&record, Some(&seed));
        let claim = format!("the owner answered for 3 of 3 blocks (file sha256 {})", "08".repeat(32));
        assert!(text.contains(&claim) && text.contains("`wonbon sample`"), "{text}");
        assert!(!text.contains('%') && !text.contains("shown"), "{text}");
    }
}
