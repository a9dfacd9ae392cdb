//! Content keys sealed under a company's secret, kept beside the payload: any member who sells can deliver.
//!
//! XChaCha20-Poly1305 under a key that is derived from the epoch's secret and used for nothing else. Bound to it are
//! company, chain, epoch, dataset and the commitment that stands on the chain; and what comes out is compared with that
//! commitment, so that no other key is ever delivered.

use super::layout::{self, BadLayout};
use super::secrets::{CompanySecret, Epoch, SecretId};
use crate::keys::secret_box::{decrypt, encrypt, random, Nonce};
use crate::keys::Secret;
use codec::{Decode, Encode};
use thiserror::Error;
use wonbon_model::{DatasetId, Digest};
use wonbon_primitives::label;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

const LAYOUT: u8 = 1;
/// The key, and the cipher's tag.
const CIPHERTEXT_BYTES: usize = 48;

/// Why a sealed content key is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealedKeyError {
    /// It was sealed under another secret.
    #[error("the content key was sealed under another secret of epoch {0}")]
    OtherSecret(Epoch),
    /// It is the key of another dataset, or of another sealing of it.
    #[error("the sealed content key is that of another dataset or sealing")]
    OtherSealing,
    /// It was changed.
    #[error("the sealed content key was changed")]
    Changed,
    /// What was sealed is not the key that stands on the chain.
    #[error("what was sealed is not the content key that the chain has the commitment of")]
    NotCommitted,
}

/// A content key that only members with the company's secret read.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct SealedKey {
    secret: SecretId,
    dataset: DatasetId,
    sealed: Commitment,
    key_commitment: Digest,
    nonce: Nonce,
    ciphertext: [u8; CIPHERTEXT_BYTES],
}

impl SealedKey {
    /// Seals the content key of a dataset; `sealed` is its sealed payload.
    pub fn seal(secret: &CompanySecret, dataset: DatasetId, sealed: Commitment, key: &ContentKey) -> Self {
        let (id, key_commitment, nonce) = (*secret.id(), key.commitment(), random());
        let bound = bound(&id, &dataset, &sealed, &key_commitment);
        let ciphertext = encrypt(&sealing_key(secret), &nonce, key.expose(), &bound)
            .and_then(|text| text.try_into().ok())
            .expect("32 bytes are not too long for the cipher, which adds 16; qed");
        Self { secret: id, dataset, sealed, key_commitment, nonce, ciphertext }
    }

    /// Opens the content key of a dataset; `commitment` is what stands on the chain for it.
    pub fn open(
        &self,
        secret: &CompanySecret,
        dataset: &DatasetId,
        commitment: &Digest,
    ) -> Result<ContentKey, SealedKeyError> {
        if self.secret != *secret.id() {
            return Err(SealedKeyError::OtherSecret(self.secret.epoch));
        }
        if self.dataset != *dataset || self.key_commitment != *commitment {
            return Err(SealedKeyError::OtherSealing);
        }
        let bound = bound(&self.secret, &self.dataset, &self.sealed, &self.key_commitment);
        let plain = decrypt(&sealing_key(secret), &self.nonce, &self.ciphertext, &bound);
        let plain = plain.ok_or(SealedKeyError::Changed)?;
        let plain = <&[u8; 32]>::try_from(plain.as_slice()).map_err(|_| SealedKeyError::Changed)?;
        let key = ContentKey::from_bytes(*plain);
        if key.commitment() != *commitment {
            return Err(SealedKeyError::NotCommitted);
        }
        Ok(key)
    }

    /// Which secret opens it.
    pub fn secret(&self) -> &SecretId {
        &self.secret
    }

    /// Whose content key it says to be.
    pub fn dataset(&self) -> &DatasetId {
        &self.dataset
    }

    /// The sealed payload that it says to open.
    pub fn sealed(&self) -> &Commitment {
        &self.sealed
    }

    /// The commitment to the content key that it says to be.
    pub fn key_commitment(&self) -> &Digest {
        &self.key_commitment
    }

    /// Its bytes, for the service.
    pub fn to_bytes(&self) -> Vec<u8> {
        layout::write(LAYOUT, self)
    }

    /// Reads what the service gave. What is in it is checked when it is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadLayout> {
        layout::read(LAYOUT, bytes, "sealed content key")
    }
}

fn sealing_key(secret: &CompanySecret) -> Secret {
    Secret::new(label::hash(label::KEY_SEALING, &[secret.expose().as_ref()]))
}

