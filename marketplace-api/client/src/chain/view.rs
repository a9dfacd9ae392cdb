//! The state of the chain at one block, as our own types.

use super::ChainError;
use codec::{Decode, DecodeAll, Encode};
use futures::{stream, StreamExt, TryStreamExt};
use scale_info::{meta_type, MetaType, TypeInfo};
use std::collections::BTreeMap;
use subxt::client::{OnlineClientAtBlock, OnlineClientAtBlockImpl};
use subxt::config::SubstrateConfig;
use subxt::dynamic::Value;
use subxt::storage::{dynamic, StorageEntry, StorageValue};
use subxt::utils::Static;
use subxt::Metadata;
use wonbon_model::BlockRef;
use wonbon_model::{
    AccountId, Announcement, Attestation, Balance, BlockNumber, Dataset, DatasetId, DeriveRight, Digest,
    Handover, Offer, OfferId, Order, OrderId, OrderTerms, Parent, Participant, RegistrationNumber,
    RoyaltyShares, Rules, Trade, Version,
};

/// Entries of a list that are asked for at once.
const AT_ONCE: usize = 16;

/// The client of subxt at a block.
pub(super) type At = OnlineClientAtBlock<SubstrateConfig>;

/// How far finality is behind the best block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Height of the best block.
    pub best: BlockNumber,
    /// Height of the last finalized block.
    pub finalized: BlockNumber,
}

impl Lag {
    /// Blocks that are not final.
    pub fn blocks(&self) -> BlockNumber {
        self.best.saturating_sub(self.finalized)
    }
}

/// What an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountBalance {
    /// What it can spend or have put on hold.
    pub free: Balance,
    /// What is on hold: escrow, bonds, deposits.
    pub held: Balance,
}

/// What the chain puts on hold for records, in KRW.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deposits {
    /// From a seller for each offer, for good, beside its bond.
    pub offer: Balance,
    /// For an announcement, until it is used or cancelled.
    pub announcement: Balance,
    /// For a dataset, for good.
    pub dataset: Balance,
    /// For each parent of a dataset, besides.
    pub parent: Balance,
    /// For each royalty that a dataset carries, besides.
    pub royalty: Balance,
}

impl Deposits {
    /// For a new dataset with so many parents and royalties.
    pub fn of_dataset(&self, parents: usize, royalties: usize) -> Balance {
        let parents = self.parent.saturating_mul(parents as Balance);
        let royalties = self.royalty.saturating_mul(royalties as Balance);
        self.dataset.saturating_add(parents).saturating_add(royalties)
    }
}

/// Someone who may act for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
pub struct ProxyDefinition {
    /// The delegate.
    pub delegate: AccountId,
    /// The runtime's index of what he may do: 0 anything, 1 deliver.
    pub kind: u8,
    /// Blocks between his announcement and his call.
    pub delay: BlockNumber,
}

impl ProxyDefinition {
    /// Whether he may deliver at once, and do nothing else.
    pub fn is_delivery(&self) -> bool {
        (self.kind, self.delay) == (super::call::DELIVERY_PROXY, 0)
    }

    /// Whether he may deliver at once.
    pub fn may_deliver(&self) -> bool {
        (self.kind == ANY_PROXY || self.kind == super::call::DELIVERY_PROXY) && self.delay == 0
    }
}

/// The proxy type of the runtime that can do anything.
const ANY_PROXY: u8 = 0;

/// An entry of the chain's storage, with the types that this client reads it as.
pub(super) struct Entry {
    pub(super) pallet: &'static str,
    pub(super) name: &'static str,
    pub(super) keys: Vec<MetaType>,
    pub(super) value: MetaType,
}

macro_rules! entries {
    ($( $pallet:ident . $name:ident : ( $($key:ty),* ) => $value:ty; )*) => {
        /// Every entry that is read, for the comparison with the metadata.
        pub(super) fn entries() -> Vec<Entry> {
            vec![ $( Entry {
                pallet: stringify!($pallet),
                name: stringify!($name),
                keys: vec![ $( meta_type::<$key>() ),* ],
                value: meta_type::<$value>(),
            } ),* ]
        }
    };
}

