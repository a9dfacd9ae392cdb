//! The sealing store: the content key of every sealing that was offered, encrypted under the account's secret.
//!
//! `<home>/sealings/<key commitment>.json`, one file each, mode 0600, written whole or not at all and never
//! overwritten. A lost file is a lost bond: orders of that offer cannot be delivered. So the key is on disk
//! before anything is uploaded, and withdrawing an offer removes nothing.
//!
//! `<home>/sealings/<dataset>.leaves`: the leaf list of a file that was sealed, from which a later version proves
//! what they share. It can be had from the service as well, so losing it loses little.

use crate::files;
use crate::keys::Keypair;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use thiserror::Error;
use wonbon_model::{AccountId, DatasetId, Digest};
use wonbon_primitives::id::{hex_digest, to_hex};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;
use zeroize::Zeroizing;

const VERSION: u8 = 1;

/// Why the sealing store cannot be used.
#[derive(Debug, Error)]
pub enum SealingError {
    /// A file cannot be read or written.
    #[error("cannot use {}: {error}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} is not a sealing: {reason}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The sealing belongs to another account, or the file was changed.
    #[error("{} was written with another account's key, or was changed", .0.display())]
    OtherAccount(PathBuf),
}

/// What is known of a sealing besides its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    /// Whose it is.
    pub account: AccountId,
    /// The dataset.
    pub dataset: DatasetId,
    /// Root and length of the sealed payload.
    pub sealed: Commitment,
    /// Commitment to the content key.
    #[serde(with = "hex_digest")]
    pub key_commitment: Digest,
    /// The name of the file that was sealed.
    pub file_name: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u8,
    sealing: Sealing,
    cipher: String,
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

const CIPHER: &str = "xchacha20-poly1305";

impl Stored {
    /// Everything but the ciphertext, in canonical JSON: it is bound to the ciphertext.
    fn bound(&self, path: &Path) -> Result<Vec<u8>, SealingError> {
        let header = Self { ciphertext: Vec::new(), ..self.clone() };
        serde_jcs::to_vec(&header)
            .map_err(|error| SealingError::Malformed { path: path.to_owned(), reason: error.to_string() })
    }
}

/// The sealings of one account.
#[derive(Clone)]
pub struct SealingStore {
    folder: PathBuf,
    account: AccountId,
    cipher: XChaCha20Poly1305,
}

impl SealingStore {
    /// The store below a home folder, for the account of a key.
    pub fn open(home: &Path, key: &Keypair) -> Result<Self, SealingError> {
        let folder = home.join("sealings");
        files::private_folder(&folder).map_err(|error| SealingError::Io { path: folder.clone(), error })?;
        let secret = key.store_key();
        let cipher = XChaCha20Poly1305::new(Key::from_slice(secret.as_ref()));
        Ok(Self { folder, account: key.account(), cipher })
    }

    /// Stores a key. Storing the same sealing again changes nothing.
    pub fn add(&self, sealing: Sealing, key: &ContentKey) -> Result<(), SealingError> {
        let path = self.path(&sealing.key_commitment);
        let malformed =
            |reason: &str| SealingError::Malformed { path: path.clone(), reason: reason.to_owned() };
        if key.commitment() != sealing.key_commitment {
            return Err(malformed("the key is not the one committed to"));
        }
        let mut nonce = [0; 24];
        OsRng.fill_bytes(&mut nonce);
        let mut stored =
            Stored { version: VERSION, sealing, cipher: CIPHER.to_owned(), nonce, ciphertext: Vec::new() };
        let bound = stored.bound(&path)?;
        stored.ciphertext = self
            .cipher
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: key.expose(), aad: &bound })
            .map_err(|_| malformed("the key cannot be encrypted"))?;
        let mut json = serde_json::to_vec_pretty(&stored).map_err(|error| malformed(&error.to_string()))?;
        json.push(b'\n');
        match files::create_new(&path, &json) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Commitments do not collide: it is this key, if it can be read at all.
                self.key(&stored.sealing.key_commitment)?.map(drop).ok_or_else(|| malformed("it is gone"))
            }
            Err(error) => Err(SealingError::Io { path, error }),
        }
    }

    /// The key of a commitment, if it is here.
    pub fn key(&self, commitment: &Digest) -> Result<Option<ContentKey>, SealingError> {
        let path = self.path(commitment);
        let Some(stored) = read(&path)? else { return Ok(None) };
        let other = || SealingError::OtherAccount(path.clone());
        let bound = stored.bound(&path)?;
        let plain = self
            .cipher
            .decrypt(XNonce::from_slice(&stored.nonce), Payload { msg: &stored.ciphertext, aad: &bound })
            .map_err(|_| other())?;
        let plain = Zeroizing::new(plain);
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(plain.as_slice()).map_err(|_| other())?);
        let key = ContentKey::from_bytes(*bytes);
        if key.commitment() != *commitment {
            return Err(other());
        }
        Ok(Some(key))
    }

    /// The sealings of this account, without their keys.
    pub fn list(&self) -> Result<Vec<Sealing>, SealingError> {
        let failed = |error| SealingError::Io { path: self.folder.clone(), error };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                match read(&path) {
                    Ok(Some(stored)) if stored.sealing.account == self.account => found.push(stored.sealing),
                    Ok(_) => {}
                    // The others are as good as they were.
                    Err(error) => tracing::warn!(%error, "a sealing is left out"),
                }
            }
        }
        found.sort_by_key(|sealing| sealing.key_commitment);
        Ok(found)
    }

    /// Where the leaf list of a dataset is, if it was kept.
    pub fn leaf_list(&self, dataset: &DatasetId) -> PathBuf {
        self.folder.join(format!("{dataset}.leaves"))
    }

    /// Keeps the leaf list of a package.
    pub fn keep_leaf_list(&self, plain: &Commitment, package: &Path) -> Result<(), SealingError> {
        let path = self.leaf_list(&DatasetId(plain.root));
        let failed = |error| SealingError::Io { path: path.clone(), error };
        if path.exists() {
            return Ok(());
        }
        let mut file = File::open(package).map_err(failed)?;
        file.seek(SeekFrom::Start(plain.length)).map_err(failed)?;
        files::create_from(&path, &mut file).map_err(failed)
    }

    fn path(&self, commitment: &Digest) -> PathBuf {
        self.folder.join(format!("{}.json", to_hex(commitment)))
    }
}

