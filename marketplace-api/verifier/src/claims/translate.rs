//! Records in the words of claims: field by field, nothing added and nothing left out.

use super::{
    records::{self, DatasetRecord},
    Attestation, Company, Dataset, Derivation, DeriveError, Handover, Moment, Outcome, Parent, Recovered,
    Revocation, Royalty, SampleAnswer, Trade, Version, Withdrawal,
};
use crate::{
    refusal::{RecordName, Unreadable},
    value::Time,
    BlockNumber,
};
use std::fmt::Display;
use wonbon_primitives::{
    content::check_length,
    record::{self, DATASET_LAYOUT},
    DatasetId,
};

pub(super) fn unreadable(record: RecordName, what: impl Display) -> Unreadable {
    Unreadable::Record { record, what: what.to_string() }
}

pub(super) fn time(millis: u64, name: RecordName) -> Result<Time, Unreadable> {
    Time::from_millis(millis).ok_or_else(|| unreadable(name, "its time is after the year 9999"))
}

fn moment(moment: &record::Moment<BlockNumber>, name: RecordName) -> Result<Moment, Unreadable> {
    Ok(Moment { block: moment.block, time: time(moment.time, name)? })
}

fn text(bytes: &[u8], name: RecordName) -> Result<String, Unreadable> {
    String::from_utf8(bytes.to_vec()).map_err(|_| unreadable(name, "a text is not UTF-8"))
}

pub(super) fn dataset(
    id: &DatasetId,
    record: &DatasetRecord,
    parents: &[record::Parent],
) -> Result<Dataset, DeriveError> {
    let name = RecordName::Dataset(id.0.into());
    check_length(record.length).map_err(|error| unreadable(name, error))?;
    let withdrawn = match &record.withdrawn {
        Some(withdrawal) => Some(Withdrawal {
            at: moment(&withdrawal.at, name)?,
            reason: text(&withdrawal.reason, name)?,
            position: withdrawal.position,
        }),
        None => None,
    };
    let fair_sample = match &record.sample {
        Some(answer) => Some(SampleAnswer {
            blocks: answer.blocks,
            digest: answer.digest.into(),
            at: moment(&answer.at, name)?,
            position: answer.position,
            seed: None,
        }),
        None => None,
    };
    // The first layout does not.
    let says_origin = record.version >= DATASET_LAYOUT;
    Ok(Dataset {
        id: id.0.into(),
        length: record.length.into(),
        metadata: record.metadata.into(),
        method: record.method,
        registrant: record.registrant,
        registered: moment(&record.registered, name)?,
        announced: says_origin.then_some(record.announced),
        provisional_until: says_origin.then_some(record.provisional_until),
        owner: record.owner,
        depth: record.depth,
        parents: parents
            .iter()
            .map(|parent| Parent {
                dataset: parent.dataset.0.into(),
                relation: parent.relation,
                royalty_millionths: parent.royalty.millionths(),
            })
            .collect(),
        withdrawn,
        fair_sample,
        attestation_count: record.attestation_count,
        handover_count: record.handover_count,
        version_count: record.version_count,
        trade_count: record.trade_count,
        records: record.records,
        head: record.head.into(),
        deposit: record.deposit.into(),
    })
}

/// A company; `people` is what it is beside that if it acts through people.
pub(super) fn company(
    record: &records::Participant,
    people: Option<&records::Company>,
    name: RecordName,
) -> Result<Company, DeriveError> {
    let profile = &record.profile;
    let recovered = people
        .filter(|people| people.recoveries > 0)
        .map(|people| Recovered { times: people.recoveries, last: people.recovered_at.unwrap_or_default() });
    Ok(Company {
        name: text(&profile.name, name)?,
        registration_number: profile.registration_number.to_string(),
        ksic: profile.ksic.to_string(),
        size: profile.size,
        region: profile.region,
        roles: profile.roles.iter().collect(),
        standing: record.standing,
        accredited: record.accredited,
        registered_at: record.registered_at,
        changed_at: record.changed_at,
        deposit: record.deposit.into(),
        recovered,
    })
}

pub(super) fn attestation(
    index: u32,
    record: &records::Attestation,
    name: RecordName,
) -> Result<Attestation, DeriveError> {
    let revoked = match &record.revoked {
        Some(revocation) => Some(Revocation {
            by: revocation.by,
            at: moment(&revocation.at, name)?,
            reason: text(&revocation.reason, name)?,
            position: revocation.position,
        }),
        None => None,
    };
    Ok(Attestation {
        index,
        inspector: record.inspector,
        kind: record.kind,
        document: record.document.into(),
        at: moment(&record.at, name)?,
        position: record.position,
        revoked,
        deposit: record.deposit.into(),
    })
}

pub(super) fn handover(
    index: u32,
    record: &records::Handover,
    name: RecordName,
) -> Result<Handover, DeriveError> {
    Ok(Handover {
        index,
        from: record.from,
        to: record.to,
        at: moment(&record.at, name)?,
        position: record.position,
    })
}

pub(super) fn version(index: u32, record: &record::Version) -> Version {
    Version { index, dataset: record.dataset.0.into(), position: record.position }
}

pub(super) fn trade(index: u32, record: &records::Trade, name: RecordName) -> Result<Trade, DeriveError> {
    Ok(Trade {
        index,
        order: record.order.into(),
        offer: record.offer.into(),
        seller: record.seller,
        buyer: record.buyer,
        price: record.price.into(),
        platform_fee: record.platform_fee.into(),
        royalties: record
            .royalties
            .iter()
            .map(|royalty| Royalty {
                dataset: royalty.dataset.0.into(),
                account: royalty.account,
                amount: royalty.amount.into(),
            })
            .collect(),
        licence: record.licence.into(),
        nda: record.nda.into(),
        derivation: match record.derivation {
            record::Derivation::Forbidden => Derivation::Forbidden,
            record::Derivation::Permitted { royalty } => {
                Derivation::Permitted { royalty_millionths: royalty.millionths() }
            }
        },
        terms: record.terms.into(),
        placed_at: record.placed_at,
        delivered_at: record.delivered_at,
        ended: moment(&record.ended, name)?,
        outcome: match record.outcome {
            record::Outcome::Accepted => Outcome::Accepted,
            record::Outcome::Lapsed => Outcome::Lapsed,
            record::Outcome::Missed => Outcome::Missed,
            record::Outcome::WrongKey => Outcome::WrongKey,
            record::Outcome::BadBlock(block) => Outcome::BadBlock { block: block.into() },
            record::Outcome::Faulted => Outcome::Faulted,
            record::Outcome::Refused => Outcome::Refused,
            record::Outcome::Refunded => Outcome::Refunded,
        },
        position: record.position,
    })
}
