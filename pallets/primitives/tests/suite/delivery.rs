//! Delivery and its proof: what is promised, and each attack with the cheater losing.

use crate::support::{Stuck, GENESIS, ORDER};
use curve25519_dalek::{
    constants::RISTRETTO_BASEPOINT_POINT as G,
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
};
use proptest::prelude::*;
use rand_core::OsRng;
use wonbon_primitives::{
    delivery::{
        deliver, prove_shared, unwrap, verify_shared, Delivery, DeliveryError, OrderKey, OrderSecret,
        SharedSecretProof,
    },
    label,
    seal::ContentKey,
};

/// The order of the group, little-endian.
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Encodings that RFC 9496 appendix A.2 lists as invalid: non-canonical, negative, non-square, and so on.
const BAD_POINTS: [&str; 10] = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

struct Case {
    secret: OrderSecret,
    order_key: OrderKey,
    key: ContentKey,
    delivery: Delivery,
    proof: SharedSecretProof,
}

fn case() -> Case {
    let secret = OrderSecret::derive(&[3; 32], &[4; 32]);
    let order_key = secret.order_key();
    let key = ContentKey::generate(&mut OsRng);
    let delivery = deliver(&GENESIS, ORDER, &order_key, &key, &mut OsRng).unwrap();
    let proof = prove_shared(&GENESIS, ORDER, &secret, &delivery, &mut OsRng).unwrap();
    Case { secret, order_key, key, delivery, proof }
}

impl Case {
    fn verify(&self, proof: &SharedSecretProof) -> Result<[u8; 32], DeliveryError> {
        verify_shared(&GENESIS, ORDER, &self.order_key, &self.delivery, proof)
    }
}

#[test]
fn the_buyer_reads_the_key_and_can_show_it() {
    let case = case();
    assert_eq!(unwrap(&GENESIS, ORDER, &case.secret, &case.delivery).unwrap(), case.key);
    assert_eq!(case.verify(&case.proof).unwrap(), *case.key.expose());
    assert_eq!(case.order_key.validate(), Ok(()));
    assert_eq!(case.delivery.validate(), Ok(()));
}

#[test]
fn the_secret_of_an_order_comes_back_from_its_nonce() {
    let again = OrderSecret::derive(&[3; 32], &[4; 32]).order_key();
    assert_eq!(again, case().order_key);
    assert_ne!(again, OrderSecret::derive(&[3; 32], &[5; 32]).order_key());
    assert_ne!(again, OrderSecret::derive(&[5; 32], &[4; 32]).order_key());
    assert_eq!(format!("{:?}", case().secret), "OrderSecret(..)");
}

#[test]
fn no_one_else_reads_the_key() {
    let case = case();
    let other = OrderSecret::derive(&[3; 32], &[5; 32]);
    assert_ne!(unwrap(&GENESIS, ORDER, &other, &case.delivery).unwrap(), case.key);
    assert_ne!(unwrap(&GENESIS, ORDER + 1, &case.secret, &case.delivery).unwrap(), case.key);
    assert_ne!(unwrap(&[0; 32], ORDER, &case.secret, &case.delivery).unwrap(), case.key);
}

#[test]
fn a_proof_is_for_one_order_on_one_chain() {
    let case = case();
    let Case { order_key, delivery, proof, .. } = &case;
    let replayed = Err(DeliveryError::Proof);
    assert_eq!(verify_shared(&GENESIS, ORDER + 1, order_key, delivery, proof), replayed);
    assert_eq!(verify_shared(&[0; 32], ORDER, order_key, delivery, proof), replayed);
    let other_key = OrderSecret::derive(&[3; 32], &[5; 32]).order_key();
    assert_eq!(verify_shared(&GENESIS, ORDER, &other_key, delivery, proof), replayed);
    let other = deliver(&GENESIS, ORDER, order_key, &case.key, &mut OsRng).unwrap();
    assert_ne!(other.ephemeral, delivery.ephemeral);
    assert_eq!(verify_shared(&GENESIS, ORDER, order_key, &other, proof), replayed);
}

#[test]
fn a_buyer_cannot_show_another_point() {
    // They would like to show a point under which the right key looks wrong.
    let case = case();
    let liar = OrderSecret::derive(&[3; 32], &[5; 32]);
    let lie = prove_shared(&GENESIS, ORDER, &liar, &case.delivery, &mut OsRng).unwrap();
    assert_eq!(case.verify(&lie), Err(DeliveryError::Proof));
    let mixed = SharedSecretProof { shared: lie.shared, ..case.proof };
    assert_eq!(case.verify(&mixed), Err(DeliveryError::Proof));
    let negated = -CompressedRistretto(case.proof.shared).decompress().unwrap();
    let mixed = SharedSecretProof { shared: negated.compress().to_bytes(), ..case.proof };
    assert_eq!(case.verify(&mixed), Err(DeliveryError::Proof));
    let none = SharedSecretProof { challenge: [0; 32], response: [0; 32], ..case.proof };
    assert_eq!(case.verify(&none), Err(DeliveryError::Proof));
}

