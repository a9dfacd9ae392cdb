//! A purchase and its journal, from its quote to its end, by steps that can each be repeated.

use super::{Buyer, Quote};
use crate::chain::{ChainError, Signed};
use crate::company::SecretId;
use crate::exchange::{journal, Event, ExchangeError, Result};
use crate::keys::secret_box::random;
use crate::ports::{Blob, Lock, StorageError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wonbon_model::{AccountId, BlockNumber, Digest, OfferId, OrderId, OrderTerms, Outcome, Trade};
use wonbon_package::Sealed;
use wonbon_primitives::delivery::Delivery;
use wonbon_primitives::id::{hex_digest, to_hex};

/// Layout of the journals that are written and read.
const JOURNAL_VERSION: u8 = 1;

/// A purchase under way, as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    version: u8,
    #[serde(with = "hex_digest")]
    genesis: Digest,
    account: AccountId,
    /// The chain's number of the offer.
    pub offer: OfferId,
    /// What was agreed to.
    pub terms: OrderTerms,
    /// The name of the sink for the file.
    pub output: String,
    #[serde(with = "hex_digest")]
    pub(super) nonce: Digest,
    /// The company's secret that the order's derives from; none if it derives from the key's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<SecretId>,
    /// Whether the package is here and was checked.
    pub verified: bool,
    /// The height that the order's transaction was signed at, if one was.
    pub(super) sent_after: Option<BlockNumber>,
    /// That transaction. It is sent again as it is: it can be in one block at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signed: Option<Signed>,
    /// The lowest number that its order can have.
    #[serde(default)]
    pub(super) first_order: OrderId,
    /// The order, once it is in a finalized block.
    pub order: Option<OrderId>,
    /// The delivered key, wrapped.
    pub(super) delivery: Option<Delivery>,
}

impl Purchase {
    /// The name of its journal, and of its package: each purchase has its own copy, so that the end of one takes nothing
    /// from another.
    fn name(&self) -> String {
        to_hex(&self.nonce)
    }

    /// The sealing that was agreed to.
    pub(super) fn sealed(&self) -> Sealed {
        let OrderTerms { key_commitment, .. } = self.terms;
        Sealed { plain: self.terms.plain(), sealed: self.terms.sealed(), key_commitment }
    }

    /// Its package, once that was checked.
    pub(super) fn package(&self) -> Blob {
        Blob::Bought(self.name())
    }

    /// What has come of its package so far.
    pub(super) fn incoming(&self) -> Blob {
        Blob::Incoming(self.name())
    }
}

/// How an order stands when there is no more to wait for.
pub(super) enum WaitOutcome {
    Delivered(Delivery),
    Final(Box<Trade>),
}

/// How a purchase ended, and how its order did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PurchaseEnd {
    /// The file is in its place, a sink of this name, and the seller was paid.
    Bought { order: OrderId, output: String, outcome: Outcome },
    /// The money came back.
    Refunded { order: OrderId, outcome: Outcome },
}

/// Held by the one process that buys an offer for an account.
#[derive(Debug)]
pub struct PurchaseLock {
    account: AccountId,
    offer: OfferId,
    _held: Lock,
}

/// Whether an order that was not placed for this reason will not be placed by trying again.
fn is_final(error: &ExchangeError) -> bool {
    matches!(
        error,
        ExchangeError::Chain(
            ChainError::Refused { .. } | ChainError::Rejected(_) | ChainError::MayNotAct { .. }
        ) | ExchangeError::Changed(_)
            | ExchangeError::OfferClosed { .. }
    )
}

