//! Waits with a deadline and a name.

use std::{future::Future, time::Duration};

/// Long enough for anything that takes a block or two, on a machine that is busy with other tests.
pub const SOON: Duration = Duration::from_secs(60);

/// Long enough for a whole trade on a machine that is busy with other tests.
pub const TRADE: Duration = Duration::from_secs(180);

/// The value of `future`, which must come within `limit`.
///
/// # Panics
/// If it does not, naming `what` was awaited.
pub async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(limit, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited {} s in vain for {what}", limit.as_secs()),
    }
}
