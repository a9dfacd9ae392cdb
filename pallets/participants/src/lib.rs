#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
#[cfg(test)]
mod mock;
mod registry;
mod standing;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;
pub use wonbon_primitives::company::ParticipantRegistry;

/// Declarations: what is configured, stored, told and called.
// The lint mistakes the path of `#[pallet::storage]` for a qualification.
#[allow(unused_qualifications)]
#[frame_support::pallet]
pub mod pallet {
    use super::{BalanceOf, ChangedFields, ParticipantOf, WeightInfo};
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use wonbon_primitives::{
        company::RegistrationNumber,
        record::{Reason, Standing},
        unchecked::UncheckedProfile,
    };

    /// The storage version of this release.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime has to supply.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The money in which deposits are held.
        type Currency: Inspect<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who verifies, suspends, reinstates and accredits.
        type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What is held for a participant's record.
        #[pallet::constant]
        type RegistrationDeposit: Get<BalanceOf<Self>>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit for a participant's record.
        Registration,
    }

    /// Everyone who ever registered.
    // Blake2_128Concat: whoever makes an account chooses its id, so the hash must resist a crafted prefix; the
    // id stays readable in the key, so that the map can be walked.
    #[pallet::storage]
    pub type Participants<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ParticipantOf<T>>;

    /// How many participants there are.
    #[pallet::storage]
    pub type Count<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The account that the registrar confirmed for a business registration number. Set by verification and
    /// kept through suspension.
    // Blake2_128Concat: the number is the applicant's own choice among 10^9.
    #[pallet::storage]
    pub type ByRegistrationNumber<T: Config> =
        StorageMap<_, Blake2_128Concat, RegistrationNumber, T::AccountId>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A company registered and waits for the registrar.
        Registered {
            /// The new participant.
            account: T::AccountId,
            /// The number that it claims.
            registration_number: RegistrationNumber,
        },
        /// A company changed its profile.
        ProfileUpdated {
            /// The participant.
            account: T::AccountId,
            /// The fields that changed; never empty.
            changed: ChangedFields,
        },
        /// The registrar confirmed that the account speaks for the company.
        Verified {
            /// The participant.
            account: T::AccountId,
            /// The number that now belongs to it.
            registration_number: RegistrationNumber,
        },
        /// The registrar took a participant's rights away.
        Suspended {
            /// The participant.
            account: T::AccountId,
            /// Why, in the registrar's words.
            reason: Reason,
        },
        /// The registrar gave a participant back the standing that it had.
        Reinstated {
            /// The participant.
            account: T::AccountId,
            /// The standing that it has again.
            standing: Standing,
        },
        /// The registrar accredited an auditor or inspector, for the roles of that kind in its profile.
        Accredited {
            /// The participant.
            account: T::AccountId,
        },
        /// An auditor or inspector is no longer accredited: the registrar revoked it, or the company changed its
        /// roles.
        AccreditationRevoked {
            /// The participant.
            account: T::AccountId,
        },
        /// A pending company withdrew its registration; its record is gone and its deposit back.
        RegistrationWithdrawn {
            /// Who is no participant any more.
            account: T::AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account is registered; it can update its profile.
        AlreadyRegistered,
        /// The account is not registered.
        NotRegistered,
        /// The name is blank, not UTF-8, has control characters or a space at either end.
        InvalidName,
        /// The profile has no role.
        NoRole,
        /// The reason is blank, not UTF-8, has control characters or a space at either end.
        InvalidReason,
        /// The number belongs to another account, confirmed by the registrar.
        RegistrationNumberTaken,
        /// The registration number of an account never changes.
        RegistrationNumberFixed,
        /// The new profile equals the old one.
        NothingChanged,
        /// The participant is verified already.
        AlreadyVerified,
        /// The participant is suspended; only a reinstatement changes that.
        ParticipantSuspended,
        /// The participant is not suspended.
        NotSuspended,
        /// The participant is not verified.
        NotVerified,
        /// The participant's roles that need accreditation are none, or not those that the registrar named.
        OtherRoles,
        /// The participant is accredited already.
        AlreadyAccredited,
        /// The participant is not accredited.
        NotAccredited,
        /// There are as many participants as can be counted.
        TooManyParticipants,
        /// The registration number is not ten digits, or its check digit is wrong.
        InvalidRegistrationNumber,
        /// The industry is no KSIC code.
        InvalidIndustry,
        /// A bit of the roles stands for none.
        InvalidRoles,
        /// The account claims another registration number than the one that the registrar named.
        OtherRegistrationNumber,
        /// The participant is not pending: its record stays.
        NotPending,
    }

    /// What can be called.
    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Register the caller's company. It waits as pending until the registrar verifies it.
        #[pallet::call_index(0)]
        pub fn register(origin: OriginFor<T>, profile: UncheckedProfile) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(who, Self::checked(profile)?)
        }

        /// Change the caller's profile: anything but the registration number. Standing stays as it is; an
        /// accreditation ends if a role that needs one is added, or the last of them given up.
        #[pallet::call_index(1)]
        pub fn update_profile(origin: OriginFor<T>, profile: UncheckedProfile) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_profile(who, Self::checked(profile)?)
        }

        /// Confirm that a pending account speaks for the company with this number, which must be the one that the
        /// account claims.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::verify_participant())]
        pub fn verify(
            origin: OriginFor<T>,
            account: T::AccountId,
            registration_number: [u8; 10],
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_verify(account, &registration_number)
        }

        /// Take a participant's rights away.
        #[pallet::call_index(3)]
        pub fn suspend(origin: OriginFor<T>, account: T::AccountId, reason: Reason) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_suspend(account, reason)
        }

        /// Give a suspended participant back the standing that it had.
        #[pallet::call_index(4)]
        pub fn reinstate(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_reinstate(account)
        }

        /// Accredit a verified participant for these roles, which must be those in its profile that need it: bits
        /// as in `Roles`, auditor 4 and inspector 8.
        #[pallet::call_index(5)]
        pub fn accredit(origin: OriginFor<T>, account: T::AccountId, roles: u8) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_accredit(account, roles)
        }

        /// Take a participant's accreditation away.
        #[pallet::call_index(6)]
        pub fn revoke_accreditation(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_revoke_accreditation(account)
        }

        /// Withdraw the caller's registration while it is pending: the record goes, the deposit comes back.
        #[pallet::call_index(7)]
        pub fn withdraw_registration(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw_registration(who)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
