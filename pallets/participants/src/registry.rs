//! What other pallets learn about participants.

use crate::{Companies, Config, Pallet, Participants};
use wonbon_primitives::{
    bounds::AdminsBound,
    company::{ParticipantRegistry, Role},
    record::Standing,
    BoundedVec,
};

impl<T: Config> ParticipantRegistry<T::AccountId> for Pallet<T> {
    fn is_verified(account: &T::AccountId) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| participant.standing == Standing::Verified)
    }

    fn has_role(account: &T::AccountId, role: Role) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| participant.may_act_as(role))
    }

    fn share_admin(a: &T::AccountId, b: &T::AccountId) -> bool {
        let (of_a, of_b) = (admins::<T>(a), admins::<T>(b));
        of_a.contains(b) || of_b.contains(a) || of_a.iter().any(|admin| of_b.contains(admin))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &T::AccountId) {
        crate::benchmarking::insert_verified::<T>(who);
    }
}

/// Who decides for a company; nobody but itself for one that has a key of its own.
fn admins<T: Config>(company: &T::AccountId) -> BoundedVec<T::AccountId, AdminsBound> {
    Companies::<T>::get(company).map(|record| record.admins).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{AccountId, ExtBuilder, Participants, Test, ALICE, BOB, CAROL, PAUPER};
    use wonbon_primitives::record::{Company, COMPANY_LAYOUT};

    /// A company that these accounts decide for.
    fn establish(company: AccountId, admins: &[AccountId]) {
        let record = Company {
            version: COMPANY_LAYOUT,
            index: 0,
            established_at: 1,
            members: admins.len() as u32,
            admins: admins.to_vec().try_into().expect("few enough; qed"),
            memberships: admins.len() as u32,
            former_numbers: 0,
            deposit: 0,
            recoveries: 0,
            recovered_at: None,
        };
        Companies::<Test>::insert(company, record);
    }

    #[test]
    fn companies_share_an_admin_of_both_or_one_that_is_the_other() {
        ExtBuilder::build().execute_with(|| {
            let (first, second, third) = (100, 101, 102);
            establish(first, &[ALICE, BOB]);
            establish(second, &[CAROL, BOB]);
            establish(third, &[CAROL]);
            let shared = |a, b| {
                let answer = Participants::share_admin(&a, &b);
                assert_eq!(Participants::share_admin(&b, &a), answer);
                answer
            };
            assert!(shared(first, second) && shared(second, third));
            assert!(!shared(first, third));
            // An account with a key of its own may be a participant too.
            assert!(shared(first, ALICE) && !shared(first, CAROL));
            assert!(!shared(ALICE, BOB) && !shared(first, PAUPER));
        });
    }
}