entries! {
    Participants.Participants: (AccountId) => Participant;
    Participants.ByRegistrationNumber: (RegistrationNumber) => AccountId;
    Provenance.Announcements: (AccountId, Digest) => Announcement;
    Provenance.Datasets: (DatasetId) => Dataset;
    Provenance.Parents: (DatasetId, u32) => Parent;
    Provenance.ChildCount: (DatasetId) => u32;
    Provenance.Children: (DatasetId, u32) => DatasetId;
    Provenance.Versions: (DatasetId, u32) => Version;
    Provenance.Royalties: (DatasetId) => RoyaltyShares;
    Provenance.Attestations: (DatasetId, u32) => Attestation;
    Provenance.Handovers: (DatasetId, u32) => Handover;
    Provenance.PendingHandovers: (DatasetId) => AccountId;
    Provenance.Seeds: (BlockNumber) => Digest;
    Marketplace.Rules: () => Rules;
    Marketplace.Offers: (OfferId) => Offer;
    Marketplace.Orders: (OrderId) => Order;
    Marketplace.NextOffer: () => OfferId;
    Marketplace.NextOrder: () => OrderId;
    Marketplace.Finished: (OrderId) => (DatasetId, u32);
    Marketplace.Trades: (DatasetId, u32) => Trade;
    Marketplace.CompanyTrades: (AccountId, u32) => (DatasetId, u32);
    Marketplace.CompanyTradeCount: (AccountId) => u32;
    Marketplace.DeriveRights: (AccountId, DatasetId) => DeriveRight;
    Marketplace.UsedKeys: (AccountId, Digest) => OfferId;
    Session.Validators: () => Vec<AccountId>;
    Timestamp.Now: () => u64;
    Council.Members: () => Vec<AccountId>;
    Council.Proposals: () => Vec<Digest>;
    System.Account: (AccountId) => AccountInfo;
}

/// The SDK's account record.
#[derive(Encode, Decode, TypeInfo)]
struct AccountInfo {
    nonce: u32,
    consumers: u32,
    providers: u32,
    sufficients: u32,
    data: AccountData,
}

#[derive(Encode, Decode, TypeInfo)]
struct AccountData {
    free: Balance,
    reserved: Balance,
    frozen: Balance,
    flags: u128,
}

/// An encoded key: subxt hashes it as the metadata says.
#[derive(Clone)]
pub(super) struct Raw(Vec<u8>);

impl Encode for Raw {
    fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
        out.write(&self.0);
    }
}

impl Decode for Raw {
    fn decode<I: codec::Input>(_: &mut I) -> Result<Self, codec::Error> {
        Err("keys are only encoded".into())
    }
}

pub(super) type Keys = Vec<Static<Raw>>;
pub(super) type OpenEntry<'a> = StorageEntry<
    'a,
    SubstrateConfig,
    OnlineClientAtBlockImpl<SubstrateConfig>,
    subxt::storage::DynamicAddress<Keys, Value>,
>;

pub(super) fn key(part: impl Encode) -> Static<Raw> {
    Static(Raw(part.encode()))
}

/// The state at one block. What is not there is `None`; a read that fails is an error, never `None`.
#[derive(Clone)]
pub struct View {
    block: BlockRef,
    at: At,
}

impl View {
    pub(super) fn new(block: BlockRef, at: At) -> Self {
        Self { block, at }
    }

    pub(super) fn client(&self) -> &At {
        &self.at
    }

    pub(super) fn metadata(&self) -> &Metadata {
        self.at.metadata_ref()
    }

    /// The block.
    pub fn block(&self) -> BlockRef {
        self.block
    }

    /// A company.
    pub async fn participant(&self, account: &AccountId) -> Result<Option<Participant>, ChainError> {
        self.read("Participants", "Participants", vec![key(account)]).await
    }

    /// Every company that ever registered.
    pub async fn participants(&self) -> Result<Vec<(AccountId, Participant)>, ChainError> {
        self.walk("Participants", "Participants").await
    }

    /// The company that was verified with a registration number.
    pub async fn participant_with(
        &self,
        number: &RegistrationNumber,
    ) -> Result<Option<AccountId>, ChainError> {
        self.read("Participants", "ByRegistrationNumber", vec![key(number)]).await
    }

    /// The rules of the marketplace, if there are any yet.
    pub async fn rules(&self) -> Result<Option<Rules>, ChainError> {
        self.read("Marketplace", "Rules", vec![]).await
    }

    /// What the chain puts on hold for records.
    pub fn deposits(&self) -> Result<Deposits, ChainError> {
        Ok(Deposits {
            offer: self.constant("Marketplace", "OfferDeposit")?,
            announcement: self.constant("Provenance", "AnnouncementDeposit")?,
            dataset: self.constant("Provenance", "DatasetDeposit")?,
            parent: self.constant("Provenance", "ParentDeposit")?,
            royalty: self.constant("Provenance", "RecordDeposit")?,
        })
    }

    /// An offer.
    pub async fn offer(&self, offer: OfferId) -> Result<Option<Offer>, ChainError> {
        self.read("Marketplace", "Offers", vec![key(offer)]).await
    }

