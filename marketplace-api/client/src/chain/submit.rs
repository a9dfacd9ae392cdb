//! Signing, submitting and finding out what became of it.

use super::ahead::Place;
use super::refusal::{refusal, rejected, rejection};
use super::{Call, Chain, ChainError, ChainEvent, View, Wanted};
use crate::keys::Keypair;
use codec::Decode;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use subxt::backend::{Backend, StreamOfResults, TransactionStatus};
use subxt::config::substrate::{AccountId32, H256};
use subxt::error::BackendError;
use subxt::events::Phase;
use wonbon_model::{AccountId, Balance, BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::{hex_digest, to_hex};

/// Blocks that a transaction lives: once so many have passed without it, it can be sent anew.
const TRANSACTION_LIFE: BlockNumber = 64;
/// If finality is further behind than this, a transaction's life begins at the best block.
const MAX_LAG_FOR_FINALIZED_BIRTH: BlockNumber = 16;
/// How often blocks are looked through for a transaction whose watch was lost.
const SEARCH_INTERVAL: Duration = Duration::from_millis(500);
/// How often a transaction whose watch was lost is offered to the node again, in searches.
const SEARCHES_PER_RESEND: u32 = 8;

/// What a node answers if its pool has a transaction of this nonce: its priority is not lower.
pub(super) const NONCE_TAKEN: i32 = 1014;
/// What it answers if one of this nonce is in a block: this code, with this word in the text.
pub(super) const INVALID_TRANSACTION: i32 = 1010;
pub(super) const OUTDATED_NONCE: &str = "outdated";
/// What it answers if its pool has this very transaction, and if it had it and wants to wait before it takes it again.
const ALREADY_IMPORTED: i32 = 1013;
const TEMPORARILY_BANNED: i32 = 1012;
/// How long a watch may say nothing.
const MAX_WATCH_SILENCE: Duration = Duration::from_secs(12);

/// Whether a refusal says that the transaction may be in a block all the same: then blocks decide.
pub(super) fn is_on_its_way(code: i32, reason: &str) -> bool {
    matches!(code, ALREADY_IMPORTED | TEMPORARILY_BANNED | NONCE_TAKEN)
        || reason.to_lowercase().contains("already imported")
}

/// How many nonces are tried.
pub(super) const MAX_NONCE_ATTEMPTS: u32 = 5;

/// How far a transaction has to come before [`Chain::submit`] answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It is in the best block, which may still be exchanged for another.
    Best,
    /// It is in a finalized block.
    Finalized,
}

/// A transaction that is in a block and whose call succeeded.
#[derive(Debug, Clone)]
pub struct Included {
    /// The block that it is in.
    pub block: BlockRef,
    /// Its place among the block's transactions.
    pub index: u32,
    /// The hash of the transaction.
    pub hash: Digest,
    /// What the signer paid for it.
    pub fee: Balance,
    /// Its events that this client knows.
    pub events: Vec<ChainEvent>,
}

/// A signed transaction: it can be sent as often as one likes, and is in a block once at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    #[serde(with = "hex::serde")]
    pub(crate) bytes: Vec<u8>,
    #[serde(with = "hex_digest")]
    pub(crate) hash: Digest,
    /// The account whose nonce it has: the signer's own, whomever they act for.
    pub account: AccountId,
    /// Its number among the transactions of that account.
    pub nonce: u64,
    /// The block that its life begins after.
    pub birth: BlockNumber,
}

impl Signed {
    /// The last block that it can be in.
    pub fn expires(&self) -> BlockNumber {
        self.birth.saturating_add(TRANSACTION_LIFE)
    }
}

/// What this process knows of an account that signs.
#[derive(Default)]
pub(super) struct Signing {
    pub(super) one_at_a_time: tokio::sync::Mutex<()>,
    /// The number after the highest that a node took from here.
    next: AtomicU64,
}

/// Where the number of a transaction comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NonceFrom {
    /// The proved state, as long as nothing that was sent from here is missing in it: that costs no request.
    State,
    /// The node, which counts what is in its pool as well.
    Node,
}

