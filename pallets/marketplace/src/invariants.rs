//! What is true of the storage at every block. `try_state` checks it, and so does every test when it ends.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::InspectHold, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{CheckedAdd, Saturating, Zero},
    TryRuntimeError,
};
use wonbon_invariants::{ensure_readable, readable};
use wonbon_primitives::{
    id::{DatasetId, Digest, OfferId, OrderId},
    record::{
        trade_entry, Derivation, OfferState, OrderState, Outcome, RightSource, Royalty, DERIVE_RIGHT_LAYOUT,
        EXTENSIONS_LAYOUT, OFFER_LAYOUT, TRADE_LAYOUT,
    },
    registry::{DatasetRegistry, TradeEntries},
};

use crate::{
    pallet::{
        BondTotal, ClearedLineages, CompanyTradeCount, CompanyTrades, Config, DeriveRights, EscrowTotal,
        Extensions, FailedActs, Faults, Finished, GenesisLimits, HoldReason, NextOffer, NextOrder, Offers,
        OpenOffers, Orders, OrdersStopped, Pallet, Rules, Trades, UsedKeys,
    },
    priority::Failed,
    types::BalanceOf,
};

/// What the open orders of one offer add up to.
struct OpenOrders<Balance, BlockNumber> {
    count: u32,
    exposure: Balance,
    longest_dispute_window: BlockNumber,
}

/// Sums by account; accounts by their encoding, which has an order whatever the runtime's accounts are.
struct Ledger<B>(BTreeMap<Vec<u8>, B>);

impl<B: CheckedAdd + Zero + Copy> Ledger<B> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn add(&mut self, who: &impl Encode, amount: B) -> Result<(), TryRuntimeError> {
        let sum = self.0.entry(who.encode()).or_insert_with(B::zero);
        *sum = sum.checked_add(&amount).ok_or("a sum does not fit")?;
        Ok(())
    }

    fn of(&self, who: &impl Encode) -> B {
        self.0.get(&who.encode()).copied().unwrap_or_else(B::zero)
    }

    fn total(&self) -> Result<B, TryRuntimeError> {
        self.0
            .values()
            .try_fold(B::zero(), |sum, amount| sum.checked_add(amount))
            .ok_or_else(|| "a sum does not fit".into())
    }
}

impl<T: Config> TradeEntries for Pallet<T> {
    fn trade_entries(dataset: &DatasetId) -> Vec<(u32, Digest)> {
        Trades::<T>::iter_prefix(dataset)
            .map(|(index, trade)| (trade.position, trade_entry(dataset, index, &trade)))
            .collect()
    }
}

impl<T: Config> Pallet<T> {
    /// Everything that stands under the pallet decodes: what does not reads as if it were not there.
    fn try_readable() -> Result<(), TryRuntimeError> {
        ensure_readable::<Self>(readable!(
            maps:
                Offers<T>, Orders<T>, Finished<T>, Trades<T>, CompanyTrades<T>, CompanyTradeCount<T>,
                DeriveRights<T>, ClearedLineages<T>, UsedKeys<T>, Faults<T>, FailedActs<T>, OpenOffers<T>;
            values:
                Rules<T>, GenesisLimits<T>, NextOffer<T>, NextOrder<T>, EscrowTotal<T>, BondTotal<T>,
                OrdersStopped<T>, Extensions<T>
        ))
    }

