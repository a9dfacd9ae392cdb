//! The attacks that the design names. In each the cheater loses, or gains nothing.

use curve25519_dalek::{ristretto::CompressedRistretto, RistrettoPoint, Scalar};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use wonbon_primitives::{content::leaf_list, label};

use super::*;
use crate::{
    mock::{
        held, wealth, withdraw, Balances, ExtBuilder, Verified, BUYER, ENDOWMENT, OFFER_DEPOSIT, OTHER_BUYER,
        OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    HoldReason, OrderTermsOf,
};

const BOND: Balance = 3 * ORDER_BOND;

/// Field prime of the curve, little-endian: as an encoding it is 0 once more, and not canonical.
const PRIME: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed;
    bytes[31] = 0x7f;
    bytes
};

/// Group order, little-endian: as a scalar it is 0 once more, and not canonical.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Encodings of points that the chain must refuse: the identity, a non-canonical encoding, a negative one,
/// one that is no point.
fn bad_points() -> [[u8; 32]; 5] {
    let mut one = [0; 32];
    one[0] = 1;
    let mut two = [0; 32];
    two[0] = 2;
    [[0; 32], PRIME, one, two, [0xff; 32]]
}

#[test]
fn seller_seals_a_wrong_block_and_publishes_the_true_leaf_list() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        // Before ordering the buyer sees nothing wrong: the list is the dataset's, the payload is the offer's.
        assert!(leaf_list::check(&sealing.leaves.concat(), &sealing.plain).is_ok());
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(2))));
        assert_eq!(wealth(SELLER), ENDOWMENT - BOND);
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
    });
}

#[test]
fn seller_publishes_a_leaf_list_that_does_not_fold() {
    ExtBuilder::default().build_and_execute(|| {
        let mut sealing = Sealing::with_wrong_block(1, 2);
        sealing.leaves[2] = leaf_hash(&[0; 4096]);
        // Service and buyer refuse the list, so nobody orders.
        assert!(leaf_list::check(&sealing.leaves.concat(), &sealing.plain).is_err());
        // One who orders all the same cannot prove a leaf that the dataset does not have.
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        let claim = Fault::BadBlock(sealing.block_fault(2));
        assert_noop!(dispute(id, claim), Error::<Test>::DisputePlainPath);
    });
}

#[test]
fn buyer_invents_a_leaf_list_to_accuse_an_honest_seller() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        let mut invented = sealing.clone();
        invented.leaves[2] = leaf_hash(&[0; 4096]);
        let claim = Fault::BadBlock(invented.block_fault(2));
        assert_noop!(dispute(id, claim), Error::<Test>::DisputePlainPath);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(SELLER, id));
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
    });
}

#[test]
fn seller_delivers_a_wrong_key() {
    ExtBuilder::default().build_and_execute(|| {
        let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
        deliver(id, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(id, Fault::WrongKey));
        assert_eq!(wealth(SELLER), ENDOWMENT - ORDER_BOND);
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
    });
}

#[test]
fn seller_delivers_noise() {
    ExtBuilder::default().build_and_execute(|| {
        let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
        // A point of which even the seller knows no logarithm: the dispute needs only the buyer's.
        let point = RistrettoPoint::from_uniform_bytes(&[7; 64]).compress().to_bytes();
        let noise = Delivery { ephemeral: point, wrapped: [9; 32] };
        assert_ok!(Marketplace::deliver(deliverer(SELLER), id, noise));
        assert_ok!(dispute(id, Fault::WrongKey));
        assert_eq!(wealth(SELLER), ENDOWMENT - ORDER_BOND);
    });
}

/// What a thief reads in another order's delivery with a shared point of their making.
fn read_with(id: OrderId, shared: &RistrettoPoint) -> [u8; 32] {
    let (key, delivery) = (the_order(id).order_key, delivered(id));
    let shared = shared.compress().to_bytes();
    let mask = label::hash(
        label::DELIVERY_MASK,
        &[&genesis(), &id.to_le_bytes(), &delivery.ephemeral, &key.0, &shared],
    );
    core::array::from_fn(|at| delivery.wrapped[at] ^ mask[at])
}

