//! `wonbon_finalizedState`: values of the newest finalized state that can be proved, and the proof, in one answer.
//!
//! A tool that believes no node needs a header, GRANDPA's justification of it, and a read proof under its state root.
//! Asked for one after another they cost three round trips and may be of different blocks.
//!
//! Promises: it is safe on a public listener. A question has at most [`MAX_KEYS`] keys of together [`MAX_KEY_BYTES`]
//! bytes, and the work for it is bounded by them; it is done on a thread that may block.

use jsonrpsee::{
    types::{ErrorObjectOwned, Params},
    RpcModule,
};
use sc_client_api::{BlockBackend, HeaderBackend, ProofProvider};
use serde::Serialize;
use sp_core::Bytes;
use sp_runtime::{codec::Encode, traits::Header as _};
use std::sync::Arc;
use wonbon_runtime::{opaque::Block, Hash};

use crate::chain::Chain;

/// The name of the call. Its one parameter is the list of storage keys, each in hexadecimal.
const METHOD: &str = "wonbon_finalizedState";

/// Most keys of a question.
const MAX_KEYS: usize = 1024;
/// Most bytes of all of them.
const MAX_KEY_BYTES: usize = 128 << 10;
/// How many blocks back a justification is looked for: the block that a round ends with has one, and those that are
/// finalized together with it have none.
const MAX_BLOCKS_BACK: u32 = 256;

/// An answer: all of it SCALE in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct FinalizedState {
    /// The header of the newest finalized block that has a justification.
    header: Bytes,
    /// GRANDPA's justification of that block.
    justification: Bytes,
    /// The nodes of the trie that lead from the state root to every key, whether or not it has a value.
    proof: Vec<Bytes>,
}

/// Adds the call to a module.
pub(crate) fn register<C>(
    module: &mut RpcModule<()>,
    client: Arc<C>,
) -> Result<(), jsonrpsee::core::RegisterMethodError>
where
    C: HeaderBackend<Block> + BlockBackend<Block> + ProofProvider<Block> + Send + Sync + 'static,
{
    module.register_blocking_method(METHOD, move |parameters: Params<'_>, _, _| {
        let keys: Vec<Bytes> = parameters.one()?;
        let prove = |block: Hash, keys: &[Bytes]| {
            let proof = client.read_proof(block, &mut keys.iter().map(|key| key.0.as_slice()));
            let proof = proof.map_err(|error| error.to_string())?;
            Ok(proof.into_iter_nodes().map(Bytes).collect())
        };
        finalized_state(&*client, &keys, prove).map_err(refused)
    })?;
    Ok(())
}

fn finalized_state(
    chain: &impl Chain,
    keys: &[Bytes],
    prove: impl FnOnce(Hash, &[Bytes]) -> Result<Vec<Bytes>, String>,
) -> Result<FinalizedState, Refusal> {
    if keys.len() > MAX_KEYS || keys.iter().map(|key| key.0.len()).sum::<usize>() > MAX_KEY_BYTES {
        return Err(Refusal::TooManyKeys);
    }
    let newest = chain.finalized();
    let mut block = chain.hash(newest)?.ok_or(Refusal::NotJustified)?;
    for _ in 0..MAX_BLOCKS_BACK {
        let header = chain.header(block)?.ok_or(Refusal::NotJustified)?;
        if let Some(justification) = chain.justification(block)? {
            let proof = prove(block, keys)?;
            return Ok(FinalizedState {
                header: header.encode().into(),
                justification: justification.into(),
                proof,
            });
        }
        if *header.number() <= 1 {
            break;
        }
        block = *header.parent_hash();
    }
    Err(Refusal::NotJustified)
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    TooManyKeys,
    NotJustified,
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
    // Of its own: whoever asks a chain that has only just begun asks again.
    const NOTHING_PROVABLE: i32 = -32001;
    let (code, text) = match refusal {
        Refusal::TooManyKeys => {
            (INVALID_PARAMS, format!("at most {MAX_KEYS} keys of together {MAX_KEY_BYTES} bytes"))
        }
        Refusal::NotJustified => {
            (NOTHING_PROVABLE, "no block is finalized that this node can prove".to_owned())
        }
        Refusal::Backend(error) => (NOT_HERE, format!("the database: {error}")),
    };
    ErrorObjectOwned::owned(code, text, None::<()>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::fake::{Fake, Header};
    use sp_runtime::codec::Decode;

    fn ask(chain: &Fake, keys: &[Bytes]) -> Result<FinalizedState, Refusal> {
        finalized_state(chain, keys, |block, keys| Ok([&[Bytes(block.0.to_vec())], keys].concat()))
    }

    #[test]
    fn the_newest_block_that_has_a_justification_is_proved() {
        let keys = [Bytes(vec![1]), Bytes(vec![2, 3])];
        for (pruned, expected) in [(None, 20), (Some(20), 19), (Some(19), 20)] {
            let chain = Fake { pruned, ..Fake::new(20, &[]) };
            let answer = ask(&chain, &keys).unwrap();
            let header = Header::decode(&mut &answer.header.0[..]).unwrap();
            assert_eq!(*header.number(), expected);
            assert_eq!(answer.proof, [&[Bytes(header.hash().0.to_vec())], &keys[..]].concat());
        }
    }

    #[test]
    fn what_is_not_finalized_or_not_justified_is_refused() {
        assert_eq!(ask(&Fake { pruned: Some(1), ..Fake::new(1, &[]) }, &[]), Err(Refusal::NotJustified));
    }

    #[test]
    fn questions_are_bounded() {
        let chain = Fake::new(20, &[]);
        assert!(ask(&chain, &vec![Bytes(vec![0; 128]); MAX_KEYS]).is_ok());
        assert_eq!(ask(&chain, &vec![Bytes(vec![0]); MAX_KEYS + 1]), Err(Refusal::TooManyKeys));
        assert_eq!(ask(&chain, &[Bytes(vec![0; MAX_KEY_BYTES + 1])]), Err(Refusal::TooManyKeys));
    }
}
