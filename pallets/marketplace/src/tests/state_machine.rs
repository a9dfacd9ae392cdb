//! Any interleaving of any callers: after each step the pallet agrees with a model, money is conserved and
//! every invariant holds; in the end every order can be ended by a stranger, once, and no hold is left but deposits.

use std::collections::BTreeMap;

use frame_system::RawOrigin;
use proptest::prelude::*;
use sp_runtime::DispatchResult;

use super::{
    accept, close_offer, delivered, deliverer, delivery_of, dispute_as, genesis,
    model::{datasets, products, rule_set, Claim, Model, Product, Stage},
    plain, quote, settle, signed, try_offer, try_order_under, DELIVERY_WINDOW, DISPUTE_WINDOW, LICENCE, NDA,
};
use crate::{
    mock::{
        check_invariants, hand_over, held, register_derived, share, wealth, withdraw, AccountId, Balance,
        BlockNumber, ExtBuilder, Marketplace, System, Test, Verified, BUYER, OTHER_BUYER, OTHER_SELLER,
        SELLER, STRANGER, TREASURY,
    },
    DeriveRights, Finished, HoldReason, Listing, OrderAct, Orders,
};
use wonbon_primitives::{
    bounds::MAX_LINEAGE,
    delivery::{prove_shared, Delivery, SharedSecretProof},
    dispute::{DisputeProof, Fault},
    record::Derivation,
    registry::DatasetMarket,
    seal::ContentKey,
    DatasetId, OrderId, OsRng,
};

/// Who makes a call: the party whose call it is, or whoever.
#[derive(Clone, Copy, Debug)]
enum Caller {
    Right,
    Any(AccountId),
}

impl Caller {
    fn or(self, right: AccountId) -> AccountId {
        match self {
            Self::Right => right,
            Self::Any(who) => who,
        }
    }
}

/// One call, or something that happens around the pallet. Offers and orders are named by any number, taken
/// modulo how many there are; see [`Market::order`].
#[derive(Clone, Debug)]
enum Step {
    Offer { caller: Caller, product: usize, price: Balance, bond: Balance, licence: Option<u32> },
    SetPrice { caller: Caller, offer: usize, price: Balance },
    AddBond { caller: Caller, offer: usize, amount: Balance },
    Withdraw { caller: Caller, offer: usize },
    Close { who: AccountId, offer: usize },
    Place { who: AccountId, offer: usize, stale: bool },
    Deliver { caller: Caller, order: usize, right_key: bool },
    Accept { caller: Caller, order: usize },
    Settle { who: AccountId, order: usize },
    Expire { who: AccountId, order: usize },
    RefundFaulty { who: AccountId, order: usize },
    Dispute { caller: Caller, order: usize, claim: Claim },
    ReleaseReserve { caller: Caller, order: usize },
    Fail { order: usize, act: OrderAct },
    Extend { blocks: BlockNumber },
    SetRules { second: bool },
    StopOrders { stop: bool },
    Toggle { who: AccountId },
    HandOver { dataset: usize, to: AccountId },
    WithdrawDataset { dataset: usize },
    Refuse { caller: Caller, order: usize },
    ProposeRefund { caller: Caller, order: usize },
    AcceptRefund { caller: Caller, order: usize },
    Amend { caller: Caller, offer: usize, window: BlockNumber, licence: Option<u32> },
    Resume { caller: Caller, offer: usize },
    Reopen { caller: Caller, offer: usize, bond: Balance },
    ReleaseBond { caller: Caller, offer: usize, amount: Balance },
    TakeBond { caller: Caller, offer: usize },
    HandOverKeeping { dataset: usize, to: AccountId, royalty: u32 },
    Pass { blocks: BlockNumber },
}

fn any_account() -> impl Strategy<Value = AccountId> {
    prop::sample::select(vec![SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER])
}

fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![4 => Just(Caller::Right), 1 => any_account().prop_map(Caller::Any)]
}

fn price() -> impl Strategy<Value = Balance> {
    prop_oneof![6 => 1_000u128..60_000, 1 => Just(0), 1 => Just(1), 1 => 90_000u128..110_000]
}

