//! Content keys for a delegate who delivers in a seller's place: in a file that the delegate alone can read, and that
//! only the seller can have written.
//!
//! It is encrypted under the key that the two accounts share (see [`Keypair::shared_key`]), so it may travel any way.
//! Delegates keep what they received in their own sealing store.

use super::sealings::SealingError;
use super::{Sealing, SealingStore};
use crate::keys::secret_box::{decrypt, encrypt, json_file, random, Nonce};
use crate::keys::Keypair;
use serde::{Deserialize, Serialize};
use wonbon_model::AccountId;
use wonbon_primitives::seal::ContentKey;
use zeroize::Zeroizing;

const HANDOFF_SCHEMA: &str = "wonbon/entrusted-keys/1";
const SHARED_KEY_PURPOSE: &[u8] = b"entrusted keys";
/// Bytes of the largest file that is taken: about ten thousand keys.
pub const MAX_HANDOFF_BYTES: usize = 16 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entrusted {
    schema: String,
    seller: AccountId,
    delegate: AccountId,
    #[serde(with = "hex::serde")]
    nonce: Nonce,
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sealing: Sealing,
    key: Zeroizing<String>,
}

/// What a delegate got out of such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The company that sells.
    pub seller: AccountId,
    /// How many keys it had.
    pub keys: usize,
}

/// What a seller gives to a delegate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    /// The file, for the delegate alone.
    pub file: Vec<u8>,
    /// How many keys are in it.
    pub keys: usize,
}

/// The keys of all sealings of a seller, for a delegate.
pub async fn entrust(
    store: &SealingStore<'_>,
    seller: &Keypair,
    delegate: &AccountId,
) -> Result<Handoff, SealingError> {
    let malformed = |reason: &str| SealingError::Malformed {
        place: "the sealing store".to_owned(),
        reason: reason.to_owned(),
    };
    let mut entries = Vec::new();
    for sealing in store.list().await? {
        let key = store.key(&sealing.key_commitment).await?.ok_or_else(|| malformed("a key is gone"))?;
        entries.push(Entry { sealing, key: Zeroizing::new(hex::encode(key.expose())) });
    }
    let plain = serde_json::to_vec(&entries).map_err(|error| malformed(&error.to_string()))?;
    let plain = Zeroizing::new(plain);
    let shared = seller.shared_key(delegate, SHARED_KEY_PURPOSE);
    let shared = shared.ok_or_else(|| malformed("the delegate's is no ed25519 account"))?;
    let nonce = random();
    let ciphertext = encrypt(&shared, &nonce, &plain, HANDOFF_SCHEMA.as_bytes())
        .ok_or_else(|| malformed("the keys cannot be encrypted"))?;
    let (schema, seller, delegate) = (HANDOFF_SCHEMA.to_owned(), seller.account(), *delegate);
    let file = Entrusted { schema, seller, delegate, nonce, ciphertext };
    let file = json_file(&file).map_err(|error| malformed(&error.to_string()))?;
    Ok(Handoff { file, keys: entries.len() })
}

/// Puts the keys that a seller gave to this delegate into the delegate's store. Those that are there stay. `place` is
/// where the file came from, as people know it.
pub async fn receive(
    store: &SealingStore<'_>,
    delegate: &Keypair,
    place: &str,
    file: &[u8],
) -> Result<Received, SealingError> {
    let malformed = |reason: String| SealingError::Malformed { place: place.to_owned(), reason };
    if file.len() > MAX_HANDOFF_BYTES {
        return Err(malformed(format!("it is larger than {MAX_HANDOFF_BYTES} bytes")));
    }
    let file: Entrusted = serde_json::from_slice(file).map_err(|error| malformed(error.to_string()))?;
    if file.schema != HANDOFF_SCHEMA {
        return Err(malformed("it is of another version".to_owned()));
    }
    if file.delegate != delegate.account() {
        return Err(malformed(format!("it is for {}", file.delegate)));
    }
    let other = || SealingError::OtherAccount(place.to_owned());
    let shared = delegate.shared_key(&file.seller, SHARED_KEY_PURPOSE).ok_or_else(other)?;
    let plain = decrypt(&shared, &file.nonce, &file.ciphertext, HANDOFF_SCHEMA.as_bytes());
    let plain = plain.ok_or_else(other)?;
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
        store.add(entry.sealing.clone(), key).await?;
    }
    Ok(Received { seller: file.seller, keys: entries.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fake::{buyer, sealing, seller, MemoryHome};

    #[tokio::test]
    async fn a_delegate_receives_the_keys_and_nobody_else_does() {
        let [sellers, delegates] = [(); 2].map(|()| MemoryHome::default());
        let (key, store) = sealing(&sellers).await;
        let delegate = buyer();
        let handoff = entrust(&store, &seller(), &delegate.account()).await.unwrap();
        assert_eq!(handoff.keys, 1);
        let text = String::from_utf8(handoff.file.clone()).unwrap();
        assert!(!text.contains(&hex::encode(key.expose())));

        let own = SealingStore::new(&delegates, &delegate);
        for _ in 0..2 {
            let received = receive(&own, &delegate, "the file", &handoff.file).await.unwrap();
            assert_eq!(received, Received { seller: seller().account(), keys: 1 });
        }
        assert!(own.key(&key.commitment()).await.unwrap().unwrap() == key);
        assert_eq!(own.list().await.unwrap(), [], "it is not a sealing of theirs");

        let third = Keypair::from_secret(&[13; 32]);
        let refused = receive(&own, &third, "the file", &handoff.file).await.unwrap_err().to_string();
        assert!(refused.contains(&delegate.account().to_string()), "{refused}");
        // For the third by its words, and yet not: the two share no such key.
        let forged = text.replace(&delegate.account().to_string(), &third.account().to_string());
        let refused = receive(&own, &third, "the file", forged.as_bytes()).await;
        assert!(matches!(refused, Err(SealingError::OtherAccount(_))));
        let refused = receive(&own, &delegate, "the file", b"{}").await;
        assert!(matches!(refused, Err(SealingError::Malformed { .. })));
        let refused = receive(&own, &delegate, "the file", &vec![b' '; MAX_HANDOFF_BYTES + 1]).await;
        assert!(matches!(refused, Err(SealingError::Malformed { reason, .. }) if reason.contains("larger")));
    }
}
