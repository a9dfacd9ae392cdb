//! Any order of joining, changing, leaving, spending and recovering: every invariant holds after each step, no company is
//! without an admin, and nobody spends more than their limit on one day.

use super::companies::{establish, try_add, KIM};
use crate::{mock::*, Companies, Members, Spendings};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use wonbon_primitives::membership::MemberRoles;

#[derive(Debug, Clone)]
enum Step {
    Add { member: u64, roles: u8 },
    Change { member: u64, roles: u8, day_limit: Balance },
    Remove { member: u64 },
    Spend { member: u64, amount: Balance },
    Propose { admin: u64 },
    Object,
    Cancel,
    Complete { by_force: bool },
    Begin { epoch: u32 },
    Pass { blocks: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let member = || KIM..KIM + 6;
    prop_oneof![
        4 => (member(), 0..70u8).prop_map(|(member, roles)| Step::Add { member, roles }),
        2 => (member(), 0..70u8, 0..200u64)
            .prop_map(|(member, roles, day_limit)| Step::Change { member, roles, day_limit }),
        2 => member().prop_map(|member| Step::Remove { member }),
        4 => (member(), 0..80u64).prop_map(|(member, amount)| Step::Spend { member, amount }),
        1 => (KIM..KIM + 9).prop_map(|admin| Step::Propose { admin }),
        1 => Just(Step::Object),
        1 => Just(Step::Cancel),
        2 => any::<bool>().prop_map(|by_force| Step::Complete { by_force }),
        2 => (0..6u32).prop_map(|epoch| Step::Begin { epoch }),
        3 => (1..NOTICE * 2).prop_map(|blocks| Step::Pass { blocks }),
    ]
}

fn run(company: AccountId, step: &Step) -> DispatchResult {
    let own = RuntimeOrigin::signed(company);
    match *step {
        Step::Add { member, roles } => {
            try_add(company, member, MemberRoles::ALL, |joining| joining.roles = roles)
        }
        Step::Change { member, roles, day_limit } => {
            Participants::change_member(own, member, roles, day_limit)
        }
        Step::Remove { member } => Participants::remove_member(own, member),
        Step::Spend { member, amount } => Participants::spend(&company, &member, amount),
        Step::Propose { admin } => {
            let joining = joining(admin, MemberRoles::ALL, 50);
            let signature = joins(company, admin, &joining);
            Participants::propose_recovery(RuntimeOrigin::root(), company, admin, joining, signature)
        }
        Step::Object => Participants::object_to_recovery(own),
        Step::Cancel => Participants::cancel_recovery(RuntimeOrigin::root(), company),
        Step::Complete { by_force: false } => {
            Participants::complete_recovery(RuntimeOrigin::signed(ALICE), company)
        }
        Step::Complete { by_force: true } => {
            Participants::enforce_recovery(RuntimeOrigin::signed(COUNCIL), company)
        }
        Step::Begin { epoch } => Participants::begin_epoch(own, epoch, [1; 32]),
        Step::Pass { blocks } => {
            System::set_block_number(System::block_number() + blocks);
            Now::mutate(|now| *now += blocks * 3_600_000 / 2);
            Ok(())
        }
    }
}

/// Runs a step as a transaction: what fails changes nothing.
fn transact(company: AccountId, step: &Step) -> DispatchResult {
    frame_support::storage::with_storage_layer(|| run(company, step))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn members_roles_limits_and_recovery_agree(steps in prop::collection::vec(step(), 40..120)) {
        ExtBuilder::build().execute_with(|| {
            let company = establish(KIM, 0);
            for step in &steps {
                let recovering = crate::Recoveries::<Test>::contains_key(company);
                let members: Vec<_> = Members::<Test>::iter_prefix(company).collect();
                let done = transact(company, step);
                Participants::do_try_state().expect("the invariants hold");
                assert!(!Companies::<Test>::get(company).unwrap().admins.is_empty());
                if recovering && !matches!(step, Step::Complete { .. }) {
                    let after: Vec<_> = Members::<Test>::iter_prefix(company).collect();
                    assert_eq!(members, after, "frozen");
                }
                if let (Step::Spend { member, .. }, Ok(())) = (step, done) {
                    let limit = Members::<Test>::get(company, member).unwrap().day_limit;
                    assert!(Spendings::<Test>::get(company, member).unwrap().amount <= limit);
                }
            }
        });
    }
}
