//! The tools read and write the records of the chain as the pallets do: their encodings are compared with the files
//! that the tests of the pallets are compared with, in `pallets/primitives/tests/golden`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use codec::{DecodeAll, Encode};
use wonbon_golden::Golden;
use wonbon_model::{
    AccountId, Announcement, Attestation, AttestationKind, Dataset, DatasetId, Derivation, DeriveRight,
    Handover, LeavingBond, Method, Moment, Offer, OfferState, Order, OrderState, OrderTerms, ParentList,
    Participant, Pause, Region, Relation, Role, Royalty, RoyaltyShares, Rules, SampleAnswer, Share,
    SizeClass, Trade, Version, Withdrawal,
};
use wonbon_primitives::delivery::{Delivery, OrderKey};

const GOLDEN: Golden =
    Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/../../pallets/primitives/tests/golden"));

fn permitted() -> Derivation {
    Derivation::Permitted { royalty: Share::from_millionths(79_000).unwrap() }
}

fn offer(state: OfferState, derivation: Derivation) -> Offer {
    Offer {
        version: 2,
        dataset: DatasetId([0x01; 32]),
        seller: AccountId([0x02; 32]),
        length: 0x03,
        sealed_root: [0x04; 32],
        key_commitment: [0x05; 32],
        price: 0x06,
        licence: [0x07; 32],
        nda: [0x08; 32],
        delivery_window: 0x09,
        dispute_window: 0x0a,
        bond: 0x0b,
        open_orders: 0x0c,
        exposure: 0x0d,
        state,
        offered_at: 0x0e,
        derivation,
        pause: (state == OfferState::Paused).then_some(Pause { since: 0x61, penalty: 0x62 }),
        leaving: (state == OfferState::Open).then_some(LeavingBond { amount: 0x63, stays_until: 0x64 }),
        longest_dispute_window: 0x65,
        missed: 0x66,
        refused: 0x67,
        refunded: 0x68,
    }
}

fn terms() -> OrderTerms {
    let royalty = Royalty { dataset: DatasetId([0x21; 32]), account: AccountId([0x22; 32]), amount: 0x23 };
    OrderTerms {
        genesis: [0x11; 32],
        offer: 0x12,
        dataset: DatasetId([0x13; 32]),
        length: 0x14,
        sealed_root: [0x15; 32],
        key_commitment: [0x16; 32],
        seller: AccountId([0x17; 32]),
        price: 0x18,
        platform_fee: 0x19,
        dispute_reserve: 0x1a,
        bond: 0x1b,
        missed_delivery_penalty: 0x1c,
        delivery_window: 0x1d,
        dispute_window: 0x1e,
        licence: [0x1f; 32],
        nda: [0x20; 32],
        derivation: permitted(),
        royalties: vec![royalty].try_into().unwrap(),
    }
}

fn order(state: OrderState) -> Order {
    Order {
        version: 2,
        offer: 0x31,
        buyer: AccountId([0x32; 32]),
        terms: terms(),
        order_key: OrderKey([0x33; 32]),
        nonce: [0x34; 32],
        placed_at: 0x35,
        deliver_by: 0x36,
        refund_proposed: (state != OrderState::Placed).then_some(0x38),
        state,
        reserve_left: 0x37,
    }
}

fn rules() -> Rules {
    Rules {
        min_delivery_window: 0x51,
        max_delivery_window: 0x52,
        min_dispute_window: 0x53,
        max_dispute_window: 0x54,
        bond_floor: 0x55,
        bond_share: Share::from_millionths(0x56).unwrap(),
        platform_fee: Share::from_millionths(0x57).unwrap(),
        dispute_reserve: 0x58,
        missed_delivery_share: Share::from_millionths(0x59).unwrap(),
        max_price: 0x5a,
    }
}

#[test]
fn golden_offers_orders_and_rules_are_the_pallets() {
    let delivery = Delivery { ephemeral: [0x41; 32], wrapped: [0x42; 32] };
    let delivered = OrderState::Delivered { delivery, at: 0x43, dispute_until: 0x44 };
    GOLDEN.bytes(
        "market.hex",
        [
            ("offer/open", offer(OfferState::Open, permitted()).encode()),
            ("offer/withdrawn", offer(OfferState::Withdrawn, Derivation::Forbidden).encode()),
            ("offer/faulted", offer(OfferState::Faulted, permitted()).encode()),
            ("offer/paused", offer(OfferState::Paused, permitted()).encode()),
            ("order/placed", order(OrderState::Placed).encode()),
            ("order/delivered", order(delivered).encode()),
            ("rules", rules().encode()),
        ],
    );
    let announcement = Announcement { version: 2, at: 0x01, deposit: 0x02 };
    GOLDEN.bytes("announcement.hex", [("announcement", announcement.encode())]);
}

/// The bytes, read as this type and written again.
fn again<T: DecodeAll + Encode>(bytes: &[u8]) -> Vec<u8> {
    T::decode_all(&mut &bytes[..]).unwrap().encode()
}

#[test]
fn golden_records_are_read_and_written_again() {
    let records = GOLDEN.read_bytes("record.hex");
    assert!(!records.is_empty());
    for (name, bytes) in records {
        let read = match name.split('/').next().unwrap() {
            "dataset" => again::<Dataset>(&bytes),
            "moment" => again::<Moment>(&bytes),
            "parents" => again::<ParentList>(&bytes),
            "royalty_shares" => again::<RoyaltyShares>(&bytes),
            "version" => again::<Version>(&bytes),
            "withdrawal" => again::<Withdrawal>(&bytes),
            "sample_answer" => again::<SampleAnswer>(&bytes),
            "handover" => again::<Handover>(&bytes),
            "attestation" => again::<Attestation>(&bytes),
            "derive_right" => again::<DeriveRight>(&bytes),
            "trade" => again::<Trade>(&bytes),
            "terms" => again::<OrderTerms>(&bytes),
            "participant" => again::<Participant>(&bytes),
            "method" => again::<Method>(&bytes),
            "relation" => again::<Relation>(&bytes),
            "size" => again::<SizeClass>(&bytes),
            "region" => again::<Region>(&bytes),
            "role" => again::<Role>(&bytes),
            "kind" => again::<AttestationKind>(&bytes),
            other => panic!("{other} is not read"),
        };
        assert_eq!(read, bytes, "{name}");
    }
}
