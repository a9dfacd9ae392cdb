//! The first layout of a dataset's record: it says neither when the dataset was announced nor until when its
//! registration was provisional, because none was.

use super::super::{Amount, Dataset, Moment, SampleAnswer, Withdrawal, DATASET_LAYOUT};
use crate::{dataset::Method, label, record::Parent, DatasetId, Digest};
use codec::{Decode, DecodeAll, Encode, Error};

/// The layout byte of these records.
pub(in crate::record) const LAYOUT: u8 = 1;

/// A dataset, as the first layout has it.
#[derive(Decode)]
struct DatasetV1<AccountId, Balance: Amount, BlockNumber: Amount> {
    version: u8,
    registrant: AccountId,
    owner: AccountId,
    #[codec(compact)]
    length: u64,
    metadata: Digest,
    method: Method,
    registered: Moment<BlockNumber>,
    #[codec(compact)]
    depth: u32,
    #[codec(compact)]
    parent_count: u32,
    #[codec(compact)]
    attestation_count: u32,
    #[codec(compact)]
    handover_count: u32,
    #[codec(compact)]
    version_count: u32,
    #[codec(compact)]
    trade_count: u32,
    withdrawn: Option<Withdrawal<BlockNumber>>,
    sample: Option<SampleAnswer<BlockNumber>>,
    #[codec(compact)]
    records: u32,
    head: Digest,
    #[codec(compact)]
    deposit: Balance,
}

impl<AccountId, Balance: Amount, BlockNumber: Amount + Copy> From<DatasetV1<AccountId, Balance, BlockNumber>>
    for Dataset<AccountId, Balance, BlockNumber>
{
    fn from(old: DatasetV1<AccountId, Balance, BlockNumber>) -> Self {
        Self {
            version: old.version,
            registrant: old.registrant,
            owner: old.owner,
            length: old.length,
            metadata: old.metadata,
            method: old.method,
            registered: old.registered,
            announced: old.registered.block,
            provisional_until: old.registered.block,
            depth: old.depth,
            parent_count: old.parent_count,
            attestation_count: old.attestation_count,
            handover_count: old.handover_count,
            version_count: old.version_count,
            trade_count: old.trade_count,
            withdrawn: old.withdrawn,
            sample: old.sample,
            records: old.records,
            head: old.head,
            deposit: old.deposit,
        }
    }
}

/// Decodes a dataset's record of either layout, to its last byte. Its `version` says which it had; `None` if the layout
/// is known neither here nor by [`Dataset`].
pub fn decode_dataset<AccountId, Balance, BlockNumber>(
    bytes: &[u8],
) -> Option<Result<Dataset<AccountId, Balance, BlockNumber>, Error>>
where
    Balance: Amount,
    BlockNumber: Amount + Copy,
    AccountId: Decode,
    Moment<BlockNumber>: Decode,
    Option<Withdrawal<BlockNumber>>: Decode,
    Option<SampleAnswer<BlockNumber>>: Decode,
    Dataset<AccountId, Balance, BlockNumber>: Decode,
{
    let mut rest = bytes;
    match bytes.first() {
        Some(&LAYOUT) => {
            Some(DatasetV1::<AccountId, Balance, BlockNumber>::decode_all(&mut rest).map(Dataset::from))
        }
        Some(&DATASET_LAYOUT) | None => Some(Dataset::decode_all(&mut rest)),
        Some(_) => None,
    }
}

/// The first value of the hash chain of a dataset whose record had this layout.
pub(in crate::record) fn first_head<AccountId: Encode, Balance: Amount, BlockNumber: Amount>(
    id: &DatasetId,
    dataset: &Dataset<AccountId, Balance, BlockNumber>,
    parents: &[Parent],
) -> Digest
where
    Moment<BlockNumber>: Encode,
{
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
    label::hash(label::FROZEN_DATASET, &[&facts.encode()])
}
