//! What the JSON endpoints show beside the records themselves.

mod dataset;

pub(crate) use dataset::dataset;
pub use dataset::{DatasetDetail, DatasetView, DrawState, DrawView};

use serde::Serialize;
use utoipa::ToSchema;

use super::{cursor::List, App};
use crate::{
    kv::{KvError, KvStore},
    model::{Account, Hash, Offer, Order, Participant, Trade},
    payloads::Payload,
    read_model::queries::{self, LineageEdge, Page},
    search::SearchIndex,
};

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageView<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` at the end. A page can be short and still have one.
    pub next: Option<String>,
}

impl<T> PageView<T> {
    /// A page with its cursor as text.
    pub fn new(list: &List, page: Page<T>) -> Self {
        Self { items: page.items, next: page.next.map(|key| list.cursor(&key)) }
    }
}

/// An offer with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferView {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub offer: Offer,
    /// Name of the seller.
    pub seller_name: Option<String>,
    /// Title of the dataset, if its metadata document is stored here.
    pub title: Option<String>,
    /// Whether the sealed payload is stored here.
    pub stored: bool,
    /// The fair sample of the dataset.
    pub draw: Option<DrawView>,
}

/// How far an order is, or how it ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// Number.
    pub id: u64,
    /// `placed`, `delivered` or `final`.
    pub state: &'static str,
    /// The order, while it is not final.
    pub order: Option<Order>,
    /// Its permanent record, once it is final.
    pub trade: Option<Trade>,
}

/// A company with what is to be known before dealing with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParticipantDetail {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub participant: Participant,
    /// How many fair samples of the datasets that it holds were drawn and not answered, as far as they were counted.
    pub unanswered_draws: u32,
    /// Whether there may be more of them.
    pub more_unanswered_draws: bool,
    /// How many fair samples of the datasets that it registered were drawn and never answered, whoever holds the
    /// datasets now, as far as they were counted.
    pub registered_unanswered_draws: u32,
    /// Whether there may be more of them.
    pub more_registered_unanswered_draws: bool,
}

pub(crate) fn participant(kv: &dyn KvStore, account: Account) -> Result<Option<ParticipantDetail>, KvError> {
    let Some(participant) = queries::participant(kv, account)? else { return Ok(None) };
    let held = queries::held_unanswered(kv, account)?;
    let registered = queries::registered_unanswered(kv, account)?;
    Ok(Some(ParticipantDetail {
        participant,
        unanswered_draws: held.count,
        more_unanswered_draws: held.more,
        registered_unanswered_draws: registered.count,
        more_registered_unanswered_draws: registered.more,
    }))
}

/// A step of a lineage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineageStep {
    /// The dataset that was made.
    pub child: Hash,
    /// What it was made from.
    pub parent: Hash,
    /// How, e.g. `cleaned_from`.
    pub relation: String,
    /// The share of the child's sales, in millionths, that goes to the parent's owner.
    pub royalty: u32,
    /// Steps from the dataset asked about.
    pub depth: u32,
    /// Title of the dataset at the far end, if known here.
    pub title: Option<String>,
}

/// A dataset's lineage, both ways.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineageView {
    /// The dataset.
    pub dataset: Hash,
    /// Steps back, nearest first.
    pub ancestors: Vec<LineageStep>,
    /// Steps forward, nearest first.
    pub descendants: Vec<LineageStep>,
    /// Whether a bound cut it short.
    pub truncated: bool,
}

/// Name of a company.
pub(crate) fn name(kv: &dyn KvStore, account: Account) -> Result<Option<String>, KvError> {
    Ok(queries::participant(kv, account)?.map(|found: Participant| found.name))
}

pub(crate) fn title(kv: &dyn KvStore, search: &SearchIndex, id: Hash) -> Result<Option<String>, KvError> {
    let found = queries::dataset(kv, id)?;
    Ok(found.and_then(|dataset| search.summary(dataset.metadata)).map(|summary| summary.title))
}

pub(crate) fn offer(kv: &dyn KvStore, search: &SearchIndex, offer: Offer) -> Result<OfferView, KvError> {
    Ok(OfferView {
        seller_name: name(kv, offer.seller)?,
        title: title(kv, search, offer.dataset)?,
        draw: dataset::draw_of(kv, offer.dataset)?,
        stored: Payload::find(kv, offer.sealed_root)?.is_some(),
        offer,
    })
}

pub(crate) fn lineage(kv: &dyn KvStore, search: &SearchIndex, id: Hash) -> Result<LineageView, KvError> {
    let found = queries::lineage(kv, id)?;
    let steps = |edges: Vec<LineageEdge>, far: fn(&LineageEdge) -> Hash| {
        let step = |edge: LineageEdge| {
            let title = title(kv, search, far(&edge))?;
            let LineageEdge { child, parent, relation, royalty, depth } = edge;
            Ok(LineageStep { child, parent, relation, royalty, depth, title })
        };
        edges.into_iter().map(step).collect::<Result<Vec<_>, KvError>>()
    };
    Ok(LineageView {
        dataset: id,
        ancestors: steps(found.ancestors, |edge| edge.parent)?,
        descendants: steps(found.descendants, |edge| edge.child)?,
        truncated: found.truncated,
    })
}

impl App {
    /// Title of a dataset, if its metadata document is stored here.
    pub(crate) fn title(&self, kv: &dyn KvStore, id: Hash) -> Result<Option<String>, KvError> {
        title(kv, &self.search, id)
    }
}
