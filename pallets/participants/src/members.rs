//! Who acts for a company: taking on, changing, removing, and what they spend.

use crate::{
    BalanceOf, Companies, CompanyOf, Config, EndedMemberships, Error, Event, HoldReason, JoiningOf, MemberOf,
    Members, Pallet, Recoveries, SpendingOf, Spendings,
};
use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, Get, Time},
};
use sp_runtime::{
    traits::{CheckedAdd, Saturating, Verify, Zero},
    DispatchError, DispatchResult,
};
use wonbon_primitives::{
    bounds::MAX_MEMBERS,
    membership::{MemberRole, MemberRoles},
    record::{Member, Spending, COMPANY_LAYOUT},
    Digest,
};

/// Korea is nine hours ahead of UTC, all year.
const KOREA_AHEAD_MS: u64 = 9 * 60 * 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

impl<T: Config> Pallet<T> {
    /// Whether what a member's calls took of the company's money today, and `amount`, are within the member's limit.
    pub fn may_spend(company: &T::AccountId, member: &T::AccountId, amount: BalanceOf<T>) -> bool {
        Self::spending_with(company, member, amount).is_ok()
    }

    /// Counts `amount` against the member's limit of today.
    pub fn spend(company: &T::AccountId, member: &T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
        let spending = Self::spending_with(company, member, amount)?;
        Spendings::<T>::insert(company, member, spending);
        Ok(())
    }

    /// Tells that a member acts for a company.
    pub fn note_act(company: T::AccountId, member: T::AccountId) {
        Self::deposit_event(Event::Acted { company, member });
    }