fn step() -> impl Strategy<Value = Step> {
    // Most claims are ones that can hold: the key is wrong, or the block that is wrong in one product.
    let claim = prop_oneof![
        2 => Just(Claim::Key),
        3 => Just(Claim::Block(3)),
        1 => (0usize..5).prop_map(Claim::Block),
    ];
    // Deadlines are met and missed by one block often enough.
    let edges = [DELIVERY_WINDOW, DELIVERY_WINDOW + 1, DISPUTE_WINDOW, DISPUTE_WINDOW + 1];
    let blocks = prop_oneof![3 => 1u32..10, 2 => prop::sample::select(edges.to_vec())];
    let licence = prop_oneof![
        1 => Just(None),
        3 => prop::sample::select(vec![0, 50_000, 100_000, 200_000]).prop_map(Some),
        1 => (490_000u32..510_000).prop_map(Some),
    ];
    prop_oneof![
        6 => (caller(), 0usize..9, price(), 500u128..60_000, licence.clone()).prop_map(
            |(caller, product, price, bond, licence)| Step::Offer { caller, product, price, bond, licence }
        ),
        2 => (caller(), any::<usize>(), price())
            .prop_map(|(caller, offer, price)| Step::SetPrice { caller, offer, price }),
        2 => (caller(), any::<usize>(), 0u128..40_000)
            .prop_map(|(caller, offer, amount)| Step::AddBond { caller, offer, amount }),
        1 => (caller(), any::<usize>()).prop_map(|(caller, offer)| Step::Withdraw { caller, offer }),
        1 => (any_account(), any::<usize>()).prop_map(|(who, offer)| Step::Close { who, offer }),
        12 => (any_account(), any::<usize>(), prop::bool::weighted(0.1))
            .prop_map(|(who, offer, stale)| Step::Place { who, offer, stale }),
        12 => (caller(), any::<usize>(), prop::bool::weighted(0.7))
            .prop_map(|(caller, order, right_key)| Step::Deliver { caller, order, right_key }),
        4 => (caller(), any::<usize>()).prop_map(|(caller, order)| Step::Accept { caller, order }),
        5 => (any_account(), any::<usize>()).prop_map(|(who, order)| Step::Settle { who, order }),
        5 => (any_account(), any::<usize>()).prop_map(|(who, order)| Step::Expire { who, order }),
        3 => (any_account(), any::<usize>()).prop_map(|(who, order)| Step::RefundFaulty { who, order }),
        8 => (caller(), any::<usize>(), claim)
            .prop_map(|(caller, order, claim)| Step::Dispute { caller, order, claim }),
        4 => (caller(), any::<usize>()).prop_map(|(caller, order)| Step::ReleaseReserve { caller, order }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(order, deliver)| Step::Fail {
            order,
            act: if deliver { OrderAct::Delivery } else { OrderAct::Dispute },
        }),
        2 => (0u32..60).prop_map(|blocks| Step::Extend { blocks }),
        1 => any::<bool>().prop_map(|second| Step::SetRules { second }),
        1 => prop::bool::weighted(0.3).prop_map(|stop| Step::StopOrders { stop }),
        1 => any_account().prop_map(|who| Step::Toggle { who }),
        1 => (0usize..7, any_account()).prop_map(|(dataset, to)| Step::HandOver { dataset, to }),
        1 => (0usize..7).prop_map(|dataset| Step::WithdrawDataset { dataset }),
        4 => more_about_orders(),
        6 => more_about_offers(licence),
        5 => blocks.prop_map(|blocks| Step::Pass { blocks }),
    ]
}

/// Orders that end without a sale.
fn more_about_orders() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (caller(), any::<usize>()).prop_map(|(caller, order)| Step::Refuse { caller, order }),
        3 => (caller(), any::<usize>()).prop_map(|(caller, order)| Step::ProposeRefund { caller, order }),
        3 => (caller(), any::<usize>()).prop_map(|(caller, order)| Step::AcceptRefund { caller, order }),
    ]
}

/// Offers that change.
fn more_about_offers(licence: impl Strategy<Value = Option<u32>>) -> impl Strategy<Value = Step> {
    let window = prop_oneof![4 => 10u32..80, 1 => 8u32..12, 1 => 998u32..1_002];
    prop_oneof![
        2 => (caller(), any::<usize>(), window, licence)
            .prop_map(|(caller, offer, window, licence)| Step::Amend { caller, offer, window, licence }),
        3 => (caller(), any::<usize>()).prop_map(|(caller, offer)| Step::Resume { caller, offer }),
        2 => (caller(), any::<usize>(), prop_oneof![Just(0u128), 1_000u128..30_000])
            .prop_map(|(caller, offer, bond)| Step::Reopen { caller, offer, bond }),
        2 => (caller(), any::<usize>(), prop_oneof![Just(0u128), 1u128..20_000])
            .prop_map(|(caller, offer, amount)| Step::ReleaseBond { caller, offer, amount }),
        3 => (caller(), any::<usize>()).prop_map(|(caller, offer)| Step::TakeBond { caller, offer }),
        1 => (0usize..7, any_account(), prop::sample::select(vec![0, 50_000, 100_000]))
            .prop_map(|(dataset, to, royalty)| Step::HandOverKeeping { dataset, to, royalty }),
    ]
}

