//! Values as they are typed after more than one command.

use wonbon_model::{AccountId, DatasetId, OfferId, OrderId};
use wonbon_primitives::Digest;

/// Reads 64 hexadecimal digits.
pub fn digest(text: &str) -> Result<Digest, String> {
    let text = text.strip_prefix("0x").unwrap_or(text).to_ascii_lowercase();
    wonbon_primitives::id::from_hex(&text).map_err(|_| format!("\"{text}\" is not 64 hexadecimal digits"))
}

/// Reads a dataset's id.
pub fn dataset_id(text: &str) -> Result<DatasetId, String> {
    digest(text).map(DatasetId)
}

/// For whom a key acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyChoice {
    /// For its own account.
    None,
    /// For this company, of which its account is a member.
    Account(AccountId),
}

/// Reads for whom a key is to act.
pub fn company_choice(text: &str) -> Result<CompanyChoice, String> {
    match text {
        "none" => Ok(CompanyChoice::None),
        _ => text
            .parse()
            .map(CompanyChoice::Account)
            .map_err(|_| format!("\"{text}\" is neither the account of a company nor none")),
    }
}

/// A thing on the chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A dataset, by its id.
    Dataset(DatasetId),
    /// An offer, by its number.
    Offer(OfferId),
    /// An order, by its number.
    Order(OrderId),
    /// A company, by its account.
    Company(AccountId),
}

/// Reads what names a thing on the chain.
pub fn subject(text: &str) -> Result<Subject, String> {
    let number = |digits: &str| {
        digits.parse::<u64>().map_err(|_| format!("\"{digits}\" is not a number of an offer or an order"))
    };
    if let Some(digits) = text.strip_prefix("offer:") {
        return number(digits).map(Subject::Offer);
    }
    if let Some(digits) = text.strip_prefix("order:") {
        return number(digits).map(Subject::Order);
    }
    let dataset = text.strip_prefix("dataset:").unwrap_or(text);
    if let Ok(root) = digest(dataset) {
        return Ok(Subject::Dataset(DatasetId(root)));
    }
    if let Ok(account) = text.parse::<AccountId>() {
        return Ok(Subject::Company(account));
    }
    number(text).map(Subject::Offer).map_err(|_| {
        format!(
            "\"{text}\" is no dataset id (64 digits), no offer or order (offer:N, order:N) and no account"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_acts_for_a_company_or_for_none() {
        let account = AccountId([3; 32]);
        assert_eq!(company_choice(&account.to_string()), Ok(CompanyChoice::Account(account)));
        assert_eq!(company_choice("none"), Ok(CompanyChoice::None));
        assert!(company_choice("None").unwrap_err().contains("none"));
    }

    #[test]
    fn subjects_are_told_apart() {
        assert_eq!(subject("7"), Ok(Subject::Offer(7)));
        assert_eq!(subject("offer:7"), Ok(Subject::Offer(7)));
        assert_eq!(subject("order:7"), Ok(Subject::Order(7)));
        assert_eq!(subject(&"ab".repeat(32)), Ok(Subject::Dataset(DatasetId([0xab; 32]))));
        let account = AccountId([3; 32]);
        assert_eq!(subject(&account.to_string()), Ok(Subject::Company(account)));
        assert!(subject("order:x").is_err());
        assert!(subject("milling").unwrap_err().contains("no dataset id"));
    }
}
