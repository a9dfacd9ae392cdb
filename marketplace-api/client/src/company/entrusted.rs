//! A single content key for one member, who has no secret of the company: a delivery service, say.
//!
//! Encrypted to the member's key (HPKE, as secrets are), and bound to company, chain, member, dataset and commitment. Nobody
//! signs it: what comes out is the key that the chain has the commitment of, or it is refused.

use super::layout::{self, BadLayout};
use super::secrets::CompanyId;
use super::wrapping::{encryption, BadMemberKey, Recipient};
use crate::keys::Secret;
use codec::{Decode, Encode};
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;
use wonbon_model::{AccountId, DatasetId, Digest};
use wonbon_primitives::label;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

const LAYOUT: u8 = 1;
/// The key, and the cipher's tag.
const CIPHERTEXT_BYTES: usize = 48;

/// Why an entrusted content key is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EntrustedKeyError {
    /// It is another company's, for another member, or of another sealing.
    #[error("the entrusted content key is another one, or for somebody else")]
    Other,
    /// It was changed, or is for another key of the member.
    #[error(
        "the entrusted content key was changed, or is for another key of the member than the present one"
    )]
    Changed,
    /// What was encrypted is not the key that stands on the chain.
    #[error("what was entrusted is not the content key that the chain has the commitment of")]
    NotCommitted,
}

/// A content key that one member reads.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct EntrustedKey {
    company: CompanyId,
    member: AccountId,
    dataset: DatasetId,
    sealed: Commitment,
    key_commitment: Digest,
    share: [u8; 32],
    ciphertext: [u8; CIPHERTEXT_BYTES],
}

impl EntrustedKey {
    /// Encrypts the content key of a dataset to a member; `sealed` is its sealed payload.
    pub fn entrust(
        company: CompanyId,
        to: &Recipient,
        (dataset, sealed): (DatasetId, Commitment),
        key: &ContentKey,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, BadMemberKey> {
        let key_commitment = key.commitment();
        let empty = Self {
            company,
            member: to.account,
            dataset,
            sealed,
            key_commitment,
            share: [0; 32],
            ciphertext: [0; CIPHERTEXT_BYTES],
        };
        let encrypted = encryption::encrypt(&to.key, &empty.info(), &[], key.expose(), rng);
        let (share, ciphertext) = encrypted.ok_or(BadMemberKey(to.account))?;
        let ciphertext = ciphertext.try_into().expect("to 32 bytes the cipher adds 16; qed");
        Ok(Self { share, ciphertext, ..empty })
    }

    /// Opens it for a member with their X25519 secret; `commitment` is what stands on the chain for the key.
    pub fn open(
        &self,
        company: &CompanyId,
        member: &AccountId,
        secret: &Secret,
        commitment: &Digest,
    ) -> Result<ContentKey, EntrustedKeyError> {
        if (&self.company, &self.member, &self.key_commitment) != (company, member, commitment) {
            return Err(EntrustedKeyError::Other);
        }
        let plain = encryption::decrypt(secret, &self.share, &self.info(), &[], &self.ciphertext);
        let plain = plain.ok_or(EntrustedKeyError::Changed)?;
        let plain = <&[u8; 32]>::try_from(plain.as_slice()).map_err(|_| EntrustedKeyError::Changed)?;
        let key = ContentKey::from_bytes(*plain);
        match key.commitment() == *commitment {
            true => Ok(key),
            false => Err(EntrustedKeyError::NotCommitted),
        }
    }

    /// Whose content key it says to be.
    pub fn dataset(&self) -> &DatasetId {
        &self.dataset
    }

    /// The sealed payload that it says to open.
    pub fn sealed(&self) -> &Commitment {
        &self.sealed
    }

    /// Its bytes, for the service.
    pub fn to_bytes(&self) -> Vec<u8> {
        layout::write(LAYOUT, self)
    }

    /// Reads what the service gave. What is in it is checked when it is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadLayout> {
        layout::read(LAYOUT, bytes, "entrusted content key")
    }

    /// HPKE's `info`: H(label, genesis, company, member, dataset, root and length of the sealed payload, commitment).
    fn info(&self) -> Digest {
        let length = self.sealed.length.to_le_bytes();
        let parts: [&[u8]; 7] = [
            &self.company.genesis,
            &self.company.account.0,
            &self.member.0,
            &self.dataset.0,
            &self.sealed.root,
            &length,
            &self.key_commitment,
        ];
        label::hash(label::ENTRUSTED_KEY, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::company;
    use super::super::wrapping::member_public_key;
    use super::*;
    use proptest::prelude::*;
    use rand_core::OsRng;

    const WHAT: (DatasetId, Commitment) = (DatasetId([3; 32]), Commitment { root: [4; 32], length: 5000 });

    fn secret() -> Secret {
        Secret::new([22; 32])
    }

    fn member() -> Recipient {
        Recipient { account: AccountId([23; 32]), key: member_public_key(&secret()) }
    }

    fn key() -> ContentKey {
        ContentKey::from_bytes([0x5a; 32])
    }

    fn entrusted() -> EntrustedKey {
        EntrustedKey::entrust(company(), &member(), WHAT, &key(), &mut OsRng).unwrap()
    }

    #[test]
    fn the_member_opens_it_and_nobody_else_or_as_anything_else() {
        let (given, account, commitment) = (entrusted(), member().account, key().commitment());
        assert!(given.open(&company(), &account, &secret(), &commitment).unwrap() == key());
        let other = EntrustedKeyError::Other;
        let of_another = CompanyId { account: AccountId([9; 32]), ..company() };
        assert_eq!(given.open(&of_another, &account, &secret(), &commitment), Err(other));
        assert_eq!(given.open(&company(), &AccountId([9; 32]), &secret(), &commitment), Err(other));
        assert_eq!(given.open(&company(), &account, &secret(), &[9; 32]), Err(other));
        let changed = given.open(&company(), &account, &Secret::new([9; 32]), &commitment);
        assert_eq!(changed, Err(EntrustedKeyError::Changed));
        let weak = Recipient { key: [0; 32], ..member() };
        let refused = EntrustedKey::entrust(company(), &weak, WHAT, &key(), &mut OsRng);
        assert_eq!(refused, Err(BadMemberKey(weak.account)));
    }

    /// Whoever sells could entrust what is not the key.
    #[test]
    fn what_is_not_the_committed_key_is_refused() {
        let mut forged = EntrustedKey { key_commitment: key().commitment(), ..entrusted() };
        let zeros = encryption::encrypt(&member().key, &forged.info(), &[], &[0; 32], &mut OsRng).unwrap();
        (forged.share, forged.ciphertext) = (zeros.0, zeros.1.try_into().unwrap());
        let opened = forged.open(&company(), &member().account, &secret(), &key().commitment());
        assert_eq!(opened, Err(EntrustedKeyError::NotCommitted));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_changed_byte_is_refused(at: prop::sample::Index, mask in 1u8..) {
            let bytes = entrusted().to_bytes();
            let open = |bytes: &[u8]| {
                let given = EntrustedKey::from_bytes(bytes).ok()?;
                given.open(&company(), &member().account, &secret(), &key().commitment()).ok()
            };
            prop_assert!(open(&bytes) == Some(key()));
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= mask;
            prop_assert!(open(&changed).is_none());
            prop_assert!(open(&bytes[..at.index(bytes.len())]).is_none());
        }
    }
}
