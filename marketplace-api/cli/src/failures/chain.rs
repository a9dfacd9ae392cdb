//! The chain: it cannot be reached, or it refuses.

use wonbon_client::chain::{ChainError, MayNotAct, Unproved};

use crate::exit::{Code, Failure};

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        let failure = |code| Failure::new(code, error.to_string());
        match &error {
            ChainError::Unreachable { .. } => {
                failure(Code::Unreachable).advise("start the node, or name it with --chain or WONBON_CHAIN")
            }
            ChainError::OtherChain { .. } => failure(Code::Unreachable)
                .advise("check --chain and --genesis: nothing was sent to that chain"),
            ChainError::OtherRuntime(_) => failure(Code::Unreachable).advise(
                "this version of wonbon does not fit this version of the chain; use the one that does",
            ),
            ChainError::Unproved(unproved) => {
                failure(Code::Verification).named("Unproved").advise(unproved_advice(unproved))
            }
            ChainError::Node(_) => {
                failure(Code::Unreachable).advise("run the command again when the node is back")
            }
            ChainError::Refused { error: name, .. } => {
                let advice = refusal_advice(name).map(str::to_owned);
                Failure { advice, ..failure(Code::Failure).named(name) }
            }
            ChainError::Rejected(reason) => {
                let unpaid = ["fee", "balance"].iter().any(|word| reason.to_lowercase().contains(word));
                let advice =
                    unpaid.then(|| "the account cannot pay the fee; see `wonbon balance`".to_owned());
                Failure { advice, ..failure(Code::Failure).named("Rejected") }
            }
            ChainError::MayNotAct { reason } => {
                let (name, advice) = may_not_act(*reason);
                failure(Code::Failure).named(name).advise(advice)
            }
            ChainError::Expired { .. } => {
                failure(Code::Failure).named("Expired").advise("run the same command again")
            }
            ChainError::StatePruned(_) => failure(Code::Failure)
                .advise("name a node that keeps all states (an archive node) with --chain"),
            ChainError::NoSuchBlock(_) | ChainError::Undecodable { .. } => failure(Code::Failure),
        }
    }
}

/// The name of why somebody may not act for a company, and what to do about it.
fn may_not_act(reason: MayNotAct) -> (&'static str, &'static str) {
    match reason {
        MayNotAct::NotMember => (
            "NotMember",
            "`wonbon company members` shows who is; an admin takes members on, and whoever was taken on again runs the same \
             command again",
        ),
        MayNotAct::Role => (
            "MemberRole",
            "`wonbon company members` shows the roles; an admin changes them with `wonbon company change`",
        ),
        MayNotAct::DayLimit => (
            "OverDayLimit",
            "wait for the next day in Korea, or have an admin raise it with `wonbon company change MEMBER --limit KRW`",
        ),
        MayNotAct::Recovery => (
            "RecoveryOpen",
            "`wonbon company members` shows it; a member who knows nothing of it objects with `wonbon company recover \
             object`",
        ),
    }
}

/// What to do when the node's word was not taken.
fn unproved_advice(unproved: &Unproved) -> &'static str {
    match unproved {
        Unproved::NoAnchor { .. } | Unproved::BadAnchor(_) => {
            "get the chain specification from the consortium, check its hash with another member, write the anchor with \
             `wonbon trust-anchor --chain-spec FILE -o anchor.json`, and name it with --trust-anchor"
        }
        Unproved::OldAnchor { .. } => {
            "get a trust anchor of the last days from a member of the consortium that you trust, and name it with \
             --trust-anchor; or name the nodes of two members with --chain: what both show is taken"
        }
        Unproved::NodesDisagree { .. } => {
            "nothing was sent; ask the consortium which is right, and name a trust anchor of the last days with \
             --trust-anchor"
        }
        Unproved::TwoFinalized { .. } => {
            "nothing was sent; tell the consortium, and do not trade on this chain until it has answered"
        }
        Unproved::Clock { .. } => "set this machine's clock (timedatectl shows it), then run the same command again",
        Unproved::Stale { .. } => {
            "nothing was sent; look at this machine's clock, and name another node with --chain if it is right"
        }
        Unproved::Home(_) => "look at the home folder: its disk may be full, or it belongs to somebody else",
        Unproved::NotJustified(_)
        | Unproved::NotFinal { .. }
        | Unproved::Past { .. }
        | Unproved::NotCovered(_)
        | Unproved::List(_) => "nothing was sent; name another node with --chain",
    }
}

