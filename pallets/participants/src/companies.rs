//! How a company without a key of its own comes onto the chain.

use crate::{
    Applications, Companies, CompanyCount, CompanyOf, Config, Count, Error, Event, JoiningOf, Pallet,
    Participants,
};
use codec::Encode;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{Convert, Zero},
    DispatchResult,
};
use wonbon_primitives::{
    membership::{company_account, MemberRole},
    record::{Company, Participant, Profile, Standing, COMPANY_LAYOUT, PARTICIPANT_LAYOUT},
    BoundedVec, Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_establish(
        applicant: T::AccountId,
        profile: Profile,
        joining: JoiningOf<T>,
        signature: &T::Signature,
    ) -> DispatchResult {
        Self::ensure_valid(&profile)?;
        Self::ensure_number_free(profile.registration_number)?;
        let roles = Self::checked_roles(joining.roles)?;
        ensure!(roles.contains(MemberRole::Admin), Error::<T>::NotAnAdmin);
        let application =
            joining.application_digest(&Self::genesis(), &profile.encode(), &applicant.encode());
        ensure!(!Applications::<T>::contains_key(application), Error::<T>::AlreadyEstablished);
        Self::ensure_signed_by(&applicant, &application, &joining, signature)?;

        let index = CompanyCount::<T>::get();
        let companies = index.checked_add(1).ok_or(Error::<T>::TooManyCompanies)?;
        let count = Count::<T>::get().checked_add(1).ok_or(Error::<T>::TooManyParticipants)?;
        let company = T::CompanyAccount::convert(company_account(&Self::genesis(), index));
        ensure!(!Participants::<T>::contains_key(&company), Error::<T>::AlreadyRegistered);
        CompanyCount::<T>::put(companies);
        Count::<T>::put(count);
        Applications::<T>::insert(application, &company);

        let now = frame_system::Pallet::<T>::block_number();
        let registration_number = profile.registration_number;
        let participant = Participant {
            version: PARTICIPANT_LAYOUT,
            profile,
            standing: Standing::Pending,
            accredited: false,
            registered_at: now,
            changed_at: now,
            deposit: Zero::zero(),
        };
        Participants::<T>::insert(&company, participant);
        let mut record: CompanyOf<T> = Company {
            version: COMPANY_LAYOUT,
            index,
            established_at: now,
            members: 0,
            admins: BoundedVec::new(),
            memberships: 0,
            former_numbers: 0,
            deposit: Zero::zero(),
            recoveries: 0,
            recovered_at: None,
        };
        // Nobody has money yet: the first member's account costs nothing.
        Self::keep_account(&applicant)?;
        let admin = applicant.clone();
        Self::deposit_event(Event::Established { company: company.clone(), admin, registration_number });
        Self::insert_member(&company, &mut record, applicant, roles, &joining)?;
        Companies::<T>::insert(company, record);
        Ok(())
    }

    /// The hash of the first block, which names this chain.
    pub(crate) fn genesis() -> Digest {
        let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let mut genesis = [0; 32];
        // Other hashes than those of 32 bytes are cut or filled up: one chain has one kind.
        genesis.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
        genesis
    }
}
