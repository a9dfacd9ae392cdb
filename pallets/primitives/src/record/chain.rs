//! The hash chain over a dataset's records.
//!
//! It begins with what registration fixed. Every attestation, revocation, withdrawal, handover, new version,
//! answered draw and trade adds one entry, and says in its own record which place it took: so the chain can be
//! computed again from the records alone, a record that is left out leaves a hole, and a rewrite of any of them
//! contradicts every head that was ever signed.

use super::{
    frozen::dataset as frozen, Amount, Attestation, Dataset, Handover, Parent, SampleAnswer, Trade, Version,
    Withdrawal,
};
use crate::{label, DatasetId, Digest};
use alloc::vec::Vec;
use codec::{Encode, EncodeAsRef, HasCompact};

/// The first value of a dataset's hash chain: everything that registration fixed.
pub fn first_head<AccountId: Encode, Balance: Amount, BlockNumber: Amount>(
    id: &DatasetId,
    dataset: &Dataset<AccountId, Balance, BlockNumber>,
    parents: &[Parent],
) -> Digest
where
    super::Moment<BlockNumber>: Encode,
{
    if dataset.version == frozen::LAYOUT {
        return frozen::first_head(id, dataset, parents);
    }
    let facts = (
        id,
        &dataset.registrant,
        dataset.length,
        dataset.metadata,
        dataset.method,
        &dataset.registered,
        dataset.depth,
        parents,
    );
    let [announced, provisional_until] = [&dataset.announced, &dataset.provisional_until].map(compact);
    label::hash(label::DATASET, &[&facts.encode(), &announced, &provisional_until])
}

/// A block number as the records encode it.
fn compact<N: Amount>(number: &N) -> Vec<u8> {
    <<N as HasCompact>::Type as EncodeAsRef<'_, N>>::RefType::from(number).encode()
}

/// The value of a dataset's hash chain after one more entry.
pub fn next_head(head: &Digest, entry: &Digest) -> Digest {
    label::hash(label::RECORD, &[head, entry])
}

/// The chain's entry for an attestation: once when it is made (`revoked` is `None`) and, with the revocation in
/// it, once more when it is revoked. The deposit is no part of it.
pub fn attestation_entry<AccountId: Encode, Balance: Amount, BlockNumber: Amount>(
    id: &DatasetId,
    index: u32,
    attestation: &Attestation<AccountId, Balance, BlockNumber>,
) -> Digest
where
    super::Moment<BlockNumber>: Encode,
    Option<super::Revocation<BlockNumber>>: Encode,
{
    let facts = (
        id,
        index,
        &attestation.inspector,
        attestation.kind,
        attestation.document,
        &attestation.at,
        attestation.position,
        &attestation.revoked,
    );
    label::hash(label::ATTESTATION, &[&facts.encode()])
}

/// The chain's entry for a withdrawal.
pub fn withdrawal_entry<BlockNumber: Amount>(id: &DatasetId, withdrawal: &Withdrawal<BlockNumber>) -> Digest
where
    Withdrawal<BlockNumber>: Encode,
{
    label::hash(label::WITHDRAWAL, &[&id.0, &withdrawal.encode()])
}

/// The chain's entry for the answer to the fair sample's draw.
pub fn sample_entry<BlockNumber: Amount>(id: &DatasetId, answer: &SampleAnswer<BlockNumber>) -> Digest
where
    SampleAnswer<BlockNumber>: Encode,
{
    label::hash(label::SAMPLE, &[&id.0, &answer.encode()])
}

/// The chain's entry for the handover with this number.
pub fn handover_entry<AccountId, BlockNumber: Amount>(
    id: &DatasetId,
    index: u32,
    handover: &Handover<AccountId, BlockNumber>,
) -> Digest
where
    Handover<AccountId, BlockNumber>: Encode,
{
    label::hash(label::HANDOVER, &[&id.0, &index.to_le_bytes(), &handover.encode()])
}

/// The chain's entry for the new version with this number.
pub fn version_entry(id: &DatasetId, index: u32, version: &Version) -> Digest {
    label::hash(label::VERSION, &[&id.0, &index.to_le_bytes(), &version.encode()])
}

/// The chain's entry for the trade with this number.
pub fn trade_entry<AccountId, Balance: Amount, BlockNumber: Amount>(
    id: &DatasetId,
    index: u32,
    trade: &Trade<AccountId, Balance, BlockNumber>,
) -> Digest
where
    Trade<AccountId, Balance, BlockNumber>: Encode,
{
    label::hash(label::TRADE, &[&id.0, &index.to_le_bytes(), &trade.encode()])
}
