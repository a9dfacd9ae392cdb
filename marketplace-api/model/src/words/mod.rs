//! How values read: the words of programs (snake case, as in JSON), of Korean and of English.
//!
//! - [`Term`]: a choice of the chain has a [`word`](Term::word) for programs, [`words`](Term::words) for people in
//!   either language, and a [`label`](Term::label) in both. [`parse`] reads a program's word back, [`parse_typed`] what
//!   a person typed for it; [`Choice::ALL`] has every value.
//! - [`time`]: the calendar: RFC 3339, and days and times in Korea. [`duration`]: how long something takes.
//! - [`amount`]: numbers with separators, won, shares. [`size`]: lengths in bytes.
//! - [`trade`]: sentences about offers and trades.
//!
//! ```
//! use wonbon_model::{words::{amount::won, parse, size::bytes, time::Time, Term}, Method};
//!
//! assert_eq!(Method::Collected.word(), "collected");
//! assert_eq!(Method::Collected.label(), "수집 Collected");
//! assert_eq!(parse("collected"), Ok(Method::Collected));
//! assert_eq!(won(1_500_000), "₩1,500,000");
//! assert_eq!(bytes(1 << 30), "1.0 GiB");
//! assert_eq!(Time::from_millis(1_700_000_000_000).unwrap().korean(), "2023-11-15 07:13:20");
//! ```

pub mod amount;
mod choices;
pub mod duration;
mod order;
mod short;
pub mod size;
pub mod time;
pub mod trade;

pub use order::{OrderStage, OrderState};
pub use short::short;

/// The same in Korean and in English, which begins with a small letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// In Korean.
    pub korean: &'static str,
    /// In English.
    pub english: &'static str,
}

impl Words {
    /// Both side by side, as pages have them: `수집 Collected`.
    pub fn label(self) -> String {
        let mut english = self.english.chars();
        let first = english.next().map(|first| first.to_ascii_uppercase());
        format!("{} {}{}", self.korean, first.map(String::from).unwrap_or_default(), english.as_str())
    }
}

/// A value that programs and people have a name for.
pub trait Term {
    /// What programs write for it. It never changes.
    fn word(&self) -> &'static str;

    /// What people read for it.
    fn words(&self) -> Words;

    /// Both languages side by side.
    fn label(&self) -> String {
        self.words().label()
    }
}

/// A term out of a few, none of which says more than its word.
pub trait Choice: Term + Copy + 'static {
    /// Every one, in the chain's order.
    const ALL: &'static [Self];
}

/// The text is no word for a value of the type.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected one of {}", known.join(", "))]
pub struct UnknownWord {
    known: Vec<&'static str>,
}

impl UnknownWord {
    /// None of these.
    pub fn among(known: &[&'static str]) -> Self {
        Self { known: known.to_vec() }
    }
}

/// What a program's word stands for.
pub fn parse<T: Choice>(word: &str) -> Result<T, UnknownWord> {
    find(|known| known == word)
}

/// What a person means who types a word: white space around it, case, and dashes for underscores do not matter.
pub fn parse_typed<T: Choice>(text: &str) -> Result<T, UnknownWord> {
    let plain = |text: &str| text.trim().to_ascii_lowercase().replace('-', "_");
    let text = plain(text);
    find(|known| plain(known) == text)
}

fn find<T: Choice>(is: impl Fn(&str) -> bool) -> Result<T, UnknownWord> {
    let found = T::ALL.iter().copied().find(|value| is(value.word()));
    found.ok_or_else(|| UnknownWord { known: T::ALL.iter().map(Term::word).collect() })
}
