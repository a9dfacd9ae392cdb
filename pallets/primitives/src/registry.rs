//! What the marketplace asks of the pallet that keeps the datasets, and that pallet of the marketplace.

use crate::{
    content::Commitment,
    record::{Parent, RoyaltyShares},
    share::Share,
    DatasetId, Digest,
};
use alloc::vec::Vec;

/// What another pallet learns about a dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatasetInfo<AccountId> {
    /// Who holds it.
    pub owner: AccountId,
    /// Root and length of the plaintext.
    pub commitment: Commitment,
    /// Whether the owner has withdrawn it.
    pub withdrawn: bool,
}

/// Where the next trade of a dataset will stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TradePlace {
    /// Its number among the dataset's trades.
    pub index: u32,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// Where the marketplace looks up datasets and leaves its records.
pub trait DatasetRegistry<AccountId> {
    /// The dataset, `None` if it is not registered. The caller looks at `withdrawn` and `owner`.
    fn offerable(dataset: &DatasetId) -> Option<DatasetInfo<AccountId>>;

    /// Whether the dataset's registration stands for good: it is provisional no more, and entered with its parents. Only
    /// then it is offered, and what stands once does so for ever.
    fn stands(dataset: &DatasetId) -> bool;

    /// Who holds the dataset now, withdrawn or not; `None` if it is not registered.
    fn owner(dataset: &DatasetId) -> Option<AccountId>;

    /// How many datasets the account handed over, ever. What it holds by owning is as it was while this is.
    fn handed_over_by(account: &AccountId) -> u32;

    /// How many datasets the dataset was made from: so many parents are read with [`Self::parents`].
    fn parent_count(dataset: &DatasetId) -> u32;

    /// What the dataset was made from, in the registrant's order; at most `bounds::MAX_PARENTS`.
    fn parents(dataset: &DatasetId) -> Vec<Parent>;

    /// The royalties that every sale of the dataset owes, fixed at registration: one for each ancestor that
    /// gets any.
    fn royalties(dataset: &DatasetId) -> RoyaltyShares;

    /// Where the next trade of the dataset will stand, for the trade's own record; `None` if it is not
    /// registered or its records can be counted no further.
    fn next_trade(dataset: &DatasetId) -> Option<TradePlace>;

    /// Counts the trade that stands at [`Self::next_trade`] and extends the hash chain with its entry. Withdrawn
    /// datasets take trades too. Nothing happens where `next_trade` is `None`.
    fn record_trade(dataset: &DatasetId, entry: Digest);

    /// Registers a dataset for a benchmark, past every check. Its royalties are those that the parents state; the
    /// parents need not be registered.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(owner: &AccountId, commitment: Commitment, parents: &[Parent]) -> DatasetId;
}

/// What the pallet that keeps the datasets has the marketplace do.
pub trait DatasetMarket<AccountId> {
    /// Withdraws every open offer of a dataset that was withdrawn, at most `bounds::MAX_OPEN_OFFERS`, and says how
    /// many there were.
    fn withdraw_offers(dataset: &DatasetId) -> Result<u32, Stuck>;

    /// Lets a company that hands a dataset over go on selling what it makes from it, for this royalty at least.
    /// `handover` is the handover's number. A right that it has for less stays as it is.
    fn keep_right(company: &AccountId, dataset: &DatasetId, royalty: Share, handover: u32);

    /// Makes an open offer with a bond, for a benchmark, past every check.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_offer(seller: &AccountId, dataset: &DatasetId);
}

/// The marketplace's books contradict each other: the call that asked must fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stuck;

/// There is no market.
impl<AccountId> DatasetMarket<AccountId> for () {
    fn withdraw_offers(_: &DatasetId) -> Result<u32, Stuck> {
        Ok(0)
    }

    fn keep_right(_: &AccountId, _: &DatasetId, _: Share, _: u32) {}

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_offer(_: &AccountId, _: &DatasetId) {}
}

/// Where the trades of datasets are, for the checks of the hash chains that they extend.
///
/// A runtime's `try_state` asks, and no call does: a dataset may have any number of trades.
pub trait TradeEntries {
    /// For each trade of the dataset its place in the hash chain and the entry there, both out of its record.
    fn trade_entries(dataset: &DatasetId) -> Vec<(u32, Digest)>;
}

/// Nothing is traded.
impl TradeEntries for () {
    fn trade_entries(_: &DatasetId) -> Vec<(u32, Digest)> {
        Vec::new()
    }
}