fn read(path: &Path) -> Result<Option<Stored>, SealingError> {
    let json = match std::fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SealingError::Io { path: path.to_owned(), error }),
    };
    let malformed = |reason: String| SealingError::Malformed { path: path.to_owned(), reason };
    let stored: Stored = serde_json::from_slice(&json).map_err(|error| malformed(error.to_string()))?;
    if stored.version != VERSION || stored.cipher != CIPHER {
        return Err(malformed("it is of another version".to_owned()));
    }
    Ok(Some(stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(account: AccountId, key: &ContentKey) -> Sealing {
        Sealing {
            account,
            dataset: DatasetId([1; 32]),
            sealed: Commitment { root: [2; 32], length: 5000 },
            key_commitment: key.commitment(),
            file_name: "센서.csv".to_owned(),
        }
    }

    #[test]
    fn a_stored_key_comes_back_for_its_account_only() {
        let home = tempfile::tempdir().unwrap();
        let (owner, other) = (Keypair::from_secret(&[1; 32]), Keypair::from_secret(&[2; 32]));
        let store = SealingStore::open(home.path(), &owner).unwrap();
        let key = ContentKey::generate(&mut OsRng);
        store.add(sealing(owner.account(), &key), &key).unwrap();
        store.add(sealing(owner.account(), &key), &key).unwrap();

        let again = SealingStore::open(home.path(), &owner).unwrap();
        assert!(again.key(&key.commitment()).unwrap().unwrap() == key);
        assert_eq!(again.list().unwrap(), [sealing(owner.account(), &key)]);
        assert!(again.key(&[9; 32]).unwrap().is_none());

        let others = SealingStore::open(home.path(), &other).unwrap();
        assert!(matches!(others.key(&key.commitment()), Err(SealingError::OtherAccount(_))));
        assert_eq!(others.list().unwrap(), []);
    }

    #[test]
    fn a_leaf_list_is_kept_beside_the_key() {
        let home = tempfile::tempdir().unwrap();
        let store = SealingStore::open(home.path(), &Keypair::from_secret(&[1; 32])).unwrap();
        let package = home.path().join("package");
        std::fs::write(&package, [&[1; 5000][..], &[2; 64]].concat()).unwrap();
        let plain = Commitment { root: [3; 32], length: 5000 };
        for _ in 0..2 {
            store.keep_leaf_list(&plain, &package).unwrap();
            assert_eq!(std::fs::read(store.leaf_list(&DatasetId([3; 32]))).unwrap(), [2; 64]);
        }
        assert_eq!(store.list().unwrap(), []);
    }

    #[test]
    fn a_file_shows_no_key_and_cannot_be_changed() {
        let home = tempfile::tempdir().unwrap();
        let owner = Keypair::from_secret(&[1; 32]);
        let store = SealingStore::open(home.path(), &owner).unwrap();
        let key = ContentKey::from_bytes([0x5a; 32]);
        store.add(sealing(owner.account(), &key), &key).unwrap();
        let path = store.path(&key.commitment());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&hex::encode([0x5a; 32])));
        std::fs::write(&path, text.replace("5000", "5001")).unwrap();
        assert!(matches!(store.key(&key.commitment()), Err(SealingError::OtherAccount(_))));
        std::fs::write(&path, "{").unwrap();
        assert!(matches!(store.key(&key.commitment()), Err(SealingError::Malformed { .. })));
        let other = ContentKey::from_bytes([0x5b; 32]);
        store.add(sealing(owner.account(), &other), &other).unwrap();
        assert_eq!(store.list().unwrap(), [sealing(owner.account(), &other)]);
    }
}
