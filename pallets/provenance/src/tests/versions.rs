//! New versions: what grew, by whose hand, and proofs that prove nothing.

use crate::{mock::*, Children, DatasetOf, Datasets, Error, Event, Versions};
use frame_support::{assert_noop, assert_ok};
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::growth::{GrowthProof, Tail},
    dataset::Relation,
    record::{first_head, next_head, version_entry, Parent, ParentList, Version},
    unchecked::unchecked_parents,
};

fn dataset(number: u8) -> DatasetOf<Test> {
    Datasets::<Test>::get(id(number)).expect("registered; qed")
}

fn version_of(number: u8) -> Parent {
    parent(number, Relation::NewVersionOf, 0)
}

/// Alice announces a dataset and waits until she may register it.
fn prepare(number: u8) {
    assert_ok!(announce(ALICE, number));
    wait(DELAY);
}

/// The two kinds of growth: from whole blocks only, and with a short last block that became another.
#[test]
fn a_version_stands_with_the_old_one() {
    for (old, new, shared) in [(2, 5, 2), (3, 4, 3)] {
        ExtBuilder::build_and_execute(|| {
            register(ALICE, old);
            prepare(new);
            events();
            assert_ok!(open(ALICE, new, list([version_of(old)]), Some(growth(old, new))));
            let version = Version { dataset: id(new), position: 0 };
            assert_eq!(Versions::<Test>::get(id(old), 0), Some(version));
            assert_eq!((dataset(old).version_count, dataset(old).records), (1, 1));
            let first = first_head(&id(old), &dataset(old), &[]);
            assert_eq!(dataset(old).head, next_head(&first, &version_entry(&id(old), 0, &version)));
            // The new one begins a chain of its own, at the same depth.
            assert_eq!((dataset(new).records, dataset(new).depth), (0, 0));
            assert_eq!(dataset(new).head, first_head(&id(new), &dataset(new), &[version_of(old)]));
            assert_eq!(Children::<Test>::get(id(old), 0), Some(id(new)));
            let head = length(2) - 2 * BLOCK_SIZE;
            let registered = Event::VersionRegistered {
                dataset: id(old),
                version: id(new),
                index: 0,
                shared_bytes: head + shared * BLOCK_SIZE,
            };
            assert_eq!(events().last(), Some(&registered));
        });
    }
}

#[test]
fn a_series_may_branch_and_go_on() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        for (old, new) in [(1, 2), (2, 3), (1, 4), (2, 5)] {
            register_version(ALICE, old, new);
        }
        let position = |old, index| Versions::<Test>::get(id(old), index).map(|v| (v.dataset, v.position));
        assert_eq!(position(1, 0), Some((id(2), 0)));
        assert_eq!(position(1, 1), Some((id(4), 1)));
        assert_eq!(position(2, 1), Some((id(5), 1)));
        assert_eq!([1, 2, 3].map(|number| dataset(number).version_count), [2, 2, 0]);
    });
}

#[test]
fn a_version_has_other_parents_too() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        prepare(3);
        let parents = list([parent(2, Relation::DerivedFrom, 5), version_of(1)]);
        assert_ok!(open(ALICE, 3, parents, Some(growth(1, 3))));
        assert_eq!((dataset(3).depth, dataset(1).version_count, dataset(2).version_count), (1, 1, 0));
    });
}

#[test]
fn a_version_needs_a_proof_and_nothing_else_does() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        prepare(3);
        assert_noop!(open(ALICE, 3, list([version_of(1)]), None), Error::<Test>::GrowthProofMissing);
        let proof = growth(1, 3);
        assert_noop!(
            open(ALICE, 3, ParentList::default(), Some(proof.clone())),
            Error::<Test>::GrowthProofWithoutVersion
        );
        let derived = list([parent(1, Relation::DerivedFrom, 0)]);
        assert_noop!(open(ALICE, 3, derived, Some(proof)), Error::<Test>::GrowthProofWithoutVersion);
    });
}

#[test]
fn a_dataset_is_a_version_of_one_other() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(ALICE, 2);
        prepare(3);
        for (first, second) in [(1, 2), (2, 1)] {
            let parents = list([version_of(first), version_of(second)]);
            assert_noop!(open(ALICE, 3, parents, Some(growth(1, 3))), Error::<Test>::SeveralOldVersions);
        }
    });
}

/// The attack: somebody else continues a well-known series.
#[test]
fn only_the_owner_registers_versions() {
    ExtBuilder::build_and_execute(|| {
        register(BOB, 1);
        prepare(2);
        let parents = list([version_of(1)]);
        assert_noop!(open(ALICE, 2, parents.clone(), Some(growth(1, 2))), Error::<Test>::NotYourVersion);
        assert_ok!(Provenance::propose_handover(RuntimeOrigin::signed(BOB), id(1), ALICE));
        assert_noop!(open(ALICE, 2, parents.clone(), Some(growth(1, 2))), Error::<Test>::NotYourVersion);
        assert_ok!(Provenance::accept_handover(RuntimeOrigin::signed(ALICE), id(1)));
        assert_ok!(open(ALICE, 2, parents.clone(), Some(growth(1, 2))));
        // Who handed it over has no say any more.
        assert_ok!(announce(BOB, 3));
        wait(DELAY);
        assert_noop!(open(BOB, 3, parents, Some(growth(1, 3))), Error::<Test>::NotYourVersion);
    });
}