/// What to do about an error that the chain answers by name.
fn refusal_advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "StaleTerms" => "the offer changed after you looked; look again with `wonbon show`, then order again",
        "NotVerified" => {
            "the company must be registered and verified: `wonbon company register`, then ask the registrar"
        }
        "OtherRegistrationNumber" | "OtherRoles" => {
            "the company's record has changed; look at it with `wonbon company show` and decide again"
        }
        "NeedsConfirmation" => {
            "the registrar confirms name, size class and industry of a verified company: `wonbon authority \
             confirm-identity`"
        }
        "AlreadyEstablished" => "this application led to a company before; nothing is left to do",
        "BadSignature" => "have it signed anew, for this chain and this company",
        "SignatureExpired" => "its time is over; have it signed anew",
        "SignatureUsed" => "a membership of the account has ended since; have it signed anew",
        "AlreadyMember" => "nothing is left to do; see `wonbon company members`",
        "NotMember" => "see `wonbon company members` for who is",
        "NoCompany" => "the account is no company that acts through people; see `wonbon company show`",
        "TooManyMembers" | "TooManyAdmins" => "remove members who do not act for the company any more first",
        "LastAdmin" => "make somebody else an admin first: `wonbon company change MEMBER --roles admin`",
        "RecoveryOpen" => "members stay as they are until the recovery ends; see `wonbon company members`",
        "NoRecovery" => "nothing is left to do; see `wonbon company members`",
        "RecoveryTooEarly" => "its notice has not passed; `wonbon company members` says when",
        "RecoveryObjected" => {
            "only the council's large majority completes it: `wonbon authority enforce-recovery`"
        }
        "ClerkLimit" => "the registrar, or another clerk, decides; or wait for the next day in Korea",
        "OwnCompany" => "another clerk, or the registrar, decides on it",
        "OverDayLimit" => "an admin raises the limit with `wonbon company change MEMBER --limit KRW`",
        "SameNumber" | "NothingChanged" => "nothing is left to do",
        "OfferNotPaused" => "nothing is left to do; see `wonbon show offer:N`",
        "OfferNotWithdrawn" => "only a withdrawn offer is opened again; see `wonbon show offer:N`",
        "BondNotFree" => "open orders need the rest of the bond; see `wonbon show offer:N`",
        "NoBondLeaving" => "say first how much is to leave: `wonbon offer release-bond OFFER AMOUNT`",
        "TooManyOpenOffers" => "withdraw another offer of the same dataset first",
        "NotAProvider" | "NotAConsumer" => "`wonbon company update --role provider,consumer`",
        "NoRefundProposed" => "only the seller proposes a refund: `wonbon order propose-refund N`",
        "AlreadyProposed" => "nothing is left to do; the buyer decides with `wonbon order accept-refund N`",
        "OtherRightKept" => {
            "`wonbon provenance` shows what the owner keeps; agree to exactly that with --keeping, or to none"
        }
        "OfferNotOpen" => "look for another offer with `wonbon search`",
        "OwnOffer" => "order with another company's key",
        "SharedAdmin" => {
            "buyer and seller have an admin in common; buy from a company that has none of yours"
        }
        "ActsThroughPeople" => {
            "it stays, with the deposits for its members' accounts; `wonbon company leave` ends your part"
        }
        "BondTooSmall" => "the seller must add to the bond: `wonbon offer bond OFFER AMOUNT`",
        "TooLate" => "the time for this has passed; see `wonbon show order:N`",
        "RedemptionLapsed" => "its holder has to ask again; `wonbon credit cancel N` gives the money back",
        "NotHolder" => "only its holder takes it back before its time is over; see `wonbon credit list`",
        "MoreThanCredited" => {
            "take back at most what was credited by this transfer and not taken back before"
        }
        "NoSuchTransfer" => "check the bank's reference; only what came in can be taken back",
        "TooEarly" => "it is too early for this; see `wonbon show order:N`",
        "AlreadyDelivered" => "nothing is left to do; see `wonbon show order:N`",
        "KeyReused" => "seal the file again: each sealing needs a key of its own",
        "InsufficientBalance" | "FundsUnavailable" | "InsufficientFunds" => {
            "the account has too little money; see `wonbon balance`"
        }
        "BadOrigin" => "this needs the authority: sudo on a development chain, the council elsewhere",
        "NoRightToDerive" => "first buy every parent under an offer that allows selling derived data",
        "RoyaltyBelowLicence" => {
            "give each parent's owner at least the share that the licence of the bought copy asks for"
        }
        "Provisional" | "DatasetProvisional" => {
            "the registration is some minutes old and could still be displaced; `wonbon show` says until about when"
        }
        "LineagePending" => "the dataset is not entered with its parents yet; `wonbon publish` of its file goes on",
        "AlreadyRegistered" => "`wonbon show` with the dataset id says who was first",
        _ => return None,
    })
}
