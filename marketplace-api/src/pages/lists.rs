//! Datasets and trades as the lists of several pages show them.

use wonbon_model::{json::RoyaltiesReceived, EntryKey, Keyed, Royalty, Trade};

use super::Link;
use crate::{
    catalogue::{self, Catalogue, CheapestOffer, DatasetView},
    read_model::queries::{Page, PaidRoyalty},
};

/// A dataset in a list.
pub(super) struct DatasetRow {
    pub(super) link: Link,
    pub(super) owner: Link,
    pub(super) view: DatasetView,
    pub(super) cheapest: Option<CheapestOffer>,
}

impl DatasetRow {
    pub(super) fn new(catalogue: Catalogue<'_>, view: DatasetView) -> catalogue::Result<Self> {
        Ok(Self {
            link: Link::dataset(view.dataset.id, view.title.clone()),
            owner: Link::company(view.dataset.owner, view.owner_name.clone()),
            cheapest: catalogue.cheapest_offer(view.dataset.id.into())?,
            view,
        })
    }
}

/// A trade in a list.
pub(super) struct TradeRow {
    pub(super) dataset: Link,
    pub(super) seller: Link,
    pub(super) buyer: Link,
    pub(super) index: u32,
    pub(super) trade: Trade,
}

impl TradeRow {
    pub(super) fn new(catalogue: Catalogue<'_>, found: Keyed<EntryKey, Trade>) -> catalogue::Result<Self> {
        let Keyed { key: EntryKey { dataset, index }, record: trade } = found;
        Ok(Self {
            dataset: Link::to_dataset(catalogue, dataset)?,
            seller: Link::to_company(catalogue, trade.seller)?,
            buyer: Link::to_company(catalogue, trade.buyer)?,
            index,
            trade,
        })
    }
}

/// A royalty in a list.
pub(super) struct RoyaltyRow {
    /// What it was paid for.
    pub(super) dataset: Link,
    /// Who got it.
    pub(super) account: Link,
    /// What was sold.
    pub(super) sold: Link,
    pub(super) seller: Link,
    pub(super) royalty: Royalty,
    pub(super) trade: Trade,
}

impl RoyaltyRow {
    fn new(catalogue: Catalogue<'_>, found: PaidRoyalty) -> catalogue::Result<Self> {
        let PaidRoyalty { key, trade, royalty } = found;
        Ok(Self {
            dataset: Link::to_dataset(catalogue, royalty.dataset)?,
            account: Link::to_company(catalogue, royalty.account)?,
            sold: Link::to_dataset(catalogue, key.dataset)?,
            seller: Link::to_company(catalogue, trade.seller)?,
            royalty,
            trade,
        })
    }
}

/// The royalties that a company got, or that were paid for a dataset.
pub(super) struct Royalties {
    pub(super) received: RoyaltiesReceived,
    pub(super) list: Page<RoyaltyRow>,
}

impl Royalties {
    pub(super) fn new(
        catalogue: Catalogue<'_>,
        received: RoyaltiesReceived,
        list: Page<PaidRoyalty>,
    ) -> catalogue::Result<Self> {
        Ok(Self { received, list: list.try_map(|paid| RoyaltyRow::new(catalogue, paid))? })
    }
}
