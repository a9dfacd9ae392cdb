//! Passes over files: each with a progress bar, until it ends or Ctrl-C stops it.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use wonbon_package::files::{FileError, Watch};
use wonbon_profile::Progress;

use super::Context;
use crate::blocking::blocking;
use crate::exit::Result;

impl Context {
    /// Runs a pass over so many bytes, with a progress bar, until it ends or Ctrl-C stops it.
    pub(crate) async fn pass<T: Send + 'static>(
        &self,
        what: &str,
        length: u64,
        pass: impl FnOnce(&Watch<'_>) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T> {
        let (bar, stop) = (self.out.bar(what, length), self.stop.clone());
        blocking(move || {
            let progress = |done| bar.set(done);
            Ok(pass(&Watch::none().on_progress(&progress).cancelled_by(&stop))?)
        })
        .await
    }

    /// The same for work that tells how many bytes more are done, and asks whether it may go on.
    pub(crate) async fn steps<T: Send + 'static>(
        &self,
        what: &str,
        length: u64,
        work: impl FnOnce(&mut Progress<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (bar, stop) = (self.out.bar(what, length), self.stop.clone());
        blocking(move || {
            work(&mut |bytes| {
                bar.add(bytes);
                match stop.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })
        })
        .await
    }
}
