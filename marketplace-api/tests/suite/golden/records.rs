//! Records as the golden market has them: each with what is the same in all of its kind.

use marketplace_api::testing;
use wonbon_model::{
    AccountId, Balance, Dataset, DatasetId, Derivation, Hash, Method, Moment, Offer, OfferState, Order,
    OrderState, OrderTerms, Outcome, Parent, Participant, Profile, Region, Relation, Role, Roles, Royalty,
    RoyaltyShare, Share, SizeClass, Standing, Trade,
};
use wonbon_primitives::delivery::OrderKey;

use super::contents::{sha256, LICENCE, NDA};
use crate::common::GENESIS;

pub(super) fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

pub(super) fn at(block: u32) -> Moment {
    Moment { block, time: testing::time_of(block) }
}

pub(super) fn participant(
    name: &str,
    number: &str,
    ksic: &str,
    (size, region): (SizeClass, Region),
    roles: &[Role],
    standing: Standing,
) -> Participant {
    Participant {
        version: 1,
        profile: Profile {
            name: name.as_bytes().to_vec().try_into().unwrap(),
            registration_number: number.parse().unwrap(),
            ksic: ksic.parse().unwrap(),
            size,
            region,
            roles: roles.iter().copied().collect::<Roles>(),
        },
        standing,
        accredited: roles.iter().any(|role| role.needs_accreditation()),
        registered_at: 0,
        changed_at: 1,
        deposit: 10_000,
    }
}

pub(super) fn dataset(owner: AccountId, length: u64, metadata: Hash, method: Method) -> Dataset {
    Dataset {
        version: 1,
        registrant: owner,
        owner,
        length,
        metadata: metadata.0,
        method,
        registered: at(1),
        announced: 0,
        provisional_until: 1,
        depth: 0,
        parent_count: 0,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        withdrawn: None,
        sample: None,
        records: 1,
        head: [0x4e; 32],
        deposit: 20_000,
    }
}

pub(super) fn parent(dataset: DatasetId, relation: Relation, royalty: u32) -> Parent {
    Parent { dataset, relation, royalty: share(royalty) }
}

pub(super) fn royalty_share(dataset: DatasetId, millionths: u32) -> RoyaltyShare {
    RoyaltyShare { dataset, share: share(millionths) }
}

pub(super) fn offer(number: u8, dataset: DatasetId, seller: AccountId, price: Balance) -> Offer {
    Offer {
        version: 2,
        dataset,
        seller,
        length: 8192,
        sealed_root: [0xa0 + number; 32],
        key_commitment: [0xb0 + number; 32],
        price,
        licence: sha256(LICENCE.as_bytes()).0,
        nda: sha256(NDA.as_bytes()).0,
        delivery_window: 100,
        dispute_window: 200,
        bond: 3_000_000,
        open_orders: 0,
        exposure: 0,
        state: OfferState::Open,
        offered_at: 2,
        derivation: Derivation::Forbidden,
        pause: None,
        leaving: None,
        longest_dispute_window: 200,
        missed: 0,
        refused: 0,
        refunded: 0,
    }
}

pub(super) const PERMITTED: u32 = 50_000;

pub(super) fn permitted() -> Derivation {
    Derivation::Permitted { royalty: share(PERMITTED) }
}

pub(super) fn terms(number: u64, offer: &Offer, royalties: Vec<Royalty>) -> OrderTerms {
    OrderTerms {
        genesis: GENESIS.0,
        offer: number,
        dataset: offer.dataset,
        length: offer.length,
        sealed_root: offer.sealed_root,
        key_commitment: offer.key_commitment,
        seller: offer.seller,
        price: offer.price,
        platform_fee: 25_000,
        dispute_reserve: 300,
        bond: 125_000,
        missed_delivery_penalty: 12_500,
        delivery_window: offer.delivery_window,
        dispute_window: offer.dispute_window,
        licence: offer.licence,
        nda: offer.nda,
        derivation: offer.derivation,
        royalties: royalties.try_into().unwrap(),
    }
}

pub(super) fn order(buyer: AccountId, terms: OrderTerms, state: OrderState) -> Order {
    Order {
        version: 1,
        offer: terms.offer,
        buyer,
        terms,
        order_key: OrderKey([0xc1; 32]),
        nonce: [0xc2; 32],
        placed_at: 4,
        deliver_by: 104,
        state,
        reserve_left: 250,
        refund_proposed: None,
    }
}

pub(super) fn trade(
    order: u64,
    buyer: AccountId,
    terms: &OrderTerms,
    outcome: Outcome,
    block: u32,
    position: u32,
) -> Trade {
    Trade {
        version: 1,
        order,
        offer: terms.offer,
        seller: terms.seller,
        buyer,
        price: terms.price,
        platform_fee: terms.platform_fee,
        royalties: terms.royalties.clone(),
        licence: terms.licence,
        nda: terms.nda,
        derivation: terms.derivation,
        terms: terms.digest(),
        placed_at: block - 1,
        delivered_at: (outcome != Outcome::Missed).then_some(block),
        ended: at(block),
        outcome,
        position,
    }
}
