//! Lists of the catalogue: each goes along one index and filters what it meets.

use wonbon_model::{
    json::OrderState, AccountId, Dataset, DatasetId, EntryKey, Keyed, Offer, OfferId, OfferState, Order,
    OrderId, Participant, Role, Standing, Trade,
};

use super::{dataset, offer, order, page, trade, Page, PageRequest, Result};
use crate::{
    kv::{row::tail, Direction, KvStore},
    read_model::row::{decode, entry_key, Kind},
};

/// Which companies to list.
#[derive(Clone, Debug, Default)]
pub struct ParticipantFilter {
    /// Standing.
    pub standing: Option<Standing>,
    /// One of its roles.
    pub role: Option<Role>,
    /// Code of the province.
    pub region: Option<String>,
}

/// Companies, by account.
pub fn participants(
    kv: &dyn KvStore,
    filter: &ParticipantFilter,
    request: &PageRequest,
    keep: impl Fn(&Participant) -> bool,
) -> Result<Page<Keyed<AccountId, Participant>>> {
    page(kv, &Kind::Participant.key(&[]), Direction::Ascending, request, |key, value| {
        let found: Participant = decode(value)?;
        let wanted = filter.standing.is_none_or(|standing| found.standing == standing)
            && filter.role.is_none_or(|role| found.profile.roles.contains(role))
            && filter.region.as_ref().is_none_or(|region| found.profile.region.code() == region)
            && keep(&found);
        Ok(if wanted { Some(Keyed::new(AccountId(tail(key)?), found)) } else { None })
    })
}

/// Datasets, newest first, of one owner or of all.
pub fn datasets(
    kv: &dyn KvStore,
    owner: Option<AccountId>,
    request: &PageRequest,
    keep: impl Fn(&Keyed<DatasetId, Dataset>) -> Result<bool>,
) -> Result<Page<Keyed<DatasetId, Dataset>>> {
    let prefix = match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner]),
        None => Kind::DatasetByTime.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let id = DatasetId(tail(key)?);
        let Some(record) = dataset(kv, id)? else { return Ok(None) };
        let found = Keyed::new(id, record);
        Ok(keep(&found)?.then_some(found))
    })
}

/// The key of a dataset in the index that [`datasets`] goes along.
pub fn dataset_key(owner: Option<AccountId>, dataset: &Keyed<DatasetId, Dataset>) -> Vec<u8> {
    let (registered_at, id) = (&dataset.record.registered.block, &dataset.key);
    match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner, registered_at, id]),
        None => Kind::DatasetByTime.key(&[registered_at, id]),
    }
}

/// Which offers to list.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    /// Dataset.
    pub dataset: Option<DatasetId>,
    /// Seller.
    pub seller: Option<AccountId>,
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
    keep: impl Fn(&Keyed<OfferId, Offer>) -> Result<bool>,
) -> Result<Page<Keyed<OfferId, Offer>>> {
    let prefix = match (filter.dataset, filter.seller) {
        (Some(dataset), _) => Kind::OfferByDataset.key(&[&dataset]),
        (None, Some(seller)) => Kind::OfferBySeller.key(&[&seller]),
        (None, None) => Kind::Offer.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let id = OfferId::from_be_bytes(tail(key)?);
        let Some(record) = offer(kv, id)? else { return Ok(None) };
        let found = Keyed::new(id, record);
        let wanted = filter.seller.is_none_or(|seller| found.record.seller == seller)
            && filter.state.is_none_or(|state| found.record.state == state)
            && filter.max_price.is_none_or(|most| found.record.price <= most)
            && keep(&found)?;
        Ok(wanted.then_some(found))
    })
}

/// The key of an offer in the index that [`offers`] goes along.
pub fn offer_key(filter: &OfferFilter, offer: &Keyed<OfferId, Offer>) -> Vec<u8> {
    match (filter.dataset, filter.seller) {
        (Some(dataset), _) => Kind::OfferByDataset.key(&[&dataset, &offer.key]),
        (None, Some(seller)) => Kind::OfferBySeller.key(&[&seller, &offer.key]),
        (None, None) => Kind::Offer.key(&[&offer.key]),
    }
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Offer.
    pub offer: Option<u64>,
    /// Buyer.
    pub buyer: Option<AccountId>,
    /// Seller.
    pub seller: Option<AccountId>,
    /// State.
    pub state: Option<OrderState>,
}

/// Orders that are not final, newest first.
pub fn orders(
    kv: &dyn KvStore,
    filter: &OrderFilter,
    request: &PageRequest,
) -> Result<Page<Keyed<OrderId, Order>>> {
    let prefix = match (filter.offer, filter.buyer, filter.seller) {
        (Some(offer), _, _) => Kind::OrderByOffer.key(&[&offer]),
        (None, Some(buyer), _) => Kind::OrderByBuyer.key(&[&buyer]),
        (None, None, Some(seller)) => Kind::OrderBySeller.key(&[&seller]),
        (None, None, None) => Kind::Order.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let id = OrderId::from_be_bytes(tail(key)?);
        let Some(found) = order(kv, id)? else { return Ok(None) };
        let wanted = filter.buyer.is_none_or(|buyer| found.buyer == buyer)
            && filter.seller.is_none_or(|seller| found.terms.seller == seller)
            && filter.state.is_none_or(|state| OrderState::from(&found.state) == state);
        Ok(wanted.then_some(Keyed::new(id, found)))
    })
}

/// Trades: a dataset's by index, a company's or all newest first.
pub fn trades(
    kv: &dyn KvStore,
    dataset: Option<DatasetId>,
    company: Option<AccountId>,
    request: &PageRequest,
) -> Result<Page<Keyed<EntryKey, Trade>>> {
    let party =
        |trade: &Trade| company.is_none_or(|company| trade.seller == company || trade.buyer == company);
    if let Some(dataset) = dataset {
        let prefix = Kind::Trade.key(&[&dataset]);
        return page(kv, &prefix, Direction::Ascending, request, |key, value| {
            let found = Keyed::new(entry_key(key)?, decode(value)?);
            Ok(party(&found.record).then_some(found))
        });
    }
    let prefix = match company {
        Some(company) => Kind::TradeByCompany.key(&[&company]),
        None => Kind::TradeByTime.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| trade(kv, entry_key(key)?))
}