/// H(label, genesis, company, epoch, dataset, root and length of the sealed payload, commitment).
fn bound(secret: &SecretId, dataset: &DatasetId, sealed: &Commitment, key_commitment: &Digest) -> Digest {
    let (company, epoch) = (&secret.company, secret.epoch.0.to_le_bytes());
    let length = sealed.length.to_le_bytes();
    let parts: [&[u8]; 7] =
        [&company.genesis, &company.account.0, &epoch, &dataset.0, &sealed.root, &length, key_commitment];
    label::hash(label::SEALED_KEY, &parts)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, secret};
    use super::*;
    use crate::company::CompanyId;
    use proptest::prelude::*;
    use wonbon_model::AccountId;

    const DATASET: DatasetId = DatasetId([3; 32]);
    const SEALED: Commitment = Commitment { root: [4; 32], length: 5000 };

    fn key() -> ContentKey {
        ContentKey::from_bytes([0x5a; 32])
    }

    #[test]
    fn only_the_secret_that_it_was_sealed_under_opens_it_and_only_as_what_it_is() {
        let sealed = SealedKey::seal(&secret(1, 7), DATASET, SEALED, &key());
        let commitment = key().commitment();
        assert!(sealed.open(&secret(1, 7), &DATASET, &commitment).unwrap() == key());
        let other_company = CompanyId { account: AccountId([9; 32]), ..company() };
        let other_chain = CompanyId { genesis: [9; 32], ..company() };
        let others = [
            secret(2, 7),
            secret(1, 8),
            CompanySecret::from_bytes(other_company, Epoch(1), Secret::new([7; 32])),
            CompanySecret::from_bytes(other_chain, Epoch(1), Secret::new([7; 32])),
        ];
        for other in &others {
            let refused = sealed.open(other, &DATASET, &commitment);
            assert_eq!(refused, Err(SealedKeyError::OtherSecret(Epoch(1))));
            // Also when it says that it is that one's.
            let forged = SealedKey { secret: *other.id(), ..sealed.clone() };
            assert_eq!(forged.open(other, &DATASET, &commitment), Err(SealedKeyError::Changed));
        }
        let other = sealed.open(&secret(1, 7), &DatasetId([4; 32]), &commitment);
        assert_eq!(other, Err(SealedKeyError::OtherSealing));
        assert_eq!(sealed.open(&secret(1, 7), &DATASET, &[0; 32]), Err(SealedKeyError::OtherSealing));
        let longer = SealedKey { sealed: Commitment { length: 5001, ..SEALED }, ..sealed.clone() };
        assert_eq!(longer.open(&secret(1, 7), &DATASET, &commitment), Err(SealedKeyError::Changed));
        let forged = SealedKey { dataset: DatasetId([4; 32]), ..sealed };
        let other = forged.open(&secret(1, 7), &DatasetId([4; 32]), &commitment);
        assert_eq!(other, Err(SealedKeyError::Changed));
    }

    /// A member who sells could seal what is not the key.
    #[test]
    fn what_is_not_the_committed_key_is_refused() {
        let (secret, nonce, commitment) = (secret(1, 7), random(), key().commitment());
        let bound = bound(secret.id(), &DATASET, &SEALED, &commitment);
        let ciphertext = encrypt(&sealing_key(&secret), &nonce, &[0; 32], &bound).unwrap();
        let sealed = SealedKey {
            secret: *secret.id(),
            dataset: DATASET,
            sealed: SEALED,
            key_commitment: commitment,
            nonce,
            ciphertext: ciphertext.try_into().unwrap(),
        };
        assert_eq!(sealed.open(&secret, &DATASET, &commitment), Err(SealedKeyError::NotCommitted));
    }

    proptest! {
        #[test]
        fn any_key_comes_back_and_any_changed_byte_is_refused(
            key: [u8; 32], dataset: [u8; 32], at: prop::sample::Index, mask in 1u8..,
        ) {
            let (key, dataset) = (ContentKey::from_bytes(key), DatasetId(dataset));
            let bytes = SealedKey::seal(&secret(1, 7), dataset, SEALED, &key).to_bytes();
            let open = |bytes: &[u8]| {
                let sealed = SealedKey::from_bytes(bytes).ok()?;
                sealed.open(&secret(1, 7), &dataset, &key.commitment()).ok()
            };
            prop_assert!(open(&bytes) == Some(key.clone()));
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= mask;
            prop_assert!(open(&changed).is_none());
            prop_assert!(open(&bytes[..at.index(bytes.len())]).is_none());
            prop_assert!(open(&[&bytes[..], &[0]].concat()).is_none());
        }
    }
}