    /// Every offer ever made.
    pub async fn offers(&self) -> Result<Vec<(OfferId, Offer)>, ChainError> {
        self.walk("Marketplace", "Offers").await
    }

    /// The terms that an order of an offer would fix now; `None` without the offer or rules.
    pub async fn quote(&self, genesis: Digest, id: OfferId) -> Result<Option<OrderTerms>, ChainError> {
        let (Some(offer), Some(rules)) = (self.offer(id).await?, self.rules().await?) else {
            return Ok(None);
        };
        let owed = self.royalties(&offer.dataset).await?;
        let mut holders = BTreeMap::new();
        for royalty in &owed {
            let ancestor = self.dataset(&royalty.dataset).await?;
            let ancestor = ancestor.ok_or_else(|| {
                ChainError::undecodable("Provenance.Royalties", "it names a dataset that is not there")
            })?;
            holders.insert(royalty.dataset, ancestor.owner);
        }
        let terms = rules.terms_of(genesis, id, &offer, owed, |ancestor| holders.get(ancestor).copied());
        let terms =
            terms.ok_or_else(|| ChainError::undecodable("Provenance.Royalties", "they are too many"))?;
        Ok(Some(terms))
    }

    /// A company's right to sell what it makes from a dataset.
    pub async fn derive_right(
        &self,
        company: &AccountId,
        dataset: &DatasetId,
    ) -> Result<Option<DeriveRight>, ChainError> {
        self.read("Marketplace", "DeriveRights", vec![key(company), key(dataset)]).await
    }

    /// The id of the next offer.
    pub async fn next_offer(&self) -> Result<OfferId, ChainError> {
        Ok(self.read("Marketplace", "NextOffer", vec![]).await?.unwrap_or_default())
    }

    /// The id of the next order.
    pub async fn next_order(&self) -> Result<OrderId, ChainError> {
        Ok(self.read("Marketplace", "NextOrder", vec![]).await?.unwrap_or_default())
    }

    /// An order that is not final.
    pub async fn order(&self, order: OrderId) -> Result<Option<Order>, ChainError> {
        self.read("Marketplace", "Orders", vec![key(order)]).await
    }

    /// Every order that is not final.
    pub async fn orders(&self) -> Result<Vec<(OrderId, Order)>, ChainError> {
        self.walk("Marketplace", "Orders").await
    }

    /// Where the trade of a final order stands.
    pub async fn finished(&self, order: OrderId) -> Result<Option<(DatasetId, u32)>, ChainError> {
        self.read("Marketplace", "Finished", vec![key(order)]).await
    }

    /// The trade of a final order.
    pub async fn trade_of(&self, order: OrderId) -> Result<Option<Trade>, ChainError> {
        match self.finished(order).await? {
            Some((dataset, index)) => self.trade(&dataset, index).await,
            None => Ok(None),
        }
    }

    /// A trade.
    pub async fn trade(&self, dataset: &DatasetId, index: u32) -> Result<Option<Trade>, ChainError> {
        self.read("Marketplace", "Trades", vec![key(dataset), key(index)]).await
    }

