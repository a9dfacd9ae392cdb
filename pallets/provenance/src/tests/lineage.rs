//! Parents, depth and royalties.

use crate::{
    mock::*, Call, ChildCount, Children, Datasets, Error, HoldReason, Parents, Royalties, WeightInfo,
};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::traits::Dispatchable;
use wonbon_primitives::{
    bounds::{MAX_DEPTH, MAX_PARENTS, MAX_ROYALTIES, MAX_ROYALTY_TOTAL},
    content::shown::{digests, ShownLeaves},
    dataset::{Method, Relation},
    record::{first_head, Parent, ParentList, RoyaltyShare},
    unchecked::{check_parents, unchecked_parents, UncheckedParent, UncheckedParents},
    Commitment,
};

fn derived(number: u8, royalty: u32) -> Parent {
    parent(number, Relation::DerivedFrom, royalty)
}

/// The royalties that a dataset carries, all of them for ancestors named here, which are given by their numbers.
fn royalties<const N: usize>(number: u8, ancestors: [u8; N]) -> Vec<(u8, u32)> {
    let table = Royalties::<Test>::get(id(number));
    let share_of = |ancestor: &u8| {
        let royalty: &RoyaltyShare = table.iter().find(|royalty| royalty.dataset == id(*ancestor))?;
        Some((*ancestor, royalty.share.millionths()))
    };
    let found: Vec<_> = ancestors.iter().filter_map(share_of).collect();
    assert_eq!(found.len(), table.len(), "royalties for others than the ancestors");
    found
}

fn depth(number: u8) -> u32 {
    Datasets::<Test>::get(id(number)).expect("registered; qed").depth
}

#[test]
fn lineage_is_stored_both_ways() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        let first = parent(2, Relation::AggregatedFrom, 7);
        let second = parent(1, Relation::SubsetOf, 0);
        register_from(ALICE, 3, [first, second]);
        register_from(BOB, 4, [parent(1, Relation::CleanedFrom, 0)]);

        let dataset = Datasets::<Test>::get(id(3)).expect("registered; qed");
        assert_eq!((dataset.parent_count, dataset.depth), (2, 1));
        assert_eq!(Parents::<Test>::get(id(3), 0), Some(first));
        assert_eq!(Parents::<Test>::get(id(3), 1), Some(second));
        assert_eq!(dataset.head, first_head(&id(3), &dataset, &[first, second]));

        assert_eq!(ChildCount::<Test>::get(id(1)), 2);
        assert_eq!(Children::<Test>::get(id(1), 0), Some(id(3)));
        assert_eq!(Children::<Test>::get(id(1), 1), Some(id(4)));
        assert_eq!(ChildCount::<Test>::get(id(2)), 1);
    });
}

#[test]
fn lineage_is_checked() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register(BOB, 2);
        assert_ok!(announce(ALICE, 3));
        wait(DELAY);
        for (parents, error) in [
            (vec![derived(9, 0)], Error::<Test>::ParentNotRegistered),
            (vec![derived(1, 0), parent(1, Relation::CleanedFrom, 0)], Error::<Test>::DuplicateParent),
            (vec![derived(3, 0)], Error::<Test>::OwnParent),
        ] {
            assert_noop!(open(ALICE, 3, list(parents), None), error);
        }
        // What it was made from remains true after it was withdrawn.
        assert_ok!(Provenance::withdraw(RuntimeOrigin::signed(BOB), id(2), reason()));
        assert_ok!(open(ALICE, 3, list([derived(2, 0)]), None));
    });
}

/// What a foreign client says of the royalties is a call, whatever the shares, and refused by name.
#[test]
fn a_royalty_of_more_than_the_whole_is_refused_by_name() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(announce(ALICE, 2));
        wait(DELAY);
        let bad = UncheckedParent { royalty: 1_000_001, ..derived(1, 0).into() };
        let parents = UncheckedParents::truncate_from(vec![bad]);
        let call = Call::<Test>::register {
            root: root(2),
            length: length(2),
            salt: SALT,
            leaves: ShownLeaves::default(),
            metadata: METADATA,
            method: Method::Collected,
            parents: parents.clone(),
            growth: None,
        };
        let call = RuntimeCall::from(call);
        assert_eq!(RuntimeCall::decode(&mut &call.encode()[..]), Ok(call));
        assert_noop!(
            open_unchecked(ALICE, root(2), length(2), parents, None),
            Error::<Test>::RoyaltiesTooHigh
        );
        // The encoding is that of the checked types, so that a client need not know.
        let fine = list([derived(1, 200_000)]);
        assert_eq!(fine.encode(), unchecked_parents(fine.clone()).encode());
        assert_eq!(check_parents(unchecked_parents(fine.clone())), Ok(fine));
    });
}

