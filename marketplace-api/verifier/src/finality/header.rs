//! Headers, and what they say about the validators.

use super::{
    reader::{Reader, Wrong},
    AuthoritySet,
};
use crate::{
    refusal::{ForbiddenLog, Invalid, Part, Refusal, Unreadable},
    value::Block,
    BlockNumber, Hash,
};
use sp_crypto_hashing::blake2_256;

/// GRANDPA's logs in a header.
const GRANDPA_ENGINE: [u8; 4] = *b"FRNK";

/// A header of the chain, as far as it matters here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// BLAKE2 of its bytes: the block's hash.
    pub hash: Hash,
    /// The block before it.
    pub parent: Hash,
    /// Height of the block; the first has 0.
    pub number: BlockNumber,
    /// The root of the state after the block.
    pub state_root: Hash,
    /// What it says to GRANDPA.
    logs: Vec<Log>,
    bytes: Vec<u8>,
}

/// What a header says to GRANDPA.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Log {
    ScheduledChange { next: Vec<([u8; 32], u64)>, delay: BlockNumber },
    Forbidden(ForbiddenLog),
}

impl Header {
    /// Decodes a header, to its last byte.
    pub fn decode(bytes: &[u8], part: Part) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(bytes);
        let header = Self::read(&mut reader).and_then(|header| reader.expect_end().map(|()| header));
        header.map_err(|what| Unreadable::Header { part, what: what.to_owned() })
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Wrong> {
        let (header, bytes) = reader.with_bytes(|reader| {
            let parent = reader.array()?;
            let number = reader.compact()?;
            let state_root = reader.array()?;
            let _extrinsics_root: Hash = reader.array()?;
            let mut logs = Vec::new();
            for _ in 0..reader.compact()? {
                logs.extend(digest_item(reader)?);
            }
            Ok(Self { hash: [0; 32], parent, number, state_root, logs, bytes: Vec::new() })
        })?;
        Ok(Self { hash: blake2_256(bytes), bytes: bytes.to_vec(), ..header })
    }

    /// The block that it is of.
    pub fn block(&self) -> Block {
        Block { number: self.number, hash: self.hash.into() }
    }

    /// The bytes that it was decoded from.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The set that the header hands over to, if it does. Refuses whatever a chain of hand-offs cannot be followed
    /// through.
    pub fn change(&self, part: Part) -> Result<Option<AuthoritySet>, Refusal> {
        let mut change = None;
        let mut found = 0;
        for log in &self.logs {
            match log {
                Log::Forbidden(log) => return Err(Invalid::ForbiddenLog { part, log: *log }.into()),
                Log::ScheduledChange { delay, .. } if *delay != 0 => {
                    return Err(Invalid::ChangeDelay { part, delay: *delay }.into());
                }
                Log::ScheduledChange { next, .. } => {
                    found += 1;
                    change = Some(next);
                }
            }
        }
        if found > 1 {
            return Err(Invalid::ChangeCount { part, found }.into());
        }
        let set = change.map(|next| AuthoritySet::new(next.iter().copied())).transpose();
        set.map_err(|why| Invalid::BadSet { part, why }.into())
    }
}

/// An item of a header's digest: what it says to GRANDPA, if anything.
fn digest_item(reader: &mut Reader<'_>) -> Result<Option<Log>, Wrong> {
    const OTHER: u8 = 0;
    const CONSENSUS: u8 = 4;
    const SEAL: u8 = 5;
    const PRE_RUNTIME: u8 = 6;
    const RUNTIME_ENVIRONMENT_UPDATED: u8 = 8;
    match reader.byte()? {
        OTHER => reader.bytes().map(|_| None),
        CONSENSUS => {
            let engine: [u8; 4] = reader.array()?;
            let payload = reader.bytes()?;
            if engine == GRANDPA_ENGINE {
                log(payload).map(Some)
            } else {
                Ok(None)
            }
        }
        SEAL | PRE_RUNTIME => {
            reader.read_bytes(4)?;
            reader.bytes().map(|_| None)
        }
        RUNTIME_ENVIRONMENT_UPDATED => Ok(None),
        _ => Err("its digest has an unknown item"),
    }
}

fn log(payload: &[u8]) -> Result<Log, Wrong> {
    let mut reader = Reader::new(payload);
    let log = match reader.byte()? {
        1 => scheduled_change(&mut reader)?,
        2 => {
            reader.number()?;
            scheduled_change(&mut reader)?;
            Log::Forbidden(ForbiddenLog::ForcedChange)
        }
        3 => {
            reader.long()?;
            Log::Forbidden(ForbiddenLog::OnDisabled)
        }
        4 => {
            reader.number()?;
            Log::Forbidden(ForbiddenLog::Pause)
        }
        5 => {
            reader.number()?;
            Log::Forbidden(ForbiddenLog::Resume)
        }
        _ => return Err("it says something unknown to GRANDPA"),
    };
    reader.expect_end()?;
    Ok(log)
}

fn scheduled_change(reader: &mut Reader<'_>) -> Result<Log, Wrong> {
    let mut next = Vec::new();
    for _ in 0..reader.compact()? {
        next.push((reader.array()?, reader.long()?));
    }
    Ok(Log::ScheduledChange { next, delay: reader.number()? })
}
