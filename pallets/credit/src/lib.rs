#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
// The pallet macros expand to qualified names.
#![allow(unused_qualifications)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{BankReference, Direction, Redemption, Transfer, RECORD_VERSION};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::{
        types::{self, BankReference, Direction, Redemption, Transfer, RECORD_VERSION},
        WeightInfo,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, InspectHold, Mutate, MutateHold},
            tokens::{Fortitude, Precision},
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::{CheckedAdd, CheckedSub, Zero};

    /// The amounts of the pallet.
    pub type BalanceOf<T> =
        <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;
    /// A bank transfer, as this runtime records it.
    pub type TransferOf<T> =
        Transfer<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
    /// A redemption, as this runtime records it.
    pub type RedemptionOf<T> =
        Redemption<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

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

        /// Asks for money to be paid out; it is on hold until the issuer has decided.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::request_redemption())]
        pub fn request_redemption(origin: OriginFor<T>, amount: BalanceOf<T>) -> DispatchResult {
            let account = ensure_signed(origin)?;
            Self::do_request_redemption(account, amount)
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
        pub fn reject_redemption(origin: OriginFor<T>, redemption: u64) -> DispatchResult {
            T::IssuerOrigin::ensure_origin(origin)?;
            Self::do_reject_redemption(redemption)
        }
    }

    impl<T: Config> Pallet<T> {
        fn do_credit(
            account: T::AccountId,
            amount: BalanceOf<T>,
            reference: BankReference,
        ) -> DispatchResult {
            ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
            let reference = Self::record_transfer(reference, &account, amount, Direction::In)?;
            Credited::<T>::try_mutate(|sum| Self::add(sum, amount))?;
            T::Currency::mint_into(&account, amount)?;
            Self::deposit_event(Event::Credited { account, amount, reference });
            Ok(())
        }

        fn do_request_redemption(account: T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
            ensure!(!amount.is_zero() && amount >= T::MinimumRedemption::get(), Error::<T>::AmountTooSmall);
            T::Currency::hold(&HoldReason::Redemption.into(), &account, amount)?;
            let redemption = NextRedemption::<T>::try_mutate(|next| {
                let id = *next;
                *next = id.checked_add(1).ok_or(Error::<T>::Overflow)?;
                Ok::<_, Error<T>>(id)
            })?;
            let requested_at = frame_system::Pallet::<T>::block_number();
            let record =
                Redemption { version: RECORD_VERSION, account: account.clone(), amount, requested_at };
            Redemptions::<T>::insert(redemption, record);
            Self::deposit_event(Event::RedemptionRequested { redemption, account, amount });
            Ok(())
        }

        fn do_confirm_redemption(redemption: u64, reference: BankReference) -> DispatchResult {
            let Redemption { account, amount, .. } =
                Redemptions::<T>::take(redemption).ok_or(Error::<T>::NoSuchRedemption)?;
            let reference = Self::record_transfer(reference, &account, amount, Direction::Out)?;
            Redeemed::<T>::try_mutate(|sum| Self::add(sum, amount))?;
            T::Currency::burn_held(
                &HoldReason::Redemption.into(),
                &account,
                amount,
                Precision::Exact,
                Fortitude::Force,
            )?;
            Self::deposit_event(Event::RedemptionConfirmed { redemption, account, amount, reference });
            Ok(())
        }

        fn do_reject_redemption(redemption: u64) -> DispatchResult {
            let Redemption { account, amount, .. } =
                Redemptions::<T>::take(redemption).ok_or(Error::<T>::NoSuchRedemption)?;
            T::Currency::release(&HoldReason::Redemption.into(), &account, amount, Precision::Exact)?;
            Self::deposit_event(Event::RedemptionRejected { redemption, account, amount });
            Ok(())
        }

        /// Records a transfer under its reference as it is compared, which must be new.
        fn record_transfer(
            reference: BankReference,
            account: &T::AccountId,
            amount: BalanceOf<T>,
            direction: Direction,
        ) -> Result<BankReference, DispatchError> {
            let reference = types::normalise(reference).ok_or(Error::<T>::BadReference)?;
            ensure!(!Transfers::<T>::contains_key(&reference), Error::<T>::ReferenceUsed);
            let at = frame_system::Pallet::<T>::block_number();
            let record =
                Transfer { version: RECORD_VERSION, direction, account: account.clone(), amount, at };
            Transfers::<T>::insert(&reference, record);
            Ok(reference)
        }

        fn add(sum: &mut BalanceOf<T>, amount: BalanceOf<T>) -> DispatchResult {
            *sum = sum.checked_add(&amount).ok_or(Error::<T>::Overflow)?;
            Ok(())
        }

        /// Checks the invariants of the pallet's state.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let mut sums = [BalanceOf::<T>::zero(), BalanceOf::<T>::zero()];
            for (reference, transfer) in Transfers::<T>::iter() {
                ensure!(transfer.version == RECORD_VERSION, "credit: a transfer of unknown layout");
                ensure!(
                    types::normalise(reference.clone()) == Some(reference),
                    "credit: a reference is not in the form in which it is compared"
                );
                let sum = match transfer.direction {
                    Direction::In => &mut sums[0],
                    Direction::Out => &mut sums[1],
                };
                Self::add(sum, transfer.amount)?;
            }
            ensure!(sums[0] == Credited::<T>::get(), "credit: records do not add up to what was credited");
            ensure!(sums[1] == Redeemed::<T>::get(), "credit: records do not add up to what was redeemed");
            let money = Endowed::<T>::get().checked_add(&sums[0]).and_then(|sum| sum.checked_sub(&sums[1]));
            ensure!(
                money == Some(T::Currency::total_issuance()),
                "credit: there is other money than was endowed and credited and not redeemed"
            );

            let next = NextRedemption::<T>::get();
            let mut open = alloc::collections::BTreeMap::new();
            for (id, redemption) in Redemptions::<T>::iter() {
                ensure!(redemption.version == RECORD_VERSION, "credit: a redemption of unknown layout");
                ensure!(id < next, "credit: a redemption from the future");
                let sum = open.entry(redemption.account).or_insert_with(BalanceOf::<T>::zero);
                Self::add(sum, redemption.amount)?;
            }
            for (account, sum) in open {
                let held = T::Currency::balance_on_hold(&HoldReason::Redemption.into(), &account);
                ensure!(held == sum, "credit: a hold is not the sum of the open redemptions");
            }
            Ok(())
        }
    }
}
