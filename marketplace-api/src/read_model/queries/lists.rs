//! Lists of the catalogue: each goes along one index and filters what it meets.

use super::{dataset, fetch, offer, order, page, Page, PageRequest, Result};
use crate::{
    kv::{row::tail, Direction, KvStore},
    model::{
        Account, Attestation, Dataset, Hash, Offer, OfferState, Order, OrderState, Participant, Role,
        Standing, Trade,
    },
    read_model::row::{decode, Kind},
};

/// Which companies to list.
#[derive(Clone, Debug, Default)]
pub struct ParticipantFilter {
    /// Standing.
    pub standing: Option<Standing>,
    /// One of its roles.
    pub role: Option<Role>,
    /// Province.
    pub region: Option<String>,
}

/// Companies, by account.
pub fn participants(
    kv: &dyn KvStore,
    filter: &ParticipantFilter,
    request: &PageRequest,
    keep: impl Fn(&Participant) -> bool,
) -> Result<Page<Participant>> {
    page(kv, &Kind::Participant.key(&[]), Direction::Ascending, request, |_, value| {
        let found: Participant = decode(value)?;
        let wanted = filter.standing.is_none_or(|standing| found.standing == standing)
            && filter.role.is_none_or(|role| found.roles.contains(&role))
            && filter.region.as_ref().is_none_or(|region| found.region == *region)
            && keep(&found);
        Ok(wanted.then_some(found))
    })
}

/// Datasets, newest first, of one owner or of all.
pub fn datasets(
    kv: &dyn KvStore,
    owner: Option<Account>,
    request: &PageRequest,
    keep: impl Fn(&Dataset) -> Result<bool>,
) -> Result<Page<Dataset>> {
    let prefix = match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner]),
        None => Kind::DatasetByTime.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = dataset(kv, Hash(tail(key)?))? else { return Ok(None) };
        Ok(keep(&found)?.then_some(found))
    })
}

/// The key of a dataset in the index that [`datasets`] goes along.
pub fn dataset_key(owner: Option<Account>, dataset: &Dataset) -> Vec<u8> {
    match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner, &dataset.registered_at, &dataset.id]),
        None => Kind::DatasetByTime.key(&[&dataset.registered_at, &dataset.id]),
    }
}

/// Which offers to list.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    /// Dataset.
    pub dataset: Option<Hash>,
    /// Seller.
    pub seller: Option<Account>,
    /// State.
    pub state: Option<OfferState>,
    /// Highest price, in won.
    pub max_price: Option<u128>,
}

/// Offers, newest first.
pub fn offers(
    kv: &dyn KvStore,
    filter: &OfferFilter,
    request: &PageRequest,
    keep: impl Fn(&Offer) -> Result<bool>,
) -> Result<Page<Offer>> {
    let prefix = match (filter.dataset, filter.seller) {
        (Some(dataset), _) => Kind::OfferByDataset.key(&[&dataset]),
        (None, Some(seller)) => Kind::OfferBySeller.key(&[&seller]),
        (None, None) => Kind::Offer.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = offer(kv, u64::from_be_bytes(tail(key)?))? else { return Ok(None) };
        let wanted = filter.seller.is_none_or(|seller| found.seller == seller)
            && filter.state.is_none_or(|state| found.state == state)
            && filter.max_price.is_none_or(|most| found.price <= most)
            && keep(&found)?;
        Ok(wanted.then_some(found))
    })
}

/// The key of an offer in the index that [`offers`] goes along.
pub fn offer_key(filter: &OfferFilter, offer: &Offer) -> Vec<u8> {
    match (filter.dataset, filter.seller) {
        (Some(dataset), _) => Kind::OfferByDataset.key(&[&dataset, &offer.id]),
        (None, Some(seller)) => Kind::OfferBySeller.key(&[&seller, &offer.id]),
        (None, None) => Kind::Offer.key(&[&offer.id]),
    }
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Offer.
    pub offer: Option<u64>,
    /// Buyer.
    pub buyer: Option<Account>,
    /// Seller.
    pub seller: Option<Account>,
    /// State.
    pub state: Option<OrderState>,
}

/// Orders that are not final, newest first.
pub fn orders(kv: &dyn KvStore, filter: &OrderFilter, request: &PageRequest) -> Result<Page<Order>> {
    let prefix = match (filter.offer, filter.buyer, filter.seller) {
        (Some(offer), _, _) => Kind::OrderByOffer.key(&[&offer]),
        (None, Some(buyer), _) => Kind::OrderByBuyer.key(&[&buyer]),
        (None, None, Some(seller)) => Kind::OrderBySeller.key(&[&seller]),
        (None, None, None) => Kind::Order.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = order(kv, u64::from_be_bytes(tail(key)?))? else { return Ok(None) };
        let wanted = filter.buyer.is_none_or(|buyer| found.buyer == buyer)
            && filter.seller.is_none_or(|seller| found.terms.seller == seller)
            && filter.state.is_none_or(|state| found.state == state);
        Ok(wanted.then_some(found))
    })
}

/// Trades: a dataset's by index, a company's or all newest first.
pub fn trades(
    kv: &dyn KvStore,
    dataset: Option<Hash>,
    company: Option<Account>,
    request: &PageRequest,
) -> Result<Page<Trade>> {
    let party =
        |trade: &Trade| company.is_none_or(|company| trade.seller == company || trade.buyer == company);
    if let Some(dataset) = dataset {
        let prefix = Kind::Trade.key(&[&dataset]);
        return page(kv, &prefix, Direction::Ascending, request, |_, value| {
            let found: Trade = decode(value)?;
            Ok(party(&found).then_some(found))
        });
    }
    let prefix = match company {
        Some(company) => Kind::TradeByCompany.key(&[&company]),
        None => Kind::TradeByTime.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let mut trade = vec![Kind::Trade as u8];
        trade.extend_from_slice(&tail::<36>(key)?);
        fetch(kv, &trade)
    })
}

/// A dataset's attestations, by index.
pub fn attestations(kv: &dyn KvStore, dataset: Hash, request: &PageRequest) -> Result<Page<Attestation>> {
    page(kv, &Kind::Attestation.key(&[&dataset]), Direction::Ascending, request, |_, value| {
        decode(value).map(Some)
    })
}
