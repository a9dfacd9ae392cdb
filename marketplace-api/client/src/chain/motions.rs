//! Motions of the council that are open, with what each would do.

use super::decoded::DecodedCall;
use super::error::Result;
use super::storage_key::key;
use super::{Chain, View};
use codec::{Decode, Input};
use wonbon_model::{AccountId, BlockNumber, Digest};

/// A motion that is voted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMotion {
    /// What it is known by.
    pub hash: Digest,
    /// Its number.
    pub index: u32,
    /// How many must vote for it.
    pub threshold: u32,
    /// Who voted for it.
    pub ayes: Vec<AccountId>,
    /// Who voted against it.
    pub nays: Vec<AccountId>,
    /// The last block in which somebody can vote.
    pub end: BlockNumber,
    /// What it does when it is carried.
    pub call: DecodedCall,
}

/// As the council's pallet keeps them.
#[derive(Decode)]
struct Votes {
    index: u32,
    threshold: u32,
    ayes: Vec<AccountId>,
    nays: Vec<AccountId>,
    end: BlockNumber,
}

/// All the bytes of an entry.
struct Bytes(Vec<u8>);

impl Decode for Bytes {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let length = input.remaining_len()?.ok_or("an entry has a length")?;
        let mut bytes = vec![0; length];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl View {
    /// A motion of the council, if it is open; what it does is read by the runtime that this program was built for.
    pub async fn motion(&self, chain: &Chain, hash: &Digest) -> Result<Option<OpenMotion>> {
        let votes: Option<Votes> = self.read(("Council", "Voting"), vec![key(hash)]).await?;
        let call: Option<Bytes> = self.read(("Council", "ProposalOf"), vec![key(hash)]).await?;
        let Some((votes, call)) = votes.zip(call) else { return Ok(None) };
        let Votes { index, threshold, ayes, nays, end } = votes;
        let call = DecodedCall::read(&chain.inner.compiled, &call.0)?;
        Ok(Some(OpenMotion { hash: *hash, index, threshold, ayes, nays, end, call }))
    }

    /// The motions of the council that are open, by their numbers.
    pub async fn motions(&self, chain: &Chain) -> Result<Vec<OpenMotion>> {
        let hashes: Vec<Digest> = self.read(("Council", "Proposals"), vec![]).await?.unwrap_or_default();
        let mut motions = Vec::new();
        for hash in hashes {
            motions.extend(self.motion(chain, &hash).await?);
        }
        motions.sort_by_key(|motion| motion.index);
        Ok(motions)
    }
}
