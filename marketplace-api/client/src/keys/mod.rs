//! Account keys: ed25519, with everything that is derived from one secret.
//!
//! A secret is 32 bytes. It signs for the account, and by a labelled hash it gives the secrets that belong to
//! the same person: the buyer's, from which order keys are made, and the key of the local stores. So one
//! encrypted file (see [`file`]) is all that has to be kept, and an order placed on one machine can be
//! finished on another. Secrets are zeroed when dropped and never shown by `Debug`.

pub mod dev;
pub mod file;
pub(crate) mod secret_box;

pub use file::{KeyFile, KeyFileError};

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use rand_core::{CryptoRng, RngCore};
use std::fmt;
use wonbon_model::AccountId;
use wonbon_primitives::label;
use zeroize::Zeroizing;

/// A 32-byte secret that is zeroed when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// An account's key pair.
#[derive(Clone)]
pub struct Keypair {
    signing: SigningKey,
}

impl Keypair {
    /// A new key pair from a source of randomness.
    pub fn generate(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut secret = Secret::default();
        rng.fill_bytes(secret.as_mut());
        Self::from_secret(&secret)
    }

    /// The key pair of a secret.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(secret) }
    }

    /// The account that this key signs for.
    pub fn account(&self) -> AccountId {
        AccountId(self.signing.verifying_key().to_bytes())
    }

    /// An ed25519 signature; the same message gives the same one.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// The secret itself, for writing a key file.
    pub fn secret(&self) -> Secret {
        Zeroizing::new(self.signing.to_bytes())
    }

    /// The buyer's secret: with an order's nonce it gives the order's one-time key.
    pub fn order_secret(&self) -> Secret {
        self.derived(b"orders")
    }

    /// The key under which local stores (sealings) are encrypted.
    pub fn store_key(&self) -> Secret {
        self.derived(b"store")
    }

    /// The key that this account and another share, from either side: nobody else can compute it. `None` if the other
    /// account is none of an ed25519 key.
    ///
    /// X25519 between the two keys as Montgomery points, then hashed with the purpose and both accounts.
    pub fn shared_key(&self, other: &AccountId, purpose: &[u8]) -> Option<Secret> {
        let theirs = VerifyingKey::from_bytes(&other.0).ok().filter(|key| !key.is_weak())?;
        let scalar = Secret::new(self.signing.to_scalar_bytes());
        let point = Secret::new(theirs.to_montgomery().mul_clamped(*scalar).to_bytes());
        let (one, two) = (self.account().min(*other), self.account().max(*other));
        let parts = [point.as_ref(), purpose, &one.0, &two.0];
        Some(Zeroizing::new(label::hash(label::ACCOUNT_SECRET, &parts)))
    }

    fn derived(&self, purpose: &[u8]) -> Secret {
        Zeroizing::new(label::hash(label::ACCOUNT_SECRET, &[self.secret().as_ref(), purpose]))
    }
}

impl fmt::Debug for Keypair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keypair({})", self.account())
    }
}

/// Checks an ed25519 signature of an account; weak keys and malleable signatures are refused.
pub(crate) fn verify(account: &AccountId, message: &[u8], signature: &[u8; 64]) -> bool {
    use ed25519_dalek::Verifier as _;
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    match VerifyingKey::from_bytes(&account.0) {
        Ok(key) => key.verify_strict(message, &signature).is_ok() && key.verify(message, &signature).is_ok(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::OsRng;

    #[test]
    fn a_signature_holds_for_its_account_and_message_only() {
        let (key, other) = (Keypair::generate(&mut OsRng), Keypair::generate(&mut OsRng));
        let signature = key.sign(b"message");
        assert!(verify(&key.account(), b"message", &signature));
        assert!(!verify(&key.account(), b"massage", &signature));
        assert!(!verify(&other.account(), b"message", &signature));
    }

    #[test]
    fn derived_secrets_differ_from_each_other_and_from_the_secret() {
        let key = Keypair::generate(&mut OsRng);
        assert_ne!(key.order_secret(), key.store_key());
        assert_ne!(key.order_secret(), key.secret());
        assert_eq!(key.order_secret(), Keypair::from_secret(&key.secret()).order_secret());
    }

    #[test]
    fn two_accounts_share_a_key_for_each_purpose_that_no_third_has() {
        let [one, two, three] = [(); 3].map(|()| Keypair::generate(&mut OsRng));
        let shared = one.shared_key(&two.account(), b"a").unwrap();
        assert_eq!(two.shared_key(&one.account(), b"a").unwrap(), shared);
        assert_ne!(one.shared_key(&two.account(), b"b").unwrap(), shared);
        assert_ne!(three.shared_key(&two.account(), b"a").unwrap(), shared);
        // Not a point, and a point that everybody shares the same with.
        assert_eq!(one.shared_key(&AccountId([2; 32]), b"a"), None);
        let mut weak = [0; 32];
        weak[0] = 1;
        assert_eq!(one.shared_key(&AccountId(weak), b"a"), None);
    }

    #[test]
    fn debug_shows_the_account_and_no_secret() {
        let key = Keypair::generate(&mut OsRng);
        let shown = format!("{key:?}");
        assert!(shown.contains(&key.account().to_string()));
        assert!(!shown.contains(&hex::encode(key.secret().as_ref())));
    }
}