impl Buyer<'_> {
    /// Locks the purchases of an offer for this process, until the lock is dropped. To be taken before [`Self::pending`]
    /// is asked: two processes that do not know of each other would order twice.
    pub async fn lock(&self, offer: OfferId) -> Result<PurchaseLock> {
        let account = self.key.account();
        let name = format!("{}-{offer}", to_hex(&account.0));
        match self.home.purchases().try_lock(&name).await? {
            Some(held) => Ok(PurchaseLock { account, offer, _held: held }),
            None => Err(ExchangeError::Busy(format!("another purchase of offer {offer}"))),
        }
    }

    fn check_lock(&self, lock: &PurchaseLock, offer: OfferId) -> Result<()> {
        if (lock.account, lock.offer) == (self.key.account(), offer) {
            return Ok(());
        }
        Err(ExchangeError::Busy(format!("what was locked is not offer {offer}; another purchase")))
    }

    /// Buys what was quoted, into the sink of this name. A purchase of the same offer into the same sink that was
    /// interrupted is gone on with; if its order was not sent and the terms are others by now, it is given up for a new
    /// one.
    pub async fn buy(&self, lock: &PurchaseLock, quote: &Quote, output: &str) -> Result<PurchaseEnd> {
        self.check_lock(lock, quote.offer)?;
        let output = self.home.sink(output)?.name().to_owned();
        for purchase in self.pending_of(quote.offer).await? {
            let same = purchase.output == output;
            if same && (purchase.terms.digest() == quote.terms.digest() || !self.abandon(&purchase).await?) {
                return self.resume(lock, purchase).await;
            }
        }
        let secret = self.secret_for_orders().await?;
        let purchase = self.new_purchase(quote.offer, quote.terms.clone(), output, (random(), secret));
        self.save(&purchase).await?;
        self.resume(lock, purchase).await
    }

    /// A purchase that has just begun, with the nonce of its order and what the order's secret derives from.
    pub(super) fn new_purchase(
        &self,
        offer: OfferId,
        terms: OrderTerms,
        output: String,
        (nonce, secret): (Digest, Option<SecretId>),
    ) -> Purchase {
        Purchase {
            version: JOURNAL_VERSION,
            genesis: self.market.genesis(),
            account: self.key.account(),
            offer,
            terms,
            output,
            nonce,
            secret,
            verified: false,
            sent_after: None,
            signed: None,
            first_order: 0,
            order: None,
            delivery: None,
        }
    }

    /// Purchases of this account on this chain that were interrupted. A journal that cannot be read is told and
    /// left out.
    pub async fn pending(&self) -> Result<Vec<Purchase>> {
        self.journals(&[]).await
    }

    /// Those of an offer; fails if there is one of it that cannot be read, for it may have been paid.
    pub async fn pending_of(&self, offer: OfferId) -> Result<Vec<Purchase>> {
        let account = self.key.account().to_string();
        let mut found = self.journals(&[("offer", offer.into()), ("account", account.into())]).await?;
        found.retain(|purchase| purchase.offer == offer);
        Ok(found)
    }

    async fn journals(&self, wanted: &[(&str, Value)]) -> Result<Vec<Purchase>> {
        let (records, genesis, account) = (self.home.purchases(), self.market.genesis(), self.key.account());
        let ours = |name: &str, purchase: &Purchase| match purchase.version {
            JOURNAL_VERSION => Ok((purchase.genesis, purchase.account) == (genesis, account)),
            _ => Err(journal::other_version(records, name)),
        };
        journal::read_ours(records, &*self.observer, wanted, ours).await
    }

    /// Gives a purchase up for which no order was sent: nothing was paid.
    pub async fn abandon(&self, purchase: &Purchase) -> Result<bool> {
        if purchase.sent_after.is_some() {
            return Ok(false);
        }
        self.forget(purchase).await?;
        Ok(true)
    }

    /// Goes on with a purchase until its end.
    pub async fn resume(&self, lock: &PurchaseLock, mut purchase: Purchase) -> Result<PurchaseEnd> {
        self.check_lock(lock, purchase.offer)?;
        if purchase.order.is_none() && purchase.sent_after.is_some() {
            self.find_order(&mut purchase).await?;
        }
        if !purchase.verified || !self.home.blobs().exists(&purchase.package()).await {
            match self.fetch(&mut purchase).await {
                // Nothing was paid yet: what cannot be had is not pursued.
                Err(error) if purchase.sent_after.is_none() && !error.is_connection() => {
                    self.forget(&purchase).await?;
                    return Err(error);
                }
                other => other?,
            }
        }
        let order = match purchase.order {
            Some(order) => order,
            None => match self.place_order(&mut purchase).await {
                // What was sent may still come into a block.
                Err(error) if purchase.sent_after.is_none() && is_final(&error) => {
                    self.forget(&purchase).await?;
                    return Err(error);
                }
                other => other?,
            },
        };
        let end = match self.wait_for_key(&purchase, order).await? {
            WaitOutcome::Delivered(delivery) => {
                purchase.delivery = Some(delivery);
                self.save(&purchase).await?;
                self.open_and_settle(&mut purchase, order, &delivery).await?
            }
            WaitOutcome::Final(trade) => self.open_after_the_end(&mut purchase, order, &trade).await?,
        };
        let (PurchaseEnd::Bought { outcome, .. } | PurchaseEnd::Refunded { outcome, .. }) = &end;
        self.observer.event(Event::Final { order, outcome: *outcome });
        self.forget(&purchase).await?;
        Ok(end)
    }

    pub(super) async fn save(&self, purchase: &Purchase) -> Result<(), StorageError> {
        journal::write(self.home.purchases(), &purchase.name(), purchase).await
    }

    async fn forget(&self, purchase: &Purchase) -> Result<(), StorageError> {
        self.home.purchases().remove(&purchase.name()).await?;
        self.home.blobs().remove(&purchase.package()).await?;
        self.home.blobs().remove(&purchase.incoming()).await
    }
}
