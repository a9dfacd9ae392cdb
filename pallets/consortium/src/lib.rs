#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
// The pallet macros expand to qualified names.
#![allow(unused_qualifications)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod keys;
#[cfg(test)]
mod mock;
mod session;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

/// The most validators that there can be.
pub type MaxValidators = frame_support::traits::ConstU32<64>;

#[frame_support::pallet]
pub mod pallet {
    use super::{MaxValidators, WeightInfo};
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::{
        dispatch::{DispatchResult, DispatchResultWithPostInfo, GetDispatchInfo},
        pallet_prelude::*,
        traits::{Contains, UnfilteredDispatchable},
    };
    use frame_system::{pallet_prelude::*, RawOrigin};

    /// Layout of the storage as a whole.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs. Members are named by their accounts.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
    {
        /// A call that `enact` may make.
        type RuntimeCall: Parameter
            + UnfilteredDispatchable<RuntimeOrigin = <Self as frame_system::Config>::RuntimeOrigin>
            + GetDispatchInfo;
        /// Which calls the root origin may make here: none of those with which it could take every other bound away.
        type EnactFilter: Contains<<Self as Config>::RuntimeCall>;
        /// Whoever validates has the same keys for so many blocks, unless the council replaces them.
        type RotationInterval: Get<BlockNumberFor<Self>>;
        /// Decides who validates, and with which keys if it cannot wait.
        type ValidatorOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// May do what needs the root origin.
        type EnactOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// What the calls weigh.
        type WeightInfo: WeightInfo;
        /// Makes for the benchmarks what only the runtime can.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::Helper<
            Self::AccountId,
            Self::Keys,
            <Self as Config>::RuntimeCall,
        >;
    }

    /// The members, sorted. It may be ahead of the session's set by up to two sessions.
    #[pallet::storage]
    pub type Members<T: Config> = StorageValue<_, BoundedVec<T::AccountId, MaxValidators>, ValueQuery>;

    /// Whether the membership has changed since a validator set was last announced.
    #[pallet::storage]
    pub type Changed<T> = StorageValue<_, bool, ValueQuery>;

    /// The length of a session in blocks, set at genesis.
    #[pallet::storage]
    pub type SessionLength<T> = StorageValue<_, BlockNumberFor<T>, ValueQuery, DefaultSessionLength<T>>;

    /// When a validator's keys last changed while they validated.
    // Blake2_128Concat: anyone can make accounts.
    #[pallet::storage]
    pub type LastRotation<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, BlockNumberFor<T>, OptionQuery>;

    /// A session's length if genesis sets none.
    #[pallet::type_value]
    pub fn DefaultSessionLength<T: Config>() -> BlockNumberFor<T> {
        300u32.into()
    }