#[test]
fn the_challenge_binds_the_shared_point_and_the_commitments() {
    // Were S or R left out of the challenge, a liar could choose c first and solve for S: forge that way.
    let case = case();
    let (challenge, response) = (Scalar::from(5u64), Scalar::from(9u64));
    let ephemeral = CompressedRistretto(case.delivery.ephemeral).decompress().unwrap();
    let second = RistrettoPoint::mul_base(&Scalar::from(11u64));
    let shared = (ephemeral * response - second) * challenge.invert();
    let forged = SharedSecretProof {
        shared: shared.compress().to_bytes(),
        challenge: challenge.to_bytes(),
        response: response.to_bytes(),
    };
    assert_eq!(case.verify(&forged), Err(DeliveryError::Proof));
}

#[test]
fn bad_points_are_refused_everywhere() {
    let case = case();
    let identity = [0; 32];
    for bytes in BAD_POINTS.iter().map(|hex| crate::support::digest(hex)).chain([identity]) {
        let (order_key, delivery) = (OrderKey(bytes), Delivery { ephemeral: bytes, ..case.delivery });
        assert_eq!(order_key.validate(), Err(DeliveryError::OrderKey));
        assert_eq!(delivery.validate(), Err(DeliveryError::Ephemeral));
        assert_eq!(
            deliver(&GENESIS, ORDER, &order_key, &case.key, &mut OsRng).err(),
            Some(DeliveryError::OrderKey)
        );
        assert_eq!(unwrap(&GENESIS, ORDER, &case.secret, &delivery).err(), Some(DeliveryError::Ephemeral));
        assert_eq!(
            prove_shared(&GENESIS, ORDER, &case.secret, &delivery, &mut OsRng).err(),
            Some(DeliveryError::Ephemeral)
        );
        assert_eq!(
            verify_shared(&GENESIS, ORDER, &order_key, &case.delivery, &case.proof),
            Err(DeliveryError::OrderKey)
        );
        assert_eq!(
            verify_shared(&GENESIS, ORDER, &case.order_key, &delivery, &case.proof),
            Err(DeliveryError::Ephemeral)
        );
        let proof = SharedSecretProof { shared: bytes, ..case.proof };
        assert_eq!(case.verify(&proof), Err(DeliveryError::Shared));
    }
}

#[test]
fn a_point_has_one_encoding() {
    let case = case();
    let mut high = case.order_key;
    high.0[31] ^= 0x80;
    assert_eq!(high.validate(), Err(DeliveryError::OrderKey));
}

#[test]
fn scalars_are_canonical() {
    let case = case();
    // The same scalar plus the group order: equal in the group, another encoding.
    let shifted = |bytes: [u8; 32]| {
        let mut carry = 0u16;
        core::array::from_fn(|at| {
            let sum = u16::from(bytes[at]) + u16::from(GROUP_ORDER[at]) + carry;
            carry = sum >> 8;
            sum as u8
        })
    };
    let refused = Err(DeliveryError::Scalar);
    assert_eq!(
        case.verify(&SharedSecretProof { challenge: shifted(case.proof.challenge), ..case.proof }),
        refused
    );
    assert_eq!(
        case.verify(&SharedSecretProof { response: shifted(case.proof.response), ..case.proof }),
        refused
    );
    for bytes in [GROUP_ORDER, [0xff; 32]] {
        assert_eq!(case.verify(&SharedSecretProof { challenge: bytes, ..case.proof }), refused);
        assert_eq!(case.verify(&SharedSecretProof { response: bytes, ..case.proof }), refused);
    }
}

