//! Amounts and shares as a report writes them.

use serde::Serializer;
use wonbon_model::Balance;

/// In JSON: a number, or its digits in quotes from 2^64 on, which many readers cannot hold.
pub(crate) fn serialize<S: Serializer>(amount: &Balance, to: S) -> Result<S::Ok, S::Error> {
    match u64::try_from(*amount) {
        Ok(small) => to.serialize_u64(small),
        Err(_) => to.collect_str(amount),
    }
}

/// A part of a whole in per cent, rounded down to one place; whole numbers only, so that it is the same anywhere.
pub(crate) fn per_mille(part: Balance, whole: Balance) -> Balance {
    match (part.checked_mul(1000), whole) {
        (_, 0) => 0,
        (Some(part), whole) => part / whole,
        // Both are enormous: a thousandth of the whole loses nothing that shows.
        (None, whole) => part / (whole / 1000).max(1),
    }
}

/// `83.3 %`.
pub(crate) fn per_cent(per_mille: Balance) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_well() {
        assert_eq!(per_cent(per_mille(5, 6)), "83.3 %");
        assert_eq!(per_mille(1, 0), 0);
        assert_eq!(per_mille(Balance::MAX, Balance::MAX), 1000);
        assert_eq!(per_mille(Balance::MAX / 2, Balance::MAX), 500);
    }
}