    /// The first members.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The first members; their session keys are set by the session's genesis.
        pub validators: Vec<T::AccountId>,
        /// The length of a session in blocks, at least 2.
        pub session_length: BlockNumberFor<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { validators: Vec::new(), session_length: DefaultSessionLength::<T>::get() }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(self.session_length >= 2u32.into(), "a session has at least two blocks");
            SessionLength::<T>::put(self.session_length);
            let mut members = self.validators.clone();
            members.sort();
            members.dedup();
            assert!(members.len() == self.validators.len(), "a validator is named twice");
            Members::<T>::put(BoundedVec::try_from(members).expect("genesis names at most 64 validators"));
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account became a member; it validates from the session after next.
        ValidatorAdded {
            /// The new member.
            account: T::AccountId,
        },
        /// An account is no longer a member; it validates until the session after next.
        ValidatorRemoved {
            /// The former member.
            account: T::AccountId,
        },
        /// A call was made with the root origin.
        Enacted {
            /// How it ended.
            result: DispatchResult,
        },
        /// An account has other session keys; a validator uses them from the session after next.
        KeysSet {
            /// Whose keys they are.
            account: T::AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account is a member already.
        AlreadyMember,
        /// The account is not a member.
        NotMember,
        /// The account has not registered session keys (`set_keys`).
        NoSessionKeys,
        /// There would be more than 64 validators.
        TooManyValidators,
        /// There would be no validator left.
        LastValidator,
        /// The account validates, or will, or still does until the change has applied.
        StillValidating,
        /// The keys of this validator changed less than a rotation interval ago.
        RotatedTooRecently,
        /// The account has these keys already.
        SameKeys,
        /// The root origin does not make this call, nor one that makes others.
        NotEnactable,
        /// A member of the council has as many motions open as one member may: one has to be closed first.
        TooManyOpenMotions,
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
        /// Admits an account that has registered session keys.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::add_validator())]
        pub fn add_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::ValidatorOrigin::ensure_origin(origin)?;
            ensure!(pallet_session::NextKeys::<T>::contains_key(&account), Error::<T>::NoSessionKeys);
            Members::<T>::try_mutate(|members| {
                let position = members.binary_search(&account).err().ok_or(Error::<T>::AlreadyMember)?;
                members.try_insert(position, account.clone()).map_err(|_| Error::<T>::TooManyValidators)
            })?;
            Changed::<T>::put(true);
            Self::deposit_event(Event::ValidatorAdded { account });
            Ok(())
        }

        /// Dismisses a member, but never the last one.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::remove_validator())]
        pub fn remove_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::ValidatorOrigin::ensure_origin(origin)?;
            Members::<T>::try_mutate(|members| {
                let position = members.binary_search(&account).map_err(|_| Error::<T>::NotMember)?;
                ensure!(members.len() > 1, Error::<T>::LastValidator);
                members.remove(position);
                Ok::<_, Error<T>>(())
            })?;
            Changed::<T>::put(true);
            Self::deposit_event(Event::ValidatorRemoved { account });
            Ok(())
        }

        /// Makes a call with the root origin, of those that it may make here. That the call fails does not fail this
        /// one: the event tells.
        #[pallet::call_index(2)]
        #[pallet::weight({
            let inner = call.get_dispatch_info();
            (<T as Config>::WeightInfo::enact().saturating_add(inner.call_weight), inner.class)
        })]
        pub fn enact(
            origin: OriginFor<T>,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResultWithPostInfo {
            T::EnactOrigin::ensure_origin(origin)?;
            ensure!(T::EnactFilter::contains(&call), Error::<T>::NotEnactable);
            let result = call.dispatch_bypass_filter(RawOrigin::Root.into());
            Self::deposit_event(Event::Enacted { result: result.map(|_| ()).map_err(|error| error.error) });
            Ok(().into())
        }

        /// Forgets the caller's session keys and returns the deposit on them. Not while the caller validates.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::release_keys())]
        pub fn release_keys(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin.clone())?;
            ensure!(!Self::is_validating(&who), Error::<T>::StillValidating);
            pallet_session::Pallet::<T>::purge_keys(origin)?;
            LastRotation::<T>::remove(&who);
            Ok(())
        }

        /// Registers the caller's session keys, first ones or others, with a proof that the caller has them. Whoever
        /// validates may do so once in a rotation interval.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::set_keys())]
        pub fn set_keys(origin: OriginFor<T>, keys: T::Keys, proof: Vec<u8>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_keys(who, keys, proof)
        }

        /// Replaces the session keys of an account at once, because they are lost or in wrong hands. The proof is that
        /// of `set_keys`.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::replace_keys())]
        pub fn replace_keys(
            origin: OriginFor<T>,
            account: T::AccountId,
            keys: T::Keys,
            proof: Vec<u8>,
        ) -> DispatchResult {
            T::ValidatorOrigin::ensure_origin(origin)?;
            ensure!(pallet_session::NextKeys::<T>::contains_key(&account), Error::<T>::NoSessionKeys);
            Self::register(account, keys, proof)
        }
    }
}
