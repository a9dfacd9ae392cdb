//! Signing, submitting and finding out what became of it.

use super::call::Argument;
use super::view::At;
use super::{Call, Chain, ChainError};
use crate::chain::ChainEvent;
use crate::keys::Keypair;
use codec::{Compact, Decode, Encode};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use subxt::backend::{Backend, StreamOfResults, TransactionStatus};
use subxt::client::{ClientAtBlock, OfflineClientAtBlockT};
use subxt::config::substrate::{
    AccountId32, MultiSignature, SubstrateConfig, SubstrateExtrinsicParamsBuilder, H256,
};
use subxt::error::{BackendError, DispatchError, RpcError};
use subxt::events::{Event, Phase};
use subxt::ext::scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter};
use subxt::ext::scale_type_resolver::TypeResolver;
use subxt::tx::{DynamicPayload, Payload, Signer};
use wonbon_model::BlockRef;
use wonbon_model::{AccountId, Balance, BlockNumber, Digest};
use wonbon_primitives::id::to_hex;

/// Blocks that a transaction lives: once so many have passed without it, it can be sent anew.
const LIFE: BlockNumber = 64;
/// If finality is further behind than this, a transaction's life begins at the best block.
const LAG_FOR_BIRTH: BlockNumber = 16;
/// How often blocks are looked through for a transaction whose watch was lost.
const SEARCH: Duration = Duration::from_millis(500);
/// How often a transaction whose watch was lost is offered to the node again, in searches.
const RESEND: u32 = 8;

/// What a node answers if its pool has a transaction of this nonce: its priority is not lower.
const NONCE_TAKEN: i32 = 1014;
/// What it answers if one of this nonce is in a block: code and a part of the text.
const OUTDATED: (i32, &str) = (1010, "outdated");
/// How many nonces are tried.
const NONCE_ATTEMPTS: u32 = 5;

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
    /// The block.
    pub block: BlockRef,
    /// Its place there.
    pub index: u32,
    /// The hash of the transaction.
    pub hash: Digest,
    /// What the signer paid for it.
    pub fee: Balance,
    /// Its events that this client knows.
    pub events: Vec<ChainEvent>,
}

/// A signed transaction.
struct Signed {
    bytes: Vec<u8>,
    hash: Digest,
    account: AccountId,
    nonce: u64,
    /// The block that its life begins after.
    birth: BlockNumber,
}

