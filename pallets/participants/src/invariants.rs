//! What must hold of the participants pallet's storage between any two blocks.

use crate::{
    Applications, ByRegistrationNumber, Clerks, Companies, CompanyCount, Config, Count, EndedMemberships,
    FormerNumbers, HoldReason, MemberOf, Members, Pallet, Participants, Recoveries, SecretEpochCount,
    SecretEpochs, Spendings,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{traits::Convert, TryRuntimeError};
use wonbon_invariants::{ensure_readable, readable};
use wonbon_primitives::{
    bounds::MAX_MEMBERS,
    membership::{company_account, MemberRole},
    record::{Standing, COMPANY_LAYOUT, PARTICIPANT_LAYOUT},
};

impl<T: Config> Pallet<T> {
    /// Everything that stands under the pallet decodes: what does not reads as if it were not there.
    fn try_readable() -> Result<(), TryRuntimeError> {
        ensure_readable::<Self>(readable!(
            maps:
                Participants<T>, ByRegistrationNumber<T>, Companies<T>, Applications<T>, Members<T>,
                Spendings<T>, SecretEpochs<T>, SecretEpochCount<T>, EndedMemberships<T>, Recoveries<T>, FormerNumbers<T>, Clerks<T>;
            values:
                Count<T>, CompanyCount<T>
        ))
    }

    /// Check what must hold of the storage between any two blocks.
    ///
    /// # Invariants
    ///
    /// - `Count` is the number of `Participants`.
    /// - Every record has a known layout and a valid profile, and did not change before it was made nor in
    ///   the future.
    /// - The deposit in each record is what its account has on hold for it.
    /// - Every verified participant owns its registration number; no pending one does. Every entry of
    ///   `ByRegistrationNumber` belongs to a participant with that number.
    /// - An accredited participant was verified and has a role that needs it.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_readable()?;
        let now = frame_system::Pallet::<T>::block_number();
        let mut count = 0u32;
        for (account, participant) in Participants::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(participant.version == PARTICIPANT_LAYOUT, "participant of an unknown layout");
            Self::ensure_valid(&participant.profile)?;
            ensure!(
                participant.registered_at <= participant.changed_at && participant.changed_at <= now,
                "participant changed before it registered, or in the future"
            );
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::Registration.into(), &account)
                    == participant.deposit,
                "a participant's deposit is not what is on hold"
            );
            let owns_number = Self::owns_number(&account, &participant.profile);
            match participant.standing {
                Standing::Pending => ensure!(!owns_number, "a pending participant owns a number"),
                Standing::Verified => ensure!(owns_number, "a verified participant lost its number"),
                Standing::Suspended => (),
            }
            ensure!(
                !participant.accredited
                    || (owns_number && !participant.profile.roles.needing_accreditation().is_empty()),
                "accredited, and no verified auditor or inspector"
            );
        }
        ensure!(Count::<T>::get() == count, "the count of participants is wrong");

        for (number, account) in ByRegistrationNumber::<T>::iter() {
            let participant = Participants::<T>::get(&account).ok_or("a number without a participant")?;
            ensure!(participant.profile.registration_number == number, "a number of another participant");
        }
        Self::try_companies()
    }

    /// - `CompanyCount` is the number of `Companies`, each of which has a participant's record and the account of its
    ///   number; the deposits for its members are on hold.
    /// - A company has as many `Members` as it says, at most 64 and one admin at least; its list has the admins among
    ///   them; no membership is of a generation that is still to come.
    /// - Members and spendings belong to companies, spendings to members; every member's account is kept.
    /// - Recoveries, applications and former numbers belong to companies.
    /// - The epochs of a company's secrets are counted from 1 without a gap, and none has seen more memberships end than
    ///   did.
    fn try_companies() -> Result<(), TryRuntimeError> {
        let mut companies = 0u32;
        for (account, company) in Companies::<T>::iter() {
            companies = companies.saturating_add(1);
            ensure!(company.version == COMPANY_LAYOUT, "company of an unknown layout");
            ensure!(Participants::<T>::contains_key(&account), "a company without a participant's record");
            let derived = T::CompanyAccount::convert(company_account(&Self::genesis(), company.index));
            ensure!(derived == account, "a company has another account than its number says");
            ensure!(company.index < CompanyCount::<T>::get(), "a company of a number still to come");
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::Membership.into(), &account) == company.deposit,
                "the deposits for a company's members are not what is on hold"
            );
            let members: Vec<_> = Members::<T>::iter_prefix(&account).collect();
            ensure!(members.len() == company.members as usize, "a company counts its members wrongly");
            ensure!(company.members <= MAX_MEMBERS, "a company has too many members");
            ensure!(!company.admins.is_empty(), "a company without an admin");
            let is_admin = |member: &MemberOf<T>| member.roles.contains(MemberRole::Admin);
            let admins = members.iter().filter(|(_, member)| is_admin(member)).count();
            ensure!(admins == company.admins.len(), "a company lists its admins wrongly");
            for (who, member) in &members {
                ensure!(is_admin(member) == company.admins.contains(who), "a member is listed wrongly");
                ensure!(member.generation < company.memberships, "a membership still to come");
                ensure!(EndedMemberships::<T>::contains_key(who), "a member's account is not kept");
            }
            ensure!(
                FormerNumbers::<T>::iter_prefix(&account).count() == company.former_numbers as usize,
                "a company counts its former numbers wrongly"
            );
            let (epochs, ended) =
                (SecretEpochCount::<T>::get(&account), company.memberships.saturating_sub(company.members));
            ensure!(
                SecretEpochs::<T>::iter_prefix(&account).count() == epochs as usize,
                "a company counts its epochs wrongly"
            );
            for epoch in 1..=epochs {
                let begun =
                    SecretEpochs::<T>::get(&account, epoch).ok_or("a gap among a company's epochs")?;
                ensure!(begun.version == COMPANY_LAYOUT, "an epoch of an unknown layout");
                ensure!(begun.ended <= ended, "an epoch after more memberships ended than did");
            }
        }
        ensure!(companies == CompanyCount::<T>::get(), "the count of companies is wrong");
        let is_company = |account: &T::AccountId| Companies::<T>::contains_key(account);
        ensure!(Members::<T>::iter_keys().all(|(company, _)| is_company(&company)), "a member of no company");
        ensure!(
            Spendings::<T>::iter_keys().all(|(company, who)| Members::<T>::contains_key(company, who)),
            "a spending of no member"
        );
        ensure!(Recoveries::<T>::iter_keys().all(|account| is_company(&account)), "a recovery of no company");
        ensure!(
            Applications::<T>::iter_values().all(|account| is_company(&account)),
            "an application to none"
        );
        ensure!(
            FormerNumbers::<T>::iter_keys().all(|(account, _)| is_company(&account)),
            "a former number of no company"
        );
        ensure!(
            SecretEpochs::<T>::iter_keys().all(|(account, _)| is_company(&account))
                && SecretEpochCount::<T>::iter_keys().all(|account| is_company(&account)),
            "an epoch of no company"
        );
        for account in EndedMemberships::<T>::iter_keys() {
            let sufficients = frame_system::Pallet::<T>::sufficients(&account);
            ensure!(sufficients > 0, "an account that was a member is not kept");
        }
        Ok(())
    }
}