fn point(bytes: [u8; 32]) -> RistrettoPoint {
    CompressedRistretto(bytes).decompress().expect("a point")
}

#[test]
fn seller_copies_and_shifts_anothers_delivery_to_learn_his_key_from_the_dispute() {
    ExtBuilder::default().build_and_execute(|| {
        let (honest, bait) = (Sealing::honest(1), Sealing::honest(2));
        let theft_of = order(BUYER, offer(SELLER, &honest));
        deliver(theft_of, &honest.key);

        // The thief shifts the victim's E by a point whose logarithm they know, and delivers that.
        let shift = Scalar::from(12_345u64);
        let victims = point(delivered(theft_of).ephemeral);
        let shifted = (victims + RistrettoPoint::mul_base(&shift)).compress().to_bytes();
        let delivery = Delivery { ephemeral: shifted, wrapped: [0; 32] };
        let bait_offer = offer(OTHER_SELLER, &bait);
        let baited = order(BUYER, bait_offer);
        assert_ok!(Marketplace::deliver(deliverer(OTHER_SELLER), baited, delivery));

        // The buyer's dispute shows S' = b'·E'. Less t·B' that is b'·E, and would be the victim's S = b·E if
        // the buyer had one key for all their orders.
        let shown = shared_proof(baited);
        let guess = point(shown.shared) - point(the_order(baited).order_key.0) * shift;
        assert_ok!(dispute(baited, Fault::WrongKey));
        assert_ne!(read_with(theft_of, &guess), *honest.key.expose());
        assert_eq!(wealth(OTHER_SELLER), ENDOWMENT - ORDER_BOND);

        // That this is what protects them: it works against a buyer who uses an order key twice.
        let nonce = the_order(theft_of).nonce;
        let key = the_order(theft_of).order_key.0;
        assert_ok!(place(BUYER, bait_offer, quote(bait_offer), [LICENCE, NDA], key, nonce));
        let careless = NextOrder::<Test>::get() - 1;
        assert_ok!(Marketplace::deliver(deliverer(OTHER_SELLER), careless, delivery));
        let guess = point(shared_proof(careless).shared) - point(key) * shift;
        assert_eq!(read_with(theft_of, &guess), *honest.key.expose());
    });
}

#[test]
fn seller_replays_another_orders_delivery() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let first = order(BUYER, offer);
        deliver(first, &sealing.key);
        // Bytes that were right in one order are a wrong key in another, even of the same buyer.
        let second = order(BUYER, offer);
        assert_ok!(Marketplace::deliver(deliverer(SELLER), second, delivered(first)));
        assert!(unwrapped(second) != sealing.key);
        assert_ok!(dispute(second, Fault::WrongKey));
    });
}

#[test]
fn a_point_that_is_not_canonical_is_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        for bad in bad_points() {
            assert_noop!(
                place(BUYER, offer, quote(offer), [LICENCE, NDA], bad, [0; 32]),
                Error::<Test>::BadPoint
            );
        }
        let id = order(BUYER, offer);
        let good = delivery_of(id, &sealing.key);
        for bad in bad_points() {
            let delivery = Delivery { ephemeral: bad, ..good };
            assert_noop!(Marketplace::deliver(deliverer(SELLER), id, delivery), Error::<Test>::BadPoint);
        }
        assert_ok!(Marketplace::deliver(deliverer(SELLER), id, good));
        for bad in bad_points() {
            let shared = SharedSecretProof { shared: bad, ..shared_proof(id) };
            let proof = DisputeProof { shared, fault: Fault::WrongKey };
            assert_noop!(dispute_as(BUYER, id, proof), Error::<Test>::DisputeBadPoint);
        }
    });
}