impl Chain {
    /// Signs a call, submits it and waits for its block. Errors of the call are errors here, by name, and so are
    /// those of calls within `sudo`, a proxy or a motion.
    ///
    /// If the connection is lost on the way, the transaction is looked for in the blocks until its life is over:
    /// the answer is never "perhaps". Several calls of one account can be in flight.
    pub async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included, ChainError> {
        let lock = {
            let mut locks = self.inner.signing.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(key.account()).or_default())
        };
        let (signed, watch) = {
            let _one_at_a_time = lock.lock().await;
            self.send(key, call).await?
        };
        let block = match self.watch(watch, until).await? {
            Watched::In(hash) => self.block_of(hash).await?,
            Watched::Lost => self.search(&signed, until, true).await?,
            // This node threw it out; another may have it still and put it into a block.
            Watched::Dropped(reason) => match self.search(&signed, until, false).await {
                Err(ChainError::Expired { .. }) => return Err(ChainError::Rejected(reason)),
                found => found?,
            },
        };
        self.included(&signed, block).await
    }

    /// Signs and sends. If another process of the account took the nonce in the meantime, nothing was accepted,
    /// and the next nonce is tried.
    async fn send(&self, key: &Keypair, call: &Call) -> Result<(Signed, Option<Watch>), ChainError> {
        let mut attempt = 1;
        loop {
            let signed = self.sign(key, call).await?;
            match self.inner.backend.submit_transaction(&signed.bytes).await {
                Ok(watch) => return Ok((signed, Some(watch))),
                Err(error) if error.is_disconnected_will_reconnect() => return Ok((signed, None)),
                Err(error) => match rejection(&error) {
                    Some((NONCE_TAKEN, reason)) if attempt < NONCE_ATTEMPTS => {
                        tracing::debug!(account = %key.account(), reason, "the nonce was taken");
                        attempt += 1;
                    }
                    Some((code, reason)) if code == OUTDATED.0 && reason.contains(OUTDATED.1) => {
                        if attempt >= NONCE_ATTEMPTS {
                            return Err(ChainError::Rejected(reason));
                        }
                        attempt += 1;
                    }
                    Some((_, reason)) => return Err(ChainError::Rejected(reason)),
                    None => return Err(ChainError::node(error)),
                },
            }
        }
    }

    /// What submitting the call would cost its signer now.
    pub async fn fee(&self, key: &Keypair, call: &Call) -> Result<Balance, ChainError> {
        let signed = self.sign(key, call).await?;
        let best = self.best().await?;
        let at = best.client();
        at.tx().from_bytes(signed.bytes).partial_fee_estimate().await.map_err(ChainError::node)
    }

    /// The bytes of a call, as a motion's length bound and hash need them.
    pub async fn encode_call(&self, call: &Call) -> Result<Vec<u8>, ChainError> {
        encode(self.finalized().await?.client(), call)
    }

    /// The bytes of a signed transaction, for measuring: nothing is submitted.
    pub async fn transaction_size(&self, key: &Keypair, call: &Call) -> Result<usize, ChainError> {
        Ok(self.sign(key, call).await?.bytes.len())
    }

    async fn sign(&self, key: &Keypair, call: &Call) -> Result<Signed, ChainError> {
        let lag = self.lag().await?;
        let view = if lag.blocks() > LAG_FOR_BIRTH { self.best().await? } else { self.finalized().await? };
        let account = AccountId32(key.account().0);
        // The node counts what is in its pool as well.
        let nonce = self.retried(|| self.inner.rpc.system_account_next_index(&account)).await?;
        let birth = view.block();
        let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(LIFE.into(), birth.height.into(), H256(birth.hash))
            .build();
        let payload = payload(view.client(), call)?;
        let mut signable =
            view.client().tx().create_signable_offline(&payload, params).map_err(ChainError::node)?;
        let transaction = signable.sign(&SubxtSigner(key)).map_err(ChainError::node)?;
        Ok(Signed {
            hash: transaction.hash().0,
            bytes: transaction.into_encoded(),
            account: key.account(),
            nonce,
            birth: birth.height,
        })
    }

    async fn watch(&self, watch: Option<Watch>, until: Until) -> Result<Watched, ChainError> {
        let Some(mut watch) = watch else { return Ok(Watched::Lost) };
        while let Some(status) = watch.next().await {
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
        let mut last = signed.birth.saturating_add(LIFE);
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
            if resend && round % RESEND == 0 {
                // It may be in the pool already, or in a block: whatever the node answers, the search decides.
                let resent = self.inner.rpc.author_submit_extrinsic(&signed.bytes).await;
                tracing::debug!(transaction = to_hex(&signed.hash), ?resent, "sent again");
            }
            tokio::time::sleep(SEARCH).await;
        }
        Err(ChainError::Expired { until: last })
    }

    async fn position(&self, signed: &Signed, block: BlockRef) -> Result<Option<usize>, ChainError> {
        let body = self.inner.backend.block_body(H256(block.hash)).await.map_err(ChainError::node)?;
        let body = body.ok_or_else(|| ChainError::NoSuchBlock(block.to_string()))?;
        Ok(body.iter().position(|extrinsic| *extrinsic == signed.bytes))
    }

    async fn included(&self, signed: &Signed, block: BlockRef) -> Result<Included, ChainError> {
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
            included.events.extend(super::blocks::known(&event)?);
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

/// The error that an event tells of: of the extrinsic itself, or of a call within it.
fn refusal(at: &At, event: &Event<'_, SubstrateConfig>) -> Result<Option<ChainError>, ChainError> {
    let mut fields = event.field_bytes();
    let failed = match (event.pallet_name(), event.event_name()) {
        ("System", "ExtrinsicFailed") => true,
        // The result stands alone.
        ("Sudo", "Sudid" | "SudoAsDone") | ("Proxy", "ProxyExecuted") | ("Consortium", "Enacted") => {
            is_error(&mut fields)?
        }
        // The hash of the motion, then the result.
        ("Council", "Executed" | "MemberExecuted") => {
            Digest::decode(&mut fields).map_err(|error| ChainError::undecodable("a motion", error))?;
            is_error(&mut fields)?
        }
        _ => false,
    };
    if !failed {
        return Ok(None);
    }
    // What follows the error (of a failed extrinsic: what it weighed) must not be taken for a part of it.
    let bytes = dispatch_error_bytes(fields)?;
    let error = DispatchError::decode_from(bytes, at.metadata())
        .map_err(|error| ChainError::undecodable("a dispatch error", error))?;
    Ok(Some(named(error)))
}

fn is_error(fields: &mut &[u8]) -> Result<bool, ChainError> {
    Ok(u8::decode(fields).map_err(|error| ChainError::undecodable("a result", error))? == 1)
}

/// A module's error has an index and four bytes after the variant, some others have one byte, the rest none.
fn dispatch_error_bytes(fields: &[u8]) -> Result<&[u8], ChainError> {
    const MODULE: u8 = 3;
    const WITH_ONE_BYTE: [u8; 4] = [7, 8, 9, 14];
    let length = match fields.first() {
        Some(&MODULE) => 6,
        Some(variant) if WITH_ONE_BYTE.contains(variant) => 2,
        _ => 1,
    };
    fields.get(..length).ok_or_else(|| ChainError::undecodable("a dispatch error", "it is cut off"))
}

fn named(error: DispatchError) -> ChainError {
    let refused = |pallet: &str, error: String, explanation: String| ChainError::Refused {
        pallet: pallet.to_owned(),
        error,
        explanation,
    };
    match error {
        DispatchError::Module(module) => match module.details() {
            Ok(details) => refused(
                details.pallet.name(),
                details.variant.name.clone(),
                details.variant.docs.join(" ").trim().to_owned(),
            ),
            Err(_) => refused("Unknown", module.details_string(), String::new()),
        },
        DispatchError::Token(token) => refused("Token", format!("{token:?}"), token.to_string()),
        DispatchError::Arithmetic(error) => refused("Arithmetic", format!("{error:?}"), error.to_string()),
        other => refused("Dispatch", format!("{other:?}"), other.to_string()),
    }
}

/// Code and text of a node's refusal to take a transaction; `None` if it was no refusal.
fn rejection(error: &BackendError) -> Option<(i32, String)> {
    let BackendError::Rpc(RpcError::ClientError(subxt::rpcs::Error::User(refusal))) = error else {
        return None;
    };
    let data = refusal.data.as_ref().and_then(|data| serde_json::from_str::<String>(data.get()).ok());
    let text = match data {
        Some(data) => format!("{}: {data}", refusal.message),
        None => refusal.message.clone(),
    };
    Some((refusal.code, text))
}

/// The encoded arguments of a call.
struct Arguments(Vec<u8>);

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// A client at a block, with or without a connection.
type AtBlock<C> = ClientAtBlock<SubstrateConfig, C>;

fn payload<C>(at: &AtBlock<C>, call: &Call) -> Result<DynamicPayload<Arguments>, ChainError>
where
    C: OfflineClientAtBlockT<SubstrateConfig>,
{
    let mut bytes = Vec::new();
    for argument in &call.arguments {
        match argument {
            Argument::Bytes(encoded) => bytes.extend_from_slice(encoded),
            Argument::Call(inner) => bytes.extend(encode(at, inner)?),
            Argument::Calls(calls) => {
                let count = u32::try_from(calls.len())
                    .map_err(|_| ChainError::undecodable("a batch", "it has too many calls"))?;
                Compact(count).encode_to(&mut bytes);
                for inner in calls {
                    bytes.extend(encode(at, inner)?);
                }
            }
        }
    }
    Ok(DynamicPayload::new(call.pallet, call.name, Arguments(bytes)))
}

fn encode<C>(at: &AtBlock<C>, call: &Call) -> Result<Vec<u8>, ChainError>
where
    C: OfflineClientAtBlockT<SubstrateConfig>,
{
    let payload = payload(at, call)?;
    debug_assert!(payload.validation_details().is_none());
    at.tx().call_data(&payload).map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))
}