#[test]
fn as_many_parents_as_the_bound_and_no_more() {
    ExtBuilder::build_and_execute(|| {
        let numbers = 1..=MAX_PARENTS as u8;
        numbers.clone().for_each(|number| register(BOB, number));
        register_from(ALICE, 200, numbers.map(|number| derived(number, 0)));
        assert_eq!(ChildCount::<Test>::get(id(1)), 1);
        let too_many = vec![derived(1, 0); MAX_PARENTS as usize + 1];
        assert!(ParentList::try_from(too_many).is_err());
    });
}

#[test]
fn a_parent_with_as_many_children_as_can_be_counted_takes_no_more() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        ChildCount::<Test>::insert(id(1), u32::MAX);
        assert_ok!(announce(ALICE, 2));
        wait(DELAY);
        let parents = unchecked_parents(list([derived(1, 0)]));
        assert_ok!(open_only(ALICE, root(2), length(2), parents, None));
        assert_noop!(enter(2), Error::<Test>::TooManyRecords);
    });
}

#[test]
fn depth_is_bounded() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        let deepest = 1 + MAX_DEPTH as u8;
        for number in 2..=deepest {
            // The way around a generation changes nothing: the longest way counts.
            let parents = if number % 5 == 0 { vec![derived(1, 0)] } else { vec![] };
            register_from(ALICE, number, parents.into_iter().chain([derived(number - 1, 0)]));
            assert_eq!(depth(number), u32::from(number) - 1);
        }
        assert_ok!(announce(ALICE, deepest + 1));
        wait(DELAY);
        assert_noop!(
            open(ALICE, deepest + 1, list([derived(1, 0), derived(deepest, 0)]), None),
            Error::<Test>::TooDeep
        );
        // A new version is no generation, however many there are.
        for new in deepest + 2..deepest + 6 {
            register_version(ALICE, new - if new == deepest + 2 { 2 } else { 1 }, new);
            assert_eq!(depth(new), MAX_DEPTH);
        }
    });
}

/// Royalties stay with the data and add up, unscaled, through every generation.
#[test]
fn royalties_stay_with_the_data() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register_from(BOB, 2, [derived(1, 100_000)]);
        register_from(ALICE, 3, [derived(2, 50_000)]);
        register_from(ALICE, 4, [derived(3, 1)]);
        assert_eq!(royalties(2, [1]), [(1, 100_000)]);
        assert_eq!(royalties(3, [1, 2]), [(1, 100_000), (2, 50_000)]);
        assert_eq!(royalties(4, [1, 2, 3]), [(1, 100_000), (2, 50_000), (3, 1)]);
        // Also through a parent that gets nothing itself.
        register_from(ALICE, 5, [derived(4, 0)]);
        assert_eq!(royalties(5, [1, 2, 3]), royalties(4, [1, 2, 3]));
        let table = Royalties::<Test>::get(id(5));
        assert!(table.is_sorted_by_key(|royalty| royalty.dataset));
    });
}

/// A new version carries what the old one carries.
#[test]
fn royalties_stay_with_new_versions() {
    ExtBuilder::build_and_execute(|| {
        register(BOB, 1);
        register_from(ALICE, 2, [derived(1, 100_000)]);
        register_version(ALICE, 2, 3);
        assert_eq!(royalties(3, [1]), [(1, 100_000)]);
        assert_eq!(depth(3), 1);
    });
}

/// A diamond: the same ancestor reached in two ways gets the larger share, once.
#[test]
fn an_ancestor_reached_twice_gets_the_larger_share() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register_from(ALICE, 2, [derived(1, 300_000)]);
        register_from(ALICE, 3, [derived(1, 200_000)]);
        register_from(BOB, 4, [derived(2, 50_000), derived(3, 0)]);
        register_from(BOB, 5, [derived(3, 0), derived(2, 50_000)]);
        for number in [4, 5] {
            assert_eq!(royalties(number, [1, 2]), [(1, 300_000), (2, 50_000)]);
        }
        // As a parent and as an ancestor.
        register_from(BOB, 6, [derived(3, 0), derived(1, 1)]);
        assert_eq!(royalties(6, [1]), [(1, 200_000)]);
        register_from(BOB, 7, [derived(1, 400_000), derived(3, 0)]);
        assert_eq!(royalties(7, [1]), [(1, 400_000)]);
        // Twice 300,000 would be too much together.
        register_from(BOB, 8, [derived(2, 0), derived(1, 300_000)]);
        assert_eq!(royalties(8, [1]), [(1, 300_000)]);
    });
}