#[test]
fn buyer_forges_a_shared_point() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        let honest = shared_proof(id);
        let refused = |shared, error: Error<Test>| {
            let proof = DisputeProof { shared, fault: Fault::WrongKey };
            assert_noop!(dispute_as(BUYER, id, proof), error);
        };
        // Another point would unmask to another key, and the seller would seem to have cheated.
        let other = RistrettoPoint::mul_base(&Scalar::from(5u64)).compress().to_bytes();
        refused(SharedSecretProof { shared: other, ..honest }, Error::DisputeBadProof);
        let mut flipped = honest;
        flipped.response[0] ^= 1;
        refused(flipped, Error::DisputeBadProof);
        let mut flipped = honest;
        flipped.challenge[0] ^= 1;
        refused(flipped, Error::DisputeBadProof);
        let zero = SharedSecretProof { challenge: [0; 32], response: [0; 32], ..honest };
        refused(zero, Error::DisputeBadProof);
        refused(SharedSecretProof { challenge: ORDER, ..honest }, Error::DisputeBadScalar);
        refused(SharedSecretProof { response: ORDER, ..honest }, Error::DisputeBadScalar);
        refused(SharedSecretProof { response: [0xff; 32], ..honest }, Error::DisputeBadScalar);
    });
}

#[test]
fn buyer_replays_a_proof() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let cheated = order(BUYER, offer);
        deliver(cheated, &ContentKey::from_bytes([0; 32]));
        let proof = DisputeProof { shared: shared_proof(cheated), fault: Fault::WrongKey };
        assert_ok!(dispute_as(BUYER, cheated, proof.clone()));
        // Against another order, and again against its own.
        let served = order(BUYER, offer);
        deliver(served, &sealing.key);
        assert_noop!(dispute_as(BUYER, served, proof.clone()), Error::<Test>::DisputeBadProof);
        assert_noop!(dispute_as(BUYER, cheated, proof), Error::<Test>::NoSuchOrder);
        // A proof for another chain.
        let shared = delivery::prove_shared(
            &[0xee; 32],
            served,
            &order_secret(served),
            &delivered(served),
            &mut OsRng,
        )
        .expect("the delivery is valid");
        let proof = DisputeProof { shared, fault: Fault::WrongKey };
        assert_noop!(dispute_as(BUYER, served, proof), Error::<Test>::DisputeBadProof);
    });
}

#[test]
fn another_disputes_with_the_buyers_proof() {
    ExtBuilder::default().build_and_execute(|| {
        let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
        deliver(id, &ContentKey::from_bytes([0; 32]));
        // They saw it in the pool and hope for the disputer's fee.
        let seen = DisputeProof { shared: shared_proof(id), fault: Fault::WrongKey };
        for thief in [OTHER_BUYER, SELLER, STRANGER] {
            assert_noop!(dispute_as(thief, id, seen.clone()), Error::<Test>::NotTheBuyer);
        }
        assert_ok!(dispute_as(BUYER, id, seen));
    });
}

#[test]
fn a_suspended_buyer_keeps_every_right_of_his_orders() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let orders = [(); 3].map(|()| order(BUYER, offer));
        let [cheated, served, missed] = orders;
        Verified::set([SELLER].into());
        deliver(cheated, &ContentKey::from_bytes([0; 32]));
        deliver(served, &sealing.key);
        assert_eq!(Marketplace::reserved_for_dispute(&BUYER, cheated), RESERVE);
        assert_ok!(dispute(cheated, Fault::WrongKey));
        assert_ok!(accept(BUYER, served));
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(BUYER), missed));
        // Only new orders are closed to them.
        assert_noop!(try_order(BUYER, offer), Error::<Test>::NotVerified);
    });
}

#[test]
fn a_suspended_seller_delivers_and_is_paid() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        Verified::set([BUYER].into());
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(SELLER, id));
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
    });
}

