//! Work that a call's weight depends on: how much of it the caller paid for, and how much there was.
//!
//! Promises: nothing is read for which the caller did not pay; what was done is known also when the call fails, so that the
//! rest of the weight is given back.

use frame_support::{
    dispatch::{DispatchResult, DispatchResultWithPostInfo, WithPostDispatchInfo},
    weights::Weight,
};

/// Counts pieces of work up to what the caller stated.
#[derive(Debug)]
pub(crate) struct Meter {
    stated: u32,
    done: u32,
}

impl Meter {
    pub(crate) fn stated(stated: u32) -> Self {
        Self { stated, done: 0 }
    }

    /// Takes so many more; if that is beyond what was stated, nothing.
    pub(crate) fn take(&mut self, count: u32) -> Option<()> {
        let done = self.done.checked_add(count).filter(|done| *done <= self.stated)?;
        self.done = done;
        Some(())
    }

    pub(crate) fn done(&self) -> u32 {
        self.done
    }
}

/// How a call ended, with what it weighed.
pub(crate) fn weighed(result: DispatchResult, weight: Weight) -> DispatchResultWithPostInfo {
    match result {
        Ok(()) => Ok(Some(weight).into()),
        Err(error) => Err(error.with_weight(weight)),
    }
}
