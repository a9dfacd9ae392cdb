//! Layouts of records that no chain writes any more, for certificates that were made while they were written.
//!
//! Promise: nothing here changes. A layout says what bytes meant when they were hashed and signed.

pub(super) mod dataset;
pub(super) mod trade;
