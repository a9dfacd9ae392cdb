//! What an auditor works with: the ledger of a period, and a report of dealings that look wrong.
//!
//! What it promises:
//!
//! - [`rules`] are pure functions of [`Evidence`]: the same evidence gives the same report, byte for byte,
//!   whoever runs them. The command runs them over what it reads from the chain itself, the service over its read
//!   model; an auditor who does not trust the service compares the two.
//! - A finding is no proof of wrongdoing. It names the rule that raised it, the rule's thresholds and the trades
//!   it rests on, so that a person can look.
//! - No input, however odd, makes a rule run for ever or take unbounded memory: searches and lists have bounds,
//!   and a report says where one cut it short.
//! - [`export`] writes one row at a time.

pub mod export;
mod facts;
mod finding;
mod period;
mod report;
mod rules;

pub use facts::{AuditedTrade, Company, Evidence, HandoverFact, Named, RelatedList, Transfers};
pub use finding::{Fact, Finding, RuleStatement, TradeRef, MAX_LISTED_TRADES};
pub use period::{time_in_korea, BadPeriod, Bound, Period};
pub use report::{AsOf, Report};
pub use rules::{BadThreshold, ThresholdOverrides, Thresholds};
