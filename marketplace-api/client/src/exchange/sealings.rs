//! The sealing store: the content key of every sealing that was offered, encrypted under the account's secret.
//!
//! One record each in [`Home::sealings`], by the key commitment, written whole or not at all and never overwritten. A
//! lost one is a lost bond: orders of that offer cannot be delivered. So the key is kept before anything is uploaded,
//! and withdrawing an offer removes nothing.
//!
//! Who acts for a company gives each key to the colleagues, sealed under the company's secret, and has from them what is
//! missing here (see [`Keyring`]): it is kept here then, so that the service need not answer when an order waits.

use crate::company::{Keyring, KeyringError};
use crate::keys::secret_box::{self, json_file, random, Nonce, CIPHER};
use crate::keys::{Keypair, Secret};
use crate::ports::{Home, Records, StorageError};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wonbon_model::{canonical, AccountId, DatasetId, Digest};
use wonbon_primitives::id::{hex_digest, to_hex};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;
use zeroize::Zeroizing;

const SEALING_VERSION: u8 = 1;

/// Why the sealing store cannot be used.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum SealingError {
    /// A sealing cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What was read is not what it should be.
    #[error("{place} is not a sealing: {reason}")]
    Malformed { place: String, reason: String },
    /// The sealing belongs to another account, or was changed.
    #[error("{0} was written with another account's key, or was changed")]
    OtherAccount(String),
    /// The company's secrets, or the service that has its content keys, cannot be used.
    #[error(transparent)]
    Company(#[from] KeyringError),
}

/// What is known of a sealing besides its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    /// The seller, whose key the sealing is stored under.
    pub account: AccountId,
    /// The root that names the dataset.
    pub dataset: DatasetId,
    /// Root and length of the sealed payload.
    pub sealed: Commitment,
    /// Commitment to the content key.
    #[serde(with = "hex_digest")]
    pub key_commitment: Digest,
    /// The name of the file that was sealed; empty if a colleague sealed it.
    pub file_name: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u8,
    sealing: Sealing,
    cipher: String,
    #[serde(with = "hex::serde")]
    nonce: Nonce,
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

impl Stored {
    /// Everything but the ciphertext, in canonical JSON: it is bound to the ciphertext.
    fn associated_data(&self, place: &str) -> Result<Vec<u8>, SealingError> {
        let header = Self { ciphertext: Vec::new(), ..self.clone() };
        canonical::to_vec(&header)
            .map_err(|error| SealingError::Malformed { place: place.to_owned(), reason: error.to_string() })
    }
}

/// The sealings of one account.
#[derive(Clone)]
pub struct SealingStore<'h> {
    records: &'h dyn Records,
    account: AccountId,
    secret: Secret,
    colleagues: Option<&'h Keyring<'h>>,
}

impl<'h> SealingStore<'h> {
    /// The store of a home, for the account of a key.
    pub fn new(home: &'h dyn Home, key: &Keypair) -> Self {
        Self { records: home.sealings(), account: key.account(), secret: key.store_key(), colleagues: None }
    }

    /// The same, which has keys from the colleagues of a company and gives them its own.
    #[must_use]
    pub fn with_colleagues(self, keyring: Option<&'h Keyring<'h>>) -> Self {
        Self { colleagues: keyring, ..self }
    }

    /// Stores a key. Storing the same sealing again changes nothing.
    pub async fn add(&self, sealing: Sealing, key: &ContentKey) -> Result<(), SealingError> {
        let name = to_hex(&sealing.key_commitment);
        let place = self.records.place(&name);
        let malformed =
            |reason: &str| SealingError::Malformed { place: place.clone(), reason: reason.to_owned() };
        if key.commitment() != sealing.key_commitment {
            return Err(malformed("the key is not the one committed to"));
        }
        let (version, cipher, nonce) = (SEALING_VERSION, CIPHER.to_owned(), random());
        let mut stored = Stored { version, sealing, cipher, nonce, ciphertext: Vec::new() };
        let bound = stored.associated_data(&place)?;
        stored.ciphertext = secret_box::encrypt(&self.secret, &nonce, key.expose(), &bound)
            .ok_or_else(|| malformed("the key cannot be encrypted"))?;
        let json = json_file(&stored).map_err(|error| malformed(&error.to_string()))?;
        if self.records.create(&name, &json).await? {
            return Ok(());
        }
        // Commitments do not collide: it is this key, if it can be read at all.
        let there = self.own_key(&stored.sealing.key_commitment).await?;
        there.map(drop).ok_or_else(|| malformed("it is gone"))
    }

    /// The key of a commitment, if it is here, or colleagues have it.
    pub async fn key(&self, commitment: &Digest) -> Result<Option<ContentKey>, SealingError> {
        let own = self.own_key(commitment).await;
        match (own, self.colleagues) {
            // Also where a colleague uses the same home: what they stored is under their key.
            (own @ (Ok(None) | Err(SealingError::OtherAccount(_))), Some(keyring)) => {
                let Some(found) = keyring.fetch(commitment).await? else { return own };
                if own.is_ok() {
                    let sealing = Sealing {
                        account: self.account,
                        dataset: found.dataset,
                        sealed: found.sealed,
                        key_commitment: *commitment,
                        file_name: String::new(),
                    };
                    self.add(sealing, &found.key).await?;
                }
                Ok(Some(found.key))
            }
            (own, _) => own,
        }
    }

