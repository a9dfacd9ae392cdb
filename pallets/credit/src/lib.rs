#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
// The pallet macros expand to qualified names.
#![allow(unused_qualifications)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod books;
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{BankReference, Direction, Reversal, Transfer, RECORD_VERSION};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::{BankReference, Reversal, Transfer, WeightInfo};
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use wonbon_primitives::{
        record::{Reason, Redemption},
        Digest,
    };

    /// The amounts of the pallet.
    pub type BalanceOf<T> =
        <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;
    /// A bank transfer, as this runtime records it.
    pub type TransferOf<T> =
        Transfer<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
    /// A redemption, as this runtime records it.
    pub type RedemptionOf<T> =
        Redemption<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
    /// A credit that was taken back, as this runtime records it.
    pub type ReversalOf<T> = Reversal<BalanceOf<T>, BlockNumberFor<T>>;

    /// Layout of the storage as a whole.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The money.
        type Currency: Mutate<Self::AccountId> + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;
        /// The reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;
        /// Speaks for whoever keeps the bank account.
        type IssuerOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The least that can be redeemed at once.
        #[pallet::constant]
        type MinimumRedemption: Get<BalanceOf<Self>>;
        /// How many blocks a redemption waits for the issuer before it lapses.
        #[pallet::constant]
        type RedemptionLife: Get<BlockNumberFor<Self>>;
        /// The account that fees go to.
        type Treasury: Get<Self::AccountId>;
        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    /// Why money is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// It is to be paid out by the bank.
        #[codec(index = 0)]
        Redemption,
    }

    /// Every bank transfer that was counted, by its reference; never removed. The hasher is one that an
    /// outsider cannot steer, because references come from outside.
    #[pallet::storage]
    pub type Transfers<T: Config> =
        StorageMap<_, Blake2_128Concat, BankReference, TransferOf<T>, OptionQuery>;

    /// Redemptions that wait for the issuer. The keys count up, so a plain hasher is enough.
    #[pallet::storage]
    pub type Redemptions<T: Config> = StorageMap<_, Twox64Concat, u64, RedemptionOf<T>, OptionQuery>;

    /// The id of the next redemption.
    #[pallet::storage]
    pub type NextRedemption<T> = StorageValue<_, u64, ValueQuery>;

    /// All that was ever credited.
    #[pallet::storage]
    pub type Credited<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// All that was ever redeemed.
    #[pallet::storage]
    pub type Redeemed<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// What was taken back of credits, by the reference of the transfer.
    #[pallet::storage]
    pub type Reversals<T: Config> =
        StorageMap<_, Blake2_128Concat, BankReference, ReversalOf<T>, OptionQuery>;

    /// All that was ever taken back.
    #[pallet::storage]
    pub type Reversed<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// All the money that there was at genesis.
    #[pallet::storage]
    pub type Endowed<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// Genesis counts the money that it endowed; it has nothing to set.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[serde(skip)]
        marker: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// The money stands before this pallet in the runtime, so that its genesis is built.
        fn build(&self) {
            Endowed::<T>::put(T::Currency::total_issuance());
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A transfer came in and its amount was credited.
        Credited {
            /// Who got it.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
            /// The transfer.
            reference: BankReference,
        },
        /// A holder wants money paid out.
        RedemptionRequested {
            /// Names the request.
            redemption: u64,
            /// The holder.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
            /// Where it is to be paid, see [`Redemption::payee`].
            payee: Digest,
        },
        /// A redemption was paid out and burnt.
        RedemptionConfirmed {
            /// Names the request.
            redemption: u64,
            /// The holder.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
            /// The transfer.
            reference: BankReference,
        },
        /// A redemption was refused; the holder has the money again.
        RedemptionRejected {
            /// Names the request.
            redemption: u64,
            /// The holder.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
            /// Why, in the issuer's words.
            reason: Reason,
        },
        /// A redemption was taken back, by its holder or because it lapsed; the holder has the money again.
        RedemptionCancelled {
            /// Names the request.
            redemption: u64,
            /// The holder.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
        },
        /// A credit was taken back in part or whole.
        CreditReversed {
            /// Who had got it.
            account: T::AccountId,
            /// How much is taken back.
            amount: BalanceOf<T>,
            /// The transfer.
            reference: BankReference,
            /// Why, in the issuer's words.
            reason: Reason,
        },
        /// Money of the treasury was spent.
        TreasurySpent {
            /// Who got it.
            account: T::AccountId,
            /// How much.
            amount: BalanceOf<T>,
            /// What for, in the council's words.
            reason: Reason,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// A transfer of that reference was counted before.
        ReferenceUsed,
        /// A reference is 1 to 64 printable ASCII characters without spaces.
        BadReference,
        /// Nothing cannot be credited.
        ZeroAmount,
        /// Less than the least that can be redeemed.
        AmountTooSmall,
        /// There is no such open redemption.
        NoSuchRedemption,
        /// A counter is at its end.
        Overflow,
        /// The redemption waited too long for the issuer and lapsed.
        RedemptionLapsed,
        /// Only the holder takes a redemption back before it lapses.
        NotHolder,
        /// No transfer of that reference came in.
        NoSuchTransfer,
        /// More than was credited by the transfer and not taken back.
        MoreThanCredited,
        /// The reason is blank, not UTF-8, has control characters or a space at either end.
        InvalidReason,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Credits an account with a transfer that arrived at the bank.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::credit())]
        pub fn credit(
            origin: OriginFor<T>,
            account: T::AccountId,
            amount: BalanceOf<T>,
            bank_reference: BankReference,
        ) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_credit(account, amount, bank_reference)
        }

        /// Asks for money to be paid out to the bank account with this hash; it is on hold until the issuer has
        /// decided, the holder takes it back, or it lapses.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::request_redemption())]
        pub fn request_redemption(
            origin: OriginFor<T>,
            amount: BalanceOf<T>,
            payee: Digest,
        ) -> DispatchResult {
            let account = ensure_signed(origin)?;
            Self::do_request_redemption(account, amount, payee)
        }

        /// Burns a redemption that was paid out by a transfer.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::confirm_redemption())]
        pub fn confirm_redemption(
            origin: OriginFor<T>,
            redemption: u64,
            bank_reference: BankReference,
        ) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_confirm_redemption(redemption, bank_reference)
        }

        /// Releases a redemption that is not paid out.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reject_redemption())]
        pub fn reject_redemption(origin: OriginFor<T>, redemption: u64, reason: Reason) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_reject_redemption(redemption, reason)
        }

        /// Takes a redemption back that is not paid out. Its holder; anyone, once it has lapsed.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::cancel_redemption())]
        pub fn cancel_redemption(origin: OriginFor<T>, redemption: u64) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel_redemption(&who, redemption)
        }

        /// Takes back what was credited by mistake, as far as its holder still has it.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::reverse_credit())]
        pub fn reverse_credit(
            origin: OriginFor<T>,
            bank_reference: BankReference,
            amount: BalanceOf<T>,
            reason: Reason,
        ) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_reverse_credit(bank_reference, amount, reason)
        }

        /// Spends money of the treasury.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::spend_treasury())]
        pub fn spend_treasury(
            origin: OriginFor<T>,
            account: T::AccountId,
            amount: BalanceOf<T>,
            reason: Reason,
        ) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_spend_treasury(account, amount, reason)
        }
    }
}
