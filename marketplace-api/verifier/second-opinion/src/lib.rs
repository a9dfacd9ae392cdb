//! A second opinion on certificates: smoldot, a light client by other people, asked about headers, votes and proofs.
//!
//! For tests, here and of the whole system: whatever [`wonbon_verifier`] accepts, smoldot must accept, and on what is
//! forged both must agree. smoldot knows nothing of Wonbon. It reads headers, follows hand-offs, checks justifications
//! and trie proofs; compact proofs are its one gap, so they are expanded first. It gives every validator the same
//! weight, which is what the chain does.

use codec::Encode;
use smoldot::{
    finality::{
        decode::decode_grandpa_justification,
        verify::{verify_justification, JustificationVerifyConfig},
    },
    header::{self, DigestItemRef, GrandpaConsensusLogRef},
    trie::{
        bytes_to_nibbles,
        proof_decode::{decode_and_verify_proof, Config, DecodedTrieProof, StorageValue},
    },
};
use sp_core::{Blake2Hasher, H256};
use sp_trie::CompactProof;
use thiserror::Error;
use wonbon_verifier::{
    claims::{derive, Block, DeriveError, ReadError, StorageReader},
    Certificate, Claims, TrustAnchor,
};

/// Bytes of a block number on this chain.
const NUMBER_BYTES: usize = 4;

/// Why smoldot does not accept a certificate.
#[derive(Debug, Error)]
pub enum Objection {
    /// A header does not decode.
    #[error("a header does not decode: {0}")]
    Header(String),
    /// A justification does not make its header final.
    #[error("a justification is not good: {0}")]
    Justification(String),
    /// A hand-off does not hand over.
    #[error("a hand-off does not hand over")]
    NoChange,
    /// The storage proof is bad, or does not cover what the claims rest on.
    #[error("the storage proof is not good: {0}")]
    Proof(String),
    /// The values that smoldot reads give no claims, or other ones.
    #[error("the proved values give other claims: {0}")]
    Claims(String),
}

/// Asks smoldot about all of a certificate: finality from the anchor on, every storage entry, and whether the values
/// that it reads give the certificate's claims.
pub fn check(certificate: &Certificate, anchor: &TrustAnchor) -> Result<(), Objection> {
    check_finality(certificate, anchor)?;
    let claims = claims(certificate)?;
    if claims.digest() == certificate.claims_digest {
        Ok(())
    } else {
        Err(Objection::Claims("another digest".into()))
    }
}

/// Asks smoldot whether the certificate's header is final. Hand-offs up to the anchor's block are passed over.
pub fn check_finality(certificate: &Certificate, anchor: &TrustAnchor) -> Result<(), Objection> {
    let mut validators: Vec<[u8; 32]> = anchor.authorities.iter().map(|authority| authority.key.0).collect();
    let mut set_id = anchor.set_id;
    for hand_off in &certificate.hand_offs {
        if decode(&hand_off.header)?.number <= u64::from(anchor.block.number) {
            continue;
        }
        let next = check_justification(&hand_off.header, &hand_off.justification, set_id, &validators)?;
        validators = next.ok_or(Objection::NoChange)?;
        set_id += 1;
    }
    check_justification(&certificate.header, &certificate.justification, set_id, &validators).map(|_| ())
}

/// Whether a header is final by a justification of these validators; whom it hands over to, if it does.
pub fn check_justification(
    header: &[u8],
    justification: &[u8],
    set_id: u64,
    validators: &[[u8; 32]],
) -> Result<Option<Vec<[u8; 32]>>, Objection> {
    let bad = |what: &dyn ToString| Objection::Justification(what.to_string());
    let decoded = decode(header)?;
    let target = decode_grandpa_justification(justification, NUMBER_BYTES).map_err(|error| bad(&error))?;
    let hash = header::hash_from_scale_encoded_header(header);
    if (*target.target_hash, target.target_number) != (hash, decoded.number) {
        return Err(bad(&"it is for another block"));
    }
    verify_justification(JustificationVerifyConfig {
        justification,
        block_number_bytes: NUMBER_BYTES,
        authorities_set_id: set_id,
        authorities_list: validators.iter().map(|key| &key[..]),
        randomness_seed: [7; 32],
    })
    .map_err(|error| bad(&error))?;
    let mut changes = decoded.digest.logs().filter_map(|item| match item {
        DigestItemRef::GrandpaConsensus(GrandpaConsensusLogRef::ScheduledChange(change)) => {
            Some(change.next_authorities.map(|authority| *authority.public_key).collect())
        }
        _ => None,
    });
    Ok(changes.next())
}

fn decode(header: &[u8]) -> Result<header::HeaderRef<'_>, Objection> {
    header::decode(header, NUMBER_BYTES).map_err(|error| Objection::Header(error.to_string()))
}

/// The claims that the values give which smoldot reads in the certificate's proof.
pub fn claims(certificate: &Certificate) -> Result<Claims, Objection> {
    let header = decode(&certificate.header)?;
    let number = u32::try_from(header.number).map_err(|error| Objection::Header(error.to_string()))?;
    let hash = header::hash_from_scale_encoded_header(&certificate.header).into();
    let nodes = expand(&certificate.proof, *header.state_root)?;
    let mut reader = SmoldotReader::new(&nodes, *header.state_root)?;
    derive(&mut reader, &certificate.dataset, Block { number, hash }).map_err(|error| match error {
        DeriveError::Refused(refusal) => Objection::Claims(refusal.to_string()),
        DeriveError::Source(error) => Objection::Proof(error.to_string()),
    })
}

/// The nodes of a compact proof.
pub fn expand(proof: &[Vec<u8>], root: [u8; 32]) -> Result<Vec<Vec<u8>>, Objection> {
    let compact = CompactProof { encoded_nodes: proof.to_vec() };
    let (proof, _) = compact
        .to_storage_proof::<Blake2Hasher>(&H256(root))
        .map_err(|_| Objection::Proof("it does not lead to the state root".into()))?;
    Ok(proof.into_iter_nodes().collect())
}

/// What smoldot reads under these keys in a proof of these nodes, which must cover all of them.
pub fn read_all(
    nodes: &[Vec<u8>],
    root: [u8; 32],
    keys: &[Vec<u8>],
) -> Result<Vec<Option<Vec<u8>>>, Objection> {
    let mut reader = SmoldotReader::new(nodes, root)?;
    let values = keys.iter().map(|key| reader.read(key));
    values.collect::<Result<_, _>>().map_err(|error| Objection::Proof(error.to_string()))
}

/// Reads with smoldot from the nodes of a proof.
struct SmoldotReader {
    proof: DecodedTrieProof<Vec<u8>>,
    root: [u8; 32],
}

impl SmoldotReader {
    fn new(nodes: &[Vec<u8>], root: [u8; 32]) -> Result<Self, Objection> {
        let proof = decode_and_verify_proof(Config { proof: nodes.encode() })
            .map_err(|error| Objection::Proof(error.to_string()))?;
        Ok(Self { proof, root })
    }
}

impl StorageReader for SmoldotReader {
    fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let nibbles = bytes_to_nibbles(key.iter().copied());
        let info = self.proof.trie_node_info(&self.root, nibbles).map_err(|_| ReadError::NotCovered)?;
        match info.storage_value {
            StorageValue::Known { value, .. } => Ok(Some(value.to_vec())),
            StorageValue::None => Ok(None),
            StorageValue::HashKnownValueMissing(_) => Err(ReadError::NotCovered),
        }
    }
}
