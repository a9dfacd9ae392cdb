//! Benchmarks of the provenance pallet's calls, each on its longest path, and the dataset that the benchmarks
//! of other pallets ask for.

use crate::{
    first_head, Announcements, AttestationCount, AttestationKind, Attestations, Call, ChildCount, Config,
    Dataset, Datasets, Handovers, Pallet, Parent, ParentList, ParticipantRegistry, Reason, RECORD_VERSION,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{
        fungible::{Inspect, Mutate},
        Get,
    },
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::traits::{Saturating, Zero};
use wonbon_primitives::{
    bounds::{MAX_LENGTH, MAX_PARENTS, MAX_REASON},
    dataset::{Method, Relation},
    id::announcement,
    Commitment, DatasetId, Digest,
};

const SALT: Digest = [0x5a; 32];
const DOCUMENT: Digest = [0xd0; 32];

/// A dataset without parents, past every check and deposit.
pub(crate) fn insert_dataset<T: Config>(owner: &T::AccountId, commitment: Commitment) -> DatasetId {
    let id = DatasetId(commitment.root);
    let mut dataset = Dataset {
        version: RECORD_VERSION,
        registrant: owner.clone(),
        owner: owner.clone(),
        length: commitment.length,
        metadata: DOCUMENT,
        method: Method::Collected,
        registered_at: frame_system::Pallet::<T>::block_number(),
        parent_count: 0,
        withdrawn: None,
        records: 0,
        head: Digest::default(),
        deposit: Zero::zero(),
    };
    dataset.head = first_head(&id, &dataset, &[]);
    Datasets::<T>::insert(id, dataset);
    ChildCount::<T>::insert(id, 0);
    AttestationCount::<T>::insert(id, 0);
    id
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
        let needed = T::AnnouncementDeposit::get()
            .saturating_add(T::DatasetDeposit::get())
            .saturating_add(T::ParentDeposit::get().saturating_mul(MAX_PARENTS.into()))
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
        insert_dataset::<T>(owner, Commitment { root: [number; 32], length: MAX_LENGTH })
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

    #[benchmark]
    fn register(p: Linear<0, MAX_PARENTS>) -> Result<(), BenchmarkError> {
        let who = caller::<T>();
        let parents: Vec<_> = (0..p as u8)
            .map(|number| Parent { dataset: dataset::<T>(&who, number), relation: Relation::NewVersionOf })
            .collect();
        let parents = ParentList::truncate_from(parents);
        let root = [0xff; 32];
        let commitment = announcement(&who.encode(), &root, &SALT);
        Pallet::<T>::announce(RawOrigin::Signed(who.clone()).into(), commitment)?;
        let now = frame_system::Pallet::<T>::block_number();
        frame_system::Pallet::<T>::set_block_number(now.saturating_add(T::AnnouncementDelay::get()));
        #[extrinsic_call]
        _(RawOrigin::Signed(who), root, MAX_LENGTH, SALT, DOCUMENT, Method::Collected, parents);
        assert!(Datasets::<T>::get(DatasetId(root)).is_some_and(|dataset| dataset.parent_count == p));
        Ok(())
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
    fn withdraw() -> Result<(), BenchmarkError> {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        Pallet::<T>::propose_handover(RawOrigin::Signed(owner.clone()).into(), id, to)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, reason());
        assert!(!Handovers::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn propose_handover() {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, to.clone());
        assert_eq!(Handovers::<T>::get(id), Some(to));
    }

    #[benchmark]
    fn accept_handover() -> Result<(), BenchmarkError> {
        let (to, owner) = (caller::<T>(), other::<T>());
        // Registered by its calls, because the deposit moves.
        let root = [1; 32];
        let commitment = announcement(&owner.encode(), &root, &SALT);
        let origin = RawOrigin::Signed(owner);
        Pallet::<T>::announce(origin.clone().into(), commitment)?;
        let now = frame_system::Pallet::<T>::block_number();
        frame_system::Pallet::<T>::set_block_number(now.saturating_add(T::AnnouncementDelay::get()));
        let (method, parents) = (Method::Collected, ParentList::default());
        Pallet::<T>::register(origin.clone().into(), root, 1, SALT, DOCUMENT, method, parents)?;
        let id = DatasetId(root);
        Pallet::<T>::propose_handover(origin.into(), id, to.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to.clone()), id);
        assert!(Datasets::<T>::get(id).is_some_and(|dataset| dataset.owner == to));
        Ok(())
    }

    #[benchmark]
    fn cancel_handover() -> Result<(), BenchmarkError> {
        let (owner, to) = (caller::<T>(), other::<T>());
        let id = dataset::<T>(&owner, 1);
        Pallet::<T>::propose_handover(RawOrigin::Signed(owner).into(), id, to.clone())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(to), id);
        assert!(!Handovers::<T>::contains_key(id));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::build(), crate::mock::Test);
}