    /// # Invariants
    ///
    /// - Money: for each account and in total, what is on hold as escrow is the price and the reserve left of
    ///   its open orders, what is on hold as bond is the bonds of its offers, and what is on hold as deposit is
    ///   one deposit for each of its offers.
    /// - Offers: numbers are below the next; open orders and exposure are those of its orders; the bond, without what is
    ///   to leave, covers the exposure unless it was slashed for a fault, and is gone once a closed offer has no order;
    ///   each has its key commitment in use, and each used one its offer; each that is not closed, and no other, stands
    ///   in the list of its dataset, and none of a withdrawn dataset; a paused one has its pause and an open one none;
    ///   what it counts are the ends of its trades.
    /// - Orders: each number below the next is either an open order or a finished one, never both and never
    ///   neither; parties differ; deadlines and amounts are those of the terms.
    /// - Windows: extensions are in order, within their limits and no more than their total; failures are remembered of
    ///   open orders only.
    /// - Splits: the platform's fee and the royalties of an order or a trade are no more than its price; a
    ///   royalty is not zero, and each is another dataset's.
    /// - Trades: each dataset's own count is the number of its trades, with no gap, and each took a place of its
    ///   own in the dataset's hash chain, in order; each trade is listed once for its seller and once for its
    ///   buyer, and each finished order points to its own trade.
    /// - Rights: each was given by a paid trade of its company that promised it, or kept by a company that handed a
    ///   dataset over, and every such trade gave one, for the lowest royalty promised.
    /// - Rules are sound and within their limits, and a reserve pays for the dearest dispute.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_readable()?;
        if let Some(rules) = Rules::<T>::get() {
            ensure!(rules.is_sound(), "the rules contradict each other");
            ensure!(Self::limits().allow(&rules), "the rules are beyond their limits");
            ensure!(Self::keeps_to_fixed_limits(&rules), "the rules are beyond limits that bind every chain");
        }
        Self::check_extensions()?;
        Self::check_failures()?;
        let mut escrow = Ledger::new();
        let mut bonds = Ledger::new();
        let mut deposits = Ledger::new();
        Self::check_orders(&mut escrow)?;
        Self::check_offers(&mut bonds, &mut deposits)?;
        Self::check_open_offers()?;
        Self::check_counts()?;
        Self::check_money(&escrow, &bonds, &deposits)?;
        Self::check_trades()?;
        Self::check_lists()?;
        Self::check_rights()
    }

    fn check_orders(escrow: &mut Ledger<BalanceOf<T>>) -> Result<(), TryRuntimeError> {
        let extended = Extensions::<T>::get().total;
        let mut numbers = BTreeSet::<OrderId>::new();
        for (id, order) in Orders::<T>::iter() {
            ensure!(order.version == OFFER_LAYOUT, "an order has an unknown layout");
            ensure!(numbers.insert(id), "an order stands twice");
            let terms = &order.terms;
            ensure!(terms.offer == order.offer, "an order's terms are another offer's");
            ensure!(terms.seller != order.buyer, "a seller ordered from themselves");
            ensure!(terms.genesis == Self::genesis_hash(), "an order is another chain's");
            Self::check_split(terms.price, terms.platform_fee, &terms.royalties)?;
            ensure!(terms.missed_delivery_penalty <= terms.bond, "a penalty is above its bond");
            ensure!(
                order.reserve_left.is_zero() || order.reserve_left == terms.dispute_reserve,
                "a reserve is neither whole nor gone"
            );
            ensure!(
                order.placed_at.checked_add(&terms.delivery_window) == Some(order.deliver_by),
                "a delivery's deadline is not the terms'"
            );
            match order.state {
                OrderState::Placed => {
                    ensure!(order.refund_proposed.is_none(), "a refund of what was not delivered");
                    ensure!(order.reserve_left == terms.dispute_reserve, "a reserve left before delivery");
                }
                OrderState::Delivered { at, dispute_until, .. } => {
                    // Extensions of long ago are not remembered one by one.
                    let latest = order.deliver_by.saturating_add(extended);
                    ensure!(at >= order.placed_at && at <= latest, "a delivery is out of time");
                    ensure!(
                        at.checked_add(&terms.dispute_window) == Some(dispute_until),
                        "a dispute's deadline is not the terms'"
                    );
                    ensure!(
                        order.refund_proposed.is_none_or(|proposed| proposed >= at),
                        "a refund proposed before the delivery"
                    );
                }
            }
            escrow.add(&order.buyer, terms.price)?;
            escrow.add(&order.buyer, order.reserve_left)?;
        }
        for (id, (dataset, index)) in Finished::<T>::iter() {
            ensure!(numbers.insert(id), "an order is both open and finished");
            let trade = Trades::<T>::get(dataset, index).ok_or("a finished order has no trade")?;
            ensure!(trade.order == id, "a finished order points to another's trade");
        }
        let next = NextOrder::<T>::get();
        ensure!(numbers.len() as u64 == next, "an order is lost");
        ensure!(numbers.last().is_none_or(|last| *last < next), "an order has a number not given yet");
        Ok(())
    }

    fn check_extensions() -> Result<(), TryRuntimeError> {
        let extensions = Extensions::<T>::get();
        ensure!(extensions.version == EXTENSIONS_LAYOUT, "the extensions have an unknown layout");
        let mut sum = BlockNumberFor::<T>::zero();
        let mut last = BlockNumberFor::<T>::zero();
        for extension in &extensions.list {
            ensure!(
                !extension.by.is_zero() && extension.by <= T::MaxExtension::get(),
                "an extension is out of range"
            );
            ensure!(last <= extension.at && extension.at <= Self::now(), "extensions are out of order");
            last = extension.at;
            sum = sum.checked_add(&extension.by).ok_or("a sum does not fit")?;
        }
        ensure!(sum <= extensions.total, "extensions are more than their total");
        Ok(())
    }

    fn check_failures() -> Result<(), TryRuntimeError> {
        for (id, failed) in FailedActs::<T>::iter() {
            let order = Orders::<T>::get(id).ok_or("a failure outlived its order")?;
            ensure!(failed != Failed::default(), "a failure of nothing is remembered");
            ensure!(
                !failed.dispute || order.state != OrderState::Placed,
                "a dispute before the delivery is remembered"
            );
        }
        Ok(())
    }

    fn check_offers(
        bonds: &mut Ledger<BalanceOf<T>>,
        deposits: &mut Ledger<BalanceOf<T>>,
    ) -> Result<(), TryRuntimeError> {
        let mut open = BTreeMap::<OfferId, OpenOrders<BalanceOf<T>, BlockNumberFor<T>>>::new();
        for (_, order) in Orders::<T>::iter() {
            let nothing =
                OpenOrders { count: 0, exposure: Zero::zero(), longest_dispute_window: Zero::zero() };
            let of_offer = open.entry(order.offer).or_insert(nothing);
            of_offer.count = of_offer.count.saturating_add(1);
            let exposure = of_offer.exposure.checked_add(&order.terms.bond);
            of_offer.exposure = exposure.ok_or("a sum does not fit")?;
            of_offer.longest_dispute_window = of_offer.longest_dispute_window.max(order.terms.dispute_window);
        }
        let mut count = 0u64;
        for (id, offer) in Offers::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(offer.version == OFFER_LAYOUT, "an offer has an unknown layout");
            ensure!(id < NextOffer::<T>::get(), "an offer has a number not given yet");
            let of_offer = open.remove(&id);
            let (open_orders, exposure) =
                of_offer.as_ref().map_or((0, Zero::zero()), |orders| (orders.count, orders.exposure));
            ensure!(offer.open_orders == open_orders, "an offer's open orders are not its orders");
            ensure!(offer.exposure == exposure, "an offer's exposure is not its orders'");
            ensure!(
                of_offer.is_none_or(|orders| orders.longest_dispute_window <= offer.longest_dispute_window),
                "an order may be disputed for longer than its offer says"
            );
            ensure!(
                offer.state == OfferState::Faulted || Self::covering_bond(&offer) >= exposure,
                "a bond does not cover its orders"
            );
            ensure!(
                !offer.state.is_closed() || open_orders > 0 || offer.bond.is_zero(),
                "a closed offer's bond was not given back"
            );
            ensure!(
                offer.leaving.is_none_or(|leaving| !leaving.amount.is_zero() && leaving.amount <= offer.bond),
                "more bond is to leave than there is"
            );
            match offer.state {
                OfferState::Open => ensure!(offer.pause.is_none(), "an open offer is paused"),
                OfferState::Paused => ensure!(offer.pause.is_some(), "a paused offer has no pause"),
                OfferState::Withdrawn | OfferState::Faulted => {}
            }
            ensure!(
                UsedKeys::<T>::get(&offer.seller, offer.key_commitment) == Some(id),
                "an offer's key commitment is not in use"
            );
            bonds.add(&offer.seller, offer.bond)?;
            deposits.add(&offer.seller, T::OfferDeposit::get())?;
        }
        ensure!(open.is_empty(), "an order has no offer");
        ensure!(count == NextOffer::<T>::get(), "an offer is lost");
        ensure!(UsedKeys::<T>::iter_keys().count() as u64 == count, "a used key has no offer");
        Ok(())
    }

    /// The lists of open offers.
    fn check_open_offers() -> Result<(), TryRuntimeError> {
        let mut listed = BTreeSet::<OfferId>::new();
        for (dataset, ids) in OpenOffers::<T>::iter() {
            ensure!(!ids.is_empty(), "an empty list of open offers is stored");
            let found = T::Datasets::offerable(&dataset).ok_or("open offers of no dataset")?;
            ensure!(!found.withdrawn, "an offer of a withdrawn dataset is open");
            for id in ids {
                let offer = Offers::<T>::get(id).ok_or("an open offer that there is not")?;
                ensure!(offer.dataset == dataset, "an offer is listed under another dataset");
                ensure!(!offer.state.is_closed(), "a closed offer is listed as open");
                ensure!(listed.insert(id), "an open offer is listed twice");
            }
        }
        let open = Offers::<T>::iter_values().filter(|offer| !offer.state.is_closed()).count();
        ensure!(listed.len() == open, "an open offer is not listed");
        Ok(())
    }

    /// What offers count of their trades.
    fn check_counts() -> Result<(), TryRuntimeError> {
        let mut ended = BTreeMap::<OfferId, [u32; 3]>::new();
        for trade in Trades::<T>::iter_values() {
            let kind = match trade.outcome {
                Outcome::Missed => 0usize,
                Outcome::Refused => 1,
                Outcome::Refunded => 2,
                _ => continue,
            };
            if let Some(count) = ended.entry(trade.offer).or_default().get_mut(kind) {
                *count = count.saturating_add(1);
            }
        }
        for (id, offer) in Offers::<T>::iter() {
            let counted = [offer.missed, offer.refused, offer.refunded];
            ensure!(
                counted == ended.get(&id).copied().unwrap_or_default(),
                "an offer does not count what its trades say"
            );
        }
        Ok(())
    }

    fn check_money(
        escrow: &Ledger<BalanceOf<T>>,
        bonds: &Ledger<BalanceOf<T>>,
        deposits: &Ledger<BalanceOf<T>>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(EscrowTotal::<T>::get() == escrow.total()?, "the escrow total is not that of the orders");
        ensure!(BondTotal::<T>::get() == bonds.total()?, "the bond total is not that of the offers");
        let mut held_escrow = Ledger::<BalanceOf<T>>::new();
        let mut held_bonds = Ledger::<BalanceOf<T>>::new();
        let mut held_deposits = Ledger::<BalanceOf<T>>::new();
        for who in frame_system::Account::<T>::iter_keys() {
            let held = |reason: HoldReason| T::Currency::balance_on_hold(&reason.into(), &who);
            ensure!(held(HoldReason::Escrow) == escrow.of(&who), "an escrow is not its account's orders");
            ensure!(held(HoldReason::Bond) == bonds.of(&who), "a bond is not its account's offers");
            ensure!(
                held(HoldReason::OfferDeposit) == deposits.of(&who),
                "a deposit is not its account's offers"
            );
            held_escrow.add(&who, held(HoldReason::Escrow))?;
            held_bonds.add(&who, held(HoldReason::Bond))?;
            held_deposits.add(&who, held(HoldReason::OfferDeposit))?;
        }
        // Every account with an order or an offer exists.
        ensure!(held_escrow.total()? == EscrowTotal::<T>::get(), "an order's buyer has no account");
        ensure!(held_bonds.total()? == BondTotal::<T>::get(), "an offer's seller has no account");
        ensure!(held_deposits.total()? == deposits.total()?, "an offer's seller has no account");
        Ok(())
    }

    /// What of a price goes to others than the seller.
    fn check_split(
        price: BalanceOf<T>,
        fee: BalanceOf<T>,
        royalties: &[Royalty<T::AccountId, BalanceOf<T>>],
    ) -> Result<(), TryRuntimeError> {
        let mut datasets = BTreeSet::<DatasetId>::new();
        let mut taken = fee;
        for royalty in royalties {
            ensure!(!royalty.amount.is_zero(), "a royalty is nothing");
            ensure!(datasets.insert(royalty.dataset), "a dataset gets two royalties of one sale");
            taken = taken.checked_add(&royalty.amount).ok_or("a sum does not fit")?;
        }
        ensure!(taken <= price, "fee and royalties are above the price");
        Ok(())
    }

    fn check_trades() -> Result<(), TryRuntimeError> {
        let mut positions = BTreeMap::<DatasetId, BTreeMap<u32, u32>>::new();
        for (dataset, index, trade) in Trades::<T>::iter() {
            ensure!(trade.version == TRADE_LAYOUT, "a trade has an unknown layout");
            ensure!(
                Finished::<T>::get(trade.order) == Some((dataset, index)),
                "a trade's order does not point to it"
            );
            Self::check_split(trade.price, trade.platform_fee, &trade.royalties)?;
            positions.entry(dataset).or_default().insert(index, trade.position);
        }
        for (dataset, of_trades) in &positions {
            let next = T::Datasets::next_trade(dataset).ok_or("a dataset with trades is not registered")?;
            let count = of_trades.len() as u64;
            ensure!(count == u64::from(next.index), "a dataset's count is not that of its trades");
            let last = of_trades.last_key_value().map_or(0, |(last, _)| u64::from(*last));
            ensure!(last < count, "a dataset's trades have a gap");
            let in_order = of_trades.values().zip(of_trades.values().skip(1)).all(|(one, after)| one < after);
            ensure!(in_order, "trades have places in the hash chain out of order");
            ensure!(
                of_trades.values().all(|position| *position < next.position),
                "a trade has a place in the hash chain not given yet"
            );
        }
        Ok(())
    }

    fn check_lists() -> Result<(), TryRuntimeError> {
        let mut listed = 0u64;
        let mut entries = BTreeSet::new();
        for (company, index, (dataset, at)) in CompanyTrades::<T>::iter() {
            listed = listed.saturating_add(1);
            ensure!(index < CompanyTradeCount::<T>::get(&company), "a company's trade is not counted");
            let trade = Trades::<T>::get(dataset, at).ok_or("a company's trade does not exist")?;
            ensure!(trade.seller == company || trade.buyer == company, "a company lists another's trade");
            ensure!(entries.insert((company.encode(), dataset, at)), "a company lists a trade twice");
        }
        let counted = CompanyTradeCount::<T>::iter_values().map(u64::from).fold(0u64, u64::saturating_add);
        ensure!(counted == listed, "a company's trades have a gap");
        let trades = Trades::<T>::iter_keys().count() as u64;
        ensure!(listed == trades.saturating_mul(2), "a trade is not listed for both its parties");
        Ok(())
    }

    fn check_rights() -> Result<(), TryRuntimeError> {
        for (company, dataset, right) in DeriveRights::<T>::iter() {
            ensure!(right.version == DERIVE_RIGHT_LAYOUT, "a right has an unknown layout");
            let RightSource::Trade(trade) = right.source else {
                ensure!(T::Datasets::handed_over_by(&company) > 0, "a right was kept without a handover");
                continue;
            };
            let trade = Trades::<T>::get(dataset, trade).ok_or("a right has no trade")?;
            ensure!(trade.buyer == company, "a right was bought by another");
            ensure!(trade.outcome.is_paid(), "a right was not paid for");
            let promised = Derivation::Permitted { royalty: right.royalty };
            ensure!(trade.derivation == promised, "a right is not what its trade promised");
        }
        for (dataset, _, trade) in Trades::<T>::iter() {
            let Derivation::Permitted { royalty } = trade.derivation else { continue };
            if trade.outcome.is_paid() {
                let right = DeriveRights::<T>::get(&trade.buyer, dataset).ok_or("a trade gave no right")?;
                ensure!(right.royalty <= royalty, "a right asks for more than was promised");
            }
        }
        for (seller, dataset, since) in ClearedLineages::<T>::iter() {
            ensure!(since <= T::Datasets::handed_over_by(&seller), "a lineage was cleared in the future");
            ensure!(!T::Datasets::parents(&dataset).is_empty(), "a lineage without parents was cleared");
        }
        Ok(())
    }
}
