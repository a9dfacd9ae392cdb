//! Datasets, and what was said and done about them, as programs and people read them.

use serde_json::{json, Value};
use wonbon_model::words::{size, time};
use wonbon_model::{
    text, Attestation, AttestationKind, Dataset, DatasetId, Digest, Handover, Parent, RoyaltyShare, Share,
};
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;

use super::{amount, word};

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

/// The fair sample, as far as the chain tells: an answer is the owner's claim, and rules nothing out before the file
/// is checked.
pub fn draw(record: &Dataset, seed: Option<&Digest>) -> Value {
    let state = match (&record.sample, seed) {
        (Some(_), _) => "claimed",
        (None, Some(_)) => "unanswered",
        (None, None) => "waiting",
    };
    json!({
        "state": state,
        "seed": seed.map(to_hex),
        "blocks": block_count(record.length),
        "shown": record.sample.as_ref().map_or(0, |answer| answer.blocks),
        "digest": record.sample.as_ref().map(|answer| to_hex(&answer.digest)),
    })
}

/// The same in a sentence.
pub fn draw_text(record: &Dataset, seed: Option<&Digest>) -> String {
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

/// A dataset as lines.
pub fn dataset_fields(id: &DatasetId, record: &Dataset, parents: &[Parent]) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("dataset", id.to_string()),
        ("registered", format!("first here by {}, {}", record.registrant, time::moment(&record.registered))),
        ("owner", record.owner.to_string()),
        ("length", size::bytes_exact(record.length)),
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
        fields.push(("withdrawn", format!("{}: {reason}", time::moment(&withdrawal.at))));
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

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::{AccountId, Method, Moment, SampleAnswer};

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
        assert_eq!(draw(&record, None)["state"], "waiting");
        assert_eq!(draw(&record, Some(&seed))["state"], "unanswered");
        let at = Moment { block: 9, time: 0 };
        record.sample = Some(SampleAnswer { blocks: 3, digest: [8; 32], at, position: 0 });
        let value = draw(&record, Some(&seed));
        assert_eq!(
            (&value["state"], &value["shown"], &value["blocks"]),
            (&json!("claimed"), &json!(3), &json!(3))
        );
        assert_eq!((&value["digest"], value.get("ruled_out")), (&json!("08".repeat(32)), None));
        let text = draw_text(&record, Some(&seed));
        let claim = format!("the owner answered for 3 of 3 blocks (file sha256 {})", "08".repeat(32));
        assert!(text.contains(&claim) && text.contains("`wonbon sample`"), "{text}");
        assert!(!text.contains('%') && !text.contains("shown"), "{text}");
    }
}
