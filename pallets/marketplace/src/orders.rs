//! Orders from escrow to trade record.
//!
//! Promises: what happens to a placed order depends on the order and the block number alone, and on a proved
//! fault of its sealing; whatever nobody does, some call that anyone may make ends it after its deadlines.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, UnixTime},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{CheckedAdd, CheckedSub, SaturatedConversion, Saturating, Zero},
    DispatchError,
};
use wonbon_primitives::{
    company::{ParticipantRegistry, Role},
    delivery::{Delivery, OrderKey},
    id::{DatasetId, OfferId, OrderId},
    record::{
        trade_entry, Moment, OfferState, Order, OrderState, Outcome, Trade, OFFER_LAYOUT, TRADE_LAYOUT,
    },
    registry::DatasetRegistry,
};

use crate::{
    meter::Meter,
    pallet::{
        CompanyTradeCount, CompanyTrades, Config, Error, Event, Faults, Finished, HoldReason, NextOrder,
        Offers, Orders, OrdersStopped, Pallet, Trades,
    },
    types::{Agreed, BalanceOf, MomentOf, OfferOf, OrderOf, OrderTermsOf, TradeOf},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_place_order(
        buyer: T::AccountId,
        id: OfferId,
        agreed: Agreed<BalanceOf<T>>,
        order_key: [u8; 32],
        nonce: [u8; 32],
        royalties: &mut Meter,
        parents: &mut Meter,
    ) -> DispatchResult {
        ensure!(!OrdersStopped::<T>::get(), Error::<T>::NewOrdersStopped);
        let mut offer = Offers::<T>::get(id).ok_or(Error::<T>::NoSuchOffer)?;
        ensure!(offer.seller != buyer, Error::<T>::OwnOffer);
        ensure!(T::Participants::is_verified(&buyer), Error::<T>::NotVerified);
        ensure!(T::Participants::has_role(&buyer, Role::Consumer), Error::<T>::NotAConsumer);
        ensure!(!T::Participants::share_admin(&buyer, &offer.seller), Error::<T>::SharedAdmin);
        Self::ensure_not_faulty(&offer)?;
        ensure!(offer.state == OfferState::Open, Error::<T>::OfferNotOpen);
        ensure!(T::Participants::is_verified(&offer.seller), Error::<T>::SellerNotVerified);
        Self::dataset_of(&offer.seller, &offer.dataset)?;
        ensure!(agreed.price == offer.price, Error::<T>::StaleTerms);
        ensure!(agreed.licence == offer.licence, Error::<T>::LicenceNotAccepted);
        ensure!(agreed.nda == offer.nda, Error::<T>::NdaNotAccepted);
        Self::ensure_cleared(&offer.seller, &offer.dataset, parents)?;

        let rules = Self::rules()?;
        let terms = Self::terms_of(id, &offer, &rules, royalties)?;
        ensure!(terms.digest() == agreed.terms, Error::<T>::StaleTerms);
        ensure!(rules.allows_price(offer.price), Error::<T>::PriceOutOfRange);
        ensure!(
            rules.allows_windows(offer.delivery_window, offer.dispute_window),
            Error::<T>::WindowOutOfRange
        );
        let exposure = offer.exposure.checked_add(&terms.bond).ok_or(Error::<T>::Overflow)?;
        ensure!(Self::covering_bond(&offer) >= exposure, Error::<T>::BondTooSmall);
        let order_key = OrderKey(order_key);
        order_key.validate().map_err(|_| Error::<T>::BadPoint)?;
        let escrow = terms.price.checked_add(&terms.dispute_reserve).ok_or(Error::<T>::Overflow)?;
        let fee = Self::records_fee(royalties.done());
        let held = escrow.checked_add(&fee).ok_or(Error::<T>::Overflow)?;
        Self::put_on_hold(HoldReason::Escrow, &buyer, held)?;
        Self::pay_from_hold(HoldReason::Escrow, &buyer, &T::Treasury::get(), fee)?;

        offer.exposure = exposure;
        offer.longest_dispute_window = offer.longest_dispute_window.max(terms.dispute_window);
        offer.open_orders = offer.open_orders.checked_add(1).ok_or(Error::<T>::Overflow)?;
        let order = NextOrder::<T>::get();
        NextOrder::<T>::put(order.checked_add(1).ok_or(Error::<T>::Overflow)?);
        CompanyTradeCount::<T>::mutate(&buyer, |_| ());
        let now = Self::now();
        let deliver_by = now.checked_add(&terms.delivery_window).ok_or(Error::<T>::Overflow)?;
        let placed = Order {
            version: OFFER_LAYOUT,
            offer: id,
            buyer: buyer.clone(),
            reserve_left: terms.dispute_reserve,
            terms,
            order_key,
            nonce,
            placed_at: now,
            deliver_by,
            state: OrderState::Placed,
            refund_proposed: None,
        };
        Orders::<T>::insert(order, placed);
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::OrderPlaced { order, offer: id, buyer, deliver_by });
        Ok(())
    }

    /// What a buyer pays for the records that their trade leaves for ever, with so many royalties in it.
    ///
    /// It is a payment of the order and no part of the transaction's fee, which cannot know whether the order will be placed,
    /// nor price bytes apart from time: so it is paid exactly when something stays, and every tool can read it beforehand.
    pub fn records_fee(royalties: u32) -> BalanceOf<T> {
        T::TradeFee::get().saturating_add(T::RoyaltyFee::get().saturating_mul(royalties.into()))
    }

    pub(crate) fn do_deliver(seller: T::AccountId, id: OrderId, delivery: Delivery) -> DispatchResult {
        let mut order = Self::order(id)?;
        ensure!(order.terms.seller == seller, Error::<T>::NotTheSeller);
        ensure!(order.state == OrderState::Placed, Error::<T>::AlreadyDelivered);
        let now = Self::now();
        ensure!(now <= Self::deliver_by(&order), Error::<T>::TooLate);
        Self::ensure_sealing_unfaulted(&order.terms)?;
        delivery.validate().map_err(|_| Error::<T>::BadPoint)?;

        let dispute_until = now.saturating_add(order.terms.dispute_window);
        order.state = OrderState::Delivered { delivery, at: now, dispute_until };
        Orders::<T>::insert(id, order);
        Self::deposit_event(Event::KeyDelivered { order: id, dispute_until });
        Ok(())
    }

    /// Pays the seller by the buyer's word, and says how many royalties were paid.
    pub(crate) fn do_accept(buyer: T::AccountId, id: OrderId, royalties: &mut Meter) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(order.buyer == buyer, Error::<T>::NotTheBuyer);
        ensure!(matches!(order.state, OrderState::Delivered { .. }), Error::<T>::NotDelivered);
        Self::pay_seller(id, order, Outcome::Accepted, royalties)
    }

    /// Pays the seller after the dispute window.
    pub(crate) fn do_settle(id: OrderId, royalties: &mut Meter) -> DispatchResult {
        let order = Self::order(id)?;
        let dispute_until = Self::dispute_until(&order).ok_or(Error::<T>::NotDelivered)?;
        ensure!(Self::now() > dispute_until, Error::<T>::TooEarly);
        Self::pay_seller(id, order, Outcome::Lapsed, royalties)
    }

    pub(crate) fn do_refund_faulty(id: OrderId) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(Self::ensure_sealing_unfaulted(&order.terms).is_err(), Error::<T>::NotFaulty);
        let offer = Self::offer_of(&order)?;
        Self::refund_buyer(id, order, offer, Outcome::Faulted)
    }

    /// How much an account may still draw from escrow to pay for a dispute of this order: its dispute
    /// reserve if it is the buyer and may dispute now, else nothing. It changes nothing.
    pub fn reserved_for_dispute(who: &T::AccountId, id: OrderId) -> BalanceOf<T> {
        let Some(order) = Orders::<T>::get(id) else { return Zero::zero() };
        let in_time = Self::dispute_until(&order).is_some_and(|until| Self::now() <= until);
        if order.buyer == *who && in_time {
            order.reserve_left
        } else {
            Zero::zero()
        }
    }

    /// Moves the dispute reserve of an order from escrow to its buyer's free money, so that they can pay the
    /// fee of the dispute that they are about to make.
    ///
    /// For the runtime's fee payment, before the call of a `dispute` signed by `who` themselves, when their
    /// free money is short. It is the buyer's own money, there for nothing but this fee, and no part of the price:
    /// whatever they do with it, the seller's and the treasury's parts are untouched. So all that a misuse
    /// gains is the reserve itself a little early, and it costs the buyer the fee of a dispute that fails and
    /// leaves the order without a reserve. Only their own signature leads here, so nobody else can use it up.
    pub fn release_dispute_reserve(who: &T::AccountId, id: OrderId) -> DispatchResult {
        let amount = Self::reserved_for_dispute(who, id);
        if amount.is_zero() {
            return Ok(());
        }
        Self::release(HoldReason::Escrow, who, amount)?;
        Orders::<T>::try_mutate(id, |order| {
            order.as_mut().ok_or(Error::<T>::NoSuchOrder)?.reserve_left = Zero::zero();
            Ok::<_, DispatchError>(())
        })?;
        Self::deposit_event(Event::DisputeReserveReleased { order: id, amount });
        Ok(())
    }

    /// Whether nothing of an order's reserve was released.
    pub(crate) fn is_reserve_whole(id: OrderId) -> bool {
        Orders::<T>::get(id).is_some_and(|order| order.reserve_left == order.terms.dispute_reserve)
    }

    /// Splits the price exactly: the platform's fee, each royalty, and the rest for the seller.
    fn pay_seller(id: OrderId, order: OrderOf<T>, outcome: Outcome, royalties: &mut Meter) -> DispatchResult {
        Self::ensure_sealing_unfaulted(&order.terms)?;
        let terms = &order.terms;
        royalties.take(count(&terms.royalties)).ok_or(Error::<T>::RoyaltiesBeyondBound)?;
        let owed = terms.royalties.iter().map(|royalty| royalty.amount);
        let to_seller = core::iter::once(terms.platform_fee)
            .chain(owed)
            .try_fold(terms.price, |rest, part| rest.checked_sub(&part))
            .ok_or(Error::<T>::Inconsistent)?;
        Self::pay_from_hold(HoldReason::Escrow, &order.buyer, &terms.seller, to_seller)?;
        Self::pay_from_hold(HoldReason::Escrow, &order.buyer, &T::Treasury::get(), terms.platform_fee)?;
        Self::pay_royalties(id, &order)?;
        Self::release(HoldReason::Escrow, &order.buyer, order.reserve_left)?;
        let offer = Self::offer_of(&order)?;
        Self::finish(id, order, offer, outcome)
    }

    /// Gives the buyer back all that they have in escrow, and ends the order.
    pub(crate) fn refund_buyer(
        id: OrderId,
        order: OrderOf<T>,
        offer: OfferOf<T>,
        outcome: Outcome,
    ) -> DispatchResult {
        let escrow = order.terms.price.checked_add(&order.reserve_left).ok_or(Error::<T>::Inconsistent)?;
        Self::release(HoldReason::Escrow, &order.buyer, escrow)?;
        Self::finish(id, order, offer, outcome)
    }

    /// Turns an order whose money is paid out into a trade.
    fn finish(id: OrderId, order: OrderOf<T>, mut offer: OfferOf<T>, outcome: Outcome) -> DispatchResult {
        Orders::<T>::remove(id);
        Self::forget_failures(id);
        offer.open_orders = offer.open_orders.checked_sub(1).ok_or(Error::<T>::Inconsistent)?;
        offer.exposure = offer.exposure.checked_sub(&order.terms.bond).ok_or(Error::<T>::Inconsistent)?;
        if offer.open_orders == 0 {
            offer.longest_dispute_window = offer.dispute_window;
        }
        Self::save_offer(order.offer, offer)?;

        let dataset = order.terms.dataset;
        let delivered_at = match order.state {
            OrderState::Placed => None,
            OrderState::Delivered { at, .. } => Some(at),
        };
        let place = T::Datasets::next_trade(&dataset).ok_or(Error::<T>::Overflow)?;
        let trade = Trade {
            version: TRADE_LAYOUT,
            order: id,
            offer: order.offer,
            terms: order.terms.digest(),
            seller: order.terms.seller,
            buyer: order.buyer,
            price: order.terms.price,
            platform_fee: order.terms.platform_fee,
            royalties: order.terms.royalties,
            licence: order.terms.licence,
            nda: order.terms.nda,
            derivation: order.terms.derivation,
            placed_at: order.placed_at,
            delivered_at,
            ended: Self::moment(),
            outcome,
            position: place.position,
        };
        if outcome.is_paid() {
            Self::grant_right(&trade.buyer, &dataset, place.index, &trade.derivation);
        }
        Self::record(dataset, place.index, trade)?;
        Self::deposit_event(Event::TradeFinal { order: id, dataset, index: place.index, outcome });
        Ok(())
    }

    /// Stores a trade for good, under its dataset and for both companies, and in the dataset's hash chain.
    fn record(dataset: DatasetId, index: u32, trade: TradeOf<T>) -> DispatchResult {
        for company in [&trade.seller, &trade.buyer] {
            let next = CompanyTradeCount::<T>::get(company);
            CompanyTradeCount::<T>::insert(company, next.checked_add(1).ok_or(Error::<T>::Overflow)?);
            CompanyTrades::<T>::insert(company, next, (dataset, index));
        }
        Finished::<T>::insert(trade.order, (dataset, index));
        T::Datasets::record_trade(&dataset, trade_entry(&dataset, index, &trade));
        Trades::<T>::insert(dataset, index, trade);
        Ok(())
    }

    pub(crate) fn order(id: OrderId) -> Result<OrderOf<T>, DispatchError> {
        Ok(Orders::<T>::get(id).ok_or(Error::<T>::NoSuchOrder)?)
    }

    pub(crate) fn now() -> BlockNumberFor<T> {
        frame_system::Pallet::<T>::block_number()
    }

    /// This block and its time, for a permanent record.
    fn moment() -> MomentOf<T> {
        Moment { block: Self::now(), time: T::Time::now().as_millis().saturated_into() }
    }

    pub(crate) fn ensure_sealing_unfaulted(terms: &OrderTermsOf<T>) -> DispatchResult {
        let key = Self::fault_key(&terms.dataset, &terms.sealed_root, &terms.key_commitment);
        ensure!(!Faults::<T>::contains_key(key), Error::<T>::FaultySealing);
        Ok(())
    }
}

/// How many there are, for a weight; the bound is far below 2³².
fn count<N>(list: &[N]) -> u32 {
    list.len().saturated_into()
}
