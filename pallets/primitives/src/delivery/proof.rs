//! Proof that S is the shared point of an order key and a delivery (Chaum and Pedersen, CRYPTO 1992, made
//! non-interactive with a challenge over everything it speaks of).

use super::{decode, multiply, scalar, Delivery, DeliveryError, OrderKey, OrderSecret};
use crate::{label, Digest, OrderId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use curve25519_dalek::{
    constants::RISTRETTO_BASEPOINT_COMPRESSED,
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
    traits::VartimeMultiscalarMul,
};
use rand_core::{CryptoRng, RngCore};
use scale_info::TypeInfo;
use zeroize::Zeroizing;

/// S with the proof that log_G B = log_E S. Whoever has it can read the delivered key.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct SharedSecretProof {
    /// S: a compressed Ristretto point.
    pub shared: [u8; 32],
    /// c: a canonical scalar.
    pub challenge: [u8; 32],
    /// z = k + c·b: a canonical scalar.
    pub response: [u8; 32],
}

/// What a proof is about.
struct Statement<'a> {
    genesis: &'a Digest,
    order: OrderId,
    order_key: &'a OrderKey,
    ephemeral: &'a [u8; 32],
    shared: &'a [u8; 32],
}

impl Statement<'_> {
    /// H(label, genesis, order, G, B, E, S, R₁, R₂).
    fn challenge(&self, first: &CompressedRistretto, second: &CompressedRistretto) -> Scalar {
        scalar(
            label::PROOF_CHALLENGE,
            &[
                self.genesis,
                &self.order.to_le_bytes(),
                RISTRETTO_BASEPOINT_COMPRESSED.as_bytes(),
                &self.order_key.0,
                self.ephemeral,
                self.shared,
                first.as_bytes(),
                second.as_bytes(),
            ],
        )
    }
}

/// Shows the shared point of a delivery. This makes the delivered key public.
///
/// The nonce is a hash of fresh randomness, the secret and the statement: with a generator that repeats itself,
/// two proofs of different statements still have different nonces, and the secret does not leak.
pub fn prove_shared(
    genesis: &Digest,
    order: OrderId,
    secret: &OrderSecret,
    delivery: &Delivery,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<SharedSecretProof, DeliveryError> {
    let ephemeral = delivery.point()?;
    let order_key = secret.order_key();
    let shared = multiply(&ephemeral, &secret.0).compress().to_bytes();
    let statement =
        Statement { genesis, order, order_key: &order_key, ephemeral: &delivery.ephemeral, shared: &shared };

    let mut fresh = Zeroizing::new([0; 32]);
    rng.fill_bytes(fresh.as_mut());
    let own = Zeroizing::new(secret.0.to_bytes());
    let parts: [&[u8]; 7] = [
        fresh.as_ref(),
        own.as_ref(),
        genesis,
        &order.to_le_bytes(),
        &order_key.0,
        &delivery.ephemeral,
        &shared,
    ];
    let nonce = Zeroizing::new(scalar(label::PROOF_NONCE, &parts));
    let challenge = statement
        .challenge(&RistrettoPoint::mul_base(&nonce).compress(), &multiply(&ephemeral, &nonce).compress());
    #[allow(clippy::arithmetic_side_effects, reason = "field arithmetic cannot overflow")]
    let response = *nonce + challenge * secret.0;
    Ok(SharedSecretProof { shared, challenge: challenge.to_bytes(), response: response.to_bytes() })
}

/// Checks a proof against the order key and the delivery of an order; gives the key that was delivered.
pub fn verify_shared(
    genesis: &Digest,
    order: OrderId,
    order_key: &OrderKey,
    delivery: &Delivery,
    proof: &SharedSecretProof,
) -> Result<[u8; 32], DeliveryError> {
    let buyer = order_key.point()?;
    let ephemeral = delivery.point()?;
    let shared = decode(&proof.shared).ok_or(DeliveryError::Shared)?;
    let challenge = canonical(&proof.challenge)?;
    let response = canonical(&proof.response)?;

    // R₁ = z·G − c·B, R₂ = z·E − c·S.
    #[allow(clippy::arithmetic_side_effects, reason = "field arithmetic cannot overflow")]
    let minus = -challenge;
    let first = RistrettoPoint::vartime_double_scalar_mul_basepoint(&minus, &buyer, &response);
    let second = RistrettoPoint::vartime_multiscalar_mul([response, minus], [ephemeral, shared]);
    let statement =
        Statement { genesis, order, order_key, ephemeral: &delivery.ephemeral, shared: &proof.shared };
    if statement.challenge(&first.compress(), &second.compress()) != challenge {
        return Err(DeliveryError::Proof);
    }
    Ok(delivery.unmask(genesis, order, order_key, &proof.shared))
}

fn canonical(bytes: &[u8; 32]) -> Result<Scalar, DeliveryError> {
    Option::from(Scalar::from_canonical_bytes(*bytes)).ok_or(DeliveryError::Scalar)
}
