//! A light client: what a tool knows about the chain that no node can make up.
//!
//! What it promises:
//!
//! - A view of the chain's state is *proved*: its header was finalized by the validators that follow from the home's
//!   anchor by hand-offs, it is the chain asked for, with the runtime that this program was built for, and every value
//!   read from it is checked against its state root. What the proof does not cover is an error and never an absence.
//! - It never goes back: a view below the highest proved before, in this process or an earlier one, is refused; two
//!   finalized blocks at one height stop the tool, and what the validators signed for both is kept.
//! - It is fresh: a view older than two minutes by this machine's clock is refused, and so is a clock that others
//!   contradict (see [`check_clock`]).
//!
//! The anchor comes from a file. On a chain whose validators all have keys that everybody knows the first one seen is
//! taken: there is nothing to protect there. A development chain with one such validator may begin anew. One that is older
//! than 30 days leads nowhere by itself, for the keys of its validators may be anyone's: it wants a newer one from a file, or
//! two configured nodes that show the same block (see [`agreed`]).

mod agreed;
mod clock;
mod conflict;
mod trust;

pub use clock::{check_clock, TimeSource};
pub use trust::{Candidate, Trust};

use crate::certificate::{at_block, from_state, CertificateError};
use crate::chain::{
    Chain, ChainError, FinalizedState, ProvedState, ProvedValues, Prover, Unproved, ValidatorKeys,
};
use crate::ports::{Clock, Records, StorageError};
use async_trait::async_trait;
use codec::Decode;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use wonbon_model::{BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::to_hex;
use wonbon_verifier::{keys, TrustAnchor};

/// After so many blocks what was proved is written down again, even if the validators stayed the same.
const BLOCKS_PER_SAVE: BlockNumber = 16;

/// For so long what was proved is recent enough for what the chain checks again.
const MAX_AGE_OF_RECENT: Duration = Duration::from_secs(6);

/// Most keys that are asked for with a state; others are proved afterwards.
const MAX_KEYS_ASKED: usize = 512;

/// How often it is looked whether a chain that has only just begun has finalized a block, and for how long.
const FIRST_BLOCK_POLL_INTERVAL: Duration = Duration::from_millis(250);
const MAX_WAIT_FOR_FIRST_BLOCK: Duration = Duration::from_secs(8);

/// What is trusted of one chain, kept in a home.
pub struct Light {
    records: Arc<dyn Records>,
    clock: Arc<dyn Clock>,
    given: Option<TrustAnchor>,
    state: Mutex<LightState>,
}

/// How far this process has come.
#[derive(Default)]
struct LightState {
    trust: Option<Trust>,
    /// The height that was written down last.
    saved: BlockNumber,
    newest: Option<Arc<ProvedState>>,
    /// What the node had called finalized by itself before it was asked last.
    reported: Option<BlockNumber>,
    /// When that was.
    asked_ms: u64,
    /// Two finalized blocks at one height: nothing goes on after that.
    stopped: Option<Unproved>,
}

impl LightState {
    /// What was proved last, if the node has not called anything newer finalized since.
    fn is_newest(&self, reported: Option<BlockNumber>) -> Option<Arc<ProvedState>> {
        let newest = self.newest.clone()?;
        let known = self.reported.unwrap_or_default().max(newest.block().height);
        reported.is_some_and(|reported| reported <= known).then_some(newest)
    }

    /// What was proved last, if that was a moment ago.
    fn is_recent(&self, now_ms: u64) -> Option<Arc<ProvedState>> {
        let age = Duration::from_millis(now_ms.saturating_sub(self.asked_ms));
        self.newest.clone().filter(|_| age <= MAX_AGE_OF_RECENT)
    }

    /// What is asked of the next state: what every state is checked for, what was wanted of the last one, and this.
    fn keys(&self, wanted: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut keys = base_keys().to_vec();
        let last = self.newest.as_ref().map(|newest| newest.wanted()).unwrap_or_default();
        for key in last.iter().chain(wanted.iter().take(MAX_KEYS_ASKED)) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }
}

/// The first block's hash, the runtime's version and the time.
fn base_keys() -> [Vec<u8>; 3] {
    [keys::block_hash(0), keys::last_runtime_upgrade(), keys::now()]
}

impl fmt::Debug for Light {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Light")
    }
}

impl Light {
    /// Over what a home keeps (one record for each chain), and an anchor that the person gives, which is taken if the
    /// home has none, or an older one.
    pub fn new(records: Arc<dyn Records>, clock: Arc<dyn Clock>, given: Option<TrustAnchor>) -> Self {
        Self { records, clock, given, state: Mutex::default() }
    }

