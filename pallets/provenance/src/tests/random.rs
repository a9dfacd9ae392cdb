//! Random sequences of calls by anybody, against a small model: the invariants hold after each, and what the
//! model says stands, stands.

use crate::{
    mock::*, Announcements, Attestations, DatasetRegistry, Datasets, KeptRights, PendingHandovers, Royalties,
    Seeds,
};
use codec::Encode;
use frame_support::traits::fungible::Inspect;
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;
use wonbon_primitives::{
    dataset::Relation,
    record::{AttestationKind, Parent},
};

/// Everyone in the mock, the stranger and the pauper included.
const EVERYONE: std::ops::RangeInclusive<AccountId> = ALICE..=PAUPER;
/// Few datasets, so that sequences meet.
const DATASETS: std::ops::RangeInclusive<u8> = 1..=5;

/// Who takes a step: somebody, or whoever has the right to it, so that sequences get somewhere.
#[derive(Clone, Copy, Debug)]
enum Who {
    Somebody(AccountId),
    TheRight,
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Suspend(AccountId),
    ReinstateAll,
    Announce(Who, u8),
    CancelAnnouncement(Who, u8),
    ClearAnnouncement(u8),
    Register(Who, u8, Vec<(u8, Relation, u32)>),
    EnterLineage(u8),
    Attest(Who, u8),
    Revoke(Option<Who>, u8, u32),
    Withdraw(Who, u8),
    Propose(Who, u8, AccountId, Option<u32>),
    Accept(Who, u8),
    CancelHandover(Who, u8),
    Trade(u8, u8),
    Answer(Who, u8, u32),
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![2 => Just(Who::TheRight), 1 => EVERYONE.prop_map(Who::Somebody)]
}

fn step() -> impl Strategy<Value = Step> {
    let relation = prop_oneof![Just(Relation::DerivedFrom), Just(Relation::NewVersionOf)];
    let royalty = prop_oneof![Just(0), 1u32..200_000];
    let parents = prop::collection::vec((DATASETS, relation, royalty), 0..3);
    prop_oneof![
        5 => (1u64..4).prop_map(Step::Wait),
        1 => EVERYONE.prop_map(Step::Suspend),
        3 => Just(Step::ReinstateAll),
        4 => (who(), DATASETS).prop_map(|(who, number)| Step::Announce(who, number)),
        1 => (who(), DATASETS).prop_map(|(who, number)| Step::CancelAnnouncement(who, number)),
        1 => DATASETS.prop_map(Step::ClearAnnouncement),
        3 => DATASETS.prop_map(Step::EnterLineage),
        8 => (who(), DATASETS, parents).prop_map(|(who, number, parents)| Step::Register(who, number, parents)),
        4 => (who(), DATASETS).prop_map(|(who, number)| Step::Attest(who, number)),
        2 => (prop::option::of(who()), DATASETS, 0u32..3)
            .prop_map(|(who, number, index)| Step::Revoke(who, number, index)),
        1 => (who(), DATASETS).prop_map(|(who, number)| Step::Withdraw(who, number)),
        8 => (who(), DATASETS, EVERYONE, prop::option::of(0u32..600_000))
            .prop_map(|(who, number, to, kept)| Step::Propose(who, number, to, kept)),
        8 => (who(), DATASETS).prop_map(|(who, number)| Step::Accept(who, number)),
        1 => (who(), DATASETS).prop_map(|(who, number)| Step::CancelHandover(who, number)),
        2 => (DATASETS, any::<u8>()).prop_map(|(number, entry)| Step::Trade(number, entry)),
        2 => (who(), DATASETS, 0u32..4).prop_map(|(who, number, blocks)| Step::Answer(who, number, blocks)),
    ]
}

impl Who {
    fn or(self, right: Option<AccountId>) -> RuntimeOrigin {
        RuntimeOrigin::signed(self.account(right))
    }

    fn account(self, right: Option<AccountId>) -> AccountId {
        match self {
            Self::Somebody(who) => who,
            Self::TheRight => right.unwrap_or(STRANGER),
        }
    }
}

