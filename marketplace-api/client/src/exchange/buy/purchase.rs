//! A purchase and its journal, from its quote to its end, by steps that can each be repeated.

use super::order::Standing;
use super::{Buyer, Quote};
use crate::chain::ChainError;
use crate::exchange::{journal, Event, ExchangeError, Head};
use crate::ports::{Blob, Lock, StorageError};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use wonbon_model::{AccountId, BlockNumber, Digest, OfferId, OrderId, OrderTerms, Outcome};
use wonbon_primitives::delivery::{Delivery, OrderSecret};
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
    /// Whether the package is here and was checked.
    pub verified: bool,
    /// The best height before the order was sent, if it was.
    pub(super) sent_after: Option<BlockNumber>,
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

    /// Its package, once that was checked.
    pub(super) fn package(&self) -> Blob {
        Blob::Bought(self.name())
    }

    /// What has come of its package so far.
    pub(super) fn incoming(&self) -> Blob {
        Blob::Incoming(self.name())
    }
}

/// How a purchase ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurchaseEnd {
    /// The file is in its place, and the seller was paid.
    Bought {
        /// The chain's number of the order.
        order: OrderId,
        /// The name of the sink.
        output: String,
        /// How the order ended.
        outcome: Outcome,
    },
    /// The money came back.
    Refunded {
        /// The chain's number of the order.
        order: OrderId,
        /// How the order ended.
        outcome: Outcome,
    },
}

/// Held by the one process that buys an offer for an account.
#[derive(Debug)]
pub struct PurchaseLock {
    account: AccountId,
    offer: OfferId,
    _held: Lock,
}

