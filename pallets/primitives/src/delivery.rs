//! Delivery of a content key to one buyer, and proof of what was delivered.
//!
//! The group is Ristretto255 with base point G. The buyer has a scalar b for each order and B = b·G stands in
//! the order. The seller picks r and delivers E = r·G and the key masked with
//! H(label, genesis, order, E, B, r·B); the buyer unmasks with b·E. In a dispute the buyer shows S = b·E with a
//! Chaum–Pedersen proof that log_G B = log_E S, and everyone can unmask.
//!
//! Points and scalars are taken in their canonical encoding only, and the identity is refused. Nothing here
//! depends on a good generator alone: the secret scalars of delivery and proof are hashes of fresh randomness,
//! the secret and everything the scalar is for.

mod proof;

pub use proof::{prove_shared, verify_shared, SharedSecretProof};

use crate::{label, seal::ContentKey, Digest, OrderId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use curve25519_dalek::{
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
    traits::IsIdentity,
};
use rand_core::{CryptoRng, RngCore};
use scale_info::TypeInfo;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Why a key, a delivery or a proof is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The order key is not a canonical point, or is the identity.
    #[error("the order key is not a valid point")]
    OrderKey,
    /// The ephemeral key of the delivery is not a canonical point, or is the identity.
    #[error("the ephemeral key is not a valid point")]
    Ephemeral,
    /// The shared point of the proof is not a canonical point, or is the identity.
    #[error("the shared point is not a valid point")]
    Shared,
    /// A scalar of the proof is not canonical.
    #[error("a scalar of the proof is not canonical")]
    Scalar,
    /// The proof does not hold for this order and delivery.
    #[error("the proof does not hold for this order and delivery")]
    Proof,
}

/// The buyer's public key for one order: a compressed Ristretto point.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct OrderKey(pub [u8; 32]);

impl OrderKey {
    /// Whether it is the canonical encoding of a point other than the identity.
    pub fn validate(&self) -> Result<(), DeliveryError> {
        self.point().map(drop)
    }

    fn point(&self) -> Result<RistrettoPoint, DeliveryError> {
        decode(&self.0).ok_or(DeliveryError::OrderKey)
    }
}

/// What the seller puts on the chain: 64 bytes that only the buyer can read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Delivery {
    /// E: a compressed Ristretto point.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub ephemeral: [u8; 32],
    /// The content key XOR the mask.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub wrapped: [u8; 32],
}

impl Delivery {
    /// Whether E is the canonical encoding of a point other than the identity.
    pub fn validate(&self) -> Result<(), DeliveryError> {
        self.point().map(drop)
    }

    fn point(&self) -> Result<RistrettoPoint, DeliveryError> {
        decode(&self.ephemeral).ok_or(DeliveryError::Ephemeral)
    }

    /// The key under the mask that belongs to this shared point.
    fn unmask(&self, genesis: &Digest, order: OrderId, key: &OrderKey, shared: &[u8; 32]) -> [u8; 32] {
        xor(&self.wrapped, &mask(genesis, order, &self.ephemeral, key, shared))
    }
}

/// The buyer's secret scalar for one order. Wiped when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OrderSecret(Scalar);

impl OrderSecret {
    /// The scalar of this buyer for this nonce. The nonce stands in the order: with it the buyer finds the scalar
    /// again on any machine. A nonce is used once.
    pub fn derive(buyer_secret: &[u8; 32], nonce: &[u8; 32]) -> Self {
        Self(scalar(label::ORDER_SECRET, &[buyer_secret, nonce]))
    }

    /// The same for a company: of its secret and this nonce, so that each of its members who has the secret finds the
    /// scalar again.
    pub fn derive_for_company(company_secret: &[u8; 32], nonce: &[u8; 32]) -> Self {
        Self(scalar(label::COMPANY_ORDER_SECRET, &[company_secret, nonce]))
    }

    /// B = b·G.
    pub fn order_key(&self) -> OrderKey {
        OrderKey(RistrettoPoint::mul_base(&self.0).compress().to_bytes())
    }
}

impl fmt::Debug for OrderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderSecret(..)")
    }
}

/// Delivers a content key to the buyer of an order.
pub fn deliver(
    genesis: &Digest,
    order: OrderId,
    order_key: &OrderKey,
    key: &ContentKey,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Delivery, DeliveryError> {
    let buyer = order_key.point()?;
    let mut fresh = Zeroizing::new([0; 32]);
    rng.fill_bytes(fresh.as_mut());
    let parts: [&[u8]; 5] = [fresh.as_ref(), key.expose(), genesis, &order.to_le_bytes(), &order_key.0];
    let secret = Zeroizing::new(scalar(label::DELIVERY_SECRET, &parts));
    let ephemeral = RistrettoPoint::mul_base(&secret).compress().to_bytes();
    let shared = Zeroizing::new(multiply(&buyer, &secret).compress().to_bytes());
    let mask = Zeroizing::new(mask(genesis, order, &ephemeral, order_key, &shared));
    Ok(Delivery { ephemeral, wrapped: xor(key.expose(), &mask) })
}

/// Takes the content key out of a delivery. Whether it is the promised one, its commitment tells.
pub fn unwrap(
    genesis: &Digest,
    order: OrderId,
    secret: &OrderSecret,
    delivery: &Delivery,
) -> Result<ContentKey, DeliveryError> {
    let shared = Zeroizing::new(multiply(&delivery.point()?, &secret.0).compress().to_bytes());
    Ok(ContentKey::from_bytes(delivery.unmask(genesis, order, &secret.order_key(), &shared)))
}

/// H(label, genesis, order, E, B, S).
fn mask(genesis: &Digest, order: OrderId, ephemeral: &[u8; 32], key: &OrderKey, shared: &[u8; 32]) -> Digest {
    label::hash(label::DELIVERY_MASK, &[genesis, &order.to_le_bytes(), ephemeral, &key.0, shared])
}

fn xor(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    core::array::from_fn(|at| left[at] ^ right[at])
}

/// A scalar from 64 bytes of hash: uniform but for 2^-259.
fn scalar(label: label::Label, parts: &[&[u8]]) -> Scalar {
    let wide = Zeroizing::new(label::hash64(label, parts));
    Scalar::from_bytes_mod_order_wide(&wide)
}

/// In a group nothing overflows; the lint does not know that, so its exception stands here alone.
#[allow(clippy::arithmetic_side_effects, reason = "group arithmetic cannot overflow")]
fn multiply(point: &RistrettoPoint, by: &Scalar) -> RistrettoPoint {
    point * by
}

/// A canonical point other than the identity.
fn decode(bytes: &[u8; 32]) -> Option<RistrettoPoint> {
    CompressedRistretto(*bytes).decompress().filter(|point| !point.is_identity())
}
