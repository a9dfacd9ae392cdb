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
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::WeightInfo;
    use alloc::vec::Vec;
    use frame_support::{dispatch::DispatchResultWithPostInfo, pallet_prelude::*};
    use frame_system::{pallet_prelude::*, SetCode};
    use sp_runtime::{
        traits::{BlakeTwo256, CheckedAdd, Hash},
        TryRuntimeError,
    };
    use wonbon_invariants::{ensure_readable, readable};
    use wonbon_primitives::{
        record::{Upgrade, UPGRADE_LAYOUT},
        Digest,
    };

    /// Layout of the storage as a whole.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// An [`Upgrade`] of a runtime.
    pub type UpgradeOf<T> = Upgrade<BlockNumberFor<T>>;

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Announces an upgrade.
        type AnnounceOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Calls an announced upgrade off.
        type CallOffOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// How many blocks lie between the announcement and the first block that may carry the code.
        type Delay: Get<BlockNumberFor<Self>>;
        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    /// The upgrade that is announced, if there is one.
    #[pallet::storage]
    pub type Announced<T: Config> = StorageValue<_, UpgradeOf<T>, OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An upgrade was announced.
        UpgradeAnnounced {
            /// BLAKE2b-256 of its code.
            code_hash: Digest,
            /// The first block that may carry the code.
            due: BlockNumberFor<T>,
        },
        /// The announced upgrade does not come.
        UpgradeCalledOff {
            /// BLAKE2b-256 of its code.
            code_hash: Digest,
        },
        /// The code was given; the next block is made by it.
        UpgradeApplied {
            /// BLAKE2b-256 of the code.
            code_hash: Digest,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// An upgrade is announced already: it comes or is called off before the next is announced.
        AlreadyAnnounced,
        /// No upgrade is announced.
        NothingAnnounced,
        /// The block from which on the code may be given has not come.
        NotDue,
        /// This code is not the announced one.
        OtherCode,
        /// The block of the announced upgrade would have no number.
        Overflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Announces an upgrade by the BLAKE2b-256 hash of its code, as it will be given.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::announce())]
        pub fn announce(origin: OriginFor<T>, code_hash: Digest) -> DispatchResult {
            T::AnnounceOrigin::ensure_origin(origin)?;
            ensure!(!Announced::<T>::exists(), Error::<T>::AlreadyAnnounced);
            let announced_at = frame_system::Pallet::<T>::block_number();
            let due = announced_at.checked_add(&T::Delay::get()).ok_or(Error::<T>::Overflow)?;
            Announced::<T>::put(Upgrade { version: UPGRADE_LAYOUT, code_hash, announced_at, due });
            Self::deposit_event(Event::UpgradeAnnounced { code_hash, due });
            Ok(())
        }

        /// Takes the announcement back.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::call_off())]
        pub fn call_off(origin: OriginFor<T>) -> DispatchResult {
            T::CallOffOrigin::ensure_origin(origin)?;
            let Upgrade { code_hash, .. } = Announced::<T>::take().ok_or(Error::<T>::NothingAnnounced)?;
            Self::deposit_event(Event::UpgradeCalledOff { code_hash });
            Ok(())
        }

        /// Gives the code of the announced upgrade, once it is due. Its runtime must have the name of this one and a
        /// greater version. Whoever gives the right code pays nothing.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::apply())]
        pub fn apply(origin: OriginFor<T>, code: Vec<u8>) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let Upgrade { code_hash, due, .. } = Announced::<T>::get().ok_or(Error::<T>::NothingAnnounced)?;
            ensure!(frame_system::Pallet::<T>::block_number() >= due, Error::<T>::NotDue);
            ensure!(BlakeTwo256::hash(&code).0 == code_hash, Error::<T>::OtherCode);
            frame_system::Pallet::<T>::can_set_code(&code, true).into_result()?;
            T::OnSetCode::set_code(code)?;
            Announced::<T>::kill();
            Self::deposit_event(Event::UpgradeApplied { code_hash });
            Ok(Pays::No.into())
        }
    }

    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the pallet's state.
        pub fn do_try_state() -> Result<(), TryRuntimeError> {
            ensure_readable::<Self>(readable!(maps: ; values: Announced<T>))?;
            if let Some(upgrade) = Announced::<T>::get() {
                ensure!(upgrade.version == UPGRADE_LAYOUT, "upgrades: an announcement of unknown layout");
                ensure!(
                    upgrade.announced_at <= frame_system::Pallet::<T>::block_number(),
                    "upgrades: an announcement from the future"
                );
                ensure!(
                    upgrade.announced_at < upgrade.due,
                    "upgrades: an upgrade that nobody can prepare for"
                );
            }
            Ok(())
        }
    }
}