/// Our key as subxt wants it.
struct SubxtSigner<'a>(&'a Keypair);

impl Signer<SubstrateConfig> for SubxtSigner<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.0.account().0)
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Ed25519(self.0.sign(payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::config::substrate::SpecVersionForRange;
    use subxt::{Metadata, OfflineClient};

    /// The runtime's own description decodes what we encode, to the last byte: for the calls that contain calls
    /// or addresses, whose shapes are not compared one by one.
    #[test]
    fn calls_within_calls_are_encoded_as_the_runtime_reads_them() {
        let metadata = Metadata::decode_from(include_bytes!("../../metadata.scale")).unwrap().arc();
        let versions = SpecVersionForRange { block_range: 0..10, spec_version: 1, transaction_version: 1 };
        let config = SubstrateConfig::builder()
            .set_genesis_hash(H256([9; 32]))
            .set_spec_version_for_block_ranges([versions])
            .set_metadata_for_spec_versions([(1, metadata)])
            .build();
        let at = OfflineClient::new_with_config(config).at_block(1_u64).unwrap();
        let account = AccountId([7; 32]);
        let inner = Call::withdraw_offer(7);
        let calls = [
            Call::transfer(account, 5_000_000_000),
            Call::sudo(inner.clone()),
            Call::batch_all(vec![Call::accept(300), Call::transfer(account, 1), inner.clone()]),
            Call::proxied(account, Call::expire(7)),
            Call::add_delivery_proxy(account),
            Call::remove_delivery_proxy(account),
            Call::council_propose(3, inner.clone(), 34),
            Call::council_close([1; 32], 70_000, 1 << 40, 1 << 20, 34),
            Call::enact(Call::sudo(Call::set_price(1, 2))),
        ];
        for call in calls {
            let encoded = encode(&at, &call).unwrap();
            let decoded = at.tx().from_call_data_bytes(&encoded).unwrap();
            assert_eq!(format!("{}.{}", decoded.pallet_name(), decoded.call_name()), call.name());
            if call.name() == "Proxy.add_proxy" {
                assert!(format!("{:?}", decoded.call_data()).contains("Delivery"));
            }
        }
    }
}
