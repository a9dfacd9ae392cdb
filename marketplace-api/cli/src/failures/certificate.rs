//! Why a certificate cannot be made, and what to do then.

use wonbon_client::certificate::CertificateError;
use wonbon_client::chain::ChainError;

use crate::exit::{Code, Failure};

impl From<CertificateError> for Failure {
    fn from(error: CertificateError) -> Self {
        let message = error.to_string();
        let failure = |code| Failure::new(code, message.clone());
        match error {
            CertificateError::Chain(ChainError::StatePruned(block)) if block.height == 0 => {
                failure(Code::Failure).named("StatePruned").advise(
                    "name a node that keeps all states (--state-pruning archive-canonical) with --chain, or \
                     give a trust anchor that you have with --trust",
                )
            }
            CertificateError::Chain(error) => error.into(),
            CertificateError::NotRegistered { .. } => failure(Code::Refused).named("NotRegistered").advise(
                "if it is new, wait some seconds and try again; otherwise check the dataset's id and --chain",
            ),
            CertificateError::NotFinalized { .. } => failure(Code::Refused)
                .named("NotFinalized")
                .advise("wait until the block is finalized, or leave out --at"),
            CertificateError::NoJustification(_) => failure(Code::Failure).named("NoJustification").advise(
                "name a node that keeps all blocks (--blocks-pruning archive-canonical) with --chain",
            ),
            CertificateError::Forced(height) => failure(Code::Failure)
                .named("Forced")
                .advise(format!("say --trust ANCHOR, with an anchor of block {height} or later")),
            CertificateError::TooLarge => failure(Code::Failure).named("TooLarge"),
            CertificateError::Anchors(_) => failure(Code::Refused).named("Anchors"),
            CertificateError::Refused(_) | CertificateError::Authorities(_) => failure(Code::Verification)
                .advise("nothing was written; the node is faulty, or of another chain than the anchors"),
            CertificateError::Stopped => failure(Code::Interrupted),
        }
    }
}
