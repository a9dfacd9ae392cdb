//! The files by which people come to act for companies: an application, an invitation, a joining.
//!
//! - An [`Application`] is what the first member of a company signs, with the company's profile. The registrar
//!   establishes the company with it.
//! - An [`Invitation`] is what an admin writes for somebody: it is not signed, and whoever joins sees what it says.
//! - A [`SignedJoining`] is what somebody signs who joins a company. An admin takes them on with it, or the registrar
//!   proposes them as a new admin.
//!
//! Promises: they are JSON that people can read; what is not understood to the last member is refused, and so is what the
//! chain would not take: each refusal names the member that is at fault.

mod invitation;
mod signed;
mod text;

pub use invitation::Invitation;
pub use signed::{Application, SignedJoining};

use thiserror::Error;
use wonbon_model::{BlockNumber, Digest};
use wonbon_primitives::id::to_hex;

/// Bytes of the largest file that is read.
pub const MAX_FILE: u64 = 16 * 1024;

/// What of a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)]
pub enum BadFile {
    /// It is not such a file; the reason names the member.
    #[error("{0}")]
    Malformed(String),
    /// What a member says cannot be taken.
    #[error("{field}: {reason}")]
    Field { field: &'static str, reason: String },
}

impl BadFile {
    fn field(field: &'static str, reason: impl ToString) -> Self {
        Self::Field { field, reason: reason.to_string() }
    }
}

/// Where a file is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Hash of the chain's first block.
    pub genesis: Digest,
    /// Height of its newest finalized block.
    pub height: BlockNumber,
}

impl Place {
    fn check_genesis(&self, genesis: &Digest) -> Result<(), BadFile> {
        if *genesis == self.genesis {
            return Ok(());
        }
        let (theirs, ours) = (to_hex(genesis), to_hex(&self.genesis));
        Err(BadFile::field("genesis", format!("it is for another chain, {theirs}, and this is {ours}")))
    }

    fn check_expiry(&self, field: &'static str, expires: BlockNumber) -> Result<(), BadFile> {
        if expires > self.height {
            return Ok(());
        }
        let reason = format!("its last block was {expires}, and this is block {}", self.height);
        Err(BadFile::field(field, reason))
    }
}
