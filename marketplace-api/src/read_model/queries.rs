//! Questions to the read model.
//!
//! Lists go along one index and filter what they meet. One request looks at no more than [`EXAMINED`] rows, so a
//! rare filter gives a short page with a cursor rather than a slow answer. A cursor is the index key of the last
//! row examined: rows that appear or vanish elsewhere do not shift it.

use super::{
    ledger::{Direction, Ledger, LedgerError, Table},
    row::{decode, tail, Kind},
};
use crate::model::{
    Account, Attestation, Dataset, Hash, Offer, OfferState, Order, OrderState, Parent, Participant, Role,
    Standing, Trade,
};

/// Most rows that one request looks at.
pub const EXAMINED: usize = 5_000;
/// Rows fetched from the engine at once.
const FETCH: usize = 128;
/// Most datasets in a lineage, each way.
pub const LINEAGE_NODES: usize = 256;
/// Most steps in a lineage, each way.
pub const LINEAGE_DEPTH: u32 = 16;

/// Where a page begins and how long it may be.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The index key behind which it begins.
    pub after: Option<Vec<u8>>,
    /// Most items.
    pub limit: usize,
}

/// Some items of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end of the list.
    pub next: Option<Vec<u8>>,
}

type Result<T> = std::result::Result<T, LedgerError>;

fn fetch<T: codec::Decode>(ledger: &dyn Ledger, key: &[u8]) -> Result<Option<T>> {
    ledger.get(Table::Chain, key)?.map(|row| decode(&row)).transpose()
}

fn page<T>(
    ledger: &dyn Ledger,
    prefix: &[u8],
    direction: Direction,
    request: &PageRequest,
    mut item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let mut items = Vec::new();
    let mut after = request.after.clone();
    let mut examined = 0;
    loop {
        let rows = ledger.scan(Table::Chain, prefix, after.as_deref(), direction, FETCH)?;
        let last_fetch = rows.len() < FETCH;
        let count = rows.len();
        for (position, (key, value)) in rows.into_iter().enumerate() {
            examined += 1;
            items.extend(item(&key, &value)?);
            let at_end = last_fetch && position + 1 == count;
            after = Some(key);
            if !at_end && (items.len() >= request.limit || examined >= EXAMINED) {
                return Ok(Page { items, next: after });
            }
        }
        if last_fetch {
            return Ok(Page { items, next: None });
        }
    }
}

/// A company.
pub fn participant(ledger: &dyn Ledger, account: Account) -> Result<Option<Participant>> {
    fetch(ledger, &Kind::Participant.key(&[&account]))
}

/// A dataset.
pub fn dataset(ledger: &dyn Ledger, id: Hash) -> Result<Option<Dataset>> {
    fetch(ledger, &Kind::Dataset.key(&[&id]))
}

/// The account to which a dataset is being handed over.
pub fn handover(ledger: &dyn Ledger, dataset: Hash) -> Result<Option<Account>> {
    fetch(ledger, &Kind::Handover.key(&[&dataset]))
}

/// The time, in milliseconds since 1970, of a block that changed something.
pub fn block_time_ms(ledger: &dyn Ledger, number: u32) -> Result<Option<u64>> {
    fetch(ledger, &Kind::BlockTime.key(&[&number]))
}

/// An offer.
pub fn offer(ledger: &dyn Ledger, id: u64) -> Result<Option<Offer>> {
    fetch(ledger, &Kind::Offer.key(&[&id]))
}

/// An order that is not final.
pub fn order(ledger: &dyn Ledger, id: u64) -> Result<Option<Order>> {
    fetch(ledger, &Kind::Order.key(&[&id]))
}

/// The trade that an order ended as.
pub fn finished_order(ledger: &dyn Ledger, id: u64) -> Result<Option<Trade>> {
    let Some((dataset, index)) = fetch::<(Hash, u32)>(ledger, &Kind::FinishedOrder.key(&[&id]))? else {
        return Ok(None);
    };
    fetch(ledger, &Kind::Trade.key(&[&dataset, &index]))
}

