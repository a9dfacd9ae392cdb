//! What of the chain the remote calls read: heights, headers and what finalized them.

use sc_client_api::{BlockBackend, HeaderBackend};
use sc_consensus_grandpa::GRANDPA_ENGINE_ID;
use sp_runtime::traits::Block as BlockT;
use wonbon_runtime::{opaque::Block, BlockNumber, Hash};

/// What of a chain is read.
pub(crate) trait Chain {
    /// The height of a block that the node has.
    fn number(&self, block: Hash) -> Result<Option<BlockNumber>, String>;
    /// The block of this height on the best chain.
    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, String>;
    /// The height of the last finalized block.
    fn finalized(&self) -> BlockNumber;
    fn header(&self, block: Hash) -> Result<Option<<Block as BlockT>::Header>, String>;
    /// GRANDPA's justification of a block.
    fn justification(&self, block: Hash) -> Result<Option<Vec<u8>>, String>;
}

impl<C: HeaderBackend<Block> + BlockBackend<Block>> Chain for C {
    fn number(&self, block: Hash) -> Result<Option<BlockNumber>, String> {
        HeaderBackend::number(self, block).map_err(|error| error.to_string())
    }

    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, String> {
        HeaderBackend::hash(self, number).map_err(|error| error.to_string())
    }

    fn finalized(&self) -> BlockNumber {
        self.info().finalized_number
    }

    fn header(&self, block: Hash) -> Result<Option<<Block as BlockT>::Header>, String> {
        HeaderBackend::header(self, block).map_err(|error| error.to_string())
    }

    fn justification(&self, block: Hash) -> Result<Option<Vec<u8>>, String> {
        let found = self.justifications(block).map_err(|error| error.to_string())?;
        Ok(found.and_then(|all| all.into_justification(GRANDPA_ENGINE_ID)))
    }
}

#[cfg(test)]
pub(crate) mod fake {
    //! A chain in memory.

    use super::*;
    use sp_consensus_grandpa::{ConsensusLog, ScheduledChange};
    use sp_runtime::{codec::Encode, traits::Header as _, DigestItem};
    use std::collections::BTreeMap;

    pub(crate) type Header = <Block as BlockT>::Header;

    /// A chain of which every block is finalized up to a height.
    pub(crate) struct Fake {
        pub(crate) headers: Vec<Header>,
        pub(crate) numbers: BTreeMap<Hash, BlockNumber>,
        pub(crate) finalized: BlockNumber,
        /// Whose justification is lost.
        pub(crate) pruned: Option<BlockNumber>,
        /// Bytes of each justification.
        pub(crate) weight: usize,
    }

    impl Fake {
        /// A chain whose sets end at these heights.
        pub(crate) fn new(finalized: BlockNumber, ends: &[BlockNumber]) -> Self {
            let header = |number: BlockNumber, parent: Hash| {
                let nothing = Hash::default();
                let mut header = Header::new(number, nothing, nothing, parent, Default::default());
                if ends.contains(&number) {
                    let next = ScheduledChange { next_authorities: Vec::new(), delay: 0 };
                    let log = ConsensusLog::<BlockNumber>::ScheduledChange(next);
                    header.digest_mut().push(DigestItem::Consensus(GRANDPA_ENGINE_ID, log.encode()));
                }
                header
            };
            let mut headers: Vec<Header> = Vec::new();
            for number in 0..=finalized + 5 {
                let parent = headers.last().map(Header::hash).unwrap_or_default();
                headers.push(header(number, parent));
            }
            let numbers = headers.iter().map(|header| (header.hash(), *header.number())).collect();
            Self { headers, numbers, finalized, pruned: None, weight: 700 }
        }

        pub(crate) fn hash_at(&self, number: BlockNumber) -> Hash {
            self.headers[number as usize].hash()
        }
    }

    impl Chain for Fake {
        fn number(&self, block: Hash) -> Result<Option<BlockNumber>, String> {
            Ok(self.numbers.get(&block).copied())
        }

        fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, String> {
            Ok(self.headers.get(number as usize).map(Header::hash))
        }

        fn finalized(&self) -> BlockNumber {
            self.finalized
        }

        fn header(&self, block: Hash) -> Result<Option<Header>, String> {
            Ok(self.numbers.get(&block).map(|number| self.headers[*number as usize].clone()))
        }

        fn justification(&self, block: Hash) -> Result<Option<Vec<u8>>, String> {
            let number = Chain::number(self, block)?;
            Ok((number != self.pruned).then(|| vec![1; self.weight]))
        }
    }
}