    /// The state, if it is of now.
    fn fresh(&self, state: Arc<ProvedState>) -> Result<Arc<ProvedState>, ChainError> {
        clock::check_age(state.block(), state.time_ms(), self.clock.now_ms())?;
        Ok(state)
    }

    /// What the node shows of its newest state. A chain that has only just begun is waited for: nobody signs the first
    /// block.
    async fn ask(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<FinalizedState, ChainError> {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(found) = chain.finalized_state(keys).await? {
                return Ok(found);
            }
            if waited >= MAX_WAIT_FOR_FIRST_BLOCK {
                return Err(Unproved::NotJustified(0).into());
            }
            self.clock.sleep(FIRST_BLOCK_POLL_INTERVAL).await;
            waited = waited.saturating_add(FIRST_BLOCK_POLL_INTERVAL);
        }
    }

    async fn prove(
        &self,
        chain: &Chain,
        state: &mut LightState,
        block: BlockRef,
        shown: FinalizedState,
        keys: &[Vec<u8>],
    ) -> Result<Arc<ProvedState>, ChainError> {
        let FinalizedState { justified, proof } = shown;
        let Some(mut trust) = state.trust.clone() else {
            return Err(Unproved::NoAnchor { genesis: chain.genesis() }.into());
        };
        let candidate = Candidate { header: justified.header, justification: justified.justification };
        let mut checked = trust.check(&candidate, &[]);
        if checked.as_ref().is_err_and(Unproved::may_be_other_validators) {
            let hand_offs = chain.hand_offs(trust.anchor().block.hash.0).await?;
            checked = trust.check(&candidate, &hand_offs.list);
        }
        let checked = match checked {
            // A chain that anybody can write began anew, as its developer wants it to.
            Err(error) if error.is_of_the_past() && trust.is_throwaway() => {
                trust = Trust::begin(anchor_of_node(chain, block).await?)?;
                state.saved = 0;
                trust.check(&candidate, &[])?
            }
            Err(Unproved::TwoFinalized { height, .. }) => {
                return Err(conflict::keep_both(&*self.records, &trust, height, &candidate).await?.into());
            }
            other => other?,
        };
        let values = ProvedValues::check(block, checked.state_root(), proof, keys)?;
        let proved = ProvedState::new(block, checked.state_root(), values, chain.genesis())?;
        chain.check_runtime(proved.runtime())?;
        proved.want(&keys[base_keys().len()..]);
        let proved = self.fresh(Arc::new(proved))?;
        let changed = trust.advance(checked, candidate, proved.time_ms());
        if changed || state.saved == 0 || block.height >= state.saved.saturating_add(BLOCKS_PER_SAVE) {
            self.save(chain.genesis(), &trust).await?;
            state.saved = block.height;
        }
        state.trust = Some(trust);
        state.newest = Some(Arc::clone(&proved));
        Ok(proved)
    }

    /// Where trust begins in this process: what the home has, or a newer anchor that was given; `None` if there is neither.
    async fn known(&self, chain: &Chain) -> Result<Option<Trust>, ChainError> {
        let genesis = chain.genesis();
        let kept = self.kept(genesis).await?;
        let given = match &self.given {
            Some(anchor) if anchor.genesis.0 != genesis => {
                return Err(ChainError::OtherChain { expected: anchor.genesis.0, found: genesis });
            }
            Some(anchor) => Some(Trust::begin(anchor.clone())?),
            None => None,
        };
        let trust = match (kept, given) {
            (Some(kept), Some(given)) if given.height() > kept.height() => given,
            (Some(kept), _) => kept,
            (None, Some(given)) => given,
            (None, None) => return Ok(None),
        };
        match trust.check_age(self.clock.now_ms()) {
            Err(old) => Ok(Some(agreed::instead_of(&trust, chain, self.clock.now_ms()).await?.ok_or(old)?)),
            Ok(()) => Ok(Some(trust)),
        }
    }

    async fn kept(&self, genesis: Digest) -> Result<Option<Trust>, ChainError> {
        let name = to_hex(&genesis);
        let Some(json) = self.records.read(&name).await.map_err(unwritable)? else { return Ok(None) };
        match Trust::from_json(&json, genesis) {
            Ok(trust) => Ok(Some(trust)),
            Err(reason) => Err(ChainError::undecodable(self.records.place(&name), reason)),
        }
    }

