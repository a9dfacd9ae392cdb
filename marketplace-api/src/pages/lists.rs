//! Datasets and trades as the lists of several pages show them.

use super::{company_href, dataset_href, name, title, words, PAGE_ITEMS};
use crate::{
    catalogue::{self, Catalogue, DatasetView},
    model::{OfferState, Trade},
    read_model::queries::{self, OfferFilter, PageRequest},
};

/// A dataset in a list.
pub(super) struct DatasetRow {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) owner_href: String,
    pub(super) method: &'static str,
    pub(super) size: String,
    pub(super) rows: Option<String>,
    pub(super) price: Option<String>,
    pub(super) withdrawn: bool,
}

impl DatasetRow {
    pub(super) fn new(catalogue: Catalogue<'_>, view: DatasetView) -> catalogue::Result<Self> {
        let DatasetView { dataset, owner_name, title, rows, .. } = view;
        let filter =
            OfferFilter { dataset: Some(dataset.id), state: Some(OfferState::Open), ..Default::default() };
        let request = PageRequest { after: None, limit: PAGE_ITEMS };
        let offers = queries::offers(catalogue.kv, &filter, &request, |_| Ok(true))?;
        Ok(Self {
            href: dataset_href(dataset.id),
            title: title.unwrap_or_else(|| words::short(dataset.id)),
            owner: owner_name.unwrap_or_else(|| dataset.owner.to_string()),
            owner_href: company_href(dataset.owner),
            method: words::method(dataset.method),
            size: words::bytes(dataset.length),
            rows: rows.map(|rows| words::number(rows.into())),
            price: offers.items.iter().map(|offer| offer.price).min().map(words::won),
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
    pub(super) fn new(catalogue: Catalogue<'_>, trade: Trade) -> catalogue::Result<Self> {
        let royalties = trade.royalties_paid();
        Ok(Self {
            index: trade.index,
            dataset: title(catalogue, trade.dataset)?,
            dataset_href: dataset_href(trade.dataset),
            seller: name(catalogue, trade.seller)?,
            seller_href: company_href(trade.seller),
            buyer: name(catalogue, trade.buyer)?,
            buyer_href: company_href(trade.buyer),
            price: words::won(trade.price),
            royalties: (!trade.royalties.is_empty()).then(|| words::won(royalties)),
            at: words::time(trade.final_at, Some(trade.final_time_ms)),
            outcome: words::outcome(trade.outcome, trade.bad_block),
        })
    }
}
