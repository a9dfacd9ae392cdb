//! Benchmarks of the participants pallet's calls, each on its longest path, and the participant that the
//! benchmarks of other pallets ask for.

use crate::{
    BalanceOf, ByRegistrationNumber, Call, Clerks, Companies, Config, Count, EndedMemberships, JoiningOf,
    Members, Pallet, Participants, Recoveries, SecretEpochCount,
};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{
        fungible::{Inspect, Mutate},
        EnsureOrigin, Get,
    },
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::traits::{BlakeTwo256, Bounded, Convert, Hash, Saturating, Zero};
use wonbon_primitives::{
    bounds::{MAX_MEMBERS, MAX_NAME, MAX_REASON},
    company::{Ksic, ParticipantRegistry, Region, RegistrationNumber, Role, Roles, SizeClass},
    membership::{company_account, MemberRole, MemberRoles},
    record::{Clerk, Participant, Profile, Reason, Standing, COMPANY_LAYOUT, PARTICIPANT_LAYOUT},
    Digest,
};

/// Who signs what the benchmarks need signed, with a key that the host keeps.
pub trait Signer<AccountId, Signature> {
    /// The account of the key.
    fn account() -> AccountId;
    /// Its signature.
    fn sign(digest: &Digest) -> Signature;
}

/// A participant that was verified and accredited, past every check and deposit.
pub(crate) fn insert_verified<T: Config>(who: &T::AccountId) {
    let profile = profile::<T>(who, b'a');
    let now = frame_system::Pallet::<T>::block_number();
    ByRegistrationNumber::<T>::insert(profile.registration_number, who);
    let participant = Participant {
        version: PARTICIPANT_LAYOUT,
        profile,
        standing: Standing::Verified,
        accredited: true,
        registered_at: now,
        changed_at: now,
        deposit: Zero::zero(),
    };
    Participants::<T>::insert(who, participant);
    Count::<T>::mutate(|count| *count = count.saturating_add(1));
}

/// The longest profile, with a registration number that depends on the account.
fn profile<T: Config>(who: &T::AccountId, letter: u8) -> Profile {
    Profile {
        name: BoundedVec::truncate_from([letter; MAX_NAME as usize].to_vec()),
        registration_number: number(&who.encode()),
        ksic: Ksic::new(b"C29223").expect("a class of section C; qed"),
        size: SizeClass::Small,
        region: Region::Seoul,
        roles: Roles::ALL,
    }
}