fn announcer(number: u8) -> Option<AccountId> {
    EVERYONE.into_iter().find(|&who| Announcements::<Test>::contains_key(who, commitment(who, number)))
}

fn owner(number: u8) -> Option<AccountId> {
    Datasets::<Test>::get(id(number)).map(|dataset| dataset.owner)
}

/// Whether a parent stands in nobody's way.
fn may_be_parent(parent: &Parent, child: u8, registrant: AccountId) -> bool {
    Datasets::<Test>::get(parent.dataset).is_some_and(|known| {
        Provenance::ensure_stands(&parent.dataset, &known).is_ok()
            && (parent.relation != Relation::NewVersionOf
                || (known.owner == registrant && known.length < length(child)))
    })
}

fn take(step: Step) -> DispatchResult {
    match step {
        Step::Wait(blocks) => wait(blocks),
        Step::Suspend(who) => Register::suspend(who),
        Step::ReinstateAll => EVERYONE.filter(|who| *who != STRANGER).for_each(Register::reinstate),
        Step::Announce(who, number) => {
            let provider = if number % 2 == 0 { ALICE } else { LAB };
            announce(who.account(Some(provider)), number)?;
        }
        Step::CancelAnnouncement(who, number) => {
            let who = who.account(announcer(number));
            Provenance::cancel_announcement(RuntimeOrigin::signed(who), commitment(who, number))?;
        }
        Step::ClearAnnouncement(number) => {
            let account = announcer(number).unwrap_or(STRANGER);
            Provenance::clear_announcement(
                RuntimeOrigin::signed(STRANGER),
                account,
                commitment(account, number),
            )?;
        }
        Step::EnterLineage(number) => enter(number)?,
        Step::Register(who, number, parents) => {
            let who_registers = who.account(announcer(number));
            let mut parents: Vec<_> = parents
                .into_iter()
                .map(|(parent_number, relation, royalty)| parent(parent_number, relation, royalty))
                .collect();
            if matches!(who, Who::TheRight) {
                parents.retain(|parent| may_be_parent(parent, number, who_registers));
            }
            let old = parents.iter().find(|parent| parent.relation == Relation::NewVersionOf);
            let old = old.and_then(|old| DATASETS.into_iter().find(|&number| id(number) == old.dataset));
            let growth = old.filter(|&old| old < number).map(|old| growth(old, number));
            open(who_registers, number, list(parents), growth)?;
        }
        Step::Attest(who, number) => {
            let origin = who.or(Some(INSPECTOR));
            Provenance::attest(origin, id(number), AttestationKind::Quality, [number; 32])?;
        }
        Step::Revoke(who, number, index) => {
            let inspector = Attestations::<Test>::get(id(number), index).map(|made| made.inspector);
            let origin = who.map_or(RuntimeOrigin::root(), |who| who.or(inspector));
            Provenance::revoke_attestation(origin, id(number), index, reason())?;
        }
        Step::Withdraw(who, number) => {
            let withdrawn = Provenance::withdraw(who.or(owner(number)), id(number), reason());
            withdrawn.map_err(|refused| refused.error)?;
        }
        Step::Propose(who, number, to, kept) => {
            let owner = who.or(owner(number));
            match kept {
                Some(royalty) => Provenance::propose_handover_keeping(owner, id(number), to, royalty)?,
                None => Provenance::propose_handover(owner, id(number), to)?,
            }
        }
        Step::Accept(who, number) => {
            let recipient = who.or(PendingHandovers::<Test>::get(id(number)));
            match KeptRights::<Test>::get(id(number)) {
                Some(royalty) => {
                    Provenance::accept_handover_keeping(recipient, id(number), royalty.millionths())?
                }
                None => Provenance::accept_handover(recipient, id(number))?,
            }
        }
        Step::CancelHandover(who, number) => {
            Provenance::cancel_handover(who.or(owner(number)), id(number))?;
        }
        // Only what stands for good is offered.
        Step::Trade(number, entry) => {
            if Provenance::stands(&id(number)) {
                trade(id(number), [entry; 32]);
            }
        }
        Step::Answer(who, number, blocks) => {
            Provenance::answer_draw(who.or(owner(number)), id(number), blocks, [number; 32])?;
        }
    }
    Ok(())
}

