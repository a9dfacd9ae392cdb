//! What a buyer reads of the chain, each question at one block and in as few requests as it can be.

use super::error::Result;
use super::storage_key::key;
use super::trading::royalty_count;
use super::{AccountBalance, PlacedOrder, View, Wanted};
use wonbon_model::{
    AccountId, Balance, BlockNumber, Dataset, DatasetId, Digest, Offer, OfferId, Order, OrderId, OrderTerms,
    Participant, Trade, Upgrade,
};
use wonbon_primitives::bounds::MAX_LINEAGE;

/// Orders behind the expected one whose state is asked for in the same request: those that others place meanwhile.
const ORDERS_AHEAD: OrderId = 8;
/// The same of trades of a dataset.
const TRADES_AHEAD: u32 = 2;

/// What a buyer has to know of an offer, at one block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prospect {
    /// The offer, open or not; `None` if it was never made.
    pub offer: Option<Offer>,
    /// The terms that an order would fix; `None` without the offer or rules.
    pub terms: Option<OrderTerms>,
    /// Who buys; `None` if they are not registered.
    pub buyer: Option<Participant>,
    /// What the buyer has.
    pub balance: AccountBalance,
    /// Who sells.
    pub seller: Option<Participant>,
    /// What is sold.
    pub dataset: Option<Dataset>,
    /// The trades of this dataset in which the buyer bought, in the order in which they became final.
    pub bought: Vec<Trade>,
    /// Datasets behind this one that an order has to look at: none, as a rule.
    pub parents: u32,
    /// What an order pays for the records that its trade leaves, in KRW.
    pub records_fee: Balance,
    /// The number of the next order.
    pub next_order: OrderId,
    /// Whether the council has stopped new orders.
    pub orders_stopped: bool,
    /// The upgrade of the chain that is announced, if one is.
    pub upgrade: Option<Upgrade>,
    /// Height of the block.
    pub height: BlockNumber,
}

/// The orders from a number on, at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrdersSince {
    /// Height of the block.
    pub height: BlockNumber,
    /// How many transactions of the account are in the blocks up to there.
    pub nonce: u64,
    /// What has become of them.
    pub orders: Vec<(OrderId, PlacedOrder)>,
}

/// How far an order is, at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderProgress {
    /// Height of the block.
    pub height: BlockNumber,
    /// How many transactions of the account are in the blocks up to there.
    pub nonce: u64,
    /// The order, while it is open.
    pub order: Option<Order>,
    /// Its offer, while it is open.
    pub offer: Option<Offer>,
    /// What it came to.
    pub trade: Option<Trade>,
}

impl Wanted {
    pub(crate) fn orders_since(first: OrderId, account: &AccountId) -> Self {
        let wanted = Self::account(account).extensions().entry(("Marketplace", "NextOrder"), vec![]);
        let numbers = first..first.saturating_add(ORDERS_AHEAD);
        numbers.fold(wanted, |wanted, id| wanted.entry(("Marketplace", "Orders"), vec![key(id)]))
    }

    pub(crate) fn progress(order: OrderId, account: &AccountId) -> Self {
        Self::account(account).extensions().entry(("Marketplace", "Orders"), vec![key(order)])
    }
}