/// The pallet beside its model.
struct Market {
    products: Vec<Product>,
    datasets: Vec<DatasetId>,
    model: Model,
    /// What was delivered, for disputes after the order is gone from the chain.
    deliveries: Vec<Option<Delivery>>,
}

impl Market {
    fn new() -> Self {
        let products = products();
        let mut ids: Vec<DatasetId> = Vec::new();
        for (at, dataset) in datasets().iter().enumerate() {
            let product = products.iter().find(|product| product.dataset == at).expect("each is for sale");
            let parents: Vec<_> =
                dataset.parents.iter().map(|(parent, share)| (ids[*parent], *share)).collect();
            ids.push(register_derived(dataset.owner, product.sealing.plain, &parents));
        }
        Self { model: Model::new(&products), products, datasets: ids, deliveries: Vec::new() }
    }

    /// Does a step on both sides and compares them. Whether it succeeded.
    fn run(&mut self, step: &Step) -> bool {
        let (result, expected) = self.both(step);
        assert_eq!(result.is_ok(), expected, "{step:?} ended with {result:?}");
        for who in [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER, TREASURY] {
            assert_eq!(wealth(who), self.model.wealth[&who], "what {who} owns after {step:?}");
            let reasons = [HoldReason::Escrow, HoldReason::Bond, HoldReason::OfferDeposit];
            let on_hold = reasons.map(|reason| held(reason, who));
            assert_eq!(on_hold, self.model.held(who), "what {who} has on hold after {step:?}");
        }
        let rights = DeriveRights::<Test>::iter().map(|(who, dataset, right)| {
            let at = self.datasets.iter().position(|id| *id == dataset).expect("a dataset of the market");
            ((who, at), right.royalty.millionths())
        });
        assert_eq!(rights.collect::<BTreeMap<_, _>>(), self.model.rights, "the rights after {step:?}");
        check_invariants();
        expected
    }

