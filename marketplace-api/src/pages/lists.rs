//! Datasets and trades as the lists of several pages show them.

use wonbon_model::{EntryKey, Keyed, Trade};

use super::Link;
use crate::catalogue::{self, Catalogue, CheapestOffer, DatasetView};

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