impl Chain {
    /// Signs a call, submits it and waits for its block. Errors of the call are errors here, by name, and so are
    /// those of calls within `sudo` or a motion.
    ///
    /// If the connection is lost on the way, the transaction is looked for in the blocks until its life is over:
    /// the answer is never "perhaps". Several calls of one signer can be in flight.
    pub async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included, ChainError> {
        let signing = self.signing(key.signer());
        let (signed, watch) = {
            let _one_at_a_time = signing.one_at_a_time.lock().await;
            self.send(key, call).await?
        };
        let block = self.await_inclusion(&signed, watch, until).await?;
        self.included(&signed, block).await
    }

    /// Sends a signed transaction once more, as it is. Nodes that have it, or know that it is in a block, are content.
    pub async fn send_again(&self, signed: &Signed) -> Result<(), ChainError> {
        let sent = self.inner.rpc.author_submit_extrinsic(&signed.bytes).await;
        match sent.map_err(BackendError::from) {
            Ok(_) => Ok(()),
            Err(error) if error.is_disconnected_will_reconnect() => Ok(()),
            Err(error) => match rejection(&error) {
                Some((code, reason)) if is_on_its_way(code, &reason) || reason.contains(OUTDATED_NONCE) => {
                    Ok(())
                }
                Some((_, reason)) => Err(rejected(reason)),
                None => Err(ChainError::node(error)),
            },
        }
    }