    /// The trades of a dataset, in the order in which they became final.
    pub async fn trades(&self, dataset: &DatasetId) -> Result<Vec<Trade>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.trade_count);
        self.list("Marketplace", "Trades", dataset, count).await
    }

    /// Where the trades of a company stand, as seller or buyer, in the order in which they became final.
    pub async fn company_trades(&self, account: &AccountId) -> Result<Vec<(DatasetId, u32)>, ChainError> {
        let count =
            self.read("Marketplace", "CompanyTradeCount", vec![key(account)]).await?.unwrap_or_default();
        self.list("Marketplace", "CompanyTrades", account, count).await
    }

    /// The offer for which a seller used a key commitment.
    pub async fn used_key(
        &self,
        seller: &AccountId,
        commitment: &Digest,
    ) -> Result<Option<OfferId>, ChainError> {
        self.read("Marketplace", "UsedKeys", vec![key(seller), key(commitment)]).await
    }

    /// The validators.
    pub async fn validators(&self) -> Result<Vec<AccountId>, ChainError> {
        Ok(self.read("Session", "Validators", vec![]).await?.unwrap_or_default())
    }

    /// The block's time in milliseconds since 1970.
    pub async fn time_ms(&self) -> Result<u64, ChainError> {
        Ok(self.read("Timestamp", "Now", vec![]).await?.unwrap_or_default())
    }

    /// What an account has.
    pub async fn balance(&self, account: &AccountId) -> Result<AccountBalance, ChainError> {
        let found: Option<AccountInfo> = self.read("System", "Account", vec![key(account)]).await?;
        Ok(found.map_or_else(AccountBalance::default, |info| AccountBalance {
            free: info.data.free,
            held: info.data.reserved,
        }))
    }

    /// How many transactions of an account are in the blocks up to here.
    pub(super) async fn nonce(&self, account: &AccountId) -> Result<u64, ChainError> {
        let found: Option<AccountInfo> = self.read("System", "Account", vec![key(account)]).await?;
        Ok(found.map_or(0, |info| info.nonce.into()))
    }

    /// Who may act for an account.
    pub async fn proxies(&self, account: &AccountId) -> Result<Vec<ProxyDefinition>, ChainError> {
        let found: Option<(Vec<ProxyDefinition>, Balance)> =
            self.read("Proxy", "Proxies", vec![key(account)]).await?;
        Ok(found.map(|(definitions, _)| definitions).unwrap_or_default())
    }

    /// The members of the council.
    pub async fn council(&self) -> Result<Vec<AccountId>, ChainError> {
        Ok(self.read("Council", "Members", vec![]).await?.unwrap_or_default())
    }

    /// The motions that the council has before it, by hash.
    pub async fn motions(&self) -> Result<Vec<Digest>, ChainError> {
        Ok(self.read("Council", "Proposals", vec![]).await?.unwrap_or_default())
    }

    /// The account that may use `sudo`, on a development chain.
    pub async fn sudo_key(&self) -> Result<Option<AccountId>, ChainError> {
        self.read("Sudo", "Key", vec![]).await
    }

    pub(super) async fn read<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        keys: Keys,
    ) -> Result<Option<V>, ChainError> {
        let value = self.entry(pallet, name)?.try_fetch(keys).await;
        match value.map_err(|error| pruned_or_node(self.block, error))? {
            Some(value) => decode(pallet, name, &value).map(Some),
            None => Ok(None),
        }
    }

    /// The values of a double map below one key, for the indices from 0.
    pub(super) async fn list<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        first: impl Encode,
        count: u32,
    ) -> Result<Vec<V>, ChainError> {
        let first = key(first);
        let entry = |index| {
            let keys = vec![first.clone(), key(index)];
            async move {
                self.read(pallet, name, keys).await?.ok_or_else(|| {
                    ChainError::undecodable(
                        format!("{pallet}.{name}"),
                        format!("entry {index} of {count} is missing"),
                    )
                })
            }
        };
        stream::iter(0..count).map(entry).buffered(AT_ONCE).try_collect().await
    }

    /// Every entry of a map, sorted by key. The key must stand at the end of the storage key.
    pub(super) async fn walk<K: Decode + Ord, V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<Vec<(K, V)>, ChainError> {
        self.walk_below(pallet, name, Keys::new()).await
    }

    /// The same below the first keys of a map that has several.
    pub(super) async fn walk_below<K: Decode + Ord, V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        first: Keys,
    ) -> Result<Vec<(K, V)>, ChainError> {
        let failed = |error| pruned_or_node(self.block, error);
        let mut entries = self.entry(pallet, name)?.iter(first).await.map_err(failed)?;
        let mut found = Vec::new();
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(failed)?;
            let bytes = entry.key_bytes();
            let key = bytes
                .len()
                .checked_sub(size_of::<K>())
                .and_then(|start| K::decode_all(&mut &bytes[start..]).ok())
                .ok_or_else(|| ChainError::undecodable(format!("{pallet}.{name}"), "the key is too short"))?;
            found.push((key, decode(pallet, name, entry.value())?));
        }
        found.sort_by(|(one, _), (two, _)| one.cmp(two));
        Ok(found)
    }

    pub(super) fn entry(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<OpenEntry<'_>, ChainError> {
        self.at
            .storage()
            .entry(dynamic::<Keys, Value>(pallet, name))
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))
    }

    pub(super) fn constant<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<V, ChainError> {
        let bytes = self
            .at
            .constants()
            .entry_bytes((pallet, name))
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))?;
        V::decode_all(&mut &bytes[..])
            .map_err(|error| ChainError::undecodable(format!("{pallet}.{name}"), error))
    }
}

pub(super) fn decode<V: Decode>(
    pallet: &'static str,
    name: &'static str,
    value: &StorageValue<'_, Value>,
) -> Result<V, ChainError> {
    V::decode_all(&mut value.bytes())
        .map_err(|error| ChainError::undecodable(format!("{pallet}.{name}"), error))
}

/// Tells a pruned state from other failures of a node, which only its text does.
pub(super) fn pruned_or_node(block: BlockRef, error: impl std::fmt::Display) -> ChainError {
    let text = error.to_string();
    if text.contains("State already discarded") || text.contains("UnknownBlock: State") {
        ChainError::StatePruned(block)
    } else {
        ChainError::Node(text)
    }
}