#[test]
fn an_offer_is_changed_under_its_orders() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let [paid, cheated, missed] = [(); 3].map(|()| order(BUYER, offer));
        let terms = the_order(paid).terms;

        // Price, offer, rules, the dataset's owner and state, both parties' standing: all change.
        assert_ok!(Marketplace::add_bond(signed(SELLER), offer, 20_000));
        assert_ok!(Marketplace::set_price(signed(SELLER), offer, 100_000));
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        let harsh = record::Rules {
            min_delivery_window: 4,
            max_delivery_window: 4,
            min_dispute_window: 8,
            max_dispute_window: 8,
            bond_floor: 90_000,
            bond_share: Share::WHOLE,
            platform_fee: Share::from_percent(10),
            dispute_reserve: 90_000,
            missed_delivery_share: Share::WHOLE,
            max_price: 1,
        };
        assert_ok!(Marketplace::set_rules(RawOrigin::Root.into(), harsh));
        register(OTHER_SELLER, sealing.plain);
        withdraw(sealing.dataset());
        Verified::set([].into());

        assert_eq!(the_order(paid).terms, terms);
        pass(DELIVERY_WINDOW);
        deliver(paid, &sealing.key);
        deliver(cheated, &ContentKey::from_bytes([0; 32]));
        pass(1);
        assert_ok!(Marketplace::expire(signed(STRANGER), missed));
        pass(DISPUTE_WINDOW - 1);
        assert_noop!(settle(SELLER, paid), Error::<Test>::TooEarly);
        assert_ok!(dispute(cheated, Fault::WrongKey));
        pass(1);
        assert_ok!(settle(STRANGER, paid));

        assert_eq!(wealth(BUYER), ENDOWMENT - PRICE + PENALTY + RESERVE);
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE - PENALTY - ORDER_BOND);
        assert_eq!(wealth(TREASURY), FEE + ORDER_BOND - RESERVE);
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
    });
}

#[test]
fn an_order_meant_for_another_chain_or_fork_is_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let (first, second) = (offer(SELLER, &Sealing::honest(1)), offer(OTHER_SELLER, &Sealing::honest(2)));
        let terms = Marketplace::quote(first).expect("the offer exists");
        // The same offer on a chain with another genesis.
        let elsewhere = OrderTermsOf::<Test> { genesis: [0xee; 32], ..terms.clone() };
        assert_noop!(try_order_under(BUYER, first, elsewhere.digest()), Error::<Test>::StaleTerms);
        // On a fork another offer got the number that the buyer meant.
        assert_noop!(try_order_under(BUYER, second, terms.digest()), Error::<Test>::StaleTerms);
        let renumbered = OrderTermsOf::<Test> { offer: second, ..terms };
        assert_noop!(try_order_under(BUYER, second, renumbered.digest()), Error::<Test>::StaleTerms);
    });
}

#[test]
fn a_delivery_is_seen_in_the_pool_and_held_back() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        let held_back = delivery_of(id, &sealing.key);
        pass(DELIVERY_WINDOW + 1);
        // Too late it is refused: the key cannot be put on the record and the price taken afterwards.
        assert_noop!(Marketplace::deliver(deliverer(SELLER), id, held_back), Error::<Test>::TooLate);
        assert_noop!(settle(SELLER, id), Error::<Test>::NotDelivered);
        assert_ok!(Marketplace::expire(signed(BUYER), id));
        // The buyer, even if they are in league with whoever held it back, gets the penalty and no more; it is a
        // small fixed part of the bond, and the seller's tool does not deliver close to the deadline.
        assert_eq!(wealth(BUYER), ENDOWMENT + PENALTY);
        assert_eq!(wealth(SELLER), ENDOWMENT - PENALTY);
        // What was in the pool is of no use to anyone but the buyer.
        let stranger = OrderSecret::derive(&[0; 32], &[0; 32]);
        let read = delivery::unwrap(&genesis(), id, &stranger, &held_back).expect("the delivery is valid");
        assert!(read != sealing.key);
    });
}

