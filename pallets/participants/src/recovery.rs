//! A new admin for a company that lost its keys.

use crate::{
    Companies, CompanyOf, Config, Error, Event, JoiningOf, MemberOf, Members, Pallet, Recoveries, RecoveryOf,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::Saturating, DispatchResult};
use wonbon_primitives::{
    bounds::MAX_MEMBERS,
    membership::{MemberRole, MemberRoles},
    record::{Member, Recovery, COMPANY_LAYOUT},
    BoundedVec,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_propose_recovery(
        company: T::AccountId,
        admin: T::AccountId,
        joining: JoiningOf<T>,
        signature: &T::Signature,
    ) -> DispatchResult {
        ensure!(Companies::<T>::contains_key(&company), Error::<T>::NoCompany);
        ensure!(!Recoveries::<T>::contains_key(&company), Error::<T>::RecoveryOpen);
        let roles = Self::checked_roles(joining.roles)?;
        ensure!(roles.contains(MemberRole::Admin), Error::<T>::NotAnAdmin);
        Self::ensure_joins(&company, &admin, &joining, signature)?;
        let now = frame_system::Pallet::<T>::block_number();
        let due_at = now.saturating_add(T::RecoveryNotice::get());
        let recovery: RecoveryOf<T> = Recovery {
            version: COMPANY_LAYOUT,
            admin: admin.clone(),
            roles,
            day_limit: joining.day_limit,
            key: joining.key,
            proposed_at: now,
            due_at,
            objected: false,
        };
        Recoveries::<T>::insert(&company, recovery);
        Self::deposit_event(Event::RecoveryProposed { company, admin, due_at });
        Ok(())
    }

    pub(crate) fn do_object_to_recovery(company: T::AccountId) -> DispatchResult {
        Recoveries::<T>::try_mutate(&company, |slot| {
            let recovery = slot.as_mut().ok_or(Error::<T>::NoRecovery)?;
            ensure!(!recovery.objected, Error::<T>::RecoveryObjected);
            recovery.objected = true;
            Self::deposit_event(Event::RecoveryObjected { company: company.clone() });
            Ok(())
        })
    }

    pub(crate) fn do_cancel_recovery(company: T::AccountId) -> DispatchResult {
        ensure!(Recoveries::<T>::take(&company).is_some(), Error::<T>::NoRecovery);
        Self::deposit_event(Event::RecoveryCancelled { company });
        Ok(())
    }

    pub(crate) fn do_complete_recovery(company: T::AccountId, by_force: bool) -> DispatchResult {
        let recovery = Recoveries::<T>::take(&company).ok_or(Error::<T>::NoRecovery)?;
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(now >= recovery.due_at, Error::<T>::RecoveryTooEarly);
        ensure!(by_force || !recovery.objected, Error::<T>::RecoveryObjected);
        let mut record = Companies::<T>::get(&company).ok_or(Error::<T>::NoCompany)?;
        Self::leave_what_is_open(&company, &mut record);

        let RecoveryOf::<T> { admin, roles, day_limit, key, .. } = recovery;
        let generation = record.memberships;
        record.memberships = generation.checked_add(1).ok_or(Error::<T>::TooManyMembers)?;
        record.members = record.members.saturating_add(1);
        record.admins = BoundedVec::truncate_from([admin.clone()].into());
        record.recoveries = record.recoveries.saturating_add(1);
        record.recovered_at = Some(now);
        // No deposit: the company may have lost the money with the keys.
        Self::keep_account(&admin)?;
        let member: MemberOf<T> =
            Member { version: COMPANY_LAYOUT, roles, day_limit, key, generation, joined_at: now };
        Members::<T>::insert(&company, &admin, member);
        Companies::<T>::insert(&company, record);
        let told = (company.clone(), admin.clone());
        Self::deposit_event(Event::MemberAdded { company, member: admin, roles, day_limit, generation });
        Self::deposit_event(Event::Recovered { company: told.0, admin: told.1 });
        Ok(())
    }

    /// Those who were members may finish what is open, deliver and dispute, and nothing else: whoever found their keys
    /// decides on nothing. The new admin removes them.
    fn leave_what_is_open(company: &T::AccountId, record: &mut CompanyOf<T>) {
        let roles = MemberRoles::from(MemberRole::Deliver);
        // At most that many are there.
        let members = Members::<T>::iter_prefix(company).take(MAX_MEMBERS as usize);
        let members = members.collect::<Vec<_>>();
        // The new admin needs a place, that of the youngest member where all are taken.
        let is_full = record.members >= MAX_MEMBERS;
        let youngest = members.iter().map(|(_, member)| member.generation).max();
        for (account, mut member) in members {
            if is_full && youngest == Some(member.generation) {
                Self::end_membership(company, record, account);
                continue;
            }
            if member.roles != roles {
                member.roles = roles;
                let day_limit = member.day_limit;
                Members::<T>::insert(company, &account, member);
                let (company, member) = (company.clone(), account);
                Self::deposit_event(Event::MemberChanged { company, member, roles, day_limit });
            }
        }
    }
}
