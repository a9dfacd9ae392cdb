//! Lists of the catalogue: each goes along one index and filters what it meets.

use wonbon_model::{
    words::OrderState, AccountId, Dataset, DatasetId, Keyed, Offer, OfferId, OfferState, Order, OrderId,
    Participant, Role, Standing, Trade,
};

use super::{dataset, offer, order, page, trade, Entries, PageRequest, Records, Result};
use crate::{
    kv::{row::tail, Direction, KvStore},
    read_model::row::{decode, entry_key, Kind},
};

/// Which companies to list.
#[derive(Clone, Debug, Default)]
pub struct ParticipantFilter {
    /// Only companies that stand so with the registrar.
    pub standing: Option<Standing>,
    /// Only companies that have this role, perhaps among others.
    pub role: Option<Role>,
    /// Only companies of this province, by its code of ISO 3166-2.
    pub region: Option<String>,
}

/// Companies, by account.
pub fn participants(
    kv: &dyn KvStore,
    filter: &ParticipantFilter,
    request: &PageRequest,
    keep: impl Fn(&Participant) -> bool,
) -> Records<AccountId, Participant> {
    page(kv, &Kind::Participant.key(&[]), Direction::Ascending, request, |key, value| {
        let found: Participant = decode(value)?;
        let wanted = filter.standing.is_none_or(|standing| found.standing == standing)
            && filter.role.is_none_or(|role| found.profile.roles.contains(role))
            && filter.region.as_ref().is_none_or(|region| found.profile.region.code() == region)
            && keep(&found);
        Ok(if wanted { Some(Keyed::new(AccountId(tail(key)?), found)) } else { None })
    })
}

/// Datasets, newest first, of one owner or of all; `keep` is given each with its key in the index.
pub fn datasets(
    kv: &dyn KvStore,
    owner: Option<AccountId>,
    request: &PageRequest,
    keep: impl Fn(&[u8], &Keyed<DatasetId, Dataset>) -> Result<bool>,
) -> Records<DatasetId, Dataset> {
    let prefix = match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner]),
        None => Kind::DatasetByTime.key(&[]),
    };
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let id = DatasetId(tail(key)?);
        let Some(record) = dataset(kv, id)? else { return Ok(None) };
        let found = Keyed::new(id, record);
        Ok(keep(key, &found)?.then_some(found))
    })
}

/// Which offers to list.
#[derive(Clone, Debug, Default)]
pub struct OfferFilter {
    /// Only offers of this dataset.
    pub dataset: Option<DatasetId>,
    /// Only offers by this account.
    pub seller: Option<AccountId>,
    /// Only offers that can, or cannot, be ordered for this reason.
    pub state: Option<OfferState>,
    /// Only offers at this price or less, in won.
    pub max_price: Option<u128>,
}

/// Offers, newest first; `keep` is given each with its key in the index.
pub fn offers(
    kv: &dyn KvStore,
    filter: &OfferFilter,
    request: &PageRequest,
    keep: impl Fn(&[u8], &Keyed<OfferId, Offer>) -> Result<bool>,
) -> Records<OfferId, Offer> {
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
            && keep(key, &found)?;
        Ok(wanted.then_some(found))
    })
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only orders of this offer.
    pub offer: Option<u64>,
    /// Only orders by this account.
    pub buyer: Option<AccountId>,
    /// Only orders that this account is to deliver.
    pub seller: Option<AccountId>,
    /// Only orders that are so far.
    pub state: Option<OrderState>,
}

/// Orders that are not final, newest first.
pub fn orders(kv: &dyn KvStore, filter: &OrderFilter, request: &PageRequest) -> Records<OrderId, Order> {
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
) -> Entries<Trade> {
    let (prefix, direction) = match (dataset, company) {
        (Some(dataset), _) => (Kind::Trade.key(&[&dataset]), Direction::Ascending),
        (None, Some(company)) => (Kind::TradeByCompany.key(&[&company]), Direction::Descending),
        (None, None) => (Kind::TradeByTime.key(&[]), Direction::Descending),
    };
    let party =
        |trade: &Trade| company.is_none_or(|company| trade.seller == company || trade.buyer == company);
    page(kv, &prefix, direction, request, |key, _| {
        Ok(trade(kv, entry_key(key)?)?.filter(|found| party(&found.record)))
    })
}