#[test]
fn a_friend_of_the_seller_disputes_first() {
    ExtBuilder::default().build_and_execute(|| {
        let friend = OTHER_BUYER;
        let sealing = Sealing::with_wrong_block(1, 2);
        let offer = offer(SELLER, &sealing);
        let (honest, friends) = (order(BUYER, offer), order(friend, offer));
        deliver(honest, &sealing.key);
        deliver(friends, &sealing.key);
        // Does the bond come back to the gang through the friend?
        assert_ok!(dispute(friends, Fault::BadBlock(sealing.block_fault(2))));
        assert_eq!(wealth(SELLER) + wealth(friend), 2 * ENDOWMENT - BOND + RESERVE);
        assert_eq!(wealth(TREASURY), BOND - RESERVE);
        // Does the honest buyer come too late?
        assert_noop!(settle(SELLER, honest), Error::<Test>::TooEarly);
        pass(DISPUTE_WINDOW + 1);
        assert_noop!(settle(SELLER, honest), Error::<Test>::FaultySealing);
        assert_ok!(Marketplace::refund_faulty(signed(BUYER), honest));
        assert_eq!(wealth(BUYER), ENDOWMENT);
    });
}

#[test]
fn a_friends_wrong_key_dispute_does_not_free_the_bond_of_others() {
    ExtBuilder::default().build_and_execute(|| {
        let friend = OTHER_BUYER;
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let (honest, friends) = (order(BUYER, offer), order(friend, offer));
        deliver(friends, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(friends, Fault::WrongKey));
        assert!(held(HoldReason::Bond, SELLER) >= ORDER_BOND);
        assert!(wealth(SELLER) + wealth(friend) < 2 * ENDOWMENT);
        deliver(honest, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(honest, Fault::WrongKey));
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
    });
}

#[test]
fn a_rival_offers_the_same_sealed_payload_to_have_it_declared_faulty() {
    ExtBuilder::default().build_and_execute(|| {
        let (rival, accomplice) = (OTHER_SELLER, OTHER_BUYER);
        let honest = Sealing::honest(1);
        let honest_offer = offer(SELLER, &honest);
        let ordered = order(BUYER, honest_offer);
        deliver(ordered, &honest.key);

        // The rival's own dataset, said to be sealed as the honest payload: once under a key of theirs, once under
        // the honest commitment, whose key they bought.
        for key in [ContentKey::from_bytes([8; 32]), honest.key.clone()] {
            let other = Sealing::honest(key.expose()[0] + 100);
            let grief = Sealing {
                key,
                plain: other.plain,
                leaves: other.leaves,
                sealed_root: honest.sealed_root,
                sealed_blocks: honest.sealed_blocks.clone(),
            };
            let staged = order(accomplice, offer(rival, &grief));
            deliver(staged, &grief.key);
            assert_ok!(dispute(staged, Fault::BadBlock(grief.block_fault(1))));
        }

        // The honest offer takes orders, delivers and is paid as before; the rival's bonds are gone.
        assert_eq!(the_offer(honest_offer).state, OfferState::Open);
        assert_noop!(Marketplace::refund_faulty(signed(BUYER), ordered), Error::<Test>::NotFaulty);
        assert_ok!(accept(BUYER, ordered));
        let next = order(BUYER, honest_offer);
        deliver(next, &honest.key);
        assert_ok!(accept(BUYER, next));
        assert_eq!(wealth(SELLER), ENDOWMENT + 2 * (PRICE - FEE));
        assert_eq!(wealth(rival), ENDOWMENT - 2 * BOND);
    });
}

#[test]
fn a_seller_who_empties_his_account_still_loses_his_bond() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        deliver(id, &sealing.key);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        let free = Balances::free_balance(SELLER);
        assert_ok!(Balances::transfer_allow_death(signed(SELLER), STRANGER, free - 1));
        assert!(Balances::transfer_allow_death(signed(SELLER), STRANGER, 2).is_err());
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(2))));
        assert_eq!(wealth(SELLER), 1 + OFFER_DEPOSIT);
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
    });
}