    fn both(&mut self, step: &Step) -> (DispatchResult, bool) {
        let nothing = (Ok(()), true);
        match *step {
            Step::Offer { caller, product, price, bond, licence } => {
                let it = &self.products[product];
                let who = caller.or(self.model.datasets[it.dataset].owner);
                let derivation = licence.map_or(Derivation::Forbidden, |royalty| Derivation::Permitted {
                    royalty: share(royalty),
                });
                let listing = Listing { price, bond, derivation, ..it.sealing.listing() };
                (try_offer(who, listing), self.model.offer(who, product, price, bond, licence))
            }
            Step::SetPrice { caller, offer, price } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let result = Marketplace::set_price(signed(who), offer as u64, price);
                (result, self.model.set_price(who, offer, price))
            }
            Step::AddBond { caller, offer, amount } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let result = Marketplace::add_bond(signed(who), offer as u64, amount);
                (result, self.model.add_bond(who, offer, amount))
            }
            Step::Withdraw { caller, offer } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let result = Marketplace::withdraw_offer(signed(who), offer as u64);
                (result, self.model.withdraw(who, offer))
            }
            Step::Close { who, offer } => {
                let Some((offer, _)) = self.offer(offer) else { return nothing };
                (close_offer(who, offer as u64), self.model.close(offer))
            }
            Step::Place { who, offer, stale } => {
                let Some((offer, _)) = self.offer(offer) else { return nothing };
                let mut terms = quote(offer as u64);
                terms[0] ^= u8::from(stale);
                let expected = self.model.place(who, offer, stale);
                if expected {
                    self.deliveries.push(None);
                }
                (try_order_under(who, offer as u64, terms), expected)
            }
            Step::Deliver { caller, order, right_key } => {
                let Some((order, seller, _)) = self.order(order) else { return nothing };
                let who = caller.or(seller);
                let product = self.model.offers[self.model.orders[order].offer].product;
                let key = match right_key {
                    true => self.products[product].sealing.key.clone(),
                    false => ContentKey::from_bytes([0xff; 32]),
                };
                let delivery = match Orders::<Test>::contains_key(order as u64) {
                    true => delivery_of(order as u64, &key),
                    false => Delivery { ephemeral: [0; 32], wrapped: [0; 32] },
                };
                let result = Marketplace::deliver(deliverer(who), order as u64, delivery);
                let expected = self.model.deliver(who, order, right_key);
                if expected {
                    self.deliveries[order] = Some(delivery);
                }
                (result, expected)
            }
            Step::Accept { caller, order } => {
                let Some((order, _, buyer)) = self.order(order) else { return nothing };
                let who = caller.or(buyer);
                (accept(who, order as u64), self.model.accept(who, order))
            }
            Step::Settle { who, order } => {
                let Some((order, ..)) = self.order(order) else { return nothing };
                (settle(who, order as u64), self.model.settle(order))
            }
            Step::Expire { who, order } => {
                let Some((order, ..)) = self.order(order) else { return nothing };
                (Marketplace::expire(signed(who), order as u64), self.model.expire(order))
            }
            Step::RefundFaulty { who, order } => {
                let Some((order, ..)) = self.order(order) else { return nothing };
                (Marketplace::refund_faulty(signed(who), order as u64), self.model.refund_faulty(order))
            }
            Step::Dispute { caller, order, claim } => {
                let Some((order, _, buyer)) = self.order(order) else { return nothing };
                let who = caller.or(buyer);
                let proof = self.proof(order, claim);
                let result = dispute_as(who, order as u64, proof);
                (result, self.model.dispute(who, order, claim))
            }
            Step::ReleaseReserve { caller, order } => {
                let Some((order, _, buyer)) = self.order(order) else { return nothing };
                let who = caller.or(buyer);
                let amount = Marketplace::reserved_for_dispute(&who, order as u64);
                let result = Marketplace::release_dispute_reserve(&who, order as u64);
                (result, self.model.release_reserve(who, order) == amount)
            }
            Step::Fail { order, act } => {
                let Some((order, seller, buyer)) = self.order(order) else { return nothing };
                let who = if act == OrderAct::Delivery { seller } else { buyer };
                let admitted = Marketplace::admit(act, order as u64, &who);
                if admitted.is_ok() {
                    Marketplace::note_failure(act, order as u64);
                    assert!(!Marketplace::admit(act, order as u64, &who).expect("it still is").first);
                }
                assert_eq!(admitted.is_ok(), self.model.admits(order, act), "{order}: {admitted:?}");
                nothing
            }
            Step::Extend { blocks } => {
                let result = Marketplace::extend_windows(RawOrigin::Root.into(), blocks);
                (result, self.model.extend(blocks))
            }
            Step::SetRules { second } => {
                self.model.set_rules(second);
                (Marketplace::set_rules(RawOrigin::Root.into(), rule_set(second)), true)
            }
            Step::StopOrders { stop } => {
                let root = RawOrigin::Root.into();
                let result =
                    if stop { Marketplace::stop_orders(root) } else { Marketplace::resume_orders(root) };
                (result, self.model.stop_orders(stop))
            }
            Step::Toggle { who } => {
                if who != STRANGER {
                    self.model.toggle(who);
                    Verified::mutate(|all| {
                        if !all.remove(&who) {
                            all.insert(who);
                        }
                    });
                }
                nothing
            }
            Step::HandOver { dataset, to } => {
                self.model.hand_over(dataset, to);
                hand_over(self.datasets[dataset], to);
                nothing
            }
            Step::WithdrawDataset { dataset } => {
                self.model.withdraw_dataset(dataset);
                withdraw(self.datasets[dataset]);
                nothing
            }
            Step::HandOverKeeping { dataset, to, royalty } => {
                let (id, owner) = (self.datasets[dataset], self.model.datasets[dataset].owner);
                hand_over(id, to);
                Marketplace::keep_right(&owner, &id, share(royalty), 0);
                self.model.hand_over_keeping(dataset, to, royalty);
                nothing
            }
            Step::Refuse { caller, order } => {
                let Some((order, seller, _)) = self.order(order) else { return nothing };
                let who = caller.or(seller);
                (Marketplace::refuse(signed(who), order as u64), self.model.refuse(who, order))
            }
            Step::ProposeRefund { caller, order } => {
                let Some((order, seller, _)) = self.order(order) else { return nothing };
                let who = caller.or(seller);
                let result = Marketplace::propose_refund(signed(who), order as u64);
                (result, self.model.propose_refund(who, order))
            }
            Step::AcceptRefund { caller, order } => {
                let Some((order, _, buyer)) = self.order(order) else { return nothing };
                let who = caller.or(buyer);
                let result = Marketplace::accept_refund(signed(who), order as u64);
                (result, self.model.accept_refund(who, order))
            }
            Step::Amend { caller, offer, window, licence } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let derivation = licence.map_or(Derivation::Forbidden, |royalty| Derivation::Permitted {
                    royalty: share(royalty),
                });
                let id = offer as u64;
                let result = Marketplace::amend(
                    signed(who),
                    id,
                    LICENCE,
                    NDA,
                    DELIVERY_WINDOW,
                    window,
                    derivation.into(),
                );
                (result, self.model.amend(who, offer, window, licence))
            }
            Step::Resume { caller, offer } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                (Marketplace::resume_offer(signed(who), offer as u64), self.model.resume(who, offer))
            }
            Step::Reopen { caller, offer, bond } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let result = plain(Marketplace::reopen_offer(signed(who), offer as u64, bond, MAX_LINEAGE));
                (result, self.model.reopen(who, offer, bond))
            }
            Step::ReleaseBond { caller, offer, amount } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                let result = Marketplace::release_bond(signed(who), offer as u64, amount);
                (result, self.model.announce_release(who, offer, amount))
            }
            Step::TakeBond { caller, offer } => {
                let Some((offer, seller)) = self.offer(offer) else { return nothing };
                let who = caller.or(seller);
                (Marketplace::take_bond(signed(who), offer as u64), self.model.take_bond(who, offer))
            }
            Step::Pass { blocks } => {
                self.model.pass(blocks);
                System::set_block_number(System::block_number() + blocks);
                nothing
            }
        }
    }

    /// Offers three sources, has two companies buy the right to derive, and offers what was made from them.
    fn open(&mut self) {
        let right = Caller::Right;
        let offer =
            |product, licence| Step::Offer { caller: right, product, price: 10_000, bond: 20_000, licence };
        // See `order`: this names exactly the order `at`.
        let trade = |who, offer, at: usize| {
            [
                Step::Place { who, offer, stale: false },
                Step::Deliver { caller: right, order: at * 4, right_key: true },
                Step::Accept { caller: right, order: at * 4 },
            ]
        };
        let mut steps = vec![offer(0, Some(100_000)), offer(1, None), offer(2, Some(0))];
        steps.extend(trade(OTHER_SELLER, 0, 0));
        steps.push(offer(5, Some(50_000)));
        steps.extend(trade(BUYER, 0, 1));
        steps.extend(trade(BUYER, 3, 2));
        steps.push(offer(6, Some(200_000)));
        for step in &steps {
            assert!(self.run(step), "{step:?}");
        }
    }

    fn offer(&self, any: usize) -> Option<(usize, AccountId)> {
        let at = any.checked_rem(self.model.offers.len())?;
        Some((at, self.model.offers[at].seller))
    }

    fn order(&self, any: usize) -> Option<(usize, AccountId, AccountId)> {
        let orders = &self.model.orders;
        let open: Vec<usize> = (0..orders.len()).filter(|at| orders[*at].stage != Stage::Final).collect();
        // Most calls are about an open order.
        let at = match any % 4 {
            0 => (any / 4).checked_rem(orders.len())?,
            _ => open[(any / 4).checked_rem(open.len())?],
        };
        let order = &orders[at];
        Some((at, self.model.offers[order.offer].seller, order.buyer))
    }

    /// The best proof that the buyer of an order could make of a claim; noise before the delivery.
    fn proof(&self, order: usize, claim: Claim) -> DisputeProof {
        let id = order as OrderId;
        let shared = match self.deliveries[order] {
            Some(delivery) if Orders::<Test>::contains_key(id) => {
                assert_eq!(delivery, delivered(id));
                prove_shared(&genesis(), id, &super::order_secret(id), &delivery, &mut OsRng)
                    .expect("the delivery is valid")
            }
            _ => SharedSecretProof { shared: [0; 32], challenge: [0; 32], response: [0; 32] },
        };
        let product = self.model.offers[self.model.orders[order].offer].product;
        let fault = match claim {
            Claim::Key => Fault::WrongKey,
            Claim::Block(index) => Fault::BadBlock(self.products[product].sealing.block_fault(index)),
        };
        DisputeProof { shared, fault }
    }

    /// Ends everything: no order is stuck, none ends twice, and no escrow or bond is left.
    fn wind_up(&mut self) {
        self.run(&Step::Pass { blocks: 4_000 });
        for at in 0..self.model.orders.len() {
            let open = self.model.orders[at].stage != Stage::Final;
            // See `order`: this names exactly the order `at`.
            let order = at * 4;
            let ends = [
                Step::Settle { who: STRANGER, order },
                Step::Expire { who: STRANGER, order },
                Step::RefundFaulty { who: STRANGER, order },
            ];
            let ended = ends.iter().filter(|step| self.run(step)).count();
            assert_eq!(ended, usize::from(open), "how often order {at} could be ended");
            assert!(Finished::<Test>::contains_key(at as u64));
        }
        for offer in 0..self.model.offers.len() {
            self.run(&Step::Withdraw { caller: Caller::Right, offer });
        }
        for who in [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER, TREASURY] {
            assert_eq!((held(HoldReason::Escrow, who), held(HoldReason::Bond, who)), (0, 0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_market_does_what_its_model_does(steps in prop::collection::vec(step(), 50..150)) {
        ExtBuilder::default().build().execute_with(|| {
            let mut market = Market::new();
            // Something to order from the first step on; one of the sealings has a wrong block, one owes
            // royalties to two others.
            market.open();
            for step in &steps {
                market.run(step);
            }
            market.wind_up();
        });
    }
}

#[test]
fn the_steps_reach_every_outcome() {
    // The machine is worth little if random steps never get to disputes: a fixed run that must.
    ExtBuilder::default().build().execute_with(|| {
        let mut market = Market::new();
        let right = Caller::Right;
        let offer =
            |product, licence| Step::Offer { caller: right, product, price: 10_000, bond: 20_000, licence };
        let steps = [
            offer(1, None),
            Step::Place { who: BUYER, offer: 0, stale: false },
            Step::Place { who: OTHER_BUYER, offer: 0, stale: false },
            Step::Place { who: OTHER_SELLER, offer: 0, stale: false },
            Step::Place { who: BUYER, offer: 0, stale: false },
            Step::Deliver { caller: right, order: 0, right_key: true },
            Step::Deliver { caller: right, order: 4, right_key: false },
            Step::Deliver { caller: right, order: 8, right_key: true },
            Step::Accept { caller: right, order: 8 },
            Step::Dispute { caller: right, order: 4, claim: Claim::Key },
            Step::ReleaseReserve { caller: right, order: 0 },
            Step::Dispute { caller: right, order: 0, claim: Claim::Block(3) },
            Step::RefundFaulty { who: STRANGER, order: 12 },
        ];
        for step in &steps {
            assert!(market.run(step), "{step:?}");
        }
        market.wind_up();
    });
}

#[test]
fn the_steps_reach_royalties_through_three_generations() {
    ExtBuilder::default().build().execute_with(|| {
        let mut market = Market::new();
        market.open();
        let right = Caller::Right;
        let offer =
            |product, licence| Step::Offer { caller: right, product, price: 10_000, bond: 20_000, licence };
        // Offers 0 to 4 and orders 0 to 2 are made.
        let refused = offer(7, None);
        assert!(!market.run(&refused), "it is made from a dataset to which its owner has no right");
        let steps = [
            Step::Place { who: BUYER, offer: 2, stale: false },
            Step::Deliver { caller: right, order: 12, right_key: true },
            Step::Accept { caller: right, order: 12 },
            offer(7, None),
            Step::Place { who: OTHER_BUYER, offer: 5, stale: false },
            Step::Deliver { caller: right, order: 16, right_key: true },
            // Who holds the first dataset now was not its holder when the order was placed.
            Step::HandOver { dataset: 0, to: STRANGER },
            Step::WithdrawDataset { dataset: 4 },
            Step::Close { who: STRANGER, offer: 0 },
            Step::Place { who: OTHER_BUYER, offer: 5, stale: false },
            Step::Deliver { caller: right, order: 20, right_key: true },
            Step::Accept { caller: right, order: 16 },
            Step::Accept { caller: right, order: 20 },
        ];
        for step in &steps {
            assert!(market.run(step), "{step:?}");
        }
        // Of 9,500 each time: a fifth for the first dataset, and 5 % and 7 % for two of the others.
        assert_eq!(wealth(STRANGER), crate::mock::ENDOWMENT + 1_900);
        market.wind_up();
    });
}