#[test]
fn royalties_are_bounded_in_number() {
    ExtBuilder::build_and_execute(|| {
        let numbers = 1..=MAX_ROYALTIES as u8;
        numbers.clone().for_each(|number| register(ALICE, number));
        register_from(ALICE, 100, numbers.map(|number| derived(number, 1)));
        assert_eq!(Royalties::<Test>::get(id(100)).len(), MAX_ROYALTIES as usize);

        assert_ok!(announce(ALICE, 101));
        wait(DELAY);
        assert_noop!(open(ALICE, 101, list([derived(100, 1)]), None), Error::<Test>::TooManyRoyalties);
        // One that gets nothing is no entry.
        assert_ok!(open(ALICE, 101, list([derived(100, 0)]), None));
        assert_eq!(Royalties::<Test>::get(id(101)).len(), MAX_ROYALTIES as usize);
    });
}

#[test]
fn royalties_are_bounded_in_sum() {
    ExtBuilder::build_and_execute(|| {
        for number in 1..=2 {
            register(ALICE, number);
        }
        register_from(ALICE, 3, [derived(1, MAX_ROYALTY_TOTAL)]);
        assert_ok!(announce(ALICE, 4));
        wait(DELAY);
        for parents in [
            vec![derived(1, MAX_ROYALTY_TOTAL + 1)],
            vec![derived(1, MAX_ROYALTY_TOTAL), derived(2, 1)],
            vec![derived(3, 1)],
            vec![derived(3, 0), derived(2, 1)],
            // More than the whole.
            vec![derived(1, 1_000_000), derived(2, 1_000_000)],
        ] {
            assert_noop!(open(ALICE, 4, list(parents), None), Error::<Test>::RoyaltiesTooHigh);
        }
        assert_ok!(open(ALICE, 4, list([derived(1, MAX_ROYALTY_TOTAL - 1), derived(2, 1)]), None));
    });
}

#[test]
fn parents_and_royalties_have_a_deposit() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register_from(ALICE, 2, [derived(1, 5)]);
        register_from(BOB, 3, [derived(2, 5), derived(1, 0)]);
        let deposit = DATASET_DEPOSIT + 2 * PARENT_DEPOSIT + 2 * RECORD_DEPOSIT;
        assert_eq!(Datasets::<Test>::get(id(3)).expect("registered; qed").deposit, deposit);
        assert_eq!(held(HoldReason::Dataset, BOB), deposit);
    });
}

/// The weight is charged for full tables; what the parents do not carry is given back.
#[test]
fn the_weight_is_that_of_the_royalties_read() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        register_from(ALICE, 2, [derived(1, 5)]);
        assert_ok!(announce(ALICE, 3));
        wait(DELAY);
        let leaves = shown(
            ALICE,
            Commitment { root: root(3), length: length(3) },
            announced_at(ALICE, root(3), length(3)),
        );
        let digests = digests(&leaves);
        let call = Call::<Test>::register {
            root: root(3),
            length: length(3),
            salt: SALT,
            leaves,
            metadata: METADATA,
            method: Method::Collected,
            parents: unchecked_parents(list([derived(1, 0), derived(2, 0)])),
            growth: None,
        };
        let charged = call.get_dispatch_info().call_weight;
        let shown = <() as WeightInfo>::show_leaves(digests);
        // A proof has as much weight as it has digests.
        assert!(digests > 3 && shown.ref_time() > <() as WeightInfo>::show_leaves(3).ref_time());
        let most = <() as WeightInfo>::register(2, 2 * MAX_ROYALTIES, 0);
        assert_eq!(charged, most + shown + <() as WeightInfo>::displace(MAX_PARENTS));
        let done = RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(ALICE)).expect("in order; qed");
        assert_eq!(done.actual_weight, Some(<() as WeightInfo>::register(2, 1, 0) + shown));
        let done = Provenance::enter_lineage(RuntimeOrigin::signed(BOB), id(3)).expect("in order; qed");
        assert_eq!(done.actual_weight, Some(<() as WeightInfo>::enter_lineage(2)));
    });
}