/// What once stood of a dataset.
#[derive(Clone, PartialEq, Debug)]
struct Stood {
    /// What never changes: who registered it, when, its royalties.
    fixed: (AccountId, u64, Vec<u8>),
    /// When it was announced, and whether an older announcement could still take it.
    announced: (u64, bool),
    /// How far its chain went, and to what head.
    chain: (u32, [u8; 32]),
    /// What does not change once it is there: the seed of its draw, and the answer's digest.
    draw: (Option<[u8; 32]>, Option<[u8; 32]>),
}

fn stands(number: u8) -> Option<Stood> {
    let dataset = Datasets::<Test>::get(id(number))?;
    let block = dataset.registered.block;
    Some(Stood {
        fixed: (dataset.registrant, block, Royalties::<Test>::get(id(number)).encode()),
        announced: (dataset.announced, dataset.is_provisional_at(System::block_number())),
        chain: (dataset.records, dataset.head),
        draw: (Seeds::<Test>::get(block), dataset.sample.map(|answer| answer.digest)),
    })
}

/// Note what stands now, and check that nothing of what stood before is gone.
fn compare(before: &mut BTreeMap<u8, Stood>) {
    for number in DATASETS {
        let now = stands(number);
        if let Some(then) = before.get(&number) {
            let now = now.as_ref().expect("a dataset never goes");
            if now.fixed != then.fixed && then.announced.1 && now.announced.0 < then.announced.0 {
                // Whoever was first has it now, and nothing had happened to it.
                assert_eq!((then.chain.0, now.chain.0, then.draw.1), (0, 0, None));
                before.insert(number, now.clone());
                continue;
            }
            assert_eq!(now.fixed, then.fixed, "who was first never changes");
            assert!(now.chain.0 >= then.chain.0, "the chain never shrinks");
            assert!(
                now.chain.0 > then.chain.0 || now.chain == then.chain,
                "the head moves only with an entry"
            );
            assert!(then.draw.0.is_none() || now.draw.0 == then.draw.0, "there is one seed, ever");
            assert!(then.draw.1.is_none() || now.draw.1 == then.draw.1, "there is one answer, ever");
        }
        if let Some(now) = now {
            before.insert(number, now);
        }
    }
}

/// Nobody has an attestation about a dataset that they registered, and everyone has all their money.
fn check_people() {
    for number in DATASETS {
        let Some(dataset) = Datasets::<Test>::get(id(number)) else {
            assert_eq!(Provenance::next_trade(&id(number)), None);
            assert_eq!(Provenance::offerable(&id(number)), None);
            continue;
        };
        for (_, attestation) in Attestations::<Test>::iter_prefix(id(number)) {
            assert!([INSPECTOR, LAB].contains(&attestation.inspector));
            assert_ne!(attestation.inspector, dataset.registrant);
        }
        assert!(![STRANGER, CONSUMER, INSPECTOR].contains(&dataset.registrant), "only providers register");
    }
    for who in EVERYONE {
        let funds = if who == PAUPER { 0 } else { FUNDS };
        assert_eq!(Balances::total_balance(&who), funds, "deposits are held and never taken");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_whatever_anybody_does(steps in prop::collection::vec(step(), 50..200)) {
        ExtBuilder::build().execute_with(|| {
            register(LAB, 1);
            register(ALICE, 2);
            Provisional::set(6);
            let mut standing = BTreeMap::new();
            for step in steps {
                let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
                let taken = take(step.clone());
                if taken.is_err() {
                    let after = sp_io::storage::root(sp_runtime::StateVersion::V1);
                    assert_eq!(after, root, "a refused call changes nothing: {step:?}");
                    continue;
                }
                Provenance::do_try_state().expect("the invariants hold");
                compare(&mut standing);
                check_people();
            }
        });
    }
}
