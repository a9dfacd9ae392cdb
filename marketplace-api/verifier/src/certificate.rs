//! Certificates as files: what is in one, and its two encodings.
//!
//! **Binary** ([`Certificate::encode`]): the six bytes `WBCERT`, a version byte (1), then SCALE of the fields in the
//! order in which they stand here:
//!
//! | Field | Encoding |
//! | --- | --- |
//! | dataset, genesis | 32 bytes each |
//! | hand-offs | their number, then for each the header and the justification as byte strings |
//! | header, justification | byte strings |
//! | proof | the number of its nodes, then each as a byte string |
//! | claims digest | 32 bytes |
//!
//! A number is a SCALE compact; a byte string is its length, a compact, and its bytes. Headers and justifications are
//! themselves SCALE, as nodes of the chain write them. One certificate has exactly one binary form: decoding refuses
//! every other.
//!
//! **JSON** ([`Certificate::to_json`]): the same fields by name, bytes in lower-case hexadecimal, and the claims in
//! full, so that a person or a program can read them without a verifier. Reading refuses unknown fields, a field that
//! stands twice, and claims whose digest is not the one beside them. White space and the order of members are free.
//!
//! Nothing in a certificate is believed. Headers and justifications are kept as the bytes that validators signed;
//! [`crate::verify`] decodes them.

mod binary;
mod json;
mod lists;

pub use crate::proof::MAX_NODES;
pub use binary::MAGIC;

use crate::{
    claims::{derive, Claims, DeriveError},
    finality::{HandOff, Header},
    proof::ProofReader,
    refusal::{Part, Refusal},
    Hash,
};
use sha2::{Digest as _, Sha256};
use wonbon_primitives::{DatasetId, Digest};

/// The largest certificate that is read, in bytes.
pub const MAX_SIZE: u64 = 64 << 20;
/// The most hand-offs: more than one a day for a century.
pub const MAX_HAND_OFFS: usize = 1 << 16;

/// A certificate of origin and trade history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// The dataset that it is about.
    pub dataset: DatasetId,
    /// Hash of the first block of the chain that it is of.
    pub genesis: Hash,
    /// How each set of validators handed over to the next, from the first that the certificate goes back to, up to
    /// the one that finalized the header. In the order of the blocks.
    pub hand_offs: Vec<HandOff>,
    /// The finalized header whose state is proved, SCALE-encoded.
    pub header: Vec<u8>,
    /// The GRANDPA justification of that header, SCALE-encoded.
    pub justification: Vec<u8>,
    /// The compact proof of every storage entry that the claims rest on, and of nothing else.
    pub proof: Vec<Vec<u8>>,
    /// [`Claims::digest`] of what the proof shows.
    pub claims_digest: Digest,
}

impl Certificate {
    /// Makes a certificate, and gives the claims that it proves.
    ///
    /// `nodes` are trie nodes of the header's state, in any order, as `state_getReadProof` gives them; there may be
    /// more than needed. Finality is not checked: use [`crate::verify`] on the result.
    pub fn make(
        dataset: DatasetId,
        genesis: Hash,
        hand_offs: Vec<HandOff>,
        header: Vec<u8>,
        justification: Vec<u8>,
        nodes: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<(Self, Claims), Refusal> {
        let decoded = Header::decode(&header, Part::Header)?;
        let mut reader = ProofReader::from_nodes(nodes, decoded.state_root);
        let claims = refusal_only(derive(&mut reader, &dataset, decoded.block()))?;
        let proof = reader.into_proof()?;
        let claims_digest = claims.digest();
        Ok((Self { dataset, genesis, hand_offs, header, justification, proof, claims_digest }, claims))
    }

    /// What the storage proof says, if the header is to be believed. Finality and the claims' digest are *not*
    /// checked: this is for who has verified the certificate or has just made it.
    pub fn claims_unverified(&self) -> Result<Claims, Refusal> {
        let header = Header::decode(&self.header, Part::Header)?;
        let mut reader = ProofReader::new(&self.proof, header.state_root)?;
        let claims = refusal_only(derive(&mut reader, &self.dataset, header.block()))?;
        reader.into_proof()?;
        Ok(claims)
    }

    /// SHA-256 of the binary form: the name of this certificate.
    pub fn digest(&self) -> Digest {
        Sha256::digest(self.encode()).into()
    }

    /// Reads a certificate in either encoding.
    pub fn read(file: &[u8]) -> Result<Self, Refusal> {
        if file.starts_with(MAGIC) {
            Self::decode(file)
        } else {
            Self::from_json(file)
        }
    }
}

/// A proof in memory is a source that does not fail.
pub(crate) fn refusal_only<T>(result: Result<T, DeriveError>) -> Result<T, Refusal> {
    result.map_err(|error| match error {
        DeriveError::Refused(refusal) => refusal,
        DeriveError::Source(_) => unreachable!("reading from memory does not fail; qed"),
    })
}