/// The offers, at most `limit`, that sell a sealed payload.
pub fn offers_of_payload(ledger: &dyn Ledger, sealed_root: Hash, limit: usize) -> Result<Vec<Offer>> {
    let prefix = Kind::OfferBySealedRoot.key(&[&sealed_root]);
    let rows = ledger.scan(Table::Chain, &prefix, None, Direction::Ascending, limit)?;
    let found = |(key, _): &(Vec<u8>, _)| offer(ledger, u64::from_be_bytes(tail(key)?));
    rows.iter().filter_map(|row| found(row).transpose()).collect()
}

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
    ledger: &dyn Ledger,
    filter: &ParticipantFilter,
    request: &PageRequest,
    keep: impl Fn(&Participant) -> bool,
) -> Result<Page<Participant>> {
    page(ledger, &Kind::Participant.key(&[]), Direction::Ascending, request, |_, value| {
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
    ledger: &dyn Ledger,
    owner: Option<Account>,
    request: &PageRequest,
    keep: impl Fn(&Dataset) -> Result<bool>,
) -> Result<Page<Dataset>> {
    let prefix = match owner {
        Some(owner) => Kind::DatasetByOwner.key(&[&owner]),
        None => Kind::DatasetByTime.key(&[]),
    };
    page(ledger, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = dataset(ledger, Hash(tail(key)?))? else { return Ok(None) };
        Ok(keep(&found)?.then_some(found))
    })
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
    ledger: &dyn Ledger,
    filter: &OfferFilter,
    request: &PageRequest,
    keep: impl Fn(&Offer) -> Result<bool>,
) -> Result<Page<Offer>> {
    let prefix = match (filter.dataset, filter.seller) {
        (Some(dataset), _) => Kind::OfferByDataset.key(&[&dataset]),
        (None, Some(seller)) => Kind::OfferBySeller.key(&[&seller]),
        (None, None) => Kind::Offer.key(&[]),
    };
    page(ledger, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = offer(ledger, u64::from_be_bytes(tail(key)?))? else { return Ok(None) };
        let wanted = filter.seller.is_none_or(|seller| found.seller == seller)
            && filter.state.is_none_or(|state| found.state == state)
            && filter.max_price.is_none_or(|most| found.price <= most)
            && keep(&found)?;
        Ok(wanted.then_some(found))
    })
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
pub fn orders(ledger: &dyn Ledger, filter: &OrderFilter, request: &PageRequest) -> Result<Page<Order>> {
    let prefix = match (filter.offer, filter.buyer, filter.seller) {
        (Some(offer), _, _) => Kind::OrderByOffer.key(&[&offer]),
        (None, Some(buyer), _) => Kind::OrderByBuyer.key(&[&buyer]),
        (None, None, Some(seller)) => Kind::OrderBySeller.key(&[&seller]),
        (None, None, None) => Kind::Order.key(&[]),
    };
    page(ledger, &prefix, Direction::Descending, request, |key, _| {
        let Some(found) = order(ledger, u64::from_be_bytes(tail(key)?))? else { return Ok(None) };
        let wanted = filter.buyer.is_none_or(|buyer| found.buyer == buyer)
            && filter.seller.is_none_or(|seller| found.terms.seller == seller)
            && filter.state.is_none_or(|state| found.state == state);
        Ok(wanted.then_some(found))
    })
}

/// Trades: a dataset's by index, a company's or all newest first.
pub fn trades(
    ledger: &dyn Ledger,
    dataset: Option<Hash>,
    company: Option<Account>,
    request: &PageRequest,
) -> Result<Page<Trade>> {
    let party =
        |trade: &Trade| company.is_none_or(|company| trade.seller == company || trade.buyer == company);
    if let Some(dataset) = dataset {
        let prefix = Kind::Trade.key(&[&dataset]);
        return page(ledger, &prefix, Direction::Ascending, request, |_, value| {
            let found: Trade = decode(value)?;
            Ok(party(&found).then_some(found))
        });
    }
    let prefix = match company {
        Some(company) => Kind::TradeByCompany.key(&[&company]),
        None => Kind::TradeByTime.key(&[]),
    };
    page(ledger, &prefix, Direction::Descending, request, |key, _| {
        let mut trade = vec![Kind::Trade as u8];
        trade.extend_from_slice(&tail::<36>(key)?);
        fetch(ledger, &trade)
    })
}

/// A dataset's attestations, by index.
pub fn attestations(ledger: &dyn Ledger, dataset: Hash, request: &PageRequest) -> Result<Page<Attestation>> {
    page(ledger, &Kind::Attestation.key(&[&dataset]), Direction::Ascending, request, |_, value| {
        decode(value).map(Some)
    })
}

/// A dataset's parents, by index.
pub fn parents(ledger: &dyn Ledger, dataset: Hash, limit: usize) -> Result<Vec<Parent>> {
    let rows =
        ledger.scan(Table::Chain, &Kind::Parent.key(&[&dataset]), None, Direction::Ascending, limit)?;
    rows.iter().map(|(_, value)| decode(value)).collect()
}

/// A dataset's children with their relation to it, by id.
pub fn children(ledger: &dyn Ledger, dataset: Hash, limit: usize) -> Result<Vec<(Hash, String)>> {
    let rows = ledger.scan(Table::Chain, &Kind::Child.key(&[&dataset]), None, Direction::Ascending, limit)?;
    rows.iter().map(|(key, value)| Ok((Hash(tail(key)?), decode(value)?))).collect()
}

/// A step of a lineage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageEdge {
    /// The dataset that was made.
    pub child: Hash,
    /// What it was made from.
    pub parent: Hash,
    /// How.
    pub relation: String,
    /// Steps from the dataset asked about.
    pub depth: u32,
}