    /// Gives the key of a sealing to the colleagues, if there are any who share secrets: before anything is offered with it.
    pub async fn share(&self, sealing: &Sealing) -> Result<(), SealingError> {
        let Some(keyring) = self.colleagues else { return Ok(()) };
        let key = self.own_key(&sealing.key_commitment).await?;
        let place = self.records.place(&to_hex(&sealing.key_commitment));
        let key = key.ok_or_else(|| SealingError::Malformed { place, reason: "it is gone".to_owned() })?;
        Ok(keyring.share(sealing.dataset, sealing.sealed, &key).await?)
    }

    /// The key of a commitment, if it is here.
    async fn own_key(&self, commitment: &Digest) -> Result<Option<ContentKey>, SealingError> {
        let name = to_hex(commitment);
        let Some(stored) = self.read(&name).await? else { return Ok(None) };
        let place = self.records.place(&name);
        let other = || SealingError::OtherAccount(place.clone());
        let bound = stored.associated_data(&place)?;
        let plain = secret_box::decrypt(&self.secret, &stored.nonce, &stored.ciphertext, &bound);
        let plain = plain.ok_or_else(other)?;
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(plain.as_slice()).map_err(|_| other())?);
        let key = ContentKey::from_bytes(*bytes);
        if key.commitment() != *commitment {
            return Err(other());
        }
        Ok(Some(key))
    }

    /// The sealings of this account, without their keys, in the order of their key commitments.
    pub async fn list(&self) -> Result<Vec<Sealing>, SealingError> {
        let mut found = Vec::new();
        for name in self.records.names().await? {
            match self.read(&name).await {
                Ok(Some(stored)) if stored.sealing.account == self.account => found.push(stored.sealing),
                Ok(_) => {}
                // The others are as good as they were.
                Err(error) => tracing::warn!(%error, "a sealing is left out"),
            }
        }
        found.sort_by_key(|sealing| sealing.key_commitment);
        Ok(found)
    }

    /// The key commitments of all sealings here, in their order, whoever's they are.
    pub async fn commitments(&self) -> Result<Vec<Digest>, SealingError> {
        let names = self.records.names().await?;
        let commitment = |name: &String| hex::decode(name).ok().and_then(|bytes| bytes.try_into().ok());
        Ok(names.iter().filter_map(commitment).collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, SealingError> {
        let Some(json) = self.records.read(name).await? else { return Ok(None) };
        let malformed = |reason: String| SealingError::Malformed { place: self.records.place(name), reason };
        let stored: Stored = serde_json::from_slice(&json).map_err(|error| malformed(error.to_string()))?;
        if stored.version != SEALING_VERSION || stored.cipher != CIPHER {
            return Err(malformed("it is of another version".to_owned()));
        }
        Ok(Some(stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::FileHome;
    use rand_core::OsRng;

    fn sealing(account: AccountId, key: &ContentKey) -> Sealing {
        Sealing {
            account,
            dataset: DatasetId([1; 32]),
            sealed: Commitment { root: [2; 32], length: 5000 },
            key_commitment: key.commitment(),
            file_name: "센서.csv".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_stored_key_comes_back_for_its_account_only() {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        let (owner, other) = (Keypair::from_secret(&[1; 32]), Keypair::from_secret(&[2; 32]));
        let store = SealingStore::new(&home, &owner);
        let key = ContentKey::generate(&mut OsRng);
        store.add(sealing(owner.account(), &key), &key).await.unwrap();
        store.add(sealing(owner.account(), &key), &key).await.unwrap();

        let again = SealingStore::new(&home, &owner);
        assert!(again.key(&key.commitment()).await.unwrap().unwrap() == key);
        assert_eq!(again.list().await.unwrap(), [sealing(owner.account(), &key)]);
        assert!(again.key(&[9; 32]).await.unwrap().is_none());

        let others = SealingStore::new(&home, &other);
        assert!(matches!(others.key(&key.commitment()).await, Err(SealingError::OtherAccount(_))));
        assert_eq!(others.list().await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_file_shows_no_key_and_cannot_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        let owner = Keypair::from_secret(&[1; 32]);
        let store = SealingStore::new(&home, &owner);
        let key = ContentKey::from_bytes([0x5a; 32]);
        store.add(sealing(owner.account(), &key), &key).await.unwrap();
        let path = folder.path().join(format!("sealings/{}.json", to_hex(&key.commitment())));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&hex::encode([0x5a; 32])));
        std::fs::write(&path, text.replace("5000", "5001")).unwrap();
        assert!(matches!(store.key(&key.commitment()).await, Err(SealingError::OtherAccount(_))));
        std::fs::write(&path, "{").unwrap();
        assert!(matches!(store.key(&key.commitment()).await, Err(SealingError::Malformed { .. })));
        let other = ContentKey::from_bytes([0x5b; 32]);
        store.add(sealing(owner.account(), &other), &other).await.unwrap();
        // What belongs to a sealing and is none is no matter.
        std::fs::write(folder.path().join("sealings/01.leaves"), [2; 64]).unwrap();
        assert_eq!(store.list().await.unwrap(), [sealing(owner.account(), &other)]);
    }
}
