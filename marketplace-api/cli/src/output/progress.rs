//! Progress bars: for work on bytes, and for work on things.
//!
//! Promises: draws on a terminal only, and leaves the screen clean whether the work ends or fails.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How a bar over bytes looks.
pub(super) const BYTES_BAR: &str =
    "{msg:12} {wide_bar:.cyan/blue} {bytes:>11} of {total_bytes} {bytes_per_sec:>13} {eta:>4}";
/// How a bar over things that are counted looks.
pub(super) const COUNT_BAR: &str = "{msg:12} {wide_bar:.cyan/blue} {human_pos:>11} of {human_len} {eta:>4}";

/// A bar that is removed when dropped.
#[derive(Clone, Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(super) fn new(what: &str, length: u64, look: &str, visible: bool) -> Bar {
        let bar = ProgressBar::with_draw_target(
            Some(length),
            if visible { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() },
        );
        if let Ok(style) = ProgressStyle::with_template(look) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        if visible {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Bar { bar }
    }

    /// So many bytes more are done.
    pub fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// So many bytes, or things, are done in all.
    pub fn set(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// So many of so many are done; for work whose size shows only on the way.
    pub fn set_of(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
