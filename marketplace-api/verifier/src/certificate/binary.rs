//! The binary encoding.

use super::{Certificate, MAX_HAND_OFFS, MAX_NODES, MAX_SIZE};
use crate::finality::HandOff;
use crate::refusal::{Refusal, Unreadable};
use codec::{Compact, Decode, Encode, Input};

/// What a binary certificate begins with.
pub const MAGIC: &[u8] = b"WBCERT";
/// The version of the binary form that this release writes and reads.
const VERSION: u8 = 1;

impl Certificate {
    /// The binary form; there is exactly one.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        let Self { dataset, genesis, hand_offs, header, justification, proof, claims_digest } = self;
        (dataset, genesis, hand_offs, header, justification, proof, claims_digest).encode_to(&mut out);
        out
    }

    /// Reads the binary form.
    pub fn decode(file: &[u8]) -> Result<Self, Refusal> {
        Ok(decode(file)?)
    }
}

fn decode(file: &[u8]) -> Result<Certificate, Unreadable> {
    if file.len() as u64 > MAX_SIZE {
        return Err(Unreadable::TooLarge { limit: MAX_SIZE });
    }
    let body = file.strip_prefix(MAGIC).ok_or(Unreadable::NotACertificate)?;
    let (version, mut body) = body.split_first().ok_or(Unreadable::NotACertificate)?;
    if *version != VERSION {
        return Err(Unreadable::Version { version: *version });
    }
    let certificate = fields(&mut body).map_err(|error| Unreadable::Damaged { what: format!("{error}") })?;
    if !body.is_empty() {
        return Err(Unreadable::Damaged { what: format!("{} bytes too many", body.len()) });
    }
    Ok(certificate)
}

/// SCALE, but lists are taken item by item: a list that claims a thousand million items of nothing costs no more than
/// the bytes that are there. SCALE has one encoding of each length, so nothing else decodes to the same certificate.
fn fields(input: &mut &[u8]) -> Result<Certificate, codec::Error> {
    Ok(Certificate {
        dataset: Decode::decode(input)?,
        genesis: Decode::decode(input)?,
        // Two byte strings, each with at least the byte of its length.
        hand_offs: list(input, MAX_HAND_OFFS, 2, |input| {
            Ok(HandOff { header: Decode::decode(input)?, justification: Decode::decode(input)? })
        })?,
        header: Decode::decode(input)?,
        justification: Decode::decode(input)?,
        proof: list(input, MAX_NODES, 1, |input| Vec::decode(input))?,
        claims_digest: Decode::decode(input)?,
    })
}

fn list<T>(
    input: &mut &[u8],
    most: usize,
    least_bytes: usize,
    item: impl Fn(&mut &[u8]) -> Result<T, codec::Error>,
) -> Result<Vec<T>, codec::Error> {
    let count = Compact::<u32>::decode(input)?.0 as usize;
    if count > most || input.remaining_len()?.is_none_or(|rest| count > rest / least_bytes) {
        return Err("a list is too long".into());
    }
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(item(input)?);
    }
    Ok(items)
}