impl Buyer<'_> {
    /// Locks the purchases of an offer for this process, until the lock is dropped. To be taken before [`Self::pending`]
    /// is asked: two processes that do not know of each other would order twice.
    pub async fn lock(&self, offer: OfferId) -> Result<PurchaseLock, ExchangeError> {
        let account = self.key.account();
        let name = format!("{}-{offer}", to_hex(&account.0));
        match self.home.purchases().try_lock(&name).await? {
            Some(held) => Ok(PurchaseLock { account, offer, _held: held }),
            None => Err(ExchangeError::Busy(format!("another purchase of offer {offer}"))),
        }
    }

    fn check_lock(&self, lock: &PurchaseLock, offer: OfferId) -> Result<(), ExchangeError> {
        if (lock.account, lock.offer) == (self.key.account(), offer) {
            return Ok(());
        }
        Err(ExchangeError::Busy(format!("what was locked is not offer {offer}; another purchase")))
    }

    /// Buys what was quoted, into the sink of this name. A purchase of the same offer into the same sink that was
    /// interrupted is gone on with; if its order was not sent and the terms are others by now, it is given up for a new
    /// one.
    pub async fn buy(
        &self,
        lock: &PurchaseLock,
        quote: &Quote,
        output: &str,
    ) -> Result<PurchaseEnd, ExchangeError> {
        self.check_lock(lock, quote.offer)?;
        let output = self.home.sink(output)?.name().to_owned();
        for purchase in self.pending_of(quote.offer).await? {
            let same = purchase.output == output;
            if same && (purchase.terms == quote.terms || !self.abandon(&purchase).await?) {
                return self.resume(lock, purchase).await;
            }
        }
        let mut nonce = [0; 32];
        OsRng.fill_bytes(&mut nonce);
        let purchase = Purchase {
            version: JOURNAL_VERSION,
            genesis: self.market.genesis(),
            account: self.key.account(),
            offer: quote.offer,
            terms: quote.terms.clone(),
            output,
            nonce,
            verified: false,
            sent_after: None,
            order: None,
            delivery: None,
        };
        self.save(&purchase).await?;
        self.resume(lock, purchase).await
    }

    /// Purchases of this account on this chain that were interrupted. A journal that cannot be read is told and
    /// left out.
    pub async fn pending(&self) -> Result<Vec<Purchase>, ExchangeError> {
        self.journals(None).await
    }

    /// Those of an offer; fails if there is one of it that cannot be read, for it may have been paid.
    pub async fn pending_of(&self, offer: OfferId) -> Result<Vec<Purchase>, ExchangeError> {
        let mut found = self.journals(Some(offer)).await?;
        found.retain(|purchase| purchase.offer == offer);
        Ok(found)
    }

    async fn journals(&self, wanted: Option<OfferId>) -> Result<Vec<Purchase>, ExchangeError> {
        let (records, genesis, account) = (self.home.purchases(), self.market.genesis(), self.key.account());
        let wanted = wanted.map(|offer| [("offer", offer.into()), ("account", account.to_string().into())]);
        let mut found = Vec::new();
        for (name, read) in journal::list::<Purchase>(records).await? {
            let read = read.and_then(|purchase| match purchase.version {
                JOURNAL_VERSION => Ok(purchase),
                _ => Err(journal::other_version(records, &name)),
            });
            let error = match read {
                Ok(purchase) if purchase.genesis == genesis && purchase.account == account => {
                    found.push(purchase);
                    continue;
                }
                Ok(_) => continue,
                Err(error) => error,
            };
            if let Some(wanted) = &wanted {
                if journal::mentions(records, &name, wanted).await {
                    return Err(error);
                }
            }
            let (place, reason) = (records.place(&name), error.to_string());
            self.observer.event(Event::JournalSkipped { place, reason });
        }
        Ok(found)
    }

    /// A purchase of an order that is on the chain, without its journal: from another machine, say.
    pub async fn adopt(&self, order: OrderId, output: &str) -> Result<Purchase, ExchangeError> {
        let record = self.market.order(order, Head::Finalized).await?;
        let record = record.filter(|record| record.buyer == self.key.account());
        let record = record.ok_or(ExchangeError::NoSuchOrder(order))?;
        let purchase = Purchase {
            version: JOURNAL_VERSION,
            genesis: self.market.genesis(),
            account: self.key.account(),
            offer: record.offer,
            terms: record.terms,
            output: self.home.sink(output)?.name().to_owned(),
            nonce: record.nonce,
            verified: false,
            sent_after: Some(record.placed_at),
            order: Some(order),
            delivery: None,
        };
        self.save(&purchase).await?;
        Ok(purchase)
    }

    /// Gives a purchase up for which no order was sent: nothing was paid.
    pub async fn abandon(&self, purchase: &Purchase) -> Result<bool, ExchangeError> {
        if purchase.sent_after.is_some() {
            return Ok(false);
        }
        self.forget(purchase).await?;
        Ok(true)
    }

    /// Goes on with a purchase until its end.
    pub async fn resume(
        &self,
        lock: &PurchaseLock,
        mut purchase: Purchase,
    ) -> Result<PurchaseEnd, ExchangeError> {
        self.check_lock(lock, purchase.offer)?;
        if purchase.order.is_none() && purchase.sent_after.is_some() {
            self.find(&mut purchase).await?;
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
            None => match self.place(&mut purchase).await {
                Err(
                    error @ (ExchangeError::Chain(ChainError::Refused { .. } | ChainError::Rejected(_))
                    | ExchangeError::Changed(_)
                    | ExchangeError::OfferClosed { .. }),
                ) => {
                    // In no block with success, so nothing is in escrow.
                    self.forget(&purchase).await?;
                    return Err(error);
                }
                other => other?,
            },
        };
        let end = match self.wait(&purchase, order).await? {
            Standing::Delivered(delivery) => {
                purchase.delivery = Some(delivery);
                self.save(&purchase).await?;
                self.open_and_settle(&mut purchase, order, &delivery).await?
            }
            Standing::Final(trade) => self.open_after_the_end(&mut purchase, order, &trade).await?,
        };
        let (PurchaseEnd::Bought { outcome, .. } | PurchaseEnd::Refunded { outcome, .. }) = &end;
        self.observer.event(Event::Final { order, outcome: *outcome });
        self.forget(&purchase).await?;
        Ok(end)
    }

    pub(super) fn secret(&self, purchase: &Purchase) -> OrderSecret {
        OrderSecret::derive(&self.key.order_secret(), &purchase.nonce)
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
