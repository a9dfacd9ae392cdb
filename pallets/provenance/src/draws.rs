//! The fair draw: when its seed is fixed, and the owner's answer.
//!
//! Registration fixes the root and the delay fixes the block; the hash of that block, which nobody knows before
//! it is made, is the seed. The chain forgets block hashes, so the block after it stores the seed, once for all
//! datasets registered in the same block: the root makes their draws differ.

use crate::{Config, Datasets, DrawDue, Error, Event, Pallet, Seeds, WeightInfo};
use frame_support::{ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{One, Saturating},
    DispatchResult,
};
use wonbon_primitives::{
    record::{sample_entry, SampleAnswer},
    sample::most_blocks,
    DatasetId, Digest,
};

impl<T: Config> Pallet<T> {
    /// Note that the registrations of this block want a seed. The second of a block changes nothing.
    pub(crate) fn schedule_draw(registered_at: BlockNumberFor<T>) {
        let due = registered_at.saturating_add(T::DrawDelay::get()).saturating_add(One::one());
        DrawDue::<T>::insert(due, registered_at);
    }

    /// Store the seed that is due when block `now` begins: the hash of the block before it.
    pub(crate) fn draw_due(now: BlockNumberFor<T>) -> Weight {
        let Some(registered_at) = DrawDue::<T>::take(now) else { return T::WeightInfo::no_draw_due() };
        let seed: Digest = frame_system::Pallet::<T>::block_hash(now.saturating_sub(One::one())).into();
        Seeds::<T>::insert(registered_at, seed);
        Self::deposit_event(Event::SeedDrawn { registered_at, seed });
        T::WeightInfo::draw_due()
    }

    /// Answering asks for no standing: it only answers what the chain asked.
    pub(crate) fn do_answer_draw(
        who: T::AccountId,
        id: DatasetId,
        blocks: u32,
        digest: Digest,
    ) -> DispatchResult {
        let mut dataset = Self::owned(&who, &id)?;
        ensure!(dataset.sample.is_none(), Error::<T>::AlreadyAnswered);
        ensure!(Seeds::<T>::contains_key(dataset.registered.block), Error::<T>::NotDrawnYet);
        let most = most_blocks(dataset.length);
        ensure!((1..=most).contains(&blocks.into()), Error::<T>::SampleOutOfRange);

        let answer = SampleAnswer { blocks, digest, at: Self::moment(), position: dataset.records };
        Self::extend(&mut dataset, sample_entry(&id, &answer))?;
        dataset.sample = Some(answer);
        Datasets::<T>::insert(id, dataset);
        Self::deposit_event(Event::DrawAnswered { dataset: id, blocks, digest });
        Ok(())
    }
}
