//! From the errors of the libraries to what the person at the terminal reads, with the exit code: one file for each
//! library.

mod certificate;
mod chain;
mod company;
mod exchange;
mod keys;
mod package;
mod service;

use wonbon_model::{words::Term, AccountId, Standing};

use crate::exit::Failure;

/// The failure for a company that the registrar has not verified; `who` says who may do this.
pub fn not_verified(account: &AccountId, standing: Option<Standing>, who: &str) -> Failure {
    let standing = standing.map_or("not registered", |standing| standing.word());
    Failure::refused(format!("the company {account} is {standing}; {who}"))
        .named("NotVerified")
        .advise("`wonbon company register`, then ask the registrar to verify it")
}

/// The failure for somebody who is to act for a company and is no member of it.
pub fn no_member(member: &AccountId, company: &AccountId) -> Failure {
    Failure::refused(format!("{member} is no member of the company {company}, or not any more"))
        .named("NotMember")
        .advise(
            "an admin of the company takes them on with `wonbon company add`; say --company none to act for the key's own \
             account",
        )
}

/// The failure for an account whose company the chain does not have.
pub fn no_company(account: &AccountId) -> Failure {
    unknown(format!("company with the account {account}"))
}

/// The failure for a record that the chain does not have.
pub fn unknown(what: impl std::fmt::Display) -> Failure {
    Failure::refused(format!("there is no {what} on this chain"))
        .advise("if it is new, wait some seconds and try again; otherwise check the number and --chain")
}

#[cfg(test)]
mod tests {
    use wonbon_client::chain::{ChainError, MayNotAct};
    use wonbon_client::keys::KeyFileError;

    use super::*;
    use crate::exit::Code;

    #[test]
    fn codes_follow_the_kind_of_error() {
        let refused = ChainError::Refused {
            pallet: "Marketplace".into(),
            error: "StaleTerms".into(),
            explanation: String::new(),
        };
        let failure = Failure::from(refused);
        assert_eq!((failure.code, failure.name.as_deref()), (Code::Failure, Some("StaleTerms")));
        assert!(failure.advice.is_some());
        for reason in [MayNotAct::NotMember, MayNotAct::Role, MayNotAct::DayLimit, MayNotAct::Recovery] {
            let failure = Failure::from(ChainError::MayNotAct { reason });
            assert_eq!(failure.code, Code::Failure);
            assert!(failure.name.is_some() && failure.advice.is_some());
        }
        let other = ChainError::OtherChain { expected: [0; 32], found: [1; 32] };
        assert_eq!(Failure::from(other).code, Code::Unreachable);
        assert_eq!(
            Failure::from(ChainError::Unreachable { url: "ws://x".into(), reason: "r".into() }).code,
            Code::Unreachable
        );
        assert_eq!(Failure::from(KeyFileError::Missing("x".into())).code, Code::Key);
    }
}
