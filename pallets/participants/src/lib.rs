#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod clerks;
mod companies;
mod epochs;
mod invariants;
mod members;
#[cfg(test)]
mod mock;
mod numbers;
mod recovery;
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
    use super::{
        BalanceOf, ChangedFields, CompanyOf, FormerNumberOf, JoiningOf, MemberOf, ParticipantOf, RecoveryOf,
        SecretEpochOf, SpendingOf, WeightInfo,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, MutateHold},
            Time,
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::{Convert, IdentifyAccount, Verify};
    use wonbon_primitives::{
        company::RegistrationNumber,
        membership::MemberRoles,
        record::{Clerk, Reason, Standing},
        unchecked::UncheckedProfile,
        Digest,
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

        /// Who verifies, suspends, reinstates and accredits, proposes recoveries, and appoints clerks.
        type RegistrarOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who completes a recovery to which a member objected.
        type EnactOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What applicants and new members sign with.
        type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

        /// The account that a company's hash stands for.
        type CompanyAccount: Convert<Digest, Self::AccountId>;

        /// The time of the present block, in milliseconds since 1970 (UTC), which tells the day.
        type Time: Time<Moment = u64>;

        /// What is held for a participant's record.
        #[pallet::constant]
        type RegistrationDeposit: Get<BalanceOf<Self>>;

        /// What is held of a company for the account of everybody who becomes its member for the first time. It
        /// stays: the account keeps its nonce for ever, so that no old transaction of it can be played again.
        #[pallet::constant]
        type MemberDeposit: Get<BalanceOf<Self>>;

        /// What is held of a company for the record of each epoch of its secrets. It stays, as the record does.
        #[pallet::constant]
        type EpochDeposit: Get<BalanceOf<Self>>;

        /// Blocks between the proposal of a recovery and its completion. No constant of the metadata: it may depend on
        /// the state, and metadata are made without one.
        type RecoveryNotice: Get<BlockNumberFor<Self>>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Signs what the benchmarks need signed.
        #[cfg(feature = "runtime-benchmarks")]
        type Signer: crate::benchmarking::Signer<Self::AccountId, Self::Signature>;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit for a participant's record.
        Registration,
        /// The deposits for the accounts of a company's members, and for the epochs of its secrets.
        Membership,
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

    /// Companies without a key of their own, each with a record in [`Participants`] too.
    // Identity would do, as the account is a hash; the others are concatenations, and one way to walk maps is enough.
    #[pallet::storage]
    pub type Companies<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, CompanyOf<T>>;

    /// How many of them there are: the number of the next.
    #[pallet::storage]
    pub type CompanyCount<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The company that an application led to, so that none leads to two.
    #[pallet::storage]
    pub type Applications<T: Config> = StorageMap<_, Blake2_128Concat, Digest, T::AccountId>;

    /// Who acts for a company.
    #[pallet::storage]
    pub type Members<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, T::AccountId, MemberOf<T>>;

    /// What members spent of their company's money on the last day on which they did.
    #[pallet::storage]
    pub type Spendings<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, T::AccountId, SpendingOf<T>>;

    /// How many memberships of an account have ended, for every account that ever had one; it keeps a sufficient
    /// reference for that.
    #[pallet::storage]
    pub type EndedMemberships<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32>;

    /// The recoveries that are proposed.
    #[pallet::storage]
    pub type Recoveries<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, RecoveryOf<T>>;

    /// The numbers that a company had before its present one, counted from 0.
    #[pallet::storage]
    pub type FormerNumbers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, FormerNumberOf<T>>;

    /// The epochs of a company's secrets, counted from 1. What is secret is nowhere here.
    #[pallet::storage]
    pub type SecretEpochs<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, SecretEpochOf<T>>;

    /// How many epochs of a company's secrets there are: the number of the newest.
    #[pallet::storage]
    pub type SecretEpochCount<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    /// Who does the registrar's daily work.
    #[pallet::storage]
    pub type Clerks<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Clerk>;

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
        /// A company that acts through people was established; it waits for the registrar.
        Established {
            /// The company.
            company: T::AccountId,
            /// Its first member, an admin.
            admin: T::AccountId,
            /// The number that it claims.
            registration_number: RegistrationNumber,
        },
        /// Somebody became a member of a company.
        MemberAdded {
            /// The company.
            company: T::AccountId,
            /// The new member.
            member: T::AccountId,
            /// What they may do.
            roles: MemberRoles,
            /// Won a day.
            day_limit: BalanceOf<T>,
            /// Which of the company's memberships this is.
            generation: u32,
        },
        /// An admin changed what a member may do.
        MemberChanged {
            /// The company.
            company: T::AccountId,
            /// The member.
            member: T::AccountId,
            /// What they may do now.
            roles: MemberRoles,
            /// Won a day.
            day_limit: BalanceOf<T>,
        },
        /// Somebody is no member of a company any more.
        MemberRemoved {
            /// The company.
            company: T::AccountId,
            /// Who was a member.
            member: T::AccountId,
        },
        /// A member acted for a company; what they did is in the other events of the extrinsic.
        Acted {
            /// The company.
            company: T::AccountId,
            /// The member.
            member: T::AccountId,
        },
        /// The registrar proposed a new admin for a company.
        RecoveryProposed {
            /// The company.
            company: T::AccountId,
            /// Who is to become admin.
            admin: T::AccountId,
            /// From when it can be completed.
            due_at: BlockNumberFor<T>,
        },
        /// A member objected to the recovery of a company.
        RecoveryObjected {
            /// The company.
            company: T::AccountId,
        },
        /// The registrar took a proposed recovery back.
        RecoveryCancelled {
            /// The company.
            company: T::AccountId,
        },
        /// A company has a new admin, and those who were members may only finish what is open.
        Recovered {
            /// The company.
            company: T::AccountId,
            /// The new admin.
            admin: T::AccountId,
        },
        /// The registrar confirmed a company's name, size class and industry anew.
        IdentityConfirmed {
            /// The participant.
            account: T::AccountId,
            /// The fields that changed; never empty.
            changed: ChangedFields,
        },
        /// A company's registration number changed.
        NumberChanged {
            /// The participant.
            account: T::AccountId,
            /// The number that it had.
            former: RegistrationNumber,
            /// The number that it has.
            registration_number: RegistrationNumber,
        },
        /// The registrar took a verification back.
        Unverified {
            /// The participant, which is pending again.
            account: T::AccountId,
            /// Why, in the registrar's words.
            reason: Reason,
        },
        /// Somebody may do the registrar's daily work.
        ClerkAppointed {
            /// The clerk.
            account: T::AccountId,
            /// How many decisions a day.
            daily: u32,
        },
        /// Somebody does not do the registrar's daily work any more.
        ClerkDismissed {
            /// Who was a clerk.
            account: T::AccountId,
        },
        /// An epoch of a company's secrets began.
        EpochBegun {
            /// The company.
            company: T::AccountId,
            /// Its number, counted from 1.
            epoch: u32,
            /// Commitment to the secret.
            commitment: Digest,
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
        /// The registrar changes the registration number, and nobody else.
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
        /// The registrar confirms the name, size class and industry of a verified company.
        NeedsConfirmation,
        /// The account is no company that acts through people.
        NoCompany,
        /// There are as many companies as can be counted.
        TooManyCompanies,
        /// A company with this application is there already.
        AlreadyEstablished,
        /// The signature is not that of the account over what the call carries.
        BadSignature,
        /// What was signed is not taken any more: its last block is past.
        SignatureExpired,
        /// What was signed is not taken any more: a membership of the account has ended since.
        SignatureUsed,
        /// The bits are no set of member roles.
        InvalidMemberRoles,
        /// The first member of a company is an admin.
        NotAnAdmin,
        /// The account is a member of the company already.
        AlreadyMember,
        /// The account is no member of the company.
        NotMember,
        /// The company has as many members as it may.
        TooManyMembers,
        /// The company has as many admins as it may.
        TooManyAdmins,
        /// A company keeps at least one admin.
        LastAdmin,
        /// There is a proposed recovery: members stay as they are until it ends.
        RecoveryOpen,
        /// There is no proposed recovery.
        NoRecovery,
        /// A recovery is not completed before its notice has passed.
        RecoveryTooEarly,
        /// A member objected to the recovery.
        RecoveryObjected,
        /// The participant's number is this one already.
        SameNumber,
        /// The two participants are one.
        SameParticipant,
        /// The account is no clerk.
        NotClerk,
        /// The clerk has decided as often as it may today.
        ClerkLimit,
        /// A clerk does not decide on a company of their own.
        OwnCompany,
        /// The member's limit of the day does not allow it.
        OverDayLimit,
        /// A company that acts through people stays, with the deposits for their accounts.
        ActsThroughPeople,
        /// The epoch is not the one after the company's newest.
        OtherEpoch,
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

        /// Change the caller's profile: anything but the registration number, and, once it is verified, the name,
        /// the size class and the industry. Standing stays as it is; an accreditation ends if a role that needs one
        /// is added, or the last of them given up.
        #[pallet::call_index(1)]
        pub fn update_profile(origin: OriginFor<T>, profile: UncheckedProfile) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_update_profile(who, Self::checked(profile)?)
        }

        /// Confirm that a pending account speaks for the company with this number, which must be the one that the
        /// account claims. The registrar or a clerk.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::verify_participant())]
        pub fn verify(
            origin: OriginFor<T>,
            account: T::AccountId,
            registration_number: [u8; 10],
        ) -> DispatchResult {
            Self::ensure_decides(origin, &account)?;
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

        /// Establish a company as its first member applied for it. It waits as pending until it is verified; no
        /// money is needed. The registrar or a clerk.
        #[pallet::call_index(8)]
        pub fn establish(
            origin: OriginFor<T>,
            applicant: T::AccountId,
            profile: UncheckedProfile,
            joining: JoiningOf<T>,
            signature: T::Signature,
        ) -> DispatchResult {
            // Whoever is to be the first member does not decide on it themselves.
            Self::ensure_decides(origin, &applicant)?;
            Self::do_establish(applicant, Self::checked(profile)?, joining, &signature)
        }

        /// Take somebody on as a member of the calling company, as they signed it.
        #[pallet::call_index(9)]
        pub fn add_member(
            origin: OriginFor<T>,
            member: T::AccountId,
            joining: JoiningOf<T>,
            signature: T::Signature,
        ) -> DispatchResult {
            let company = ensure_signed(origin)?;
            Self::do_add_member(company, member, joining, &signature)
        }

        /// Change the roles and the limit of a member of the calling company.
        #[pallet::call_index(10)]
        pub fn change_member(
            origin: OriginFor<T>,
            member: T::AccountId,
            roles: u8,
            day_limit: BalanceOf<T>,
        ) -> DispatchResult {
            let company = ensure_signed(origin)?;
            Self::do_change_member(company, member, roles, day_limit)
        }

        /// Remove a member of the calling company. Whoever acts for it may remove themselves.
        #[pallet::call_index(11)]
        pub fn remove_member(origin: OriginFor<T>, member: T::AccountId) -> DispatchResult {
            let company = ensure_signed(origin)?;
            Self::do_remove_member(company, member)
        }

        /// Propose a new admin for a company whose keys are lost, as they signed it. The registrar.
        #[pallet::call_index(12)]
        pub fn propose_recovery(
            origin: OriginFor<T>,
            company: T::AccountId,
            admin: T::AccountId,
            joining: JoiningOf<T>,
            signature: T::Signature,
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_propose_recovery(company, admin, joining, &signature)
        }

        /// Object to the recovery of the calling company. Any member acts for it here.
        #[pallet::call_index(13)]
        pub fn object_to_recovery(origin: OriginFor<T>) -> DispatchResult {
            let company = ensure_signed(origin)?;
            Self::do_object_to_recovery(company)
        }

        /// Complete a recovery whose notice has passed and to which nobody objected. Anyone.
        #[pallet::call_index(14)]
        pub fn complete_recovery(origin: OriginFor<T>, company: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_complete_recovery(company, false)
        }

        /// Complete a recovery whose notice has passed, whoever objected. The council's large majority.
        #[pallet::call_index(15)]
        #[pallet::weight(<T as Config>::WeightInfo::complete_recovery())]
        pub fn enforce_recovery(origin: OriginFor<T>, company: T::AccountId) -> DispatchResult {
            T::EnactOrigin::ensure_origin(origin)?;
            Self::do_complete_recovery(company, true)
        }

        /// Take a proposed recovery back. The registrar.
        #[pallet::call_index(16)]
        pub fn cancel_recovery(origin: OriginFor<T>, company: T::AccountId) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_cancel_recovery(company)
        }

        /// Confirm a verified company's name, size class and industry anew: what the profile says besides stays as
        /// it is. The registrar.
        #[pallet::call_index(17)]
        pub fn confirm_identity(
            origin: OriginFor<T>,
            account: T::AccountId,
            profile: UncheckedProfile,
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_confirm_identity(account, Self::checked(profile)?)
        }

        /// Give a verified company another registration number; the former one is noted and free. The registrar.
        #[pallet::call_index(18)]
        pub fn change_number(
            origin: OriginFor<T>,
            account: T::AccountId,
            registration_number: [u8; 10],
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_change_number(account, registration_number)
        }

        /// Move a verified company's number to a pending one that claims it: the first is pending again, the second
        /// verified. The registrar.
        #[pallet::call_index(19)]
        pub fn move_number(
            origin: OriginFor<T>,
            from: T::AccountId,
            to: T::AccountId,
            reason: Reason,
        ) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_move_number(from, to, reason)
        }

        /// Take a verification back: the participant is pending again, and its number free. The registrar.
        #[pallet::call_index(20)]
        pub fn unverify(origin: OriginFor<T>, account: T::AccountId, reason: Reason) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_unverify(account, reason)
        }

        /// Let somebody establish and verify so many companies a day, or change how many. The registrar.
        #[pallet::call_index(21)]
        pub fn appoint_clerk(origin: OriginFor<T>, account: T::AccountId, daily: u32) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_appoint_clerk(account, daily)
        }

        /// Let somebody do the registrar's daily work no more. The registrar.
        #[pallet::call_index(22)]
        pub fn dismiss_clerk(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::RegistrarOrigin::ensure_origin(origin)?;
            Self::do_dismiss_clerk(account)
        }

        /// Begin the next epoch of the calling company's secrets, with the commitment to a secret that stays with its
        /// members. Of two admins who begin the same epoch the first does.
        #[pallet::call_index(23)]
        pub fn begin_epoch(
            origin: OriginFor<T>,
            #[pallet::compact] epoch: u32,
            commitment: Digest,
        ) -> DispatchResult {
            let company = ensure_signed(origin)?;
            Self::do_begin_epoch(company, epoch, commitment)
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
