//! Content keys for a delegate who delivers in a seller's place: in a file that the delegate alone can read, and that
//! only the seller can have written.
//!
//! It is encrypted under the key that the two accounts share (see [`Keypair::shared_key`]), so it may travel any way. The
//! delegate keeps what he received in his own sealing store.

use super::sealings::SealingError;
use super::{Sealing, SealingStore};
use crate::files;
use crate::keys::Keypair;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use std::path::Path;
use wonbon_model::AccountId;
use wonbon_primitives::seal::ContentKey;
use zeroize::Zeroizing;

const SCHEMA: &str = "wonbon/entrusted-keys/1";
const PURPOSE: &[u8] = b"entrusted keys";
/// The largest file that is read: about ten thousand keys.
const MAX_FILE: u64 = 16 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entrusted {
    schema: String,
    seller: AccountId,
    delegate: AccountId,
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sealing: Sealing,
    key: Zeroizing<String>,
}

/// What was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// From whom.
    pub seller: AccountId,
    /// How many keys.
    pub keys: usize,
}

/// Writes the keys of all sealings of a seller for a delegate, and answers how many they are. No file is overwritten.
pub fn entrust(
    store: &SealingStore,
    seller: &Keypair,
    delegate: &AccountId,
    path: &Path,
) -> Result<usize, SealingError> {
    let malformed =
        |reason: &str| SealingError::Malformed { path: path.to_owned(), reason: reason.to_owned() };
    let mut entries = Vec::new();
    for sealing in store.list()? {
        let key = store.key(&sealing.key_commitment)?.ok_or_else(|| malformed("a key is gone"))?;
        entries.push(Entry { sealing, key: Zeroizing::new(hex::encode(key.expose())) });
    }
    let plain = serde_json::to_vec(&entries).map_err(|error| malformed(&error.to_string()))?;
    let plain = Zeroizing::new(plain);
    let cipher = cipher(seller, delegate).ok_or_else(|| malformed("the delegate's is no ed25519 account"))?;
    let mut nonce = [0; 24];
    OsRng.fill_bytes(&mut nonce);
    let ciphertext = cipher
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: &plain, aad: SCHEMA.as_bytes() })
        .map_err(|_| malformed("the keys cannot be encrypted"))?;
    let seller = seller.account();
    let file = Entrusted { schema: SCHEMA.to_owned(), seller, delegate: *delegate, nonce, ciphertext };
    let mut json = serde_json::to_vec_pretty(&file).map_err(|error| malformed(&error.to_string()))?;
    json.push(b'\n');
    files::create_new(path, &json).map_err(|error| SealingError::Io { path: path.to_owned(), error })?;
    Ok(entries.len())
}

/// Puts the keys that a seller wrote for this delegate into the delegate's store. Those that are there stay.
pub fn receive(store: &SealingStore, delegate: &Keypair, path: &Path) -> Result<Received, SealingError> {
    let failed = |error| SealingError::Io { path: path.to_owned(), error };
    let malformed = |reason: String| SealingError::Malformed { path: path.to_owned(), reason };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_FILE {
        return Err(malformed(format!("it is larger than {MAX_FILE} bytes")));
    }
    let json = std::fs::read(path).map_err(failed)?;
    let file: Entrusted = serde_json::from_slice(&json).map_err(|error| malformed(error.to_string()))?;
    if file.schema != SCHEMA {
        return Err(malformed("it is of another version".to_owned()));
    }
    if file.delegate != delegate.account() {
        return Err(malformed(format!("it is for {}", file.delegate)));
    }
    let other = || SealingError::OtherAccount(path.to_owned());
    let cipher = cipher(delegate, &file.seller).ok_or_else(other)?;
    let payload = Payload { msg: &file.ciphertext, aad: SCHEMA.as_bytes() };
    let plain = cipher.decrypt(XNonce::from_slice(&file.nonce), payload).map_err(|_| other())?;
    let plain = Zeroizing::new(plain);
    let entries: Vec<Entry> = serde_json::from_slice(&plain).map_err(|error| malformed(error.to_string()))?;
    let mut keys = Vec::new();
    for entry in &entries {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(entry.key.as_bytes(), key.as_mut())
            .map_err(|error| malformed(error.to_string()))?;
        if entry.sealing.account != file.seller {
            return Err(malformed("it has another seller's keys".to_owned()));
        }
        keys.push(ContentKey::from_bytes(*key));
    }
    for (entry, key) in entries.iter().zip(&keys) {
        store.add(entry.sealing.clone(), key)?;
    }
    Ok(Received { seller: file.seller, keys: entries.len() })
}

fn cipher(own: &Keypair, other: &AccountId) -> Option<XChaCha20Poly1305> {
    let key = own.shared_key(other, PURPOSE)?;
    Some(XChaCha20Poly1305::new(Key::from_slice(key.as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fake::{buyer, sealing, seller, FakeMarket};

    #[test]
    fn a_delegate_receives_the_keys_and_nobody_else_does() {
        let [sellers, delegates] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let (key, store) = sealing(sellers.path(), &FakeMarket::new());
        let (delegate, path) = (buyer(), sellers.path().join("for-delegate.json"));
        assert_eq!(entrust(&store, &seller(), &delegate.account(), &path).unwrap(), 1);
        assert!(entrust(&store, &seller(), &delegate.account(), &path).is_err(), "never overwritten");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&hex::encode(key.expose())));

        let own = SealingStore::open(delegates.path(), &delegate).unwrap();
        for _ in 0..2 {
            let received = receive(&own, &delegate, &path).unwrap();
            assert_eq!(received, Received { seller: seller().account(), keys: 1 });
        }
        assert!(own.key(&key.commitment()).unwrap().unwrap() == key);
        assert_eq!(own.list().unwrap(), [], "it is not a sealing of his");

        let third = Keypair::from_secret(&[13; 32]);
        let refused = receive(&own, &third, &path).unwrap_err().to_string();
        assert!(refused.contains(&delegate.account().to_string()), "{refused}");
        // For him by its words, and yet not: the two share no such key.
        let forged = text.replace(&delegate.account().to_string(), &third.account().to_string());
        std::fs::write(&path, forged).unwrap();
        assert!(matches!(receive(&own, &third, &path), Err(SealingError::OtherAccount(_))));
        std::fs::write(&path, "{}").unwrap();
        assert!(matches!(receive(&own, &delegate, &path), Err(SealingError::Malformed { .. })));
    }
}
