//! Storage proofs: what stood in a block's state, and what did not.
//!
//! A proof is a part of the state's trie (layout 1: values of 33 bytes or more stand beside their nodes). In a
//! certificate it is compact: hashes that follow from nodes in the proof are left out. It must be exactly the proof of
//! the keys that were read: one that has more, or the same in another form, is refused ([`ProofReader::finish`]), so
//! that one state and one set of keys have one proof.
//!
//! The compact form is that of sp-trie 47 (trie-db 0.32, `encode_compact_skip_duplicates`): nodes in the order of their
//! keys, each before its children; in place of a child that follows, a reference without bytes; a value that stands
//! beside its node follows it, and the node begins with an escape byte. A node or value that occurs in several places is
//! there once, in the first: the later ones keep its hash. Older releases of sp-trie wrote it in each place, which would
//! be refused here. `tests/golden` holds a certificate that must stay readable.

mod depth;

use crate::{
    claims::{ReadError, StorageReader},
    refusal::{Invalid, Refusal, Unreadable},
    Hash,
};
use sp_core::{Blake2Hasher, H256};
use sp_trie::{decode_compact, LayoutV1, MemoryDB, Recorder, StorageProof, Trie, TrieDBBuilder};
use std::collections::BTreeMap;

/// The most trie nodes and values of a storage proof.
pub const MAX_NODES: usize = 1 << 20;

type Layout = LayoutV1<Blake2Hasher>;

/// Reads from a proof, and knows afterwards which part of it was needed.
pub struct ProofReader<'a> {
    root: H256,
    nodes: MemoryDB<Blake2Hasher>,
    /// What the proof was read from, if it was compact.
    compact: Option<&'a [Vec<u8>]>,
    needed: BTreeMap<H256, Vec<u8>>,
}

impl<'a> ProofReader<'a> {
    /// Opens a compact proof, which must lead to this state root.
    pub fn new(proof: &'a [Vec<u8>], root: Hash) -> Result<Self, Refusal> {
        if proof.len() > MAX_NODES {
            return Err(Unreadable::Damaged { what: format!("more than {MAX_NODES} trie nodes") }.into());
        }
        if !depth::is_bounded(proof) {
            return Err(Unreadable::Damaged { what: "its trie nodes go deeper than any key".into() }.into());
        }
        let root = H256(root);
        let mut nodes = MemoryDB::new(&[]);
        decode_compact::<Layout, _, _>(&mut nodes, proof.iter().map(Vec::as_slice), &root)
            .map_err(|_| Invalid::OtherState { root: root.0.into() })?;
        Ok(Self { root, nodes, compact: Some(proof), needed: BTreeMap::new() })
    }

    /// Reads from trie nodes as a node of the chain gives them. What does not belong to the state is never found.
    pub fn from_nodes(nodes: impl IntoIterator<Item = Vec<u8>>, root: Hash) -> Self {
        let nodes = StorageProof::new(nodes).into_memory_db::<Blake2Hasher>();
        Self { root: H256(root), nodes, compact: None, needed: BTreeMap::new() }
    }

    /// The compact proof of exactly the keys that were read. A compact proof that was opened must be equal to it.
    pub fn into_proof(self) -> Result<Vec<Vec<u8>>, Refusal> {
        let proof = StorageProof::new(self.needed.into_values())
            .into_compact_proof::<Blake2Hasher>(self.root)
            .map_err(|_| Invalid::OtherState { root: self.root.0.into() })?
            .encoded_nodes;
        if self.compact.is_some_and(|compact| compact != proof) {
            return Err(Invalid::NotMinimal.into());
        }
        Ok(proof)
    }
}

impl StorageReader for ProofReader<'_> {
    fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let mut passed = Recorder::<Layout>::new();
        // An error is a missing node and never an absence.
        let value = TrieDBBuilder::<Layout>::new(&self.nodes, &self.root)
            .with_recorder(&mut passed)
            .build()
            .get(key)
            .map_err(|_| ReadError::NotCovered)?;
        // Most nodes are passed by many keys; each is kept once.
        self.needed.extend(passed.drain().into_iter().map(|node| (node.hash, node.data)));
        Ok(value)
    }
}