#[test]
fn a_withdrawn_dataset_takes_versions() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()));
        register_version(ALICE, 1, 2);
        assert_eq!(Versions::<Test>::get(id(1), 0).map(|version| version.position), Some(1));
    });
}

/// The attack: a dataset that does not contain the old one, with the best proofs that a cheater has.
#[test]
fn a_wrong_proof_is_refused() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 3);
        prepare(5);
        let honest = growth(3, 5);
        let change = |change: fn(&mut GrowthProof)| {
            let mut proof = honest.clone();
            change(&mut proof);
            proof
        };
        let tail = |proof: &mut GrowthProof| proof.tail.take().expect("three blocks and a byte; qed");
        let wrong = [
            // Of other versions.
            growth(3, 6),
            growth(1, 5),
            // Another last leaf, another path, one too short.
            change(|proof| proof.tail.as_mut().expect("a tail; qed").leaf[0] ^= 1),
            change(|proof| proof.tail.as_mut().expect("a tail; qed").path[0][0] ^= 1),
            change(|proof| proof.tail.as_mut().expect("a tail; qed").path.truncate(1)),
            // Another consistency path, one too short, none.
            change(|proof| proof.consistency[0][0] ^= 1),
            change(|proof| proof.consistency.truncate(1)),
            change(|proof| proof.consistency.clear()),
        ];
        for proof in wrong {
            assert_noop!(open(ALICE, 5, list([version_of(3)]), Some(proof)), Error::<Test>::WrongGrowthProof);
        }
        // The honest one for a dataset of the same length that begins with another block.
        let mut first_differs = leaves(5);
        first_differs[0][0] ^= 1;
        let other = tree(first_differs);
        assert_ok!(announce_as(ALICE, other, length(5)));
        wait(DELAY);
        assert_noop!(
            open_as(ALICE, other, length(5), list([version_of(3)]), Some(honest.clone())),
            Error::<Test>::WrongGrowthProof
        );
        // A short last block left out where there is one.
        let mut without = honest.clone();
        let tail = tail(&mut without);
        assert_noop!(open(ALICE, 5, list([version_of(3)]), Some(without)), Error::<Test>::WrongTail);
        assert_ok!(open(ALICE, 5, list([version_of(3)]), Some(honest)));

        // One shown where there is none.
        register(ALICE, 4);
        prepare(6);
        let with = GrowthProof { tail: Some(tail), ..growth(4, 6) };
        assert_noop!(open(ALICE, 6, list([version_of(4)]), Some(with)), Error::<Test>::WrongTail);
        let empty = Tail { leaf: [0; 32], path: Default::default() };
        let with = GrowthProof { tail: Some(empty), ..growth(4, 6) };
        assert_noop!(open(ALICE, 6, list([version_of(4)]), Some(with)), Error::<Test>::WrongTail);
    });
}

#[test]
fn a_version_is_longer() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 4);
        prepare(2);
        assert_noop!(open(ALICE, 2, list([version_of(4)]), Some(growth(2, 4))), Error::<Test>::NotLonger);
        // As long as the old one.
        let other = tree(vec![[1; 32]; leaves(4).len()]);
        assert_ok!(announce_as(ALICE, other, length(4)));
        wait(DELAY);
        assert_noop!(
            open_as(ALICE, other, length(4), list([version_of(4)]), Some(growth(2, 4))),
            Error::<Test>::NotLonger
        );
    });
}

#[test]
fn of_less_than_a_block_nothing_can_be_proved() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(announce_as(ALICE, root(1), BLOCK_SIZE - 1));
        wait(DELAY);
        assert_ok!(open_as(ALICE, root(1), BLOCK_SIZE - 1, ParentList::default(), None));
        prepare(2);
        assert_noop!(open(ALICE, 2, list([version_of(1)]), Some(growth(1, 2))), Error::<Test>::NoWholeBlock);
    });
}

#[test]
fn versions_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        prepare(2);
        let parents = unchecked_parents(list([version_of(1)]));
        assert_ok!(open_only(ALICE, root(2), length(2), parents, Some(growth(1, 2))));
        let exhaust: [fn(&mut DatasetOf<Test>); 2] =
            [|dataset| dataset.version_count = u32::MAX, |dataset| dataset.records = u32::MAX];
        for exhaust in exhaust {
            let before = dataset(1);
            Datasets::<Test>::mutate(id(1), |slot| exhaust(slot.as_mut().expect("registered; qed")));
            assert_noop!(enter(2), Error::<Test>::TooManyRecords);
            Datasets::<Test>::insert(id(1), before);
        }
        assert!(!Versions::<Test>::contains_key(id(1), 0));
    });
}
