//! `wonbon_handOffs`: where one GRANDPA authority set handed over to the next, for certificates.
//!
//! A certificate proves finality with the authorities of its day. Whoever checks it knows those of an earlier
//! day, and follows each change of the set from header to header. This call returns those headers with their
//! justifications, from what the warp sync keeps for the same purpose.
//!
//! Promises: it is safe on a public listener. An answer has at most [`MOST`] hand-offs and about [`MOST_BYTES`]
//! bytes, the work for it is bounded by the same numbers, and it is done on a thread that may block. Only what
//! is finalized is returned. It needs headers and justifications, not state: a node that prunes state answers
//! it, one that prunes blocks may have lost a justification, and says so.

use jsonrpsee::{
    types::{ErrorObjectOwned, Params},
    RpcModule,
};
use sc_client_api::{BlockBackend, HeaderBackend};
use sc_consensus_grandpa::{find_forced_change, find_scheduled_change, SharedAuthoritySet};
use serde::Serialize;
use sp_core::Bytes;
use sp_runtime::codec::Encode;
use std::sync::Arc;
use wonbon_runtime::{opaque::Block, BlockNumber, Hash};

use crate::chain::Chain;

/// The name of the call. Its one parameter is the hash of the block after which to begin; without it, genesis.
const METHOD: &str = "wonbon_handOffs";

/// Most hand-offs of an answer.
const MOST: usize = 256;
/// Bytes of headers and justifications after which an answer ends. In hexadecimal it is twice as much, which a
/// listener's 15 MB have room for.
const MOST_BYTES: usize = 2 << 20;

/// A finalized header that announces the next set, and the proof that the set before it finalized it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct HandOff {
    /// The header, SCALE in hexadecimal.
    header: Bytes,
    /// The justification of that block, SCALE in hexadecimal.
    justification: Bytes,
}

/// What one call answers: as many hand-offs as fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct HandOffs {
    /// In the order in which they happened.
    hand_offs: Vec<HandOff>,
    /// Whether these are all until now. If not, ask again from the last header.
    finished: bool,
    /// Set where the authorities were changed by force after the last hand-off: nothing leads across that block,
    /// and who starts before it needs a newer trust anchor.
    forced_at: Option<BlockNumber>,
}

/// Adds the call to a module.
pub(crate) fn register<C>(
    module: &mut RpcModule<()>,
    client: Arc<C>,
    authorities: SharedAuthoritySet<Hash, BlockNumber>,
) -> Result<(), jsonrpsee::core::RegisterMethodError>
where
    C: HeaderBackend<Block> + BlockBackend<Block> + Send + Sync + 'static,
{
    module.register_blocking_method(METHOD, move |parameters: Params<'_>, _, _| {
        let mut parameters = parameters.sequence();
        let from: Option<Hash> = parameters.optional_next()?;
        // Where the set's ends are not known from the beginning (a node that began by warp sync and is not yet
        // done with the rest), none of them is told.
        let changes = authorities.authority_set_changes();
        let ends = |after: BlockNumber| {
            Some(changes.iter_from(after)?.take(MOST + 1).map(|(_, last)| *last).collect())
        };
        hand_offs(&*client, from, ends).map_err(refused)
    })?;
    Ok(())
}

/// The hand-offs after a block. `ends` gives the last blocks of the sets that ended after a height, at most
/// one more than an answer has.
fn hand_offs(
    chain: &impl Chain,
    from: Option<Hash>,
    ends: impl FnOnce(BlockNumber) -> Option<Vec<BlockNumber>>,
) -> Result<HandOffs, Refusal> {
    let finalized = chain.finalized();
    let start = match from {
        None => 0,
        Some(block) => {
            let number = chain.number(block)?.ok_or(Refusal::NoSuchBlock)?;
            if number > finalized || chain.hash(number)? != Some(block) {
                return Err(Refusal::NotFinalized);
            }
            number
        }
    };
    let mut answer = HandOffs { hand_offs: Vec::new(), finished: true, forced_at: None };
    let mut bytes = 0;
    for number in ends(start).ok_or(Refusal::Incomplete)? {
        // A change is noted shortly before the block that made it counts as finalized.
        if number > finalized {
            break;
        }
        if answer.hand_offs.len() == MOST || bytes >= MOST_BYTES {
            answer.finished = false;
            break;
        }
        let block = chain.hash(number)?.ok_or(Refusal::NoHeader(number))?;
        let header = chain.header(block)?.ok_or(Refusal::NoHeader(number))?;
        if find_forced_change::<Block>(&header).is_some() || find_scheduled_change::<Block>(&header).is_none()
        {
            answer.forced_at = Some(number);
            break;
        }
        let justification = chain.justification(block)?.ok_or(Refusal::NoJustification(number))?;
        let header = header.encode();
        bytes += header.len() + justification.len();
        answer.hand_offs.push(HandOff { header: header.into(), justification: justification.into() });
    }
    Ok(answer)
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    NoSuchBlock,
    NotFinalized,
    Incomplete,
    NoHeader(BlockNumber),
    NoJustification(BlockNumber),
    Backend(String),
}

