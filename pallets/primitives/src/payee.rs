//! Bank accounts that money is paid out to: the chain names them by a hash that says nothing to those who do not know it.

use crate::{label, Digest};
use alloc::string::String;

/// A bank account, as it is told to the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Payee {
    /// The bank's name.
    pub bank: String,
    /// The account's number, digits and hyphens as the bank writes them.
    pub account: String,
    /// In whose name it is.
    pub holder: String,
    /// Random: there are few enough accounts to try them all.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub salt: Digest,
}

impl Payee {
    /// The hash that a redemption names it by. Hyphens and spaces of the number do not count.
    pub fn digest(&self) -> Digest {
        let digits: String = self.account.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
        let parts = [self.bank.as_bytes(), digits.as_bytes(), self.holder.as_bytes(), &self.salt];
        label::hash(label::PAYEE, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn an_account_has_one_name_and_no_other_has_it() {
        let payee = |bank: &str, account: &str, salt| Payee {
            bank: bank.to_string(),
            account: account.to_string(),
            holder: "한빛정밀 주식회사".to_string(),
            salt: [salt; 32],
        };
        let named = payee("국민은행", "123-45-678901", 1).digest();
        assert_eq!(named, payee("국민은행", "12345678901", 1).digest());
        for other in [payee("신한은행", "12345678901", 1), payee("국민은행", "12345678902", 1)] {
            assert_ne!(named, other.digest());
        }
        assert_ne!(named, payee("국민은행", "12345678901", 2).digest());
    }
}
