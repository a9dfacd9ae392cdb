//! Money on its way out.

use crate::{record, AccountId, Hash};

forms! {
    /// Credit that is to be paid out by a bank.
    Redemption(redemption: u64, record: &record::Redemption) {
        /// The chain's number of it.
        id: u64 = redemption;
        /// Whose money it is.
        account: AccountId = record.account;
        /// Won, on hold.
        amount: u128 = record.amount;
        /// Hash of the bank account that it is to be paid to.
        payee: Hash = record.payee.into();
        /// Block of the request.
        requested_at: u32 = record.requested_at;
        /// The last block in which the issuer confirms it; afterwards anybody may give it back to its holder.
        lapses_after: u32 = record.lapses_after;
    }
}
