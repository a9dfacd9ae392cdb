//! Datasets and trades as the lists of several pages show them.

use wonbon_model::{royalty_total, words::Term, EntryKey, Keyed, OfferState, Trade};

use super::{company_href, dataset_href, name, title, words, PAGE_ITEMS};
use crate::{
    catalogue::{self, Catalogue, DatasetView},
    read_model::queries::{self, OfferFilter, PageRequest},
};

/// A dataset in a list.
pub(super) struct DatasetRow {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) owner_href: String,
    pub(super) method: String,
    pub(super) size: String,
    pub(super) rows: Option<String>,
    pub(super) price: Option<String>,
    pub(super) withdrawn: bool,
}

impl DatasetRow {
    pub(super) fn new(catalogue: Catalogue<'_>, view: DatasetView) -> catalogue::Result<Self> {
        let DatasetView { dataset, owner_name, title, rows, .. } = view;
        let filter = OfferFilter {
            dataset: Some(dataset.id.into()),
            state: Some(OfferState::Open),
            ..Default::default()
        };
        let request = PageRequest { after: None, limit: PAGE_ITEMS };
        let offers = queries::offers(catalogue.kv, &filter, &request, |_| Ok(true))?;
        Ok(Self {
            href: dataset_href(dataset.id),
            title: title.unwrap_or_else(|| words::short(dataset.id)),
            owner: owner_name.unwrap_or_else(|| dataset.owner.to_string()),
            owner_href: company_href(dataset.owner),
            method: dataset.method.0.label(),
            size: words::bytes(dataset.length),
            rows: rows.map(words::number),
            price: offers.items.iter().map(|offer| offer.record.price).min().map(words::won),
            withdrawn: dataset.withdrawn.is_some(),
        })
    }
}

/// A trade in a list.
pub(super) struct TradeRow {
    pub(super) index: u32,
    pub(super) dataset: String,
    pub(super) dataset_href: String,
    pub(super) seller: String,
    pub(super) seller_href: String,
    pub(super) buyer: String,
    pub(super) buyer_href: String,
    pub(super) price: String,
    pub(super) royalties: Option<String>,
    pub(super) at: String,
    pub(super) outcome: String,
}

impl TradeRow {
    pub(super) fn new(catalogue: Catalogue<'_>, found: &Keyed<EntryKey, Trade>) -> catalogue::Result<Self> {
        let Keyed { key, record: trade } = found;
        Ok(Self {
            index: key.index,
            dataset: title(catalogue, key.dataset)?,
            dataset_href: dataset_href(key.dataset),
            seller: name(catalogue, trade.seller)?,
            seller_href: company_href(trade.seller),
            buyer: name(catalogue, trade.buyer)?,
            buyer_href: company_href(trade.buyer),
            price: words::won(trade.price),
            royalties: (!trade.royalties.is_empty()).then(|| words::won(royalty_total(&trade.royalties))),
            at: words::time(trade.ended.block, trade.ended.time),
            outcome: trade.outcome.label(),
        })
    }
}
