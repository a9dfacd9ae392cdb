//! Industry by the Korean Standard Industrial Classification (한국표준산업분류).
//!
//! A code is its section letter and two to five digits (division, group, class, subclass), or the letter alone.
//! The letter must be the section of the division; whether a lower level exists is not checked here.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// Sections with their first and last division.
const SECTIONS: [(u8, u8, u8); 21] = [
    (b'A', 1, 3),
    (b'B', 5, 8),
    (b'C', 10, 34),
    (b'D', 35, 35),
    (b'E', 36, 39),
    (b'F', 41, 42),
    (b'G', 45, 47),
    (b'H', 49, 52),
    (b'I', 55, 56),
    (b'J', 58, 63),
    (b'K', 64, 66),
    (b'L', 68, 68),
    (b'M', 70, 73),
    (b'N', 74, 76),
    (b'O', 84, 84),
    (b'P', 85, 85),
    (b'Q', 86, 87),
    (b'R', 90, 91),
    (b'S', 94, 96),
    (b'T', 97, 98),
    (b'U', 99, 99),
];

/// An industry code such as `C`, `C29` or `C29223`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Ksic(BoundedVec<u8, ConstU32<6>>);

/// The text is not an industry code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a KSIC code is a section letter A-U and two to five digits of that section, as C29 or C29223")]
pub struct BadKsic;

impl Ksic {
    /// Checks a code.
    pub fn new(code: &[u8]) -> Result<Self, BadKsic> {
        let (letter, digits) = code.split_first().ok_or(BadKsic)?;
        let (_, first, last) = SECTIONS.iter().find(|section| section.0 == *letter).ok_or(BadKsic)?;
        match digits {
            [] => {}
            [tens, units, rest @ ..] if digits.iter().all(u8::is_ascii_digit) && rest.len() <= 3 => {
                let tens = tens.saturating_sub(b'0').saturating_mul(10);
                let division = tens.saturating_add(units.saturating_sub(b'0'));
                if !(*first..=*last).contains(&division) {
                    return Err(BadKsic);
                }
            }
            _ => return Err(BadKsic),
        }
        BoundedVec::try_from(code.to_vec()).map(Self).map_err(|_| BadKsic)
    }

    /// The code in ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The section letter.
    pub fn section(&self) -> char {
        self.0.first().copied().map_or(' ', char::from)
    }
}

impl Decode for Ksic {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let code = BoundedVec::<u8, ConstU32<6>>::decode(input)?;
        Self::new(&code).map_err(|_| Error::from("invalid KSIC code"))
    }
}

impl FromStr for Ksic {
    type Err = BadKsic;

    fn from_str(text: &str) -> Result<Self, BadKsic> {
        Self::new(text.as_bytes())
    }
}

impl fmt::Display for Ksic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).map_err(|_| fmt::Error)?)
    }
}

crate::id::as_text!(Ksic);
