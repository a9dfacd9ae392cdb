//! How rows look: keys that sort as their numbers do, values that say their layout.

use codec::{Decode, DecodeAll, Encode};

use crate::kv::KvError;

/// Layout of the values that came from the chain. Rows of another layout are thrown away and read again.
pub(crate) const CHAIN_LAYOUT: u8 = 3;
/// Layout of the values that only this service knows. A row of another layout is refused.
pub(crate) const LAYOUT: u8 = 1;

/// A value of the service's own with its layout byte.
pub(crate) fn encode<T: Encode>(value: &T) -> Vec<u8> {
    encode_as(LAYOUT, value)
}

/// The value of a row of the service's own.
pub(crate) fn decode<T: Decode>(bytes: &[u8]) -> Result<T, KvError> {
    decode_as(LAYOUT, bytes)
}

/// A value that came from the chain, with its layout byte.
pub(crate) fn encode_chain<T: Encode>(value: &T) -> Vec<u8> {
    encode_as(CHAIN_LAYOUT, value)
}

/// The value of a row that came from the chain.
pub(crate) fn decode_chain<T: Decode>(bytes: &[u8]) -> Result<T, KvError> {
    decode_as(CHAIN_LAYOUT, bytes)
}

fn encode_as<T: Encode>(layout: u8, value: &T) -> Vec<u8> {
    let mut bytes = vec![layout];
    value.encode_to(&mut bytes);
    bytes
}

fn decode_as<T: Decode>(layout: u8, bytes: &[u8]) -> Result<T, KvError> {
    match bytes.split_first() {
        Some((found, mut value)) if *found == layout => {
            T::decode_all(&mut value).map_err(|_| KvError::Corrupt("a value"))
        }
        Some((found, _)) => Err(KvError::Layout { found: *found, known: layout }),
        None => Err(KvError::Corrupt("an empty value")),
    }
}

/// A part of a key.
pub(crate) trait KeyPart {
    /// Appends bytes that sort as the value does.
    fn append_to(&self, key: &mut Vec<u8>);
}

impl KeyPart for u32 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl KeyPart for u64 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl KeyPart for crate::model::Hash {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

impl KeyPart for crate::model::Account {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

/// What kind of row a key of [`crate::kv::Table::Chain`] is of: its first byte.
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
    /// child, index → parent.
    Parent = 0x12,
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
    /// block, index → direct transfer.
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
    /// company, delegate, block, index → whether the delegate began to act then.
    Delegation = 0x2b,
    /// block, order: the key was delivered.
    DeliveryByTime = 0x2c,
    /// registrant, block, dataset: the fair sample is not answered, whoever owns the dataset by now.
    UnansweredByRegistrant = 0x2d,
}

impl Kind {
    /// A key, or the prefix of keys, from its parts.
    pub(crate) fn key(self, parts: &[&dyn KeyPart]) -> Vec<u8> {
        let mut key = Vec::with_capacity(1 + 32 * parts.len());
        key.push(self as u8);
        for part in parts {
            part.append_to(&mut key);
        }
        key
    }
}

/// What kind of row a key of [`crate::kv::Table::Service`] is of: its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ServiceKind {
    /// Mark: the chain's rows are being thrown away.
    Rebuilding = 0x00,
    /// sealed root → what is known of the payload.
    Payload = 0x10,
    /// account → bytes that it keeps here.
    StoredBytes = 0x11,
    /// sealed root, time in milliseconds, number → request for bytes; an earlier version wrote these.
    DownloadRequest = 0x20,
    /// sealed root, hour since 1970, account → downloads of that hour.
    Download = 0x21,
    /// hash of a token → session.
    Session = 0x30,
    /// account, expiry, hash of a token.
    SessionByAccount = 0x31,
}

impl ServiceKind {
    /// A key, or the prefix of keys, from its parts.
    pub(crate) fn key(self, parts: &[&dyn KeyPart]) -> Vec<u8> {
        let mut key = vec![self as u8];
        for part in parts {
            part.append_to(&mut key);
        }
        key
    }
}

/// The last bytes of an index key: what it points to.
pub(crate) fn tail<const N: usize>(key: &[u8]) -> Result<[u8; N], KvError> {
    key.last_chunk::<N>().copied().ok_or(KvError::Corrupt("a key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_another_layout_is_not_guessed_at() {
        let row = encode(&7u32);
        assert_eq!(decode::<u32>(&row).unwrap(), 7);
        assert!(matches!(
            decode::<u32>(&[CHAIN_LAYOUT, 7, 0, 0, 0]),
            Err(KvError::Layout { found: CHAIN_LAYOUT, known: LAYOUT })
        ));
        assert!(matches!(decode_chain::<u32>(&row), Err(KvError::Layout { found: LAYOUT, .. })));
        assert!(matches!(decode::<u32>(&row[..4]), Err(KvError::Corrupt(_))));
        assert!(matches!(decode::<u32>(&[&row[..], &[0]].concat()), Err(KvError::Corrupt(_))));
        assert!(matches!(decode::<u32>(&[]), Err(KvError::Corrupt(_))));
    }

    #[test]
    fn keys_sort_as_numbers_do() {
        assert!(Kind::Offer.key(&[&255u64]) < Kind::Offer.key(&[&256u64]));
    }
}
