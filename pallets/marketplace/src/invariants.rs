//! What is true of the storage at every block. `try_state` checks it, and so does every test when it ends.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use codec::Encode;
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{
    traits::{CheckedAdd, Zero},
    TryRuntimeError,
};
use wonbon_primitives::id::{OfferId, OrderId};

use crate::{
    pallet::{
        BondTotal, CompanyTradeCount, CompanyTrades, Config, EscrowTotal, Finished, HoldReason, NextOffer,
        NextOrder, Offers, Orders, Pallet, TradeCount, Trades, UsedKeys,
    },
    types::{BalanceOf, OfferState, OrderState},
    RECORD_VERSION,
};

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

impl<T: Config> Pallet<T> {
    /// # Invariants
    ///
    /// - Money: for each account and in total, what is on hold as escrow is the price and the reserve left of
    ///   its open orders, and what is on hold as bond is the bonds of its offers.
    /// - Offers: numbers are below the next; open orders and exposure are those of its orders; the bond
    ///   covers the exposure unless it was slashed for a fault, and is gone once a closed offer has no order;
    ///   each has its key commitment in use, and each used one its offer.
    /// - Orders: each number below the next is either an open order or a finished one, never both and never
    ///   neither; parties differ; deadlines and amounts are those of the terms.
    /// - Trades: each dataset's count is the number of its trades, with no gap; each trade is listed once for
    ///   its seller and once for its buyer, and each finished order points to its own trade.
    /// - Rules are sound.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        if let Some(rules) = crate::pallet::Rules::<T>::get() {
            ensure!(rules.is_sound(), "the rules contradict each other");
        }
        let mut escrow = Ledger::new();
        let mut bonds = Ledger::new();
        Self::check_orders(&mut escrow)?;
        Self::check_offers(&mut bonds)?;
        Self::check_money(&escrow, &bonds)?;
        Self::check_trades()
    }

    fn check_orders(escrow: &mut Ledger<BalanceOf<T>>) -> Result<(), TryRuntimeError> {
        let mut numbers = BTreeSet::<OrderId>::new();
        for (id, order) in Orders::<T>::iter() {
            ensure!(order.version == RECORD_VERSION, "an order has an unknown layout");
            ensure!(numbers.insert(id), "an order stands twice");
            let terms = &order.terms;
            ensure!(terms.offer == order.offer, "an order's terms are another offer's");
            ensure!(terms.seller != order.buyer, "a seller ordered from himself");
            ensure!(terms.genesis == Self::genesis_hash(), "an order is another chain's");
            ensure!(terms.platform_fee <= terms.price, "a fee is above its price");
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
                    ensure!(order.reserve_left == terms.dispute_reserve, "a reserve left before delivery");
                }
                OrderState::Delivered { at, dispute_until, .. } => {
                    ensure!(at >= order.placed_at && at <= order.deliver_by, "a delivery is out of time");
                    ensure!(
                        at.checked_add(&terms.dispute_window) == Some(dispute_until),
                        "a dispute's deadline is not the terms'"
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

    fn check_offers(bonds: &mut Ledger<BalanceOf<T>>) -> Result<(), TryRuntimeError> {
        let mut open = BTreeMap::<OfferId, (u32, BalanceOf<T>)>::new();
        for (_, order) in Orders::<T>::iter() {
            let (count, exposure) = open.entry(order.offer).or_insert((0, Zero::zero()));
            *count = count.saturating_add(1);
            *exposure = exposure.checked_add(&order.terms.bond).ok_or("a sum does not fit")?;
        }
        let mut count = 0u64;
        for (id, offer) in Offers::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(offer.version == RECORD_VERSION, "an offer has an unknown layout");
            ensure!(id < NextOffer::<T>::get(), "an offer has a number not given yet");
            let (open_orders, exposure) = open.remove(&id).unwrap_or((0, Zero::zero()));
            ensure!(offer.open_orders == open_orders, "an offer's open orders are not its orders");
            ensure!(offer.exposure == exposure, "an offer's exposure is not its orders'");
            ensure!(
                offer.state == OfferState::Faulted || offer.bond >= exposure,
                "a bond does not cover its orders"
            );
            ensure!(
                offer.state == OfferState::Open || open_orders > 0 || offer.bond.is_zero(),
                "a closed offer's bond was not given back"
            );
            ensure!(
                UsedKeys::<T>::get(&offer.seller, offer.key_commitment) == Some(id),
                "an offer's key commitment is not in use"
            );
            bonds.add(&offer.seller, offer.bond)?;
        }
        ensure!(open.is_empty(), "an order has no offer");
        ensure!(count == NextOffer::<T>::get(), "an offer is lost");
        ensure!(UsedKeys::<T>::iter_keys().count() as u64 == count, "a used key has no offer");
        Ok(())
    }

    fn check_money(
        escrow: &Ledger<BalanceOf<T>>,
        bonds: &Ledger<BalanceOf<T>>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(EscrowTotal::<T>::get() == escrow.total()?, "the escrow total is not that of the orders");
        ensure!(BondTotal::<T>::get() == bonds.total()?, "the bond total is not that of the offers");
        let mut held_escrow = Ledger::<BalanceOf<T>>::new();
        let mut held_bonds = Ledger::<BalanceOf<T>>::new();
        for who in frame_system::Account::<T>::iter_keys() {
            let held = |reason: HoldReason| T::Currency::balance_on_hold(&reason.into(), &who);
            ensure!(held(HoldReason::Escrow) == escrow.of(&who), "an escrow is not its account's orders");
            ensure!(held(HoldReason::Bond) == bonds.of(&who), "a bond is not its account's offers");
            held_escrow.add(&who, held(HoldReason::Escrow))?;
            held_bonds.add(&who, held(HoldReason::Bond))?;
        }
        // Every account with an order or an offer exists.
        ensure!(held_escrow.total()? == EscrowTotal::<T>::get(), "an order's buyer has no account");
        ensure!(held_bonds.total()? == BondTotal::<T>::get(), "an offer's seller has no account");
        Ok(())
    }

    fn check_trades() -> Result<(), TryRuntimeError> {
        let mut trades = 0u64;
        for (dataset, index, trade) in Trades::<T>::iter() {
            trades = trades.saturating_add(1);
            ensure!(trade.version == RECORD_VERSION, "a trade has an unknown layout");
            ensure!(index < TradeCount::<T>::get(dataset), "a trade is not counted");
            ensure!(
                Finished::<T>::get(trade.order) == Some((dataset, index)),
                "a trade's order does not point to it"
            );
        }
        let counted = TradeCount::<T>::iter_values().map(u64::from).fold(0u64, u64::saturating_add);
        ensure!(counted == trades, "a dataset's trades have a gap");
        for offer in Offers::<T>::iter_values() {
            ensure!(TradeCount::<T>::contains_key(offer.dataset), "an offered dataset has no trade count");
        }

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
        ensure!(listed == trades.saturating_mul(2), "a trade is not listed for both its parties");
        Ok(())
    }
}