impl From<String> for Refusal {
    fn from(error: String) -> Self {
        Self::Backend(error)
    }
}

/// A refusal as clients see it.
fn refused(refusal: Refusal) -> ErrorObjectOwned {
    const INVALID_PARAMS: i32 = -32602;
    const NOT_HERE: i32 = -32000;
    let (code, text) = match refusal {
        Refusal::NoSuchBlock => (INVALID_PARAMS, "this node does not have that block".to_owned()),
        Refusal::NotFinalized => (INVALID_PARAMS, "that block is not finalized".to_owned()),
        Refusal::Incomplete => {
            (NOT_HERE, "this node does not know the changes of the authorities from the beginning".to_owned())
        }
        Refusal::NoHeader(number) => {
            (NOT_HERE, format!("this node does not have the header of block {number}"))
        }
        Refusal::NoJustification(number) => (
            NOT_HERE,
            format!(
                "this node does not keep the justification of block {number} any more; ask one that was made \
                 with --blocks-pruning archive-canonical (the default)"
            ),
        ),
        Refusal::Backend(error) => (NOT_HERE, format!("the database: {error}")),
    };
    ErrorObjectOwned::owned(code, text, None::<()>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::fake::{Fake, Header};
    use sp_runtime::{codec::Decode, traits::Header as _};

    fn ask(chain: &Fake, from: Option<Hash>, ends: &[BlockNumber]) -> Result<HandOffs, Refusal> {
        hand_offs(chain, from, |after| {
            Some(ends.iter().copied().filter(|end| *end > after).take(MOST + 1).collect())
        })
    }

    fn numbers(answer: &HandOffs) -> Vec<BlockNumber> {
        let number = |hand_off: &HandOff| *Header::decode(&mut &hand_off.header.0[..]).unwrap().number();
        answer.hand_offs.iter().map(number).collect()
    }

    #[test]
    fn every_change_after_a_block_is_told_and_the_block_itself_is_not() {
        let ends = [4, 9, 12];
        let chain = Fake::new(20, &ends);
        let all = ask(&chain, None, &ends).unwrap();
        assert_eq!((numbers(&all), all.finished, all.forced_at), (vec![4, 9, 12], true, None));
        let later = ask(&chain, Some(chain.hash_at(9)), &ends).unwrap();
        assert_eq!(numbers(&later), [12]);
        let last = ask(&chain, Some(chain.hash_at(20)), &ends).unwrap();
        assert_eq!((last.hand_offs.len(), last.finished), (0, true));
    }

    #[test]
    fn only_finalized_blocks_of_this_chain_are_a_start_and_are_told() {
        let ends = [4, 22];
        let chain = Fake::new(20, &ends);
        assert_eq!(numbers(&ask(&chain, None, &ends).unwrap()), [4]);
        assert_eq!(ask(&chain, Some(Hash::repeat_byte(7)), &ends), Err(Refusal::NoSuchBlock));
        assert_eq!(ask(&chain, Some(chain.hash_at(21)), &ends), Err(Refusal::NotFinalized));
        assert_eq!(hand_offs(&chain, None, |_| None), Err(Refusal::Incomplete));
    }

    #[test]
    fn answers_are_bounded_and_the_last_header_leads_to_the_next() {
        let ends: Vec<BlockNumber> = (1..=MOST as BlockNumber * 2 + 3).collect();
        let mut chain = Fake::new(2_000, &ends);
        for (weight, most) in [(700, MOST), (64 * 1024, 32)] {
            chain.weight = weight;
            let (mut told, mut from) = (Vec::new(), None);
            loop {
                let answer = ask(&chain, from, &ends).unwrap();
                assert!(answer.hand_offs.len() <= most, "{} hand-offs", answer.hand_offs.len());
                told.extend(numbers(&answer));
                if answer.finished {
                    break;
                }
                from = Some(chain.hash_at(*told.last().unwrap()));
            }
            assert_eq!(told, ends);
        }
    }

    #[test]
    fn a_forced_change_ends_what_is_told() {
        let chain = Fake::new(20, &[4, 12]);
        // The set that ended at 9 announced no other.
        let answer = ask(&chain, None, &[4, 9, 12]).unwrap();
        assert_eq!((numbers(&answer), answer.finished, answer.forced_at), (vec![4], true, Some(9)));
        let after = ask(&chain, Some(chain.hash_at(9)), &[4, 9, 12]).unwrap();
        assert_eq!(numbers(&after), [12]);
    }

    #[test]
    fn a_lost_justification_is_named() {
        let ends = [4, 9];
        let chain = Fake { pruned: Some(9), ..Fake::new(20, &ends) };
        assert_eq!(ask(&chain, None, &ends), Err(Refusal::NoJustification(9)));
        let error = refused(Refusal::NoJustification(9));
        assert!(error.message().contains("block 9") && error.message().contains("--blocks-pruning"));
    }
}