impl View {
    /// What a buyer has to know of an offer: in one request what follows from its number, in another what follows from the
    /// offer, and in a third what follows from that, if there is anything.
    pub async fn prospect(&self, genesis: Digest, id: OfferId, buyer: &AccountId) -> Result<Prospect> {
        self.announce(Wanted::purchase(id, buyer).entries()).await?;
        let found = Prospect {
            buyer: self.participant(buyer).await?,
            balance: self.balance(buyer).await?,
            next_order: self.next_order().await?,
            orders_stopped: self.orders_stopped().await?,
            upgrade: self.announced_upgrade().await?,
            height: self.block().height,
            ..Prospect::default()
        };
        let Some(offer) = self.offer(id).await? else { return Ok(found) };
        let count = self.company_trade_count(buyer).await?.unwrap_or_default();
        let list = ("Marketplace", "CompanyTrades");
        let behind = Wanted::default()
            .dataset(&offer.dataset)
            .entry(("Provenance", "Royalties"), vec![key(offer.dataset)])
            .entry(("Participants", "Participants"), vec![key(offer.seller)])
            .entry(("Marketplace", "ClearedLineages"), vec![key(offer.seller), key(offer.dataset)])
            .entry(("Provenance", "HandedOver"), vec![key(offer.seller)]);
        let places = (0..count).map(|index| (list, vec![key(buyer), key(index)]));
        self.announce(behind.entries().into_iter().chain(places)).await?;

        let places: Vec<(DatasetId, u32)> = self.list(list, buyer, count).await?;
        let trades: Vec<u32> = places
            .into_iter()
            .filter_map(|(dataset, index)| (dataset == offer.dataset).then_some(index))
            .collect();
        let royalties = self.royalties(&offer.dataset).await?;
        let ancestors =
            royalties.iter().fold(Wanted::default(), |wanted, owed| wanted.dataset(&owed.dataset));
        let behind = trades.iter().fold(ancestors, |wanted, index| wanted.trade(&offer.dataset, *index));
        self.announce(behind.entries()).await?;

        let mut bought = Vec::new();
        for index in trades {
            bought.extend(self.trade(&offer.dataset, index).await?.filter(|trade| trade.buyer == *buyer));
        }
        let terms = self.quote(genesis, id).await?;
        let royalties = terms.as_ref().map_or(0, |terms| royalty_count(&terms.royalties));
        let dataset = self.dataset(&offer.dataset).await?;
        let parents = self.parents_to_look_at(&offer).await?;
        Ok(Prospect {
            terms,
            seller: self.participant(&offer.seller).await?,
            dataset,
            parents,
            records_fee: self.records_fee(royalties)?,
            bought,
            offer: Some(offer),
            ..found
        })
    }

    /// How many datasets the chain may have to look at to know that an offer's seller may sell what its dataset was made
    /// from: none, if it was made from none or this is known.
    pub async fn parents_to_look_at(&self, offer: &Offer) -> Result<u32> {
        let dataset = self.dataset(&offer.dataset).await?;
        if !dataset.is_some_and(|dataset| dataset.parent_count > 0) {
            return Ok(0);
        }
        let since = self.handed_over_by(&offer.seller).await?.unwrap_or_default();
        let is_cleared = self.cleared_lineage(&offer.seller, &offer.dataset).await? == Some(since);
        Ok(if is_cleared { 0 } else { MAX_LINEAGE })
    }

    /// What has become of the orders from a number on, and how many transactions of an account there are. Those that ended
    /// are looked at only if the order of the account with this nonce is not among the open ones.
    pub async fn orders_since(
        &self,
        first: OrderId,
        account: &AccountId,
        nonce: &Digest,
    ) -> Result<OrdersSince> {
        self.announce(Wanted::orders_since(first, account).entries()).await?;
        let (open, others) = self.open_between(first..self.next_order().await?).await?;
        let is_open = open.iter().any(|(_, order)| (order.buyer, order.nonce) == (*account, *nonce));
        let ended = if is_open { Vec::new() } else { self.ended(&others).await? };
        let open = open.into_iter().map(|(id, order)| (id, PlacedOrder::Open(Box::new(order))));
        Ok(OrdersSince {
            height: self.block().height,
            nonce: self.nonce(account).await?,
            orders: open.chain(ended).collect(),
        })
    }

    /// How far an order of an account is.
    pub async fn order_progress(&self, id: OrderId, account: &AccountId) -> Result<OrderProgress> {
        self.announce(Wanted::progress(id, account).entries()).await?;
        let (height, nonce) = (self.block().height, self.nonce(account).await?);
        let Some(order) = self.order(id).await? else {
            let trade = self.trade_of(id).await?.map(|trade| trade.record);
            return Ok(OrderProgress { height, nonce, order: None, offer: None, trade });
        };
        let dataset = order.terms.dataset;
        let behind = Wanted::default().dataset(&dataset);
        self.announce(behind.entry(("Marketplace", "Offers"), vec![key(order.offer)]).entries()).await?;
        // Where its trade will stand, if no other of the dataset ends before: it is read with the state in which it ended.
        let next = self.dataset(&dataset).await?.map_or(0, |dataset| dataset.trade_count);
        let places = next..next.saturating_add(TRADES_AHEAD);
        let ahead = places.fold(Wanted::default().order(id), |wanted, index| wanted.trade(&dataset, index));
        self.want_next(ahead.entries())?;
        let offer = self.offer(order.offer).await?;
        Ok(OrderProgress { height, nonce, order: Some(order), offer, trade: None })
    }
}
