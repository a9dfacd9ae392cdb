//! The Korean business registration number (사업자등록번호): ten digits, the last one a check digit.

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

const WEIGHTS: [u32; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

/// A registration number whose check digit is right: ten ASCII digits.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct RegistrationNumber([u8; 10]);

/// Why a text is not a registration number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadRegistrationNumber {
    /// Not ten digits, with or without dashes as in `123-45-67890`.
    #[error("a business registration number has ten digits, as 1234567890 or 123-45-67890")]
    Form,
    /// The last digit is not the check digit of the others.
    #[error("the check digit of the business registration number is wrong")]
    CheckDigit,
}

impl RegistrationNumber {
    /// Checks ten ASCII digits.
    pub fn new(digits: [u8; 10]) -> Result<Self, BadRegistrationNumber> {
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadRegistrationNumber::Form);
        }
        if check_digit(&digits) != Some(digits[9]) {
            return Err(BadRegistrationNumber::CheckDigit);
        }
        Ok(Self(digits))
    }

    /// The ten ASCII digits.
    pub fn digits(&self) -> &[u8; 10] {
        &self.0
    }
}

/// The check digit of the first nine, as ASCII.
fn check_digit(digits: &[u8; 10]) -> Option<u8> {
    let mut sum: u32 = 0;
    for (digit, weight) in digits.iter().zip(WEIGHTS) {
        let digit = u32::from(digit.checked_sub(b'0')?);
        sum = sum.checked_add(digit.checked_mul(weight)?)?;
    }
    let ninth = u32::from(digits[8].checked_sub(b'0')?);
    sum = sum.checked_add(ninth.checked_mul(5)?.checked_div(10)?)?;
    let check = 10u32.checked_sub(sum.checked_rem(10)?)?.checked_rem(10)?;
    u8::try_from(check).ok()?.checked_add(b'0')
}

impl Decode for RegistrationNumber {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::new(<[u8; 10]>::decode(input)?).map_err(|_| Error::from("invalid business registration number"))
    }
}

impl FromStr for RegistrationNumber {
    type Err = BadRegistrationNumber;

    fn from_str(text: &str) -> Result<Self, BadRegistrationNumber> {
        let mut digits = [0; 10];
        match *text.as_bytes() {
            [a, b, c, b'-', d, e, b'-', f, g, h, i, j] => digits = [a, b, c, d, e, f, g, h, i, j],
            ref plain if plain.len() == digits.len() => digits.copy_from_slice(plain),
            _ => return Err(BadRegistrationNumber::Form),
        }
        Self::new(digits)
    }
}

/// As it is written: `123-45-67890`.
impl fmt::Display for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = core::str::from_utf8(&self.0).map_err(|_| fmt::Error)?;
        write!(f, "{}-{}-{}", &text[..3], &text[3..5], &text[5..])
    }
}

crate::id::as_text!(RegistrationNumber);
