//! Sealed packages made in memory, honest and otherwise. They are put together from the primitives alone, so
//! that what the command makes and checks is also checked against something else.

use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::{tree, Commitment},
    seal::{self, ContentKey},
    OsRng,
};

/// A sealed payload with the list of its plaintext leaves, and what belongs to it.
#[derive(Clone, Debug)]
pub struct Package {
    /// Sealed payload and leaf list, as they are uploaded.
    pub bytes: Vec<u8>,
    /// What identifies the dataset.
    pub plain: Commitment,
    /// What identifies the sealed payload.
    pub sealed: Commitment,
    /// What opens it.
    pub key: ContentKey,
}

impl Package {
    /// Seals `data` as it should be.
    pub fn honest(data: &[u8]) -> Self {
        Self::made(data, data)
    }

    /// Seals `data` with one byte of the block `index` changed, under the true leaf list and dataset: the cheat
    /// that a dispute is for.
    pub fn with_bad_block(data: &[u8], index: usize) -> Self {
        let mut sealed = data.to_vec();
        sealed[index * BLOCK] ^= 1;
        Self::made(data, &sealed)
    }

    /// A package that says it is `promised` and holds `held`.
    fn made(promised: &[u8], held: &[u8]) -> Self {
        let key = ContentKey::generate(&mut OsRng);
        let leaves: Vec<_> = promised.chunks(BLOCK).map(tree::leaf_hash).collect();
        let mut bytes = held.to_vec();
        seal::apply(&key, 0, &mut bytes).expect("the data are far shorter than the longest file");
        let length = promised.len() as u64;
        let sealed = root(bytes.chunks(BLOCK).map(tree::leaf_hash).collect());
        bytes.extend(leaves.iter().flatten());
        Self {
            bytes,
            plain: Commitment { root: root(leaves), length },
            sealed: Commitment { root: sealed, length },
            key,
        }
    }
}

const BLOCK: usize = BLOCK_SIZE as usize;

fn root(leaves: Vec<wonbon_primitives::Digest>) -> wonbon_primitives::Digest {
    tree::root_of(leaves).expect("no package is empty")
}
