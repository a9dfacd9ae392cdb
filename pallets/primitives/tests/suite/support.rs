//! A trade in memory, the RFC 9162 tree written down as the RFC defines it, and files to try things on.

use rand_core::{CryptoRng, Error, OsRng, RngCore};
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::tree::{inclusion_path, leaf_hash, root_of},
    delivery::{deliver, prove_shared, Delivery, OrderSecret},
    dispute::{BlockFault, DisputeProof, DisputeTerms, Fault},
    seal::{apply, ContentKey},
    BoundedVec, Commitment, Digest, OrderId,
};

pub(crate) const GENESIS: Digest = [0xA5; 32];
pub(crate) const ORDER: OrderId = 7;

/// Bytes that do not repeat with the block size.
pub(crate) fn sample(length: usize) -> Vec<u8> {
    (0..length as u64).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect()
}

pub(crate) fn blocks(bytes: &[u8]) -> Vec<Digest> {
    bytes.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect()
}

pub(crate) fn commit(bytes: &[u8]) -> Commitment {
    Commitment { root: root_of(blocks(bytes)).unwrap(), length: bytes.len() as u64 }
}

pub(crate) fn seal(bytes: &[u8], key: &ContentKey) -> Vec<u8> {
    let mut sealed = bytes.to_vec();
    apply(key, 0, &mut sealed).unwrap();
    sealed
}

pub(crate) fn digest(text: &str) -> Digest {
    wonbon_primitives::id::from_hex(text).unwrap()
}

/// RFC 9162 section 2.1, recursively, over the entries themselves.
pub(crate) mod rfc {
    use super::Digest;
    use sha2::{Digest as _, Sha256};

    fn k(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub(crate) fn mth(entries: &[Vec<u8>]) -> Digest {
        match entries {
            [] => Sha256::digest([]).into(),
            [one] => Sha256::digest([&[0], one.as_slice()].concat()).into(),
            more => {
                let (left, right) = more.split_at(k(more.len()));
                Sha256::digest([&[1], mth(left).as_slice(), mth(right).as_slice()].concat()).into()
            }
        }
    }

    pub(crate) fn path_to(m: usize, entries: &[Vec<u8>]) -> Vec<Digest> {
        if entries.len() == 1 {
            return vec![];
        }
        let k = k(entries.len());
        let (left, right) = entries.split_at(k);
        let (mut path, sibling) =
            if m < k { (path_to(m, left), mth(right)) } else { (path_to(m - k, right), mth(left)) };
        path.push(sibling);
        path
    }

    pub(crate) fn proof(m: usize, entries: &[Vec<u8>]) -> Vec<Digest> {
        subproof(m, entries, true)
    }

    fn subproof(m: usize, entries: &[Vec<u8>], complete: bool) -> Vec<Digest> {
        if m == entries.len() {
            return if complete { vec![] } else { vec![mth(entries)] };
        }
        let k = k(entries.len());
        let (left, right) = entries.split_at(k);
        let (mut proof, sibling) = if m <= k {
            (subproof(m, left, complete), mth(right))
        } else {
            (subproof(m - k, right, false), mth(left))
        };
        proof.push(sibling);
        proof
    }
}

/// A generator that always gives the same.
pub(crate) struct Stuck(pub(crate) u8);

impl RngCore for Stuck {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes([self.0; 8])
    }

    fn fill_bytes(&mut self, into: &mut [u8]) {
        into.fill(self.0);
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(into);
        Ok(())
    }
}

impl CryptoRng for Stuck {}

/// One delivered order with everything that both sides hold.
pub(crate) struct Trade {
    pub(crate) secret: OrderSecret,
    pub(crate) terms: DisputeTerms,
    pub(crate) sealed: Vec<u8>,
    /// The leaf list beside the payload.
    pub(crate) leaves: Vec<Digest>,
}

impl Trade {
    /// The seller promises `plain` and the key `promised`, but stores `stored` sealed with it and delivers
    /// `delivered`.
    pub(crate) fn new(plain: &[u8], stored: &[u8], promised: &ContentKey, delivered: &ContentKey) -> Self {
        let secret = OrderSecret::derive(&[1; 32], &[2; 32]);
        let order_key = secret.order_key();
        let sealed = seal(stored, promised);
        let delivery = deliver(&GENESIS, ORDER, &order_key, delivered, &mut OsRng).unwrap();
        let terms = DisputeTerms {
            order_key,
            delivery,
            key_commitment: promised.commitment(),
            sealed: commit(&sealed),
            plain: commit(plain),
        };
        Self { secret, terms, sealed, leaves: blocks(plain) }
    }

    pub(crate) fn honest(plain: &[u8]) -> Self {
        let key = ContentKey::generate(&mut OsRng);
        Self::new(plain, plain, &key, &key)
    }

    pub(crate) fn delivery(&self) -> &Delivery {
        &self.terms.delivery
    }

    pub(crate) fn dispute(&self, fault: Fault) -> DisputeProof {
        let shared = prove_shared(&GENESIS, ORDER, &self.secret, self.delivery(), &mut OsRng).unwrap();
        DisputeProof { shared, fault }
    }

    /// What the buyer shows of a block.
    pub(crate) fn block(&self, index: u64) -> BlockFault {
        let block = self.sealed.chunks(BLOCK_SIZE as usize).nth(index as usize).unwrap();
        let path = |leaves: Vec<Digest>| inclusion_path(leaves.into_iter(), index).unwrap();
        BlockFault {
            index,
            sealed_block: BoundedVec::truncate_from(block.to_vec()),
            sealed_path: BoundedVec::truncate_from(path(blocks(&self.sealed))),
            plain_leaf: self.leaves[index as usize],
            plain_path: BoundedVec::truncate_from(path(self.leaves.clone())),
        }
    }
}

/// ChaCha20 as RFC 8439 section 2.3 writes it: the block of this counter under the zero nonce.
pub(crate) fn chacha_block(key: &[u8; 32], counter: u32) -> [u8; 64] {
    let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
    let mut state = [0; 16];
    for (to, from) in state.iter_mut().zip(b"expand 32-byte k".chunks(4).chain(key.chunks(4))) {
        *to = word(from);
    }
    state[12] = counter;
    let start = state;
    let mut quarter = |a: usize, b: usize, c: usize, d: usize| {
        for (x, y, z, by) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
            state[x] = state[x].wrapping_add(state[y]);
            state[z] = (state[z] ^ state[x]).rotate_left(by);
        }
    };
    for _ in 0..10 {
        quarter(0, 4, 8, 12);
        quarter(1, 5, 9, 13);
        quarter(2, 6, 10, 14);
        quarter(3, 7, 11, 15);
        quarter(0, 5, 10, 15);
        quarter(1, 6, 11, 12);
        quarter(2, 7, 8, 13);
        quarter(3, 4, 9, 14);
    }
    let mut block = [0; 64];
    for (to, (mixed, before)) in block.chunks_mut(4).zip(state.iter().zip(start)) {
        to.copy_from_slice(&mixed.wrapping_add(before).to_le_bytes());
    }
    block
}
