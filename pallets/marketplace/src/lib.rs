#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
#![allow(clippy::multiple_bound_locations, reason = "the derives of a record repeat its types' bounds")]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod amendments;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bonds;
mod closing;
mod disputes;
mod escrow;
mod invariants;
mod lineage;
mod meter;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod mock;
mod offers;
mod orders;
mod priority;
mod returns;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
mod types;
pub mod weights;
mod windows;

pub use pallet::*;
pub use priority::{Admitted, Failed, NotAdmitted, OrderAct, OrderParty};
pub use types::*;
pub use weights::WeightInfo;
pub use wonbon_primitives::bounds::MAX_LINEAGE;

/// The pallet's declarations; what the calls do is in `offers`, `amendments`, `closing`, `bonds`, `orders`, `returns`,
/// `lineage`, `disputes` and `windows`.
// The macro's own code repeats the names of its attributes and the arguments of the calls.
#[allow(unused_qualifications, clippy::too_many_arguments)]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, InspectHold, MutateHold},
            EnsureOrigin, UnixTime,
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::traits::One;
    use wonbon_primitives::{
        bounds::{OpenOffersBound, MAX_LINEAGE, MAX_ROYALTIES},
        company::ParticipantRegistry,
        delivery::Delivery,
        dispute::DisputeProof,
        id::{DatasetId, Digest, OfferId, OrderId},
        record::{self, DeriveRight, Outcome, RightSource},
        registry::DatasetRegistry,
        share::Share,
        unchecked::UncheckedDerivation,
    };

    use crate::{
        meter::{weighed, Meter},
        priority::{Failed, OrderParty},
        types::{
            Agreed, Amendment, AmendmentOf, BalanceOf, Listing, OfferOf, OrderOf, RuleLimits, RuleLimitsOf,
            RulesOf, TradeOf,
        },
        weights::WeightInfo,
    };

    /// Layout of the storage as a whole.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Offers, orders and trades, and the money that stands behind them.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<
        Hash = H256,
        RuntimeEvent: From<Event<Self>>,
        RuntimeOrigin: From<Origin<Self>> + Into<Result<Origin<Self>, Self::RuntimeOrigin>>,
    >
    {
        /// The pallet's name for a hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Money. Its existential deposit is at most one unit, so that no payment is too small to be made.
        type Currency: Inspect<Self::AccountId>
            + InspectHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + MutateHold<Self::AccountId>;

        /// Who is a verified company, and which of them have an admin in common.
        type Participants: ParticipantRegistry<Self::AccountId>;

        /// Which datasets there are, who owns them, what they were made from and what that owes.
        type Datasets: DatasetRegistry<Self::AccountId>;

        /// Where platform fees and slashed bonds go.
        #[pallet::constant]
        type Treasury: Get<Self::AccountId>;

        /// What time it is, for the permanent records.
        type Time: UnixTime;

        /// Who sets the rules, and extends the windows that are open.
        type RulesOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The rules may not let an offer give its seller less time to deliver than this, in blocks.
        #[pallet::constant]
        type MinDeliveryWindow: Get<BlockNumberFor<Self>>;

        /// The rules may not let an offer give a buyer less time to dispute than this, in blocks.
        #[pallet::constant]
        type MinDisputeWindow: Get<BlockNumberFor<Self>>;

        /// The rules may not give the platform more of a price than this.
        #[pallet::constant]
        type MaxPlatformFee: Get<Share>;

        /// The rules may not set less aside for the fee of a dispute than this: what the dearest dispute costs.
        #[pallet::constant]
        type MinDisputeReserve: Get<BalanceOf<Self>>;

        /// The rules may not set more aside for that than this: it is locked with every order.
        #[pallet::constant]
        type MaxDisputeReserve: Get<BalanceOf<Self>>;

        /// The rules may not ask for less of a price as bond than this.
        #[pallet::constant]
        type MinBondShare: Get<Share>;

        /// The rules may not ask for less of an order's bond than this when its delivery is missed.
        #[pallet::constant]
        type MinMissedDeliveryShare: Get<Share>;

        /// The rules may not let an offer give its seller more time to deliver than this, in blocks.
        #[pallet::constant]
        type MaxDeliveryWindow: Get<BlockNumberFor<Self>>;

        /// The rules may not let an offer give a buyer more time to dispute than this, in blocks.
        #[pallet::constant]
        type MaxDisputeWindow: Get<BlockNumberFor<Self>>;

        /// What is held from a seller for each offer, for ever: its record and its key commitment stay. It is the
        /// same for every offer ever made, so a release that changes it changes the holds as well.
        #[pallet::constant]
        type OfferDeposit: Get<BalanceOf<Self>>;

        /// All open windows may be extended at once by so many blocks at most.
        #[pallet::constant]
        type MaxExtension: Get<BlockNumberFor<Self>>;

        /// What a buyer pays, with their order, for the records that its trade leaves for ever.
        #[pallet::constant]
        type TradeFee: Get<BalanceOf<Self>>;

        /// What they pay more for each royalty in it.
        #[pallet::constant]
        type RoyaltyFee: Get<BalanceOf<Self>>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Who delivers or disputes. The runtime's extension for these two calls makes such an origin, and nothing else does.
    #[pallet::origin]
    pub type Origin<T> = OrderParty<<T as frame_system::Config>::AccountId>;

    /// Why money is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A buyer's price and dispute reserve, until their order is final.
        #[codec(index = 0)]
        Escrow,
        /// A seller's bond, until their offer is closed and its last order final.
        #[codec(index = 1)]
        Bond,
        /// A seller's deposits, one for each offer that they ever made.
        #[codec(index = 2)]
        OfferDeposit,
    }

    /// What governance decided.
    #[pallet::storage]
    pub type Rules<T: Config> = StorageValue<_, RulesOf<T>, OptionQuery>;

    /// What the rules at genesis went beyond the runtime's limits with, and later rules may too: on a
    /// development chain, where nobody waits an hour. Absent on every other.
    #[pallet::storage]
    pub type GenesisLimits<T: Config> = StorageValue<_, RuleLimitsOf<T>, OptionQuery>;

    /// The number of the next offer.
    #[pallet::storage]
    pub type NextOffer<T: Config> = StorageValue<_, OfferId, ValueQuery>;

    /// The number of the next order.
    #[pallet::storage]
    pub type NextOrder<T: Config> = StorageValue<_, OrderId, ValueQuery>;

    /// Every offer ever made.
    // Twox64Concat: the chain counts the keys, nobody chooses them.
    #[pallet::storage]
    pub type Offers<T: Config> = StorageMap<_, Twox64Concat, OfferId, OfferOf<T>, OptionQuery>;

    /// The open and paused offers of each dataset; nothing is stored for none.
    // Blake2_128Concat: whoever registers a dataset may choose its root.
    #[pallet::storage]
    pub type OpenOffers<T: Config> =
        StorageMap<_, Blake2_128Concat, DatasetId, BoundedVec<OfferId, OpenOffersBound>, ValueQuery>;

    /// Every order that is not final.
    // Twox64Concat: the chain counts the keys, nobody chooses them.
    #[pallet::storage]
    pub type Orders<T: Config> = StorageMap<_, Twox64Concat, OrderId, OrderOf<T>, OptionQuery>;

    /// Where the trade of a final order stands.
    // Twox64Concat: the chain counts the keys, nobody chooses them.
    #[pallet::storage]
    pub type Finished<T: Config> = StorageMap<_, Twox64Concat, OrderId, (DatasetId, u32), OptionQuery>;

    /// The trades of each dataset in the order in which they became final. They stay for ever. How many there
    /// are stands in the dataset's own record, so that a storage proof shows that no trade is left out.
    // Blake2_128Concat: whoever registers a dataset may choose its root. Twox64Concat: the chain counts.
    #[pallet::storage]
    pub type Trades<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, TradeOf<T>, OptionQuery>;

    /// The trades of each company, as seller or buyer, in the order in which they became final.
    // Blake2_128Concat: anyone can make accounts. Twox64Concat: the chain counts.
    #[pallet::storage]
    pub type CompanyTrades<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, (DatasetId, u32), OptionQuery>;

    /// How many trades a company has; stored, zero included, from its first offer or order on.
    // Blake2_128Concat: anyone can make accounts.
    #[pallet::storage]
    pub type CompanyTradeCount<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    /// The right of a company to sell what it makes from a dataset that it bought, or held. It is never taken away.
    // Blake2_128Concat twice: anyone can make accounts, and choose roots.
    #[pallet::storage]
    pub type DeriveRights<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Blake2_128Concat,
        DatasetId,
        DeriveRight,
        OptionQuery,
    >;

    /// Datasets made from others which a company may sell, so that they and what it makes from them in turn need
    /// no second look behind them; and how many datasets it had handed over when that was found. After one more
    /// it is found anew.
    // Blake2_128Concat twice: anyone can make accounts, and choose roots.
    #[pallet::storage]
    pub type ClearedLineages<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, DatasetId, u32, OptionQuery>;

    /// The key commitments that a seller has used, and in which offer. One key seals one payload, once.
    // Blake2_128Concat twice: anyone can make accounts and choose commitments.
    #[pallet::storage]
    pub type UsedKeys<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, Digest, OfferId, OptionQuery>;

    /// Sealings (dataset, sealed root and key commitment, hashed together) of which a block was proved to be
    /// wrong, and when.
    // Blake2_128Concat: a seller chooses what is hashed.
    #[pallet::storage]
    pub type Faults<T: Config> = StorageMap<_, Blake2_128Concat, Digest, BlockNumberFor<T>, OptionQuery>;

    /// The extensions of windows.
    #[pallet::storage]
    pub type Extensions<T: Config> = StorageValue<_, record::Extensions<BlockNumberFor<T>>, ValueQuery>;

    /// Open orders of which a delivery or a dispute failed: no other comes before others.
    // Twox64Concat: the chain counts the keys, nobody chooses them.
    #[pallet::storage]
    pub type FailedActs<T: Config> = StorageMap<_, Twox64Concat, OrderId, Failed, ValueQuery>;

    /// All money in escrow.
    #[pallet::storage]
    pub type EscrowTotal<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// All money put down as bonds.
    #[pallet::storage]
    pub type BondTotal<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// Whether no order is placed for now. It touches no order that is open.
    #[pallet::storage]
    pub type OrdersStopped<T> = StorageValue<_, bool, ValueQuery>;

    /// The rules at genesis.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Without them nothing can be offered until governance sets them.
        pub rules: Option<RulesOf<T>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Some(rules) = &self.rules {
                assert!(rules.is_sound(), "the marketplace's rules at genesis contradict each other");
                assert!(
                    Pallet::<T>::keeps_to_fixed_limits(rules),
                    "the marketplace's rules at genesis are beyond limits from which no chain is exempt"
                );
                if !Pallet::<T>::runtime_limits().allow(rules) {
                    GenesisLimits::<T>::put(RuleLimits {
                        min_delivery_window: rules.min_delivery_window,
                        min_dispute_window: rules.min_dispute_window,
                        max_platform_fee: rules.platform_fee,
                    });
                }
                Rules::<T>::put(rules);
            }
        }
    }

    /// What happened.
    // A variant's text says what its fields are.
    #[allow(missing_docs)]
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A dataset is for sale.
        OfferMade { offer: OfferId, dataset: DatasetId, seller: T::AccountId, price: BalanceOf<T> },
        /// An offer has a new price, for later orders.
        PriceSet { offer: OfferId, price: BalanceOf<T> },
        /// A seller put down more bond.
        BondAdded { offer: OfferId, amount: BalanceOf<T> },
        /// An offer takes no more orders: its seller withdrew it, or does not own the dataset any more.
        OfferWithdrawn { offer: OfferId },
        /// A seller has bond back: all of it, as the offer is closed and its last order final, or what was to leave.
        BondReleased { offer: OfferId, amount: BalanceOf<T> },
        /// A buyer paid into escrow.
        OrderPlaced { order: OrderId, offer: OfferId, buyer: T::AccountId, deliver_by: BlockNumberFor<T> },
        /// The buyer can read the key.
        KeyDelivered { order: OrderId, dispute_until: BlockNumberFor<T> },
        /// An order is final; its trade is on record.
        TradeFinal { order: OrderId, dataset: DatasetId, index: u32, outcome: Outcome },
        /// The holder of a dataset behind the one that was sold got their share of the price.
        RoyaltyPaid { order: OrderId, dataset: DatasetId, account: T::AccountId, amount: BalanceOf<T> },
        /// A company may sell what it makes from a dataset, for at least this royalty, by this trade or handover of it.
        DeriveRightGranted { company: T::AccountId, dataset: DatasetId, royalty: Share, source: RightSource },
        /// A seller lost money out of a bond: a part went to the buyer, the rest to the treasury.
        BondSlashed { offer: OfferId, order: OrderId, to_buyer: BalanceOf<T>, to_treasury: BalanceOf<T> },
        /// A block of a sealing was proved to be wrong: its unsettled orders can all be refunded.
        SealingFaulted { offer: OfferId, dataset: DatasetId, sealed_root: Digest, key_commitment: Digest },
        /// The dispute reserve of an order left escrow to pay for a dispute.
        DisputeReserveReleased { order: OrderId, amount: BalanceOf<T> },
        /// Governance set the rules for later offers and orders.
        RulesSet { rules: RulesOf<T> },
        /// Governance stopped new orders. Those that are open run their course.
        NewOrdersStopped,
        /// Orders are placed again.
        NewOrdersResumed,
        /// Governance extended all windows that are open by so many blocks; so many were added in all.
        WindowsExtended { by: BlockNumberFor<T>, total: BlockNumberFor<T> },
        /// A delivery was missed: the offer takes no orders until its seller resumes it.
        OfferPaused { offer: OfferId, order: OrderId },
        /// A paused offer takes orders again.
        OfferResumed { offer: OfferId },
        /// A withdrawn offer takes orders again.
        OfferReopened { offer: OfferId },
        /// An offer has other terms, for later orders.
        OfferAmended { offer: OfferId, terms: AmendmentOf<T> },
        /// A part of a bond, or nothing any more, is to leave after this block.
        BondLeaving { offer: OfferId, amount: BalanceOf<T>, stays_until: BlockNumberFor<T> },
        /// The seller of a delivered order proposed to pay it back.
        RefundProposed { order: OrderId },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// There are no rules yet.
        NoRules,
        /// These rules contradict each other.
        UnsoundRules,
        /// These rules give less time, bond, penalty or dispute reserve, or more time, more reserve or more of a price
        /// to the platform, than any decision may.
        RulesBeyondLimits,
        /// The caller is not a verified company.
        NotVerified,
        /// The seller is not a verified company any more.
        SellerNotVerified,
        /// There is no such dataset.
        NoSuchDataset,
        /// The dataset was withdrawn.
        DatasetWithdrawn,
        /// The dataset's registration is provisional, or not entered with its parents yet.
        DatasetProvisional,
        /// The seller does not own the dataset.
        NotTheOwner,
        /// The seller neither owns a dataset behind this one nor has bought the right to derive from it.
        NoRightToDerive,
        /// The dataset pays a parent less royalty than the licence to derive from it asks for.
        RoyaltyBelowLicence,
        /// Too many of the seller's own datasets stand behind this one: offer one of them first.
        LineageTooLarge,
        /// No dataset can carry so high a royalty.
        RoyaltyTooHigh,
        /// The price is zero or above the highest that the rules allow.
        PriceOutOfRange,
        /// A window is shorter or longer than the rules allow.
        WindowOutOfRange,
        /// The seller's bond does not cover this order beside the open ones.
        BondTooSmall,
        /// The seller used this key commitment before: every sealing takes a fresh key.
        KeyReused,
        /// A block of this sealing was proved to be wrong.
        FaultySealing,
        /// There is no such offer.
        NoSuchOffer,
        /// The offer takes no orders.
        OfferNotOpen,
        /// The offer's seller still owns its dataset, which is not withdrawn.
        OfferStillGood,
        /// The caller is not the seller.
        NotTheSeller,
        /// A seller cannot order from themselves.
        OwnOffer,
        /// The terms are not (any more) what the buyer agreed to.
        StaleTerms,
        /// The licence accepted is not the offer's.
        LicenceNotAccepted,
        /// The confidentiality agreement accepted is not the offer's.
        NdaNotAccepted,
        /// Not the canonical encoding of a curve point other than the identity.
        BadPoint,
        /// There is no such order, or it is final.
        NoSuchOrder,
        /// The caller is not the buyer.
        NotTheBuyer,
        /// The key was delivered before.
        AlreadyDelivered,
        /// No key was delivered yet.
        NotDelivered,
        /// The time for this is over.
        TooLate,
        /// The time for this has not come.
        TooEarly,
        /// No block of this order's sealing was proved to be wrong.
        NotFaulty,
        /// The lengths of sealed payload and dataset are impossible or differ.
        DisputeBadTerms,
        /// The proof's shared point is not the canonical encoding of a point other than the identity.
        DisputeBadPoint,
        /// A scalar of the proof is not in its canonical encoding.
        DisputeBadScalar,
        /// The proof does not show the shared point of this order's delivery: it is forged, or another's.
        DisputeBadProof,
        /// The delivered key is the one committed to.
        DisputeKeyIsRight,
        /// The delivered key is not the one committed to: claim that, no block can be opened with it.
        DisputeKeyIsWrong,
        /// There is no such block, or it has not the length that its index implies.
        DisputeBlockLength,
        /// The sealed block is not in the sealed payload.
        DisputeSealedPath,
        /// The leaf is not in the dataset.
        DisputePlainPath,
        /// The block opens to what was sold.
        DisputeBlockIsRight,
        /// Numbers do not fit.
        Overflow,
        /// A record contradicts another; nothing was changed.
        Inconsistent,
        /// Buyer and seller have an admin in common.
        SharedAdmin,
        /// Governance stopped new orders for now.
        NewOrdersStopped,
        /// New orders are not stopped.
        NewOrdersNotStopped,
        /// The order owes more royalties than the call's `royalties` states.
        RoyaltiesBeyondBound,
        /// More parents are to be looked at than the call's `parents` states.
        ParentsBeyondBound,
        /// Windows are extended by one block at least and by `MaxExtension` at most.
        ExtensionOutOfRange,
        /// Windows were extended as often as they can be in about a year.
        TooManyExtensions,
        /// The seller's profile does not have the provider's role.
        NotAProvider,
        /// The buyer's profile does not have the consumer's role.
        NotAConsumer,
        /// The dataset has as many open offers as it can have: withdraw or close one first.
        TooManyOpenOffers,
        /// The offer is not paused.
        OfferNotPaused,
        /// The offer is not withdrawn.
        OfferNotWithdrawn,
        /// Open orders need this much of the bond.
        BondNotFree,
        /// No bond of this offer was said to leave.
        NoBondLeaving,
        /// The seller proposed a refund of this order already.
        AlreadyProposed,
        /// The seller proposed no refund of this order.
        NoRefundProposed,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::Currency::minimum_balance() <= One::one(),
                "with a larger existential deposit a payment could be too small to be made, and an order stuck"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Offers a sealing of a dataset that the caller owns, with a bond of at least what one order needs and a
        /// deposit for the record. If the dataset was made from others, the caller must own each of them or have
        /// bought the right. At most `parents` datasets behind it are looked at, and paid for.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::offer((*parents).min(MAX_LINEAGE)))]
        pub fn offer(
            origin: OriginFor<T>,
            dataset: DatasetId,
            sealed_root: Digest,
            key_commitment: Digest,
            #[pallet::compact] price: BalanceOf<T>,
            licence: Digest,
            nda: Digest,
            delivery_window: BlockNumberFor<T>,
            dispute_window: BlockNumberFor<T>,
            #[pallet::compact] bond: BalanceOf<T>,
            derivation: UncheckedDerivation,
            #[pallet::compact] parents: u32,
        ) -> DispatchResultWithPostInfo {
            let seller = ensure_signed(origin)?;
            let derivation = derivation.check().map_err(|_| Error::<T>::RoyaltyTooHigh)?;
            let listing = Listing {
                dataset,
                sealed_root,
                key_commitment,
                price,
                licence,
                nda,
                delivery_window,
                dispute_window,
                bond,
                derivation,
            };
            let mut parents = Meter::stated(parents);
            let result = Self::do_offer(seller, listing, &mut parents);
            weighed(result, T::WeightInfo::offer(parents.done()))
        }

        /// Changes the price of the caller's offer for later orders.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_price())]
        pub fn set_price(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] price: BalanceOf<T>,
        ) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_set_price(seller, offer, price)
        }

        /// Puts down more bond, so that more orders can be open at a time.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::add_bond())]
        pub fn add_bond(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] amount: BalanceOf<T>,
        ) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_add_bond(seller, offer, amount)
        }

        /// Takes the caller's offer back. Open orders run their course; the bond follows the last of them.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw_offer())]
        pub fn withdraw_offer(origin: OriginFor<T>, #[pallet::compact] offer: OfferId) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_withdraw_offer(seller, offer)
        }

        /// Pays price and dispute reserve into escrow for one copy, if the terms are those of the digest, `price` among
        /// them; and the fee for what the trade leaves for ever. At most `royalties` are owed, and at most `parents`
        /// datasets behind this one looked at: usually none, as that was done for the offer.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::place_order((*royalties).min(MAX_ROYALTIES))
            .saturating_add(T::WeightInfo::clear_lineage((*parents).min(MAX_LINEAGE))))]
        pub fn place_order(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] price: BalanceOf<T>,
            #[pallet::compact] royalties: u32,
            #[pallet::compact] parents: u32,
            terms: Digest,
            licence: Digest,
            nda: Digest,
            order_key: [u8; 32],
            nonce: [u8; 32],
        ) -> DispatchResultWithPostInfo {
            let buyer = ensure_signed(origin)?;
            let [mut royalties, mut parents] = [royalties, parents].map(Meter::stated);
            let agreed = Agreed { price, terms, licence, nda };
            let result =
                Self::do_place_order(buyer, offer, agreed, order_key, nonce, &mut royalties, &mut parents);
            let weight = T::WeightInfo::place_order(royalties.done());
            weighed(result, weight.saturating_add(T::WeightInfo::clear_lineage(parents.done())))
        }

        /// Delivers the key to the buyer of an order, in time. Signed by the seller, or by who delivers for it, and in no
        /// other call.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::deliver())]
        pub fn deliver(
            origin: OriginFor<T>,
            #[pallet::compact] order: OrderId,
            delivery: Delivery,
        ) -> DispatchResult {
            let seller = Self::ensure_deliverer(origin)?;
            Self::do_deliver(seller, order, delivery)
        }

        /// The buyer is content: the seller, and those whose data theirs was made from, are paid at once.
        /// At most `royalties` are owed.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::accept((*royalties).min(MAX_ROYALTIES)))]
        pub fn accept(
            origin: OriginFor<T>,
            #[pallet::compact] order: OrderId,
            #[pallet::compact] royalties: u32,
        ) -> DispatchResultWithPostInfo {
            let buyer = ensure_signed(origin)?;
            let mut royalties = Meter::stated(royalties);
            let result = Self::do_accept(buyer, order, &mut royalties);
            weighed(result, T::WeightInfo::accept(royalties.done()))
        }

        /// The dispute window has passed: anyone may have the seller paid.
        /// At most `royalties` are owed.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::settle((*royalties).min(MAX_ROYALTIES)))]
        pub fn settle(
            origin: OriginFor<T>,
            #[pallet::compact] order: OrderId,
            #[pallet::compact] royalties: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let mut royalties = Meter::stated(royalties);
            let result = Self::do_settle(order, &mut royalties);
            weighed(result, T::WeightInfo::settle(royalties.done()))
        }

        /// No key came in time: anyone may have the buyer refunded and paid the penalty.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::expire())]
        pub fn expire(origin: OriginFor<T>, #[pallet::compact] order: OrderId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_expire(order)
        }

        /// The buyer proves that the key, or a block, is wrong. The proof makes the content key public, also
        /// when it does not hold. Signed by the buyer, or by who disputes for it, and in no other call. Weight and fee are
        /// also for the release of the reserve that pays the fee; what was not released is given back.
        #[pallet::call_index(9)]
        #[pallet::weight(Pallet::<T>::weight_of_dispute(proof)
            .saturating_add(T::WeightInfo::release_dispute_reserve()))]
        pub fn dispute(
            origin: OriginFor<T>,
            #[pallet::compact] order: OrderId,
            proof: DisputeProof,
        ) -> DispatchResultWithPostInfo {
            let buyer = Self::ensure_disputer(origin)?;
            let release = if Self::is_reserve_whole(order) {
                Weight::zero()
            } else {
                T::WeightInfo::release_dispute_reserve()
            };
            let result = Self::do_dispute(buyer, order, &proof);
            weighed(result, Self::weight_of_dispute(&proof).saturating_add(release))
        }

        /// A block of the order's sealing was proved to be wrong by another: anyone may have the buyer refunded.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::refund_faulty())]
        pub fn refund_faulty(origin: OriginFor<T>, #[pallet::compact] order: OrderId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_refund_faulty(order)
        }

        /// Sets the rules for later offers and orders.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::set_rules())]
        pub fn set_rules(origin: OriginFor<T>, rules: RulesOf<T>) -> DispatchResult {
            T::RulesOrigin::ensure_origin(origin)?;
            Self::do_set_rules(rules)
        }

        /// Closes an offer that can take no orders any more, because its dataset was handed over or withdrawn, or
        /// because its seller gave away what it was made from: anyone may, so that no dead offer stands open. The
        /// bond goes back as from a withdrawn offer. At most `parents` datasets behind it are looked at.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::close_offer()
            .saturating_add(T::WeightInfo::clear_lineage((*parents).min(MAX_LINEAGE))))]
        pub fn close_offer(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] parents: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let mut parents = Meter::stated(parents);
            let result = Self::do_close_offer(offer, &mut parents);
            let weight = T::WeightInfo::close_offer();
            weighed(result, weight.saturating_add(T::WeightInfo::clear_lineage(parents.done())))
        }

        /// Looks behind a dataset whether its owner may sell it, for a line of own datasets that is too long to be
        /// looked at when the last of them is offered: anyone may, from its beginning on. At most `parents` datasets
        /// behind it are looked at.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::clear_lineage((*parents).min(MAX_LINEAGE)))]
        pub fn clear_lineage(
            origin: OriginFor<T>,
            dataset: DatasetId,
            #[pallet::compact] parents: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let mut parents = Meter::stated(parents);
            let result = Self::do_clear_lineage(&dataset, &mut parents);
            weighed(result, T::WeightInfo::clear_lineage(parents.done()))
        }

        /// Extends all windows for delivery and dispute that are open now by so many blocks, when finality lagged.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::extend_windows())]
        pub fn extend_windows(
            origin: OriginFor<T>,
            #[pallet::compact] blocks: BlockNumberFor<T>,
        ) -> DispatchResult {
            T::RulesOrigin::ensure_origin(origin)?;
            Self::do_extend_windows(blocks)
        }

        /// Stops new orders at once, because something is wrong with the market. Whatever is open is delivered,
        /// accepted, disputed, settled and expires as before.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::stop_orders())]
        pub fn stop_orders(origin: OriginFor<T>) -> DispatchResult {
            T::RulesOrigin::ensure_origin(origin)?;
            Self::do_stop_orders()
        }

        /// Lets orders be placed again.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::resume_orders())]
        pub fn resume_orders(origin: OriginFor<T>) -> DispatchResult {
            T::RulesOrigin::ensure_origin(origin)?;
            Self::do_resume_orders()
        }

        /// The seller does not want to deliver an order: the buyer gets everything back, and after half of the time to
        /// deliver the penalty as well.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::refuse())]
        pub fn refuse(origin: OriginFor<T>, #[pallet::compact] order: OrderId) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_refuse(seller, order)
        }

        /// The seller proposes to pay a delivered order back, while it is not final.
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::propose_refund())]
        pub fn propose_refund(origin: OriginFor<T>, #[pallet::compact] order: OrderId) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_propose_refund(seller, order)
        }

        /// The buyer takes the refund that the seller proposed.
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::accept_refund())]
        pub fn accept_refund(origin: OriginFor<T>, #[pallet::compact] order: OrderId) -> DispatchResult {
            let buyer = ensure_signed(origin)?;
            Self::do_accept_refund(buyer, order)
        }

        /// Changes the terms of the caller's offer for later orders; the sealing stays.
        #[pallet::call_index(23)]
        #[pallet::weight(T::WeightInfo::amend())]
        pub fn amend(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            licence: Digest,
            nda: Digest,
            delivery_window: BlockNumberFor<T>,
            dispute_window: BlockNumberFor<T>,
            derivation: UncheckedDerivation,
        ) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            let derivation = derivation.check().map_err(|_| Error::<T>::RoyaltyTooHigh)?;
            let terms = Amendment { licence, nda, delivery_window, dispute_window, derivation };
            Self::do_amend(seller, offer, terms)
        }

        /// Lets the caller's offer take orders again after a missed delivery paused it.
        #[pallet::call_index(24)]
        #[pallet::weight(T::WeightInfo::resume_offer())]
        pub fn resume_offer(origin: OriginFor<T>, #[pallet::compact] offer: OfferId) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_resume_offer(seller, offer)
        }

        /// Opens the caller's withdrawn offer again, with so much bond beside what is left of it: in all at least what one
        /// more order needs. At most `parents` datasets behind the offer's are looked at.
        #[pallet::call_index(25)]
        #[pallet::weight(T::WeightInfo::reopen_offer()
            .saturating_add(T::WeightInfo::clear_lineage((*parents).min(MAX_LINEAGE))))]
        pub fn reopen_offer(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] bond: BalanceOf<T>,
            #[pallet::compact] parents: u32,
        ) -> DispatchResultWithPostInfo {
            let seller = ensure_signed(origin)?;
            let mut parents = Meter::stated(parents);
            let result = Self::do_reopen_offer(seller, offer, bond, &mut parents);
            let weight = T::WeightInfo::reopen_offer();
            weighed(result, weight.saturating_add(T::WeightInfo::clear_lineage(parents.done())))
        }

        /// Says that a part of the bond which covers no order is to leave, one dispute window from now; nothing says that
        /// none is to leave any more.
        #[pallet::call_index(26)]
        #[pallet::weight(T::WeightInfo::release_bond())]
        pub fn release_bond(
            origin: OriginFor<T>,
            #[pallet::compact] offer: OfferId,
            #[pallet::compact] amount: BalanceOf<T>,
        ) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_release_bond(seller, offer, amount)
        }

        /// Takes what was said to leave, when its time has come, as far as no order needs it.
        #[pallet::call_index(27)]
        #[pallet::weight(T::WeightInfo::take_bond())]
        pub fn take_bond(origin: OriginFor<T>, #[pallet::compact] offer: OfferId) -> DispatchResult {
            let seller = ensure_signed(origin)?;
            Self::do_take_bond(seller, offer)
        }
    }
}
