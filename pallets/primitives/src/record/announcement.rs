//! What stands on the chain of a dataset before it is registered.

use crate::{label, Digest};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A commitment to a root and a length that its account is going to register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Announcement<Balance, BlockNumber> {
    /// Layout of this record, [`super::ANNOUNCEMENT_LAYOUT`].
    pub version: u8,
    /// When it was announced.
    pub at: BlockNumber,
    /// What is on hold for it.
    pub deposit: Balance,
}

/// What is announced before a dataset is registered: it hides root and length and binds them to the account, so that
/// whoever sees the registration in the pool has no announcement of their own to register with, and nobody finds out
/// later which length goes best with a root.
pub fn announcement(account: &[u8], root: &Digest, length: u64, salt: &Digest) -> Digest {
    label::hash(label::ANNOUNCEMENT, &[account, root, &length.to_le_bytes(), salt])
}
