//! Whether a quorum of the consortium finalized a header.
//!
//! A set of validators is in force after the block that handed over to it, up to and including the block that hands
//! over to the next. Each hand-off stands in a header finalized by the set that hands over, as exactly one
//! `ScheduledChange` of delay 0; it raises the set's number by one. `ForcedChange`, `Pause`, `Resume` and `OnDisabled`
//! are refused: what comes after them needs a new anchor.
//!
//! **Where trust begins.** Of the anchors at or before the certified block, the latest fixes the numbers of all sets in
//! the certificate. Trust begins at the earliest anchor that the hand-offs span, and the sets in force at each later
//! one must be that anchor's. Hand-offs from before that (a certificate may go back to the first block, and the
//! reader's anchor be of last year) must be in order and lead to the anchor's set. Their votes are not looked at:
//! nothing rests on them. So the same claims from the same block may come under several certificate digests; compare
//! the claims' digest.
//!
//! **Votes.** A justification is stricter here than in a node: every vote is of a different member of the set, signed
//! over this round and set, and for the header's block or one that the justification's own headers show to descend
//! from it; one at least is for the block itself, and no later block has a quorum. A header that no vote needs is
//! refused. So is a vote that would merely not count: a maker leaves it out.

mod finding;
mod hand_off;
mod header;
mod justification;
mod reader;

pub use crate::authorities::AuthoritySet;
pub use finding::{AnchorRole, AnchorUse, Finality};
pub use hand_off::{follow, Followed, HandOff};
pub use header::Header;
pub use justification::{Justification, Precommit};