    fn spending_with(
        company: &T::AccountId,
        member: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> Result<SpendingOf<T>, DispatchError> {
        let limit = Members::<T>::get(company, member).ok_or(Error::<T>::NotMember)?.day_limit;
        let day = Self::today();
        let before = Spendings::<T>::get(company, member).filter(|spending| spending.day == day);
        let before = before.map_or_else(Zero::zero, |spending| spending.amount);
        let amount = before.checked_add(&amount).ok_or(Error::<T>::OverDayLimit)?;
        ensure!(amount <= limit, Error::<T>::OverDayLimit);
        Ok(Spending { day, amount })
    }

    /// The day of the present block in Korea, counted from 1970-01-01.
    pub(crate) fn today() -> u32 {
        let days = T::Time::now().saturating_add(KOREA_AHEAD_MS).checked_div(DAY_MS).unwrap_or_default();
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    pub(crate) fn do_add_member(
        company: T::AccountId,
        member: T::AccountId,
        joining: JoiningOf<T>,
        signature: &T::Signature,
    ) -> DispatchResult {
        let mut record = Self::unfrozen(&company)?;
        let roles = Self::checked_roles(joining.roles)?;
        Self::ensure_joins(&company, &member, &joining, signature)?;
        Self::take_deposit(&company, &mut record, &member)?;
        Self::insert_member(&company, &mut record, member, roles, &joining)?;
        Companies::<T>::insert(company, record);
        Ok(())
    }

    pub(crate) fn do_change_member(
        company: T::AccountId,
        member: T::AccountId,
        roles: u8,
        day_limit: BalanceOf<T>,
    ) -> DispatchResult {
        let mut record = Self::unfrozen(&company)?;
        let roles = Self::checked_roles(roles)?;
        let mut changed = Members::<T>::get(&company, &member).ok_or(Error::<T>::NotMember)?;
        ensure!((changed.roles, changed.day_limit) != (roles, day_limit), Error::<T>::NothingChanged);
        Self::list_admin(&mut record, &member, roles.contains(MemberRole::Admin))?;
        (changed.roles, changed.day_limit) = (roles, day_limit);
        Members::<T>::insert(&company, &member, changed);
        Companies::<T>::insert(&company, record);
        Self::deposit_event(Event::MemberChanged { company, member, roles, day_limit });
        Ok(())
    }

    pub(crate) fn do_remove_member(company: T::AccountId, member: T::AccountId) -> DispatchResult {
        let mut record = Self::unfrozen(&company)?;
        ensure!(Members::<T>::contains_key(&company, &member), Error::<T>::NotMember);
        Self::list_admin(&mut record, &member, false)?;
        Self::end_membership(&company, &mut record, member);
        Companies::<T>::insert(&company, record);
        Ok(())
    }

    /// Removes a member, whom the caller has taken off the list of admins. The company's record is written by the caller.
    pub(crate) fn end_membership(company: &T::AccountId, record: &mut CompanyOf<T>, member: T::AccountId) {
        Members::<T>::remove(company, &member);
        Spendings::<T>::remove(company, &member);
        record.members = record.members.saturating_sub(1);
        EndedMemberships::<T>::mutate(&member, |ended| {
            *ended = Some(ended.unwrap_or_default().saturating_add(1));
        });
        Self::deposit_event(Event::MemberRemoved { company: company.clone(), member });
    }

    /// Writes a member's record; the company's is changed and written by the caller.
    pub(crate) fn insert_member(
        company: &T::AccountId,
        record: &mut CompanyOf<T>,
        member: T::AccountId,
        roles: MemberRoles,
        joining: &JoiningOf<T>,
    ) -> DispatchResult {
        ensure!(record.members < MAX_MEMBERS, Error::<T>::TooManyMembers);
        let generation = record.memberships;
        record.memberships = generation.checked_add(1).ok_or(Error::<T>::TooManyMembers)?;
        record.members = record.members.saturating_add(1);
        if roles.contains(MemberRole::Admin) {
            Self::list_admin(record, &member, true)?;
        }
        let JoiningOf::<T> { day_limit, key, .. } = *joining;
        let joined_at = frame_system::Pallet::<T>::block_number();
        let joined: MemberOf<T> =
            Member { version: COMPANY_LAYOUT, roles, day_limit, key, generation, joined_at };
        Members::<T>::insert(company, &member, joined);
        let company = company.clone();
        Self::deposit_event(Event::MemberAdded { company, member, roles, day_limit, generation });
        Ok(())
    }

    /// Puts a member among the company's admins, or takes them out.
    fn list_admin(record: &mut CompanyOf<T>, member: &T::AccountId, is_admin: bool) -> DispatchResult {
        let place = record.admins.iter().position(|admin| admin == member);
        match (place, is_admin) {
            (None, true) => {
                record.admins.try_push(member.clone()).map_err(|_| Error::<T>::TooManyAdmins)?;
            }
            (Some(place), false) => {
                ensure!(record.admins.len() > 1, Error::<T>::LastAdmin);
                record.admins.remove(place);
            }
            _ => (),
        }
        Ok(())
    }

    /// A company whose members can change.
    fn unfrozen(company: &T::AccountId) -> Result<CompanyOf<T>, DispatchError> {
        let record = Companies::<T>::get(company).ok_or(Error::<T>::NoCompany)?;
        ensure!(!Recoveries::<T>::contains_key(company), Error::<T>::RecoveryOpen);
        Ok(record)
    }

    /// The roles that these bits stand for.
    pub(crate) fn checked_roles(bits: u8) -> Result<MemberRoles, DispatchError> {
        Ok(MemberRoles::from_bits(bits).ok_or(Error::<T>::InvalidMemberRoles)?)
    }

    /// Refuses whoever did not sign, for now, that they join this company, and who is in it already.
    pub(crate) fn ensure_joins(
        company: &T::AccountId,
        member: &T::AccountId,
        joining: &JoiningOf<T>,
        signature: &T::Signature,
    ) -> DispatchResult {
        ensure!(!Members::<T>::contains_key(company, member), Error::<T>::AlreadyMember);
        let signed = joining.digest(&Self::genesis(), &company.encode(), &member.encode());
        Self::ensure_signed_by(member, &signed, joining, signature)
    }

    /// Refuses what is not signed by the account, is over, or was signed before a membership ended.
    pub(crate) fn ensure_signed_by(
        account: &T::AccountId,
        digest: &Digest,
        joining: &JoiningOf<T>,
        signature: &T::Signature,
    ) -> DispatchResult {
        ensure!(frame_system::Pallet::<T>::block_number() <= joining.expires, Error::<T>::SignatureExpired);
        let ended = EndedMemberships::<T>::get(account).unwrap_or_default();
        ensure!(joining.ended == ended, Error::<T>::SignatureUsed);
        ensure!(signature.verify(&digest[..], account), Error::<T>::BadSignature);
        Ok(())
    }

    /// Holds the deposit for the account of a new member, if it never was one of any company.
    pub(crate) fn take_deposit(
        company: &T::AccountId,
        record: &mut CompanyOf<T>,
        member: &T::AccountId,
    ) -> DispatchResult {
        if EndedMemberships::<T>::contains_key(member) {
            return Ok(());
        }
        let deposit = T::MemberDeposit::get();
        T::Currency::hold(&HoldReason::Membership.into(), company, deposit)?;
        record.deposit = record.deposit.saturating_add(deposit);
        Self::keep_account(member)
    }

    /// Keeps an account, and with it its nonce, for ever, whatever it owns.
    pub(crate) fn keep_account(account: &T::AccountId) -> DispatchResult {
        if !EndedMemberships::<T>::contains_key(account) {
            EndedMemberships::<T>::insert(account, 0);
            frame_system::Pallet::<T>::inc_sufficients(account);
        }
        Ok(())
    }
}
