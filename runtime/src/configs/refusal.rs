//! Why the runtime takes a transaction into no block, beside the SDK's own reasons.
//!
//! Such a transaction costs nothing. Clients read the number, so it never changes its meaning.

use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

/// A reason, as the number in [`InvalidTransaction::Custom`].
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The signer is no member of the company that they act for, or in another of its memberships.
    NotAMember = 1,
    /// No role of the member permits the call, or one of a batch; wrapped calls are permitted to nobody.
    NotPermitted = 2,
    /// The call may take more of the company's money than the member has left today.
    OverDayLimit = 3,
    /// A recovery of the company is open, and the call could defeat it.
    Frozen = 4,
    /// The transaction would be valid for ever.
    Immortal = 5,
    /// The transaction offers a tip.
    Tipped = 6,
    /// The call carries a delivery or a dispute: those stand alone.
    NotBare = 7,
    /// The delivery is not of the seller's company, or the dispute not of the buyer's.
    NotTheParty = 8,
    /// There is no such open order, or it is delivered already, or not yet.
    WrongPhase = 9,
    /// The order's time for a delivery, or for a dispute, is over.
    TooLate = 10,
}

impl From<Refusal> for InvalidTransaction {
    fn from(refusal: Refusal) -> Self {
        Self::Custom(refusal as u8)
    }
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::from(refusal).into()
    }
}