/// A valid registration number out of some bytes.
fn number(seed: &[u8]) -> RegistrationNumber {
    let seed = BlakeTwo256::hash(seed).0;
    let mut digits = [b'0'; 10];
    for (digit, byte) in digits.iter_mut().zip(seed) {
        *digit = (byte % 10).saturating_add(b'0');
    }
    (b'0'..=b'9')
        .find_map(|check| {
            digits[9] = check;
            RegistrationNumber::new(digits).ok()
        })
        .expect("one of ten check digits is right; qed")
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    /// An account with money enough for every deposit.
    fn company<T: Config>() -> T::AccountId
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let who: T::AccountId = whitelisted_caller();
        let needed = T::RegistrationDeposit::get().saturating_add(T::Currency::minimum_balance());
        T::Currency::set_balance(&who, needed.saturating_mul(2u32.into()));
        who
    }

    /// A company that has registered.
    fn registered<T: Config>() -> Result<T::AccountId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let who = company::<T>();
        Pallet::<T>::register(RawOrigin::Signed(who.clone()).into(), profile::<T>(&who, b'a').into())?;
        Ok(who)
    }

    fn registrar<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
        T::RegistrarOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
    }

    fn reason() -> Reason {
        BoundedVec::truncate_from([b'r'; MAX_REASON as usize].to_vec())
    }

    #[benchmark]
    fn register() {
        let who = company::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), profile::<T>(&who, b'a').into());
        assert!(Participants::<T>::contains_key(who));
    }

    #[benchmark]
    fn update_profile() -> Result<(), BenchmarkError> {
        let who: T::AccountId = whitelisted_caller();
        insert_verified::<T>(&who);
        let mut new = profile::<T>(&who, b'b');
        new.size = SizeClass::Large;
        new.region = Region::Busan;
        new.ksic = Ksic::new(b"C28111").expect("a class of section C; qed");
        // The role that costs an accreditation and its event.
        new.roles = Role::Provider.into();
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), new.into());
        assert!(!Pallet::<T>::has_role(&who, Role::Inspector));
        Ok(())
    }

    // Not named after its call: `verify` is a variable in what the macro makes of this module.
    #[benchmark]
    fn verify_participant() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, registered::<T>()?);
        let number = *number(&who.encode()).digits();
        #[extrinsic_call]
        verify(origin as T::RuntimeOrigin, who.clone(), number);
        assert!(Pallet::<T>::is_verified(&who));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, whitelisted_caller());
        insert_verified::<T>(&who);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), reason());
        assert!(!Pallet::<T>::is_verified(&who));
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, whitelisted_caller());
        insert_verified::<T>(&who);
        Pallet::<T>::suspend(origin.clone(), who.clone(), reason())?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());
        assert!(Pallet::<T>::is_verified(&who));
        Ok(())
    }

    #[benchmark]
    fn accredit() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, whitelisted_caller());
        insert_verified::<T>(&who);
        Pallet::<T>::revoke_accreditation(origin.clone(), who.clone())?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), Roles::ALL.needing_accreditation().bits());
        assert!(Pallet::<T>::has_role(&who, Role::Inspector));
        Ok(())
    }

    #[benchmark]
    fn revoke_accreditation() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, whitelisted_caller());
        insert_verified::<T>(&who);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());
        assert!(!Pallet::<T>::has_role(&who, Role::Inspector));
        Ok(())
    }

    /// What a member signs to join with these roles.
    fn joining<T: Config>(roles: MemberRoles) -> JoiningOf<T> {
        let day_limit = BalanceOf::<T>::max_value();
        let expires = frame_system::Pallet::<T>::block_number();
        JoiningOf::<T> { roles: roles.bits(), day_limit, key: [7; 32], ended: 0, expires }
    }

    /// A company that one account established, with money for deposits.
    fn established<T: Config>() -> Result<T::AccountId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let (origin, admin) = (registrar::<T>()?, T::Signer::account());
        let profile = profile::<T>(&admin, b'a');
        let joining = joining::<T>(MemberRoles::ALL);
        let genesis = Pallet::<T>::genesis();
        let digest = joining.application_digest(&genesis, &profile.encode(), &admin.encode());
        let signature = T::Signer::sign(&digest);
        Pallet::<T>::establish(origin, admin, profile.into(), joining, signature)?;
        let company = T::CompanyAccount::convert(company_account(&genesis, 0));
        let needed = T::MemberDeposit::get().saturating_add(T::Currency::minimum_balance());
        T::Currency::set_balance(&company, needed.saturating_mul(200u32.into()));
        Ok(company)
    }

    /// Fills a company up with members past every check.
    fn fill<T: Config>(company: &T::AccountId) -> Result<(), BenchmarkError> {
        let mut record = Companies::<T>::get(company).ok_or("not established")?;
        for number in record.members..MAX_MEMBERS {
            let who: T::AccountId = account("member", number, 0);
            let roles = MemberRoles::from(MemberRole::Buy).with(MemberRole::Sell);
            Pallet::<T>::keep_account(&who)?;
            Pallet::<T>::insert_member(company, &mut record, who, roles, &joining::<T>(roles))?;
        }
        Companies::<T>::insert(company, record);
        Ok(())
    }

    /// The last of them.
    fn last_member<T: Config>() -> T::AccountId {
        account("member", MAX_MEMBERS.saturating_sub(1), 0)
    }

    /// The signature of the benchmarks' key that it joins; it must not be a member yet.
    fn joins<T: Config>(company: &T::AccountId, joining: &JoiningOf<T>) -> T::Signature {
        let who = T::Signer::account();
        T::Signer::sign(&joining.digest(&Pallet::<T>::genesis(), &company.encode(), &who.encode()))
    }

    /// A company of another admin, so that the benchmarks' key can join it.
    fn without_signer<T: Config>() -> Result<T::AccountId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let company = established::<T>()?;
        let (signer, other): (T::AccountId, T::AccountId) = (T::Signer::account(), account("admin", 0, 0));
        let member = Members::<T>::take(&company, &signer).ok_or("established by the key")?;
        Members::<T>::insert(&company, &other, member);
        Pallet::<T>::keep_account(&other)?;
        let mut record = Companies::<T>::get(&company).ok_or("established")?;
        record.admins = BoundedVec::truncate_from([other].into());
        Companies::<T>::insert(&company, record);
        // The longest way: the account was never a member.
        EndedMemberships::<T>::remove(&signer);
        frame_system::Pallet::<T>::dec_sufficients(&signer);
        Ok(company)
    }

    /// A company of which a recovery is proposed.
    fn recovering<T: Config>() -> Result<T::AccountId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let company = without_signer::<T>()?;
        let (joining, admin) = (joining::<T>(MemberRoles::ALL), T::Signer::account());
        let signature = joins::<T>(&company, &joining);
        Pallet::<T>::propose_recovery(registrar::<T>()?, company.clone(), admin, joining, signature)?;
        Ok(company)
    }

    /// A company that the registrar verified.
    fn verified_company<T: Config>() -> Result<T::AccountId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let company = established::<T>()?;
        let number = *number(&T::Signer::account().encode()).digits();
        Pallet::<T>::verify(registrar::<T>()?, company.clone(), number)?;
        Ok(company)
    }

    #[benchmark]
    fn establish() -> Result<(), BenchmarkError> {
        let (origin, admin) = (registrar::<T>()?, T::Signer::account());
        let profile = profile::<T>(&admin, b'a');
        let joining = joining::<T>(MemberRoles::ALL);
        let digest = joining.application_digest(&Pallet::<T>::genesis(), &profile.encode(), &admin.encode());
        let signature = T::Signer::sign(&digest);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, admin, profile.into(), joining, signature);
        assert_eq!(Companies::<T>::iter_keys().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn add_member() -> Result<(), BenchmarkError> {
        let (company, member) = (without_signer::<T>()?, T::Signer::account());
        let joining = joining::<T>(MemberRoles::ALL);
        let signature = joins::<T>(&company, &joining);
        #[extrinsic_call]
        _(RawOrigin::Signed(company.clone()), member.clone(), joining, signature);
        assert!(Members::<T>::contains_key(company, member));
        Ok(())
    }

    #[benchmark]
    fn change_member() -> Result<(), BenchmarkError> {
        let company = established::<T>()?;
        fill::<T>(&company)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(company), last_member::<T>(), MemberRoles::ALL.bits(), Zero::zero());
        Ok(())
    }

    #[benchmark]
    fn remove_member() -> Result<(), BenchmarkError> {
        let (company, member) = (established::<T>()?, last_member::<T>());
        fill::<T>(&company)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(company.clone()), member.clone());
        assert!(!Members::<T>::contains_key(company, member));
        Ok(())
    }

    #[benchmark]
    fn propose_recovery() -> Result<(), BenchmarkError> {
        let (origin, company, admin) = (registrar::<T>()?, without_signer::<T>()?, T::Signer::account());
        let joining = joining::<T>(MemberRoles::ALL);
        let signature = joins::<T>(&company, &joining);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company.clone(), admin, joining, signature);
        assert!(Recoveries::<T>::contains_key(company));
        Ok(())
    }

    #[benchmark]
    fn object_to_recovery() -> Result<(), BenchmarkError> {
        let company = recovering::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(company.clone()));
        assert!(Recoveries::<T>::get(company).is_some_and(|recovery| recovery.objected));
        Ok(())
    }

    #[benchmark]
    fn complete_recovery() -> Result<(), BenchmarkError> {
        let company = recovering::<T>()?;
        fill::<T>(&company)?;
        let due = Recoveries::<T>::get(&company).ok_or("proposed")?.due_at;
        frame_system::Pallet::<T>::set_block_number(due);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), company.clone());
        assert!(Members::<T>::contains_key(company, T::Signer::account()));
        Ok(())
    }

    #[benchmark]
    fn cancel_recovery() -> Result<(), BenchmarkError> {
        let (origin, company) = (registrar::<T>()?, recovering::<T>()?);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company.clone());
        assert!(!Recoveries::<T>::contains_key(company));
        Ok(())
    }

    #[benchmark]
    fn confirm_identity() -> Result<(), BenchmarkError> {
        let (origin, who) = (registrar::<T>()?, whitelisted_caller());
        insert_verified::<T>(&who);
        let mut new = profile::<T>(&who, b'b');
        new.size = SizeClass::Large;
        new.ksic = Ksic::new(b"C28111").expect("a class of section C; qed");
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who, new.into());
        Ok(())
    }

    #[benchmark]
    fn change_number() -> Result<(), BenchmarkError> {
        let (origin, company) = (registrar::<T>()?, verified_company::<T>()?);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, *number(b"another").digits());
        Ok(())
    }

    #[benchmark]
    fn move_number() -> Result<(), BenchmarkError> {
        let (origin, from) = (registrar::<T>()?, verified_company::<T>()?);
        let to = company::<T>();
        let mut claimed = profile::<T>(&to, b'b');
        claimed.registration_number = number(&T::Signer::account().encode());
        // It registered before the other was verified.
        ByRegistrationNumber::<T>::remove(claimed.registration_number);
        Pallet::<T>::register(RawOrigin::Signed(to.clone()).into(), claimed.clone().into())?;
        ByRegistrationNumber::<T>::insert(claimed.registration_number, &from);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, from, to.clone(), reason());
        assert!(Pallet::<T>::is_verified(&to));
        Ok(())
    }

    #[benchmark]
    fn unverify() -> Result<(), BenchmarkError> {
        let (origin, company) = (registrar::<T>()?, verified_company::<T>()?);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company.clone(), reason());
        assert!(!Pallet::<T>::is_verified(&company));
        Ok(())
    }

    #[benchmark]
    fn appoint_clerk() -> Result<(), BenchmarkError> {
        let (origin, who): (_, T::AccountId) = (registrar::<T>()?, whitelisted_caller());
        Clerks::<T>::insert(&who, Clerk { version: COMPANY_LAYOUT, daily: 1, day: 1, decided: 1 });
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), 9);
        assert!(Clerks::<T>::get(who).is_some_and(|clerk| clerk.daily == 9));
        Ok(())
    }

    #[benchmark]
    fn dismiss_clerk() -> Result<(), BenchmarkError> {
        let (origin, who): (_, T::AccountId) = (registrar::<T>()?, whitelisted_caller());
        Pallet::<T>::appoint_clerk(origin.clone(), who.clone(), 9)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());
        assert!(!Clerks::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn begin_epoch() -> Result<(), BenchmarkError> {
        let company = established::<T>()?;
        let needed = T::EpochDeposit::get().saturating_add(T::Currency::minimum_balance());
        T::Currency::set_balance(&company, needed);
        #[extrinsic_call]
        _(RawOrigin::Signed(company.clone()), 1, [7; 32]);
        assert_eq!(SecretEpochCount::<T>::get(company), 1);
        Ok(())
    }

    #[benchmark]
    fn withdraw_registration() -> Result<(), BenchmarkError> {
        let who = registered::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert!(!Participants::<T>::contains_key(who));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::build(), crate::mock::Test);
}