    /// Another process of the same home may have come further; what it wrote stays then.
    async fn save(&self, genesis: Digest, trust: &Trust) -> Result<(), ChainError> {
        if let Some(other) = self.kept(genesis).await? {
            if other.height() > trust.height() && !trust.is_throwaway() {
                return Ok(());
            }
        }
        self.records.replace(&to_hex(&genesis), &trust.to_json()).await.map_err(unwritable)
    }
}

impl Light {
    /// The newest state, or one of a moment ago if that is enough.
    async fn state(
        &self,
        chain: &Chain,
        wanted: &[Vec<u8>],
        recent_is_enough: bool,
    ) -> Result<Arc<ProvedState>, ChainError> {
        let mut state = self.state.lock().await;
        if let Some(stopped) = &state.stopped {
            return Err(stopped.clone().into());
        }
        let (reported, now_ms) = (chain.reported_height(), self.clock.now_ms());
        let known = match recent_is_enough {
            true => state.is_recent(now_ms),
            false => state.is_newest(reported),
        };
        if let Some(known) = known.and_then(|known| self.fresh(known).ok()) {
            return Ok(known);
        }
        if state.trust.is_none() {
            state.trust = self.known(chain).await?;
        }
        let mut keys = state.keys(wanted);
        let validators = chain.validator_keys()?;
        if state.trust.is_none() {
            keys.extend([validators.authorities.clone(), validators.set_id.clone()]);
        }
        let shown = self.ask(chain, &keys).await?;
        (state.reported, state.asked_ms) = (reported, now_ms);
        let block = shown.block()?;
        if let Some(newest) = state.newest.clone().filter(|newest| newest.block() == block) {
            newest.add(shown.proof, &keys)?;
            return self.fresh(newest);
        }
        let is_first = state.trust.is_none();
        if is_first {
            let seen = Trust::begin(anchor_of_state(chain, &validators, &shown)?)?;
            if !seen.is_of_known_keys() {
                return Err(Unproved::NoAnchor { genesis: chain.genesis() }.into());
            }
            state.trust = Some(seen);
        }
        let found = self.prove(chain, &mut state, block, shown, &keys).await;
        if let Err(ChainError::Unproved(unproved @ Unproved::TwoFinalized { .. })) = &found {
            state.stopped = Some(unproved.clone());
        }
        if is_first && found.is_err() {
            state.trust = None;
        }
        found
    }
}

#[async_trait]
impl Prover for Light {
    async fn newest(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<Arc<ProvedState>, ChainError> {
        self.state(chain, keys, false).await
    }

    async fn recent(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<Arc<ProvedState>, ChainError> {
        self.state(chain, keys, true).await
    }

    fn age_ms(&self, state: &ProvedState) -> u64 {
        self.clock.now_ms().saturating_sub(state.time_ms())
    }

    async fn protects_nothing(&self) -> bool {
        self.state.lock().await.trust.as_ref().is_some_and(Trust::is_of_known_keys)
    }
}

/// The validators that follow after a state, by that state. Whether they are the chain's is not said by it.
fn anchor_of_state(
    chain: &Chain,
    validators: &ValidatorKeys,
    shown: &FinalizedState,
) -> Result<TrustAnchor, ChainError> {
    let (block, now) = (shown.block()?, keys::now());
    let keys = [validators.authorities.clone(), validators.set_id.clone(), now.clone()];
    let values = ProvedValues::check(block, shown.state_root()?, shown.proof.clone(), &keys)?;
    let number = |key: &[u8]| values.value(key).map(|mut bytes| u64::decode(&mut bytes)).transpose();
    let undecodable = |error| ChainError::undecodable("the validators", error);
    let set_id = number(&validators.set_id).map_err(undecodable)?.unwrap_or_default();
    let time = number(&now).map_err(undecodable)?;
    let authorities = values.value(&validators.authorities).unwrap_or_default();
    from_state(chain.genesis(), block, authorities, set_id, time).map_err(unreadable)
}

/// What a node says about the validators. It is worth nothing until their keys are known to be worth nothing.
async fn anchor_of_node(chain: &Chain, block: BlockRef) -> Result<TrustAnchor, ChainError> {
    at_block(chain, block).await.map_err(unreadable)
}

fn unreadable(error: CertificateError) -> ChainError {
    match error {
        CertificateError::Chain(error) => error,
        other => ChainError::undecodable("the validators", other),
    }
}

fn unwritable(error: StorageError) -> ChainError {
    ChainError::Unproved(Unproved::Home(error.to_string()))
}
