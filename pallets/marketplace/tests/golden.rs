//! Offers, orders and rules are encoded as they were when the files in `../primitives/tests/golden` were written.
//! The test of the same name in wonbon-model reads the same files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use codec::Encode;
use wonbon_golden::Golden;
use wonbon_primitives::{
    delivery::{Delivery, OrderKey},
    record::{
        Derivation, Extension, Extensions, LeavingBond, Offer, OfferState, Order, OrderState, OrderTerms,
        Pause, Royalty, Rules, EXTENSIONS_LAYOUT, OFFER_LAYOUT,
    },
    share::Share,
    DatasetId,
};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/../primitives/tests/golden"));

type Account = [u8; 32];

fn permitted() -> Derivation {
    Derivation::Permitted { royalty: Share::from_millionths(79_000).unwrap() }
}

fn offer(state: OfferState, derivation: Derivation) -> Offer<Account, u128, u32> {
    Offer {
        version: OFFER_LAYOUT,
        dataset: DatasetId([0x01; 32]),
        seller: [0x02; 32],
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

fn terms() -> OrderTerms<Account, u128, u32> {
    let royalty = Royalty { dataset: DatasetId([0x21; 32]), account: [0x22; 32], amount: 0x23 };
    OrderTerms {
        genesis: [0x11; 32],
        offer: 0x12,
        dataset: DatasetId([0x13; 32]),
        length: 0x14,
        sealed_root: [0x15; 32],
        key_commitment: [0x16; 32],
        seller: [0x17; 32],
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

fn order(state: OrderState<u32>) -> Order<Account, u128, u32> {
    Order {
        version: OFFER_LAYOUT,
        offer: 0x31,
        buyer: [0x32; 32],
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

fn rules() -> Rules<u128, u32> {
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
fn golden_offers_orders_and_rules_are_encoded_as_before() {
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
}

#[test]
fn golden_extensions_are_encoded_as_before() {
    let extension = |at, by| Extension { at, by };
    let list = vec![extension(0x62u32, 0x63), extension(0x64, 0x65)].try_into().unwrap();
    let some = Extensions { version: EXTENSIONS_LAYOUT, total: 0x61, list };
    GOLDEN.bytes(
        "windows.hex",
        [("extensions/none", Extensions::<u32>::default().encode()), ("extensions/two", some.encode())],
    );
}