    pub(super) fn signing(&self, account: AccountId) -> Arc<Signing> {
        let mut all = self.inner.signing.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(account).or_default())
    }

    /// Remembers that a node took a transaction, or may have.
    pub(super) fn sent(&self, signed: &Signed) {
        let next = signed.nonce.saturating_add(1);
        self.signing(signed.account).next.fetch_max(next, Ordering::Relaxed);
    }

    /// Sends a signed transaction, which may have been sent before, and waits for its block, whose hash it answers. See
    /// [`Chain::submit`].
    pub async fn send_signed(&self, signed: &Signed, until: Until) -> Result<Digest, ChainError> {
        let watch = match self.inner.backend.submit_transaction(&signed.bytes).await {
            Ok(watch) => Some(watch),
            Err(error) if error.is_disconnected_will_reconnect() => None,
            Err(error) => match rejection(&error) {
                Some((code, reason)) if is_on_its_way(code, &reason) || reason.contains(OUTDATED_NONCE) => {
                    None
                }
                Some((_, reason)) => return Err(rejected(reason)),
                None => return Err(ChainError::node(error)),
            },
        };
        self.sent(signed);
        self.await_inclusion(signed, watch, until).await
    }

    /// The hash of the block that a transaction is in, once it is in one.
    async fn await_inclusion(
        &self,
        signed: &Signed,
        watch: Option<Watch>,
        until: Until,
    ) -> Result<Digest, ChainError> {
        match self.watch(watch, until).await? {
            Watched::In(hash) => Ok(hash.0),
            Watched::Lost => Ok(self.search(signed, until, true).await?.hash),
            // This node threw it out; another may have it still and put it into a block.
            Watched::Dropped(reason) => match self.search(signed, until, false).await {
                Err(ChainError::Expired { .. }) => Err(rejected(reason)),
                found => Ok(found?.hash),
            },
        }
    }

    /// Signs and sends. If another process of the signer took the nonce in the meantime, nothing was accepted,
    /// and the next nonce is tried.
    async fn send(&self, key: &Keypair, call: &Call) -> Result<(Signed, Option<Watch>), ChainError> {
        let (mut attempt, mut nonce) = (1, NonceFrom::State);
        loop {
            let signed = self.sign_with(key, call, nonce).await?;
            nonce = NonceFrom::Node;
            match self.inner.backend.submit_transaction(&signed.bytes).await {
                Ok(watch) => {
                    self.sent(&signed);
                    return Ok((signed, Some(watch)));
                }
                Err(error) if error.is_disconnected_will_reconnect() => {
                    self.sent(&signed);
                    return Ok((signed, None));
                }
                Err(error) => match rejection(&error) {
                    Some((code, reason)) if is_on_its_way(code, &reason) && code != NONCE_TAKEN => {
                        tracing::debug!(code, reason, "the node has the transaction already");
                        self.sent(&signed);
                        return Ok((signed, None));
                    }
                    Some((NONCE_TAKEN, reason)) if attempt < MAX_NONCE_ATTEMPTS => {
                        tracing::debug!(account = %key.signer(), reason, "the nonce was taken");
                        attempt += 1;
                    }
                    Some((code, reason))
                        if code == INVALID_TRANSACTION && reason.contains(OUTDATED_NONCE) =>
                    {
                        if attempt >= MAX_NONCE_ATTEMPTS {
                            return Err(rejected(reason));
                        }
                        attempt += 1;
                    }
                    Some((_, reason)) => return Err(rejected(reason)),
                    None => return Err(ChainError::node(error)),
                },
            }
        }
    }

    /// Signs a call, to be sent with [`Chain::send_signed`]: whoever writes it down first can send it again after a
    /// crash, and it is in a block once at most.
    pub async fn sign_call(&self, key: &Keypair, call: &Call) -> Result<Signed, ChainError> {
        self.sign_with(key, call, NonceFrom::State).await
    }

    async fn sign_with(&self, key: &Keypair, call: &Call, from: NonceFrom) -> Result<Signed, ChainError> {
        let place = self.place(key, from).await?;
        self.sign_at(key, call, place)
    }

    /// What transactions of an account are signed on now.
    pub(super) async fn place(&self, key: &Keypair, from: NonceFrom) -> Result<Place, ChainError> {
        let recent = self.recent(Wanted::account(&key.signer())).await?;
        let behind = match (&self.inner.prover, recent.proved_state()) {
            (Some(prover), Some(proved)) => self.lag_of(&**prover, proved).blocks(),
            _ => self.lag().await?.blocks(),
        };
        let is_behind = behind > MAX_LAG_FOR_FINALIZED_BIRTH;
        let of_state = recent.proved_state().is_some() && !is_behind && from == NonceFrom::State;
        let nonce = if of_state { self.next_nonce(&recent, &key.signer()).await? } else { None };
        let nonce = match nonce {
            Some(nonce) => nonce,
            None => {
                let account = AccountId32(key.signer().0);
                self.retried(|| self.inner.rpc.system_account_next_index(&account)).await?
            }
        };
        let view = if is_behind { self.best().await? } else { recent };
        // By the compiled-in runtime: see `compiled`.
        self.check_version(&view)?;
        Ok(Place { nonce, birth: view.block(), life: TRANSACTION_LIFE })
    }

    /// Signs a call where its transaction is to stand.
    pub(super) fn sign_at(&self, key: &Keypair, call: &Call, place: Place) -> Result<Signed, ChainError> {
        let (bytes, hash) = self.sign_ahead(key, call, place)?;
        Ok(Signed { bytes, hash, account: key.signer(), nonce: place.nonce, birth: place.birth.height })
    }

    /// The next number of an account by the proved state; `None` if more was sent from here than is in it.
    async fn next_nonce(&self, view: &View, account: &AccountId) -> Result<Option<u64>, ChainError> {
        let nonce = view.nonce(account).await?;
        let sent = self.signing(*account).next.load(Ordering::Relaxed);
        Ok((sent <= nonce).then_some(nonce))
    }

    /// Refuses to sign for a runtime that the node says is another than this program was built for.
    fn check_version(&self, view: &View) -> Result<(), ChainError> {
        let (_, name) = self.inner.compiled.runtime();
        self.check_runtime((view.client().spec_version(), name))
    }

    async fn watch(&self, watch: Option<Watch>, until: Until) -> Result<Watched, ChainError> {
        let Some(mut watch) = watch else { return Ok(Watched::Lost) };
        // A subscription that fell silent looks like one that has nothing to say; blocks can be read all the same.
        while let Ok(Some(status)) = tokio::time::timeout(MAX_WATCH_SILENCE, watch.next()).await {
            match status {
                Ok(TransactionStatus::InBestBlock { hash }) if until == Until::Best => {
                    return Ok(Watched::In(hash.hash()))
                }
                Ok(TransactionStatus::InFinalizedBlock { hash }) => return Ok(Watched::In(hash.hash())),
                Ok(TransactionStatus::Invalid { message }) => return Ok(Watched::Dropped(message)),
                // The node gives up watching if finality is long in coming; the transaction may be in a block.
                Ok(TransactionStatus::Dropped { .. } | TransactionStatus::Error { .. }) | Err(_) => {
                    return Ok(Watched::Lost)
                }
                Ok(_) => {}
            }
        }
        Ok(Watched::Lost)
    }

    /// Looks through the blocks for a transaction until it is found or can be in none any more: its life is over,
    /// or its nonce was used in a finalized block. With `resend` it is offered to the node again.
    async fn search(&self, signed: &Signed, until: Until, resend: bool) -> Result<BlockRef, ChainError> {
        let mut last = signed.expires();
        let mut next = signed.birth.saturating_add(1);
        for round in 0_u32.. {
            let view = self.finalized().await?;
            let finalized = view.block().height;
            if view.nonce(&signed.account).await? > signed.nonce {
                last = last.min(finalized);
            }
            while next <= finalized.min(last) {
                let block = self.block_at(next).await?;
                let block = block.ok_or_else(|| ChainError::NoSuchBlock(next.to_string()))?;
                if self.position(signed, block).await?.is_some() {
                    return Ok(block);
                }
                next = next.saturating_add(1);
            }
            if next > last {
                break;
            }
            if until == Until::Best {
                let best = self.best_block().await?.height;
                for height in next..=best.min(last) {
                    let Some(block) = self.block_at(height).await? else { break };
                    if self.position(signed, block).await?.is_some() {
                        return Ok(block);
                    }
                }
            }
            if resend && round % SEARCHES_PER_RESEND == 0 {
                // It may be in the pool already, or in a block: whatever the node answers, the search decides.
                let refusal = self.inner.rpc.author_submit_extrinsic(&signed.bytes).await.err();
                let refusal = refusal.map(|refusal| refusal.to_string());
                tracing::debug!(transaction = to_hex(&signed.hash), refusal, "sent again");
            }
            tokio::time::sleep(SEARCH_INTERVAL).await;
        }
        Err(ChainError::Expired { until: last })
    }

    async fn position(&self, signed: &Signed, block: BlockRef) -> Result<Option<usize>, ChainError> {
        let body = self.inner.backend.block_body(H256(block.hash)).await.map_err(ChainError::node)?;
        let body = body.ok_or_else(|| ChainError::NoSuchBlock(block.to_string()))?;
        Ok(body.iter().position(|extrinsic| *extrinsic == signed.bytes))
    }

    /// What a transaction did in the block of this hash, as the node says; an error if its call was refused there.
    pub async fn included(&self, signed: &Signed, block: Digest) -> Result<Included, ChainError> {
        let block = self.block_of(H256(block)).await?;
        let index = self.position(signed, block).await?.and_then(|index| u32::try_from(index).ok());
        let index = index.ok_or_else(|| ChainError::NoSuchBlock(format!("{block} with the transaction")))?;
        let view = self.at(block).await?;
        let at = view.client();
        let all = at.events().fetch().await.map_err(|error| super::view::pruned_or_node(block, error))?;
        let mut included = Included { block, index, hash: signed.hash, fee: 0, events: Vec::new() };
        for event in all.iter() {
            let event = event.map_err(|error| ChainError::undecodable("an event", error))?;
            if event.phase() != Phase::ApplyExtrinsic(index) {
                continue;
            }
            if let Some(refusal) = refusal(at, &event)? {
                return Err(refusal);
            }
            if (event.pallet_name(), event.event_name()) == ("TransactionPayment", "TransactionFeePaid") {
                let paid = <(AccountId, Balance, Balance)>::decode(&mut event.field_bytes());
                included.fee = paid.map_err(|error| ChainError::undecodable("a fee", error))?.1;
            }
            included.events.extend(super::blocks::decode_known(&event)?);
        }
        Ok(included)
    }
}

type Watch = StreamOfResults<TransactionStatus<H256>>;

enum Watched {
    In(H256),
    Dropped(String),
    Lost,
}
