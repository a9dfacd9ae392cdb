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
        trade_entry, Derivation, OfferState, OrderState, Royalty, EXTENSIONS_LAYOUT, OFFER_LAYOUT,
        TRADE_LAYOUT,
    },
    registry::{DatasetRegistry, TradeEntries},
};

use crate::{
    pallet::{
        BondTotal, ClearedLineages, CompanyTradeCount, CompanyTrades, Config, DeriveRights, EscrowTotal,
        Extensions, FailedActs, Faults, Finished, GenesisLimits, HoldReason, NextOffer, NextOrder, Offers,
        Orders, OrdersStopped, Pallet, Rules, Trades, UsedKeys,
    },
    priority::Failed,
    types::BalanceOf,
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
                DeriveRights<T>, ClearedLineages<T>, UsedKeys<T>, Faults<T>;
            values:
                Rules<T>, GenesisLimits<T>, NextOffer<T>, NextOrder<T>, EscrowTotal<T>, BondTotal<T>,
                OrdersStopped<T>
        ))
    }

    /// # Invariants
    ///
    /// - Money: for each account and in total, what is on hold as escrow is the price and the reserve left of
    ///   its open orders, what is on hold as bond is the bonds of its offers, and what is on hold as deposit is
    ///   one deposit for each of its offers.
    /// - Offers: numbers are below the next; open orders and exposure are those of its orders; the bond
    ///   covers the exposure unless it was slashed for a fault, and is gone once a closed offer has no order;
    ///   each has its key commitment in use, and each used one its offer.
    /// - Orders: each number below the next is either an open order or a finished one, never both and never
    ///   neither; parties differ; deadlines and amounts are those of the terms.
    /// - Windows: extensions are in order, within their limits and no more than their total; failures are remembered of
    ///   open orders only.
    /// - Splits: the platform's fee and the royalties of an order or a trade are no more than its price; a
    ///   royalty is not zero, and each is another dataset's.
    /// - Trades: each dataset's own count is the number of its trades, with no gap, and each took a place of its
    ///   own in the dataset's hash chain, in order; each trade is listed once for its seller and once for its
    ///   buyer, and each finished order points to its own trade.
    /// - Rights: each was given by a paid trade of its company that promised it, and every such trade gave one,
    ///   for the lowest royalty promised.
    /// - Rules are sound and within their limits, and a reserve pays for the dearest dispute.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_readable()?;
        if let Some(rules) = Rules::<T>::get() {
            ensure!(rules.is_sound(), "the rules contradict each other");
            ensure!(Self::limits().allow(&rules), "the rules are beyond their limits");
            ensure!(Self::pays_disputes(&rules), "a buyer may be too poor to dispute");
        }
        Self::check_extensions()?;
        Self::check_failures()?;
        let mut escrow = Ledger::new();
        let mut bonds = Ledger::new();
        let mut deposits = Ledger::new();
        Self::check_orders(&mut escrow)?;
        Self::check_offers(&mut bonds, &mut deposits)?;
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
        let mut open = BTreeMap::<OfferId, (u32, BalanceOf<T>)>::new();
        for (_, order) in Orders::<T>::iter() {
            let (count, exposure) = open.entry(order.offer).or_insert((0, Zero::zero()));
            *count = count.saturating_add(1);
            *exposure = exposure.checked_add(&order.terms.bond).ok_or("a sum does not fit")?;
        }
        let mut count = 0u64;
        for (id, offer) in Offers::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(offer.version == OFFER_LAYOUT, "an offer has an unknown layout");
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
            deposits.add(&offer.seller, T::OfferDeposit::get())?;
        }
        ensure!(open.is_empty(), "an order has no offer");
        ensure!(count == NextOffer::<T>::get(), "an offer is lost");
        ensure!(UsedKeys::<T>::iter_keys().count() as u64 == count, "a used key has no offer");
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
            ensure!(right.version == TRADE_LAYOUT, "a right has an unknown layout");
            let trade = Trades::<T>::get(dataset, right.trade).ok_or("a right has no trade")?;
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
