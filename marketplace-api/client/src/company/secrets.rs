//! A company's secrets: one an epoch.
//!
//! An epoch begins when a member who knew the secret leaves. Order secrets derive from the epoch's secret and the order's
//! nonce, which stands on the chain: with the secret alone, any member finds them again.
//!
//! Two admins may begin the same epoch at once, neither knowing of the other's. Both secrets are good then, and each is
//! known by its commitment: whatever was made with one of them says which.

use crate::keys::Secret;
use codec::{Decode, Encode};
use rand_core::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use std::fmt;
use wonbon_model::{AccountId, Digest};
use wonbon_primitives::delivery::OrderSecret;
use wonbon_primitives::id::hex_digest;
use wonbon_primitives::label;

/// Number of an epoch of a company, counted from 1.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Epoch(pub u32);

impl Epoch {
    /// The first epoch of every company.
    pub const FIRST: Self = Self(1);

    /// The one after it; `None` after the last that there can be.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A company of one chain.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct CompanyId {
    /// The chain's first block.
    #[serde(with = "hex_digest")]
    pub genesis: Digest,
    /// The company's account there.
    pub account: AccountId,
}

/// Which secret it is. Nothing of this is secret.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Encode, Decode, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct SecretId {
    /// Whose it is.
    pub company: CompanyId,
    /// Of which epoch.
    pub epoch: Epoch,
    /// Commitment to the secret, which tells it from another of the same epoch.
    #[serde(with = "hex_digest")]
    pub commitment: Digest,
}

/// A company's secret of one epoch. It is zeroed when dropped and never printed.
#[derive(Clone)]
pub struct CompanySecret {
    id: SecretId,
    bytes: Secret,
}

impl CompanySecret {
    /// A new secret from a source of randomness.
    pub fn generate(company: CompanyId, epoch: Epoch, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut bytes = Secret::default();
        rng.fill_bytes(bytes.as_mut());
        Self::from_bytes(company, epoch, bytes)
    }

    /// A secret that was kept or received.
    pub fn from_bytes(company: CompanyId, epoch: Epoch, bytes: Secret) -> Self {
        let CompanyId { genesis, account } = &company;
        let parts: [&[u8]; 4] = [genesis, &account.0, &epoch.0.to_le_bytes(), bytes.as_ref()];
        let commitment = label::hash(label::COMPANY_SECRET, &parts);
        Self { id: SecretId { company, epoch, commitment }, bytes }
    }

    /// Which secret it is.
    pub fn id(&self) -> &SecretId {
        &self.id
    }

    /// The bytes, for whoever has to keep them.
    pub fn expose(&self) -> &Secret {
        &self.bytes
    }

    /// The secret for an order of the company's with this nonce, which is used once.
    pub fn order_secret(&self, nonce: &[u8; 32]) -> OrderSecret {
        OrderSecret::derive_for_company(&self.bytes, nonce)
    }
}

/// Commitments do not collide: equal ones are of the same secret.
impl PartialEq for CompanySecret {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for CompanySecret {}

impl fmt::Debug for CompanySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompanySecret(epoch {} of {}, ..)", self.id.epoch, self.id.company.account)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, secret};
    use super::*;
    use rand_core::OsRng;

    #[test]
    fn an_order_secret_is_found_again_with_the_companys_secret_and_the_nonce_alone() {
        let found = |secret: &CompanySecret, nonce| secret.order_secret(nonce).order_key();
        let key = found(&secret(1, 7), &[9; 32]);
        assert_eq!(found(&secret(1, 7), &[9; 32]), key);
        assert_ne!(found(&secret(1, 8), &[9; 32]), key);
        assert_ne!(found(&secret(1, 7), &[8; 32]), key);
        // A member's own orders are other orders, even of the same secret.
        assert_ne!(OrderSecret::derive(&[7; 32], &[9; 32]).order_key(), key);
    }

    #[test]
    fn a_commitment_binds_company_epoch_and_secret() {
        let one = secret(1, 7);
        let other_company = CompanyId { account: AccountId([3; 32]), ..company() };
        let other_chain = CompanyId { genesis: [3; 32], ..company() };
        let others = [
            secret(2, 7),
            secret(1, 8),
            CompanySecret::from_bytes(other_company, Epoch(1), Secret::new([7; 32])),
            CompanySecret::from_bytes(other_chain, Epoch(1), Secret::new([7; 32])),
            CompanySecret::generate(company(), Epoch(1), &mut OsRng),
        ];
        assert!(others.iter().all(|other| other.id().commitment != one.id().commitment));
        assert_eq!(secret(1, 7), one);
    }

    #[test]
    fn debug_shows_whose_it_is_and_nothing_of_it() {
        let shown = format!("{:?}", secret(3, 0x5a));
        assert!(shown.contains("epoch 3") && !shown.contains("5a5a") && !shown.contains("90, 90"), "{shown}");
    }

    #[test]
    fn epochs_end() {
        assert_eq!(Epoch::FIRST.next(), Some(Epoch(2)));
        assert_eq!(Epoch(u32::MAX).next(), None);
    }
}