/// A seller copies the E of another seller's delivery to the same buyer, shifted by a t·G that they know, into
/// their own order, and has the buyer dispute it: the dispute shows S' = b'·(E + t·G), so they learn b'·E.
#[test]
fn a_copied_and_shifted_delivery_gives_nothing_away() {
    let victim = case();
    let other_order = ORDER + 1;
    let shift = Scalar::from(12345u64);
    let copied = CompressedRistretto(victim.delivery.ephemeral).decompress().unwrap();
    let bait = Delivery { ephemeral: (copied + G * shift).compress().to_bytes(), wrapped: [0; 32] };

    let learn = |secret: &OrderSecret| {
        let shown = prove_shared(&GENESIS, other_order, secret, &bait, &mut OsRng).unwrap();
        assert!(verify_shared(&GENESIS, other_order, &secret.order_key(), &bait, &shown).is_ok());
        let shown = CompressedRistretto(shown.shared).decompress().unwrap();
        let order_key = CompressedRistretto(secret.order_key().0).decompress().unwrap();
        (shown - order_key * shift).compress().to_bytes()
    };
    let unmask = |shared: [u8; 32]| {
        let mask = label::hash(
            label::DELIVERY_MASK,
            &[&GENESIS, &ORDER.to_le_bytes(), &victim.delivery.ephemeral, &victim.order_key.0, &shared],
        );
        let key: [u8; 32] = core::array::from_fn(|at| mask[at] ^ victim.delivery.wrapped[at]);
        ContentKey::from_bytes(key)
    };

    // A fresh order key, as every order has: what they learn is not the victim's shared point.
    let fresh = OrderSecret::derive(&[3; 32], &[99; 32]);
    assert_ne!(learn(&fresh), victim.proof.shared);
    assert_ne!(unmask(learn(&fresh)), victim.key);
    // With a long-lived key the attack works; this is what the fresh key is for.
    assert_eq!(unmask(learn(&victim.secret)), victim.key);
}

/// Copying another order's delivery as it is hands the buyer a key that is not the promised one.
#[test]
fn a_copied_delivery_is_another_key() {
    let victim = case();
    let secret = OrderSecret::derive(&[3; 32], &[99; 32]);
    let key = unwrap(&GENESIS, ORDER + 1, &secret, &victim.delivery).unwrap();
    assert_ne!(key.commitment(), victim.key.commitment());
    let shown = prove_shared(&GENESIS, ORDER + 1, &secret, &victim.delivery, &mut OsRng).unwrap();
    let read = verify_shared(&GENESIS, ORDER + 1, &secret.order_key(), &victim.delivery, &shown).unwrap();
    assert_eq!(read, *key.expose());
}

#[test]
fn a_generator_that_repeats_itself_betrays_nothing() {
    let secret = OrderSecret::derive(&[3; 32], &[4; 32]);
    let key = ContentKey::from_bytes([7; 32]);
    let order_key = secret.order_key();
    // Deliveries to two orders share no ephemeral key, so no mask.
    let one = deliver(&GENESIS, 1, &order_key, &key, &mut Stuck(0)).unwrap();
    let two = deliver(&GENESIS, 2, &order_key, &key, &mut Stuck(0)).unwrap();
    assert_ne!(one.ephemeral, two.ephemeral);
    // Proofs of two statements share no nonce: with one nonce k, b = (z₁ − z₂) / (c₁ − c₂).
    let first = prove_shared(&GENESIS, 1, &secret, &one, &mut Stuck(0)).unwrap();
    let second = prove_shared(&GENESIS, 2, &secret, &two, &mut Stuck(0)).unwrap();
    let scalar = |bytes| Scalar::from_canonical_bytes(bytes).unwrap();
    let solved = (scalar(first.response) - scalar(second.response))
        * (scalar(first.challenge) - scalar(second.challenge)).invert();
    assert_ne!(RistrettoPoint::mul_base(&solved).compress().to_bytes(), order_key.0);
    // Nor do two proofs of one statement with good randomness.
    let third = prove_shared(&GENESIS, 1, &secret, &one, &mut OsRng).unwrap();
    assert_ne!(first.response, third.response);
}

proptest! {
    #[test]
    fn any_changed_byte_breaks_the_proof(at in 0usize..96, by in 1u8..) {
        let case = case();
        let mut bytes = [case.proof.shared, case.proof.challenge, case.proof.response].concat();
        bytes[at] ^= by;
        let changed = SharedSecretProof {
            shared: bytes[..32].try_into().unwrap(),
            challenge: bytes[32..64].try_into().unwrap(),
            response: bytes[64..].try_into().unwrap(),
        };
        prop_assert!(case.verify(&changed).is_err());
    }

    #[test]
    fn no_bytes_panic(key in any::<[u8; 32]>(), e in any::<[u8; 32]>(), s in any::<[u8; 32]>(), z in any::<[u8; 32]>()) {
        let delivery = Delivery { ephemeral: e, wrapped: e };
        let proof = SharedSecretProof { shared: s, challenge: z, response: z };
        prop_assert!(verify_shared(&GENESIS, ORDER, &OrderKey(key), &delivery, &proof).is_err());
    }
}
