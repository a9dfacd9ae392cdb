//! Datasets, and what was said and done about them, as programs and people read them.

use serde_json::{json, Value};
use wonbon_client::ledger::{
    text, Attestation, AttestationKind, Dataset, DatasetId, Digest, Handover, Parent, RoyaltyShare, Share,
};
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::sample::ruled_out;

use super::{amount, word};
use crate::output::units;

/// One word.
pub fn attestation_word(kind: AttestationKind) -> &'static str {
    match kind {
        AttestationKind::Quality => "quality",
        AttestationKind::SmartFactoryLevel => "smart_factory_level",
        AttestationKind::Processing => "processing",
    }
}

/// A dataset with its parents.
pub fn dataset(id: &DatasetId, record: &Dataset, parents: &[Parent]) -> Value {
    json!({
        "dataset": id.to_string(),
        "registrant": record.registrant.to_string(),
        "owner": record.owner.to_string(),
        "length": record.length,
        "metadata": to_hex(&record.metadata),
        "method": word(&record.method),
        "registered_at": record.registered.block,
        "registered_time_ms": record.registered.time,
        "depth": record.depth,
        "attestation_count": record.attestation_count,
        "handover_count": record.handover_count,
        "version_count": record.version_count,
        "trade_count": record.trade_count,
        "withdrawn": record.withdrawn.as_ref().map(|withdrawal| json!({
            "at": withdrawal.at.block, "time_ms": withdrawal.at.time, "reason": text(&withdrawal.reason),
        })),
        "sample": record.sample.as_ref().map(|answer| json!({
            "blocks": answer.blocks, "digest": to_hex(&answer.digest),
            "at": answer.at.block, "time_ms": answer.at.time,
        })),
        "parents": parents.iter().map(parent).collect::<Vec<_>>(),
        "records": record.records,
        "head": to_hex(&record.head),
        "deposit": amount(record.deposit),
    })
}

/// A parent with the relation to it.
pub fn parent(parent: &Parent) -> Value {
    json!({
        "dataset": parent.dataset.to_string(),
        "relation": word(&parent.relation),
        "royalty": parent.royalty.millionths(),
    })
}

/// A royalty that a dataset carries.
pub fn royalty_share(royalty: &RoyaltyShare) -> Value {
    json!({ "dataset": royalty.dataset.to_string(), "share": royalty.share.millionths() })
}

/// A handover.
pub fn handover(index: u32, record: &Handover) -> Value {
    json!({
        "index": index,
        "from": record.from.to_string(),
        "to": record.to.to_string(),
        "at": record.at.block,
        "time_ms": record.at.time,
    })
}

/// The smallest share of bad blocks that the fair sample rules out with 99 % confidence, if it was answered.
fn ruled_out_share(record: &Dataset) -> Option<Share> {
    let answer = record.sample.as_ref()?;
    ruled_out(answer.blocks.into(), block_count(record.length))
}

/// The fair sample.
pub fn draw(record: &Dataset, seed: Option<&Digest>) -> Value {
    let state = match (&record.sample, seed) {
        (Some(_), _) => "answered",
        (None, Some(_)) => "unanswered",
        (None, None) => "waiting",
    };
    json!({
        "state": state,
        "seed": seed.map(to_hex),
        "blocks": block_count(record.length),
        "shown": record.sample.as_ref().map_or(0, |answer| answer.blocks),
        "ruled_out": ruled_out_share(record).map(Share::millionths),
    })
}

/// The same in a sentence.
pub fn draw_text(record: &Dataset, seed: Option<&Digest>) -> String {
    match (&record.sample, seed) {
        (None, None) => "fair sample: not drawn yet".into(),
        (None, Some(_)) => "fair sample: drawn, and NOT ANSWERED by the owner".into(),
        (Some(answer), _) => {
            let blocks = units::thousands(block_count(record.length).into());
            let shown = units::thousands(answer.blocks.into());
            let worth = match ruled_out_share(record) {
                None => "nothing is ruled out".to_owned(),
                Some(Share::NONE) => "every block is shown".to_owned(),
                Some(share) => {
                    // To a tenth of a per cent, rounded up, so that what is said stays true.
                    let coarse = share.millionths().div_ceil(1000).saturating_mul(1000);
                    let share = Share::from_millionths(coarse).unwrap_or(Share::WHOLE);
                    format!("if they are good, {share} or more bad blocks are ruled out with 99 % confidence")
                }
            };
            format!("fair sample: {shown} of {blocks} blocks shown; {worth}")
        }
    }
}

/// A dataset as lines.
pub fn dataset_fields(id: &DatasetId, record: &Dataset, parents: &[Parent]) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("dataset", id.to_string()),
        ("registered", format!("first here by {}, {}", record.registrant, units::moment(&record.registered))),
        ("owner", record.owner.to_string()),
        ("length", units::bytes_exact(record.length)),
        ("made", word(&record.method)),
        ("metadata", to_hex(&record.metadata)),
    ];
    for parent in parents {
        let royalty = match parent.royalty {
            Share::NONE => String::new(),
            share => format!(", royalty {share}"),
        };
        fields.push(("parent", format!("{} {}{royalty}", word(&parent.relation), parent.dataset)));
    }
    if let Some(withdrawal) = &record.withdrawn {
        let reason = text(&withdrawal.reason);
        fields.push(("withdrawn", format!("{}: {reason}", units::moment(&withdrawal.at))));
    }
    fields
}

/// An attestation.
pub fn attestation(index: u32, record: &Attestation) -> Value {
    json!({
        "index": index,
        "inspector": record.inspector.to_string(),
        "kind": attestation_word(record.kind),
        "document": to_hex(&record.document),
        "at": record.at.block,
        "time_ms": record.at.time,
        "revoked": record.revoked.as_ref().map(|revocation| json!({
            "by": word(&revocation.by), "at": revocation.at.block, "time_ms": revocation.at.time,
            "reason": text(&revocation.reason),
        })),
    })
}