/// What a dataset was made from, and what was made from it, nearest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Steps back.
    pub ancestors: Vec<LineageEdge>,
    /// Steps forward.
    pub descendants: Vec<LineageEdge>,
    /// Whether a bound cut it short.
    pub truncated: bool,
}

/// A dataset's lineage, both ways, breadth first, within [`LINEAGE_NODES`] and [`LINEAGE_DEPTH`].
pub fn lineage(ledger: &dyn Ledger, dataset: Hash) -> Result<Lineage> {
    let (ancestors, cut_back) = walk(dataset, |id, limit| {
        let found = parents(ledger, id, limit)?;
        Ok(found.into_iter().map(|parent| (parent.parent, id, parent.parent, parent.relation)).collect())
    })?;
    let (descendants, cut_forward) = walk(dataset, |id, limit| {
        let found = children(ledger, id, limit)?;
        Ok(found.into_iter().map(|(child, relation)| (child, child, id, relation)).collect())
    })?;
    Ok(Lineage { ancestors, descendants, truncated: cut_back || cut_forward })
}

type Step = (Hash, Hash, Hash, String);

fn walk(start: Hash, next: impl Fn(Hash, usize) -> Result<Vec<Step>>) -> Result<(Vec<LineageEdge>, bool)> {
    let mut edges = Vec::new();
    let mut seen = std::collections::HashSet::from([start]);
    let mut level = vec![start];
    for depth in 1.. {
        let mut reached = Vec::new();
        for id in level {
            let room = LINEAGE_NODES - edges.len();
            let steps = next(id, room + 1)?;
            for (to, child, parent, relation) in steps {
                if edges.len() == LINEAGE_NODES || depth > LINEAGE_DEPTH {
                    return Ok((edges, true));
                }
                edges.push(LineageEdge { child, parent, relation, depth });
                if seen.insert(to) {
                    reached.push(to);
                }
            }
        }
        if reached.is_empty() {
            break;
        }
        level = reached;
    }
    Ok((edges, false))
}
