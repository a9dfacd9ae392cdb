//! Business registration numbers that no other company of the run has.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A number of ten digits with a valid check digit, another one at each call.
pub fn registration_number() -> String {
    let serial = NEXT.fetch_add(1, Ordering::Relaxed);
    // Nine digits: four from the process, so that two runs against one chain differ, and five that count.
    let nine = format!("{:04}{:05}", process::id() % 10_000, serial % 100_000);
    format!("{nine}{}", check_digit(&nine))
}

/// The same number with another last digit, which is therefore wrong.
pub fn wrong_registration_number() -> String {
    let right = registration_number();
    let (nine, last) = right.split_at(9);
    let last: u32 = last.parse().expect("the last of ten digits; qed");
    format!("{nine}{}", last.saturating_add(1) % 10)
}

/// The tenth digit for the first nine, by the rule of the National Tax Service.
fn check_digit(nine: &str) -> u32 {
    let digits: Vec<u32> = nine.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
    (10 - (sum + digits[8] * 5 / 10) % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of two companies that everybody can look up.
    #[test]
    fn the_check_digit_is_the_official_one() {
        assert_eq!(check_digit("124810099"), 8);
        assert_eq!(check_digit("220816251"), 7);
    }

    #[test]
    fn numbers_differ_and_have_ten_digits() {
        let (one, other) = (registration_number(), registration_number());
        assert_eq!(one.len(), 10);
        assert_ne!(one, other);
    }
}
