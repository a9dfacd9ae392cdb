//! Benchmarks of the participants pallet's calls, each on its longest path, and the participant that the
//! benchmarks of other pallets ask for.

use crate::{ByRegistrationNumber, Call, Config, Count, Pallet, Participants};
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
use sp_runtime::traits::{BlakeTwo256, Hash, Saturating, Zero};
use wonbon_primitives::{
    bounds::{MAX_NAME, MAX_REASON},
    company::{Ksic, ParticipantRegistry, Region, RegistrationNumber, Role, Roles, SizeClass},
    record::{Participant, Profile, Reason, Standing, PARTICIPANT_LAYOUT},
};

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
