//! How the rows of the read model look. Rows of another layout are thrown away and read again.

use wonbon_model::{DatasetId, EntryKey};
use wonbon_primitives::record::{
    COMPANY_LAYOUT, DATASET_LAYOUT, OFFER_LAYOUT, PARTICIPANT_LAYOUT, TRADE_LAYOUT,
};

use crate::kv::{
    row::{store_rows, tail},
    KvError,
};

/// Layout of what is no record: keys, indices, the rows about blocks. It grows with every change of theirs.
const OWN_LAYOUT: u8 = 3;
/// Layout of the values. None of these ever shrinks, so that the sum is another as soon as one of them is.
pub(crate) const LAYOUT: u8 =
    OWN_LAYOUT + COMPANY_LAYOUT + DATASET_LAYOUT + OFFER_LAYOUT + PARTICIPANT_LAYOUT + TRADE_LAYOUT;
/// Earlier versions, whose rows held copies of the records, had layouts up to 3.
const _: () = assert!(LAYOUT > 3);

store_rows!();

/// What kind of row a key is of: its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// → the block applied last.
    Applied = 0x00,
    /// number → hash, for the most recent blocks.
    RecentBlock = 0x01,
    /// number → hash and time in milliseconds, for blocks that changed something.
    Block = 0x02,
    /// → time in milliseconds of the block applied last.
    AppliedTime = 0x03,
    /// account → participant.
    Participant = 0x10,
    /// dataset → dataset.
    Dataset = 0x11,
    /// dataset → what it was made from, if anything.
    Parents = 0x12,
    /// parent, child → relation and royalty.
    Child = 0x13,
    /// dataset, index → attestation.
    Attestation = 0x14,
    /// offer → offer.
    Offer = 0x15,
    /// order → order that is not final.
    Order = 0x16,
    /// dataset, index → trade.
    Trade = 0x17,
    /// order → key of its trade.
    FinishedOrder = 0x18,
    /// dataset → account that may accept it.
    PendingHandover = 0x19,
    /// dataset, index → handover.
    Handover = 0x1a,
    /// dataset, index → version.
    Version = 0x1b,
    /// dataset → the royalties that it carries, if any.
    Royalties = 0x1c,
    /// block of registration → seed of the fair samples.
    Seed = 0x1d,
    /// company, dataset → right to sell what is made from it.
    DeriveRight = 0x1e,
    /// block, index → direct transfer: from, to, won.
    Transfer = 0x1f,
    /// block, dataset.
    DatasetByTime = 0x20,
    /// owner, block, dataset.
    DatasetByOwner = 0x21,
    /// dataset, offer.
    OfferByDataset = 0x22,
    /// seller, offer.
    OfferBySeller = 0x23,
    /// sealed root, offer.
    OfferBySealedRoot = 0x24,
    /// offer, order.
    OrderByOffer = 0x25,
    /// buyer, order.
    OrderByBuyer = 0x26,
    /// seller, order.
    OrderBySeller = 0x27,
    /// block, dataset, index.
    TradeByTime = 0x28,
    /// company, block, dataset, index.
    TradeByCompany = 0x29,
    /// owner, block, dataset: the fair sample is not answered.
    UnansweredByOwner = 0x2a,
    /// company, member, block, index → whether the member began to act then.
    Membership = 0x2b,
    /// block, order: the key was delivered.
    DeliveryByTime = 0x2c,
    /// registrant, block, dataset: the fair sample is not answered, whoever owns the dataset by now.
    UnansweredByRegistrant = 0x2d,
    /// account, block, dataset that was sold, index, place among the trade's royalties: one that it got.
    RoyaltyByAccount = 0x2e,
    /// dataset, block, dataset that was sold, index, place among the trade's royalties: one that was paid for it.
    RoyaltyByDataset = 0x2f,
    /// account → what royalties it got in all.
    RoyaltiesOfAccount = 0x3b,
    /// dataset → what royalties were paid for it in all.
    RoyaltiesOfDataset = 0x3c,
    /// account → what the company is that acts through people.
    Company = 0x30,
    /// company, member → member.
    Member = 0x31,
    /// member, company.
    CompanyByMember = 0x32,
    /// company → the new admin that is proposed.
    Recovery = 0x33,
    /// company, index → registration number that it had.
    FormerNumber = 0x34,
    /// account → clerk.
    Clerk = 0x35,
    /// first member, company → block of its establishment and the number that was claimed.
    Established = 0x36,
    /// block, index → number of the extrinsic, company, member.
    Act = 0x37,
    /// company, block, index.
    ActByCompany = 0x38,
    /// Mark: new orders are stopped.
    OrdersStopped = 0x39,
    /// → the upgrade of the chain that is announced.
    Upgrade = 0x3a,
    /// Mark: all rows are being thrown away. Its key is the largest of all.
    Rebuilding = 0xff,
}

/// Which of a dataset's records the end of a key points to.
pub(crate) fn entry_key(key: &[u8]) -> Result<EntryKey, KvError> {
    let (head, index) = key.split_last_chunk::<4>().ok_or(KvError::Corrupt("a key"))?;
    Ok(EntryKey { dataset: DatasetId(tail(head)?), index: u32::from_be_bytes(*index) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_another_layout_is_not_guessed_at() {
        let row = encode(&7u32);
        assert_eq!(decode::<u32>(&row).unwrap(), 7);
        let another = [&[LAYOUT + 1], &row[1..]].concat();
        assert!(matches!(decode::<u32>(&another), Err(KvError::Layout { known: LAYOUT, .. })));
    }

    #[test]
    fn keys_sort_as_numbers_do() {
        assert!(Kind::Offer.key(&[&255u64]) < Kind::Offer.key(&[&256u64]));
    }
}
