//! Benchmarks of the provenance pallet's calls, each on its longest path, and of its hook; and the dataset that
//! the benchmarks of other pallets ask for.

use crate::{
    Announcements, Attestations, Call, ChildCount, Config, Datasets, DrawDue, Handovers, Pallet, Parents,
    ParticipantRegistry, PendingHandovers, PendingLineage, Registration, Royalties, Seeds, Versions,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{
        fungible::{Inspect, Mutate},
        Get, Hooks,
    },
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::traits::{One, Saturating, Zero};
use wonbon_primitives::{
    bounds::{
        BLOCK_SIZE, MAX_LENGTH, MAX_OPEN_OFFERS, MAX_PARENTS, MAX_PATH, MAX_REASON, MAX_ROYALTIES,
        MAX_SAMPLE, MAX_SHOWN_LEAVES,
    },
    content::{
        growth::{GrowthProof, Tail},
        shown::{drawn, ShownLeaf, ShownLeaves},
        tree::{node_hash, verify_inclusion},
    },
    dataset::{Method, Relation},
    record::{
        announcement, first_head, AttestationKind, Dataset, GrownFrom, Parent, ParentList, Reason,
        RoyaltyShare, RoyaltyShares, DATASET_LAYOUT,
    },
    registry::DatasetMarket,
    share::Share,
    unchecked::UncheckedParents,
    Commitment, DatasetId, Digest,
};

const SALT: Digest = [0x5a; 32];
const DOCUMENT: Digest = [0xd0; 32];
/// The smallest royalty.
const MILLIONTH: Option<Share> = Share::from_millionths(1);

/// A dataset with these parents and the royalties that they state, past every check and deposit.
pub(crate) fn insert_dataset<T: Config>(
    owner: &T::AccountId,
    commitment: Commitment,
    parents: &[Parent],
) -> DatasetId {
    let id = DatasetId(commitment.root);
    let mut dataset = Dataset {
        version: DATASET_LAYOUT,
        registrant: owner.clone(),
        owner: owner.clone(),
        length: commitment.length,
        metadata: DOCUMENT,
        method: Method::Collected,
        registered: Pallet::<T>::moment(),
        announced: Zero::zero(),
        provisional_until: Zero::zero(),
        depth: u32::from(!parents.is_empty()),
        parent_count: parents.len() as u32,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        withdrawn: None,
        sample: None,
        records: 0,
        head: Digest::default(),
        deposit: Zero::zero(),
    };
    dataset.head = first_head(&id, &dataset, parents);
    Datasets::<T>::insert(id, dataset);
    ChildCount::<T>::insert(id, 0);
    for (index, parent) in (0u32..).zip(parents) {
        Parents::<T>::insert(id, index, parent);
    }
    let royalties = parents.iter().filter(|parent| parent.royalty > Share::NONE);
    let royalties: Vec<_> =
        royalties.map(|parent| RoyaltyShare { dataset: parent.dataset, share: parent.royalty }).collect();
    if !royalties.is_empty() {
        Royalties::<T>::insert(id, RoyaltyShares::truncate_from(royalties));
    }
    id
}

/// Two versions, old and new, with a growth proof of `digests` digests or one fewer.
///
/// The trees are too large to be made, and need not be: what a proof shows are their subtrees, and any digests
/// may stand for those.
fn grown(digests: u32) -> (Commitment, Commitment, GrowthProof) {
    let any = |number: u32| [number as u8; 32];
    if digests < 6 {
        // From one block to as many as have so many levels.
        let right: Vec<_> = (0..digests).map(any).collect();
        let root = right.iter().fold(any(0xff), |left, right| node_hash(&left, right));
        let new = Commitment { root, length: BLOCK_SIZE << digests };
        let consistency = BoundedVec::truncate_from(right);
        return (
            Commitment { root: any(0xff), length: BLOCK_SIZE },
            new,
            GrowthProof { tail: None, consistency },
        );
    }
    // From a complete tree that lacks its last two blocks, and a short one after those, to the complete tree.
    let count = (digests / 2).saturating_sub(1);
    let peaks: Vec<_> = (0..count).map(any).collect();
    let (leaf, right) = (any(0xfe), any(0xff));
    let fold =
        |first: Digest, peaks: &[Digest]| peaks.iter().fold(first, |right, left| node_hash(left, &right));
    let blocks = 2u64 << count;
    let old = Commitment {
        root: fold(leaf, &peaks),
        length: blocks.saturating_sub(2).saturating_mul(BLOCK_SIZE).saturating_add(1),
    };
    let new = Commitment {
        root: fold(node_hash(&peaks[0], &right), &peaks[1..]),
        length: blocks.saturating_mul(BLOCK_SIZE),
    };
    let consistency: Vec<_> = [peaks[0], right].into_iter().chain(peaks[1..].iter().copied()).collect();
    let tail = Tail { leaf, path: BoundedVec::truncate_from(peaks) };
    (old, new, GrowthProof { tail: Some(tail), consistency: BoundedVec::truncate_from(consistency) })
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    /// A verified participant with money for every deposit.
    fn participant<T: Config>(who: T::AccountId) -> T::AccountId
    where
        T::Currency: Mutate<T::AccountId>,
    {
        T::Participants::benchmark_verify(&who);
        let needed = T::DatasetDeposit::get()
            .saturating_add(T::DatasetDeposit::get())
            .saturating_add(T::ParentDeposit::get().saturating_mul(MAX_PARENTS.into()))
            .saturating_add(T::RecordDeposit::get().saturating_mul(MAX_ROYALTIES.saturating_add(1).into()))
            .saturating_add(T::AttestationDeposit::get())
            .saturating_add(T::Currency::minimum_balance());
        T::Currency::set_balance(&who, needed.saturating_mul(2u32.into()));
        who
    }

    fn caller<T: Config>() -> T::AccountId
    where
        T::Currency: Mutate<T::AccountId>,
    {
        participant::<T>(whitelisted_caller())
    }

    fn other<T: Config>() -> T::AccountId
    where
        T::Currency: Mutate<T::AccountId>,
    {
        participant::<T>(account("other", 0, 0))
    }

    /// A dataset of `owner`, another one for each number.
    fn dataset<T: Config>(owner: &T::AccountId, number: u8) -> DatasetId {
        insert_dataset::<T>(owner, Commitment { root: [number; 32], length: MAX_LENGTH }, &[])
    }

    /// Announce a dataset and let the delay pass, until its leaves are drawn.
    fn announced<T: Config>(who: &T::AccountId, file: Commitment) -> Result<(), BenchmarkError> {
        let commitment = announcement(&who.encode(), &file.root, file.length, &SALT);
        Pallet::<T>::announce(RawOrigin::Signed(who.clone()).into(), commitment)?;
        let draws = frame_system::Pallet::<T>::block_number().saturating_add(T::AnnouncementDelay::get());
        frame_system::BlockHash::<T>::insert(draws, T::Hash::default());
        frame_system::Pallet::<T>::set_block_number(draws.saturating_add(One::one()));
        Ok(())
    }

    /// A dataset of one block, whose leaf is its root.
    fn single(number: u8) -> (Commitment, ShownLeaves) {
        let root = [number; 32];
        let leaf = ShownLeaf { leaf: root, path: Default::default() };
        (Commitment { root, length: BLOCK_SIZE }, BoundedVec::truncate_from(alloc::vec![leaf]))
    }

    /// The largest dataset, all of whose blocks are the same, and as many of its leaves as there are shown.
    fn largest() -> (Commitment, ShownLeaves) {
        let mut node = [0xff; 32];
        let mut path = Vec::new();
        for _ in 0..MAX_PATH {
            path.push(node);
            node = node_hash(&node, &node);
        }
        let leaf = ShownLeaf { leaf: [0xff; 32], path: BoundedVec::truncate_from(path) };
        let leaves = alloc::vec![leaf; MAX_SHOWN_LEAVES as usize];
        (Commitment { root: node, length: MAX_LENGTH }, BoundedVec::truncate_from(leaves))
    }

    /// A dataset registered by its calls, for deposits to move.
    fn registered<T: Config>(owner: &T::AccountId) -> Result<DatasetId, BenchmarkError> {
        let (file, leaves) = single(1);
        announced::<T>(owner, file)?;
        register_single::<T>(owner, file, leaves)?;
        let now = frame_system::Pallet::<T>::block_number();
        frame_system::Pallet::<T>::set_block_number(now.saturating_add(T::ProvisionalPeriod::get()));
        Ok(DatasetId(file.root))
    }

    fn register_single<T: Config>(
        owner: &T::AccountId,
        file: Commitment,
        leaves: ShownLeaves,
    ) -> Result<(), BenchmarkError> {
        let (origin, method, parents) =
            (RawOrigin::Signed(owner.clone()), Method::Collected, UncheckedParents::default());
        let Commitment { root, length } = file;
        Pallet::<T>::register(origin.into(), root, length, SALT, leaves, DOCUMENT, method, parents, None)
            .map_err(|refused| refused.error)?;
        Ok(())
    }

    fn reason() -> Reason {
        BoundedVec::truncate_from([b'r'; MAX_REASON as usize].to_vec())
    }

    #[benchmark]
    fn announce() {
        let who = caller::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), [1; 32]);
        assert!(Announcements::<T>::contains_key(who, [1; 32]));
    }

    #[benchmark]
    fn cancel_announcement() -> Result<(), BenchmarkError> {
        let who = caller::<T>();
        Pallet::<T>::announce(RawOrigin::Signed(who.clone()).into(), [1; 32])?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), [1; 32]);
        assert!(!Announcements::<T>::contains_key(who, [1; 32]));
        Ok(())
    }

    /// `p` parents that carry `r` royalties together, as far as so many can, for the same ancestors; if there is
    /// a parent and `g` is not 0, the first is the old version, with a growth proof of `g` digests or one fewer.
    ///
    /// The trees of growth proofs are made up, so that no leaves of theirs can be shown: what checking those takes is
    /// `show_leaves`, and the rest is measured here from where they are checked on.
    #[benchmark]
    fn register(
        p: Linear<0, MAX_PARENTS>,
        r: Linear<0, 256>,
        g: Linear<0, 52>,
    ) -> Result<(), BenchmarkError> {
        let who = caller::<T>();
        let royalty = MILLIONTH.ok_or("a millionth is a share")?;
        let (old, new, proof) = grown(g);
        let growth = (p > 0 && g > 0).then_some(proof);
        let mut ids: Vec<_> = (0..MAX_ROYALTIES as u8).map(|number| DatasetId([number; 32])).collect();
        let mut commitment = Commitment { root: [0xff; 32], length: MAX_LENGTH };
        if growth.is_some() {
            ids[0] = DatasetId(old.root);
            commitment = new;
        }
        let table: Vec<_> = ids.iter().map(|&dataset| RoyaltyShare { dataset, share: royalty }).collect();
        let mut left = r as usize;
        let mut parents = Vec::new();
        for (number, &dataset) in ids.iter().take(p as usize).enumerate() {
            let is_old = number == 0 && growth.is_some();
            let length = if is_old { old.length } else { MAX_LENGTH };
            insert_dataset::<T>(&who, Commitment { root: dataset.0, length }, &[]);
            let carried = left.min(table.len());
            left = left.saturating_sub(carried);
            Royalties::<T>::insert(dataset, RoyaltyShares::truncate_from(table[..carried].to_vec()));
            let relation = if is_old { Relation::NewVersionOf } else { Relation::DerivedFrom };
            parents.push(Parent { dataset, relation, royalty });
        }
        let parents = ParentList::truncate_from(parents);
        let root = commitment.root;
        announced::<T>(&who, commitment)?;
        let facts = Registration {
            commitment,
            salt: SALT,
            metadata: DOCUMENT,
            method: Method::Collected,
            parents,
            growth,
        };
        #[block]
        {
            Pallet::<T>::do_register(who, facts, |_| Ok(()))?;
        }
        assert!(Datasets::<T>::get(DatasetId(root)).is_some_and(|dataset| dataset.parent_count == p));
        Ok(())
    }

    /// The longest paths; fewer are in proportion, which leaves a draw too much.
    #[benchmark]
    fn show_leaves(d: Linear<1, 216>) -> Result<(), BenchmarkError> {
        let who = caller::<T>();
        let (file, leaves) = largest();
        let wanted = d.div_ceil(MAX_PATH.saturating_add(1)).max(1) as usize;
        let seed = Digest::default();
        #[block]
        {
            for shown in &leaves[..wanted.min(leaves.len())] {
                let _ = verify_inclusion(&shown.leaf, 0, file.blocks(), &shown.path, &file.root);
            }
            drawn(&seed, &who.encode(), &file);
        }
        Ok(())
    }

    #[benchmark]
    fn displace(p: Linear<0, MAX_PARENTS>) -> Result<(), BenchmarkError> {
        let owner = caller::<T>();
        let id = registered::<T>(&owner)?;
        let parent = Parent { dataset: id, relation: Relation::DerivedFrom, royalty: Share::NONE };
        for index in 0..p {
            Parents::<T>::insert(id, index, parent);
        }
        let mut known = Datasets::<T>::get(id).ok_or("just registered")?;
        known.parent_count = p;
        #[block]
        {
            Pallet::<T>::displace(&id, known)?;
        }
        assert!(!Parents::<T>::contains_key(id, 0));
        Ok(())
    }

    #[benchmark]
    fn clear_announcement() -> Result<(), BenchmarkError> {
        let (who, of) = (caller::<T>(), other::<T>());
        Pallet::<T>::announce(RawOrigin::Signed(of.clone()).into(), [1; 32])?;
        let now = frame_system::Pallet::<T>::block_number();
        let after = now.saturating_add(T::AnnouncementLifetime::get()).saturating_add(One::one());
        frame_system::Pallet::<T>::set_block_number(after);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), of.clone(), [1; 32]);
        assert!(!Announcements::<T>::contains_key(of, [1; 32]));
        Ok(())
    }

    #[benchmark]
    fn enter_lineage(p: Linear<0, MAX_PARENTS>) {
        let who = caller::<T>();
        let parents: Vec<_> = (0..p as u8)
            .map(|number| Parent {
                dataset: dataset::<T>(&who, number.saturating_add(1)),
                relation: Relation::DerivedFrom,
                royalty: Share::NONE,
            })
            .collect();
        let old = dataset::<T>(&who, 0xfe);
        let id = insert_dataset::<T>(&who, Commitment { root: [0xff; 32], length: MAX_LENGTH }, &parents);
        PendingLineage::<T>::insert(id, Some(GrownFrom { dataset: old, shared_bytes: BLOCK_SIZE }));
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id);
        assert!(Versions::<T>::contains_key(old, 0));
    }

    #[benchmark]
    fn attest() {
        let (inspector, owner) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        #[extrinsic_call]
        _(RawOrigin::Signed(inspector), id, AttestationKind::Quality, DOCUMENT);
        assert!(Attestations::<T>::contains_key(id, 0));
    }

    #[benchmark]
    fn revoke_attestation() -> Result<(), BenchmarkError> {
        let (inspector, owner) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        let origin = RawOrigin::Signed(inspector.clone());
        Pallet::<T>::attest(origin.clone().into(), id, AttestationKind::Quality, DOCUMENT)?;
        #[extrinsic_call]
        _(origin, id, 0, reason());
        assert!(Attestations::<T>::get(id, 0).is_some_and(|attestation| attestation.revoked.is_some()));
        Ok(())
    }

    #[benchmark]
    fn withdraw(o: Linear<0, MAX_OPEN_OFFERS>) -> Result<(), BenchmarkError> {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        (0..o).for_each(|_| T::Market::benchmark_offer(&owner, &id));
        Pallet::<T>::propose_handover(RawOrigin::Signed(owner.clone()).into(), id, to)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, reason());
        assert!(!PendingHandovers::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn propose_handover() {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());
        assert_eq!(PendingHandovers::<T>::get(id), Some(to));
    }

    #[benchmark]
    fn accept_handover() -> Result<(), BenchmarkError> {
        let (to, owner) = (caller::<T>(), other::<T>());
        let id = registered::<T>(&owner)?;
        Pallet::<T>::propose_handover(RawOrigin::Signed(owner).into(), id, to.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), id);
        assert!(Handovers::<T>::get(id, 0).is_some_and(|handover| handover.to == to));
        Ok(())
    }

    #[benchmark]
    fn propose_handover_keeping() {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone(), 0);
        assert_eq!(PendingHandovers::<T>::get(id), Some(to));
    }

    #[benchmark]
    fn accept_handover_keeping() -> Result<(), BenchmarkError> {
        let (to, owner) = (caller::<T>(), other::<T>());
        let id = registered::<T>(&owner)?;
        Pallet::<T>::propose_handover_keeping(RawOrigin::Signed(owner).into(), id, to.clone(), 0)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), id, 0);
        assert!(Handovers::<T>::get(id, 0).is_some_and(|handover| handover.to == to));
        Ok(())
    }

    #[benchmark]
    fn cancel_handover() -> Result<(), BenchmarkError> {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        Pallet::<T>::propose_handover(RawOrigin::Signed(owner).into(), id, to.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to), id);
        assert!(!PendingHandovers::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn answer_draw() {
        let owner = caller::<T>();
        let id = dataset::<T>(&owner, 1);
        Seeds::<T>::insert(frame_system::Pallet::<T>::block_number(), DOCUMENT);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, MAX_SAMPLE, DOCUMENT);
        assert!(Datasets::<T>::get(id).is_some_and(|dataset| dataset.sample.is_some()));
    }

    #[benchmark]
    fn no_draw_due() {
        let now = frame_system::Pallet::<T>::block_number();
        #[block]
        {
            Pallet::<T>::on_initialize(now);
        }
        assert_eq!(Seeds::<T>::iter().count(), 0);
    }

    #[benchmark]
    fn draw_due() {
        let registered_at = frame_system::Pallet::<T>::block_number();
        Pallet::<T>::schedule_draw(registered_at);
        let last = registered_at.saturating_add(T::DrawDelay::get());
        frame_system::BlockHash::<T>::insert(last, T::Hash::default());
        let now = last.saturating_add(One::one());
        frame_system::Pallet::<T>::set_block_number(now);
        #[block]
        {
            Pallet::<T>::on_initialize(now);
        }
        assert!(Seeds::<T>::contains_key(registered_at) && !DrawDue::<T>::contains_key(now));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::build(), crate::mock::Test);
}

#[cfg(test)]
mod tests {
    use super::grown;
    use crate::lineage::digests;
    use wonbon_primitives::content::growth::verify;

    /// A benchmark that measures refusals would make registrations too cheap.
    #[test]
    fn every_growth_proof_holds() {
        for wanted in 1..=52 {
            let (old, new, proof) = grown(wanted);
            assert!(verify(&old, &new, &proof).is_ok(), "{wanted}");
            assert!((wanted - 1..=wanted).contains(&digests(&Some(proof))), "{wanted}");
        }
    }
}
