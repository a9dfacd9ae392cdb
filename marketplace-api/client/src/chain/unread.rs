//! Subscriptions that nobody reads any more.
//!
//! Of a transaction whose end was told, or an order that was delivered, a node tells nothing more: ending that subscription
//! would be a request for nothing. So it is ended later, together with others, or with the connection.

use futures::Stream;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use subxt::rpcs::client::{RawRpcSubscription, RawValue};
use subxt::rpcs::Error;

/// So many are kept; then a node is told to end them all.
const MAX_UNREAD: usize = 8;

type Notices = Pin<Box<dyn Stream<Item = Result<Box<RawValue>, Error>> + Send + 'static>>;

/// Those that were left.
#[derive(Default)]
pub(super) struct Unread(Mutex<Vec<Notices>>);

impl Unread {
    /// A subscription that comes here when it is dropped.
    pub(super) fn watch(self: &Arc<Self>, subscription: RawRpcSubscription) -> RawRpcSubscription {
        let RawRpcSubscription { stream, id } = subscription;
        let stream = Box::pin(Watched { stream: Some(stream), unread: Arc::clone(self) });
        RawRpcSubscription { stream, id }
    }

    fn keep(&self, stream: Notices) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(stream);
        let ended = if all.len() > MAX_UNREAD { std::mem::take(&mut *all) } else { Vec::new() };
        drop(all);
        drop(ended);
    }
}

struct Watched {
    stream: Option<Notices>,
    unread: Arc<Unread>,
}

impl Stream for Watched {
    type Item = Result<Box<RawValue>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.stream {
            Some(stream) => stream.as_mut().poll_next(context),
            None => Poll::Ready(None),
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.unread.keep(stream);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Counts the subscriptions that were ended.
    struct Ends(Arc<AtomicUsize>);

    impl Drop for Ends {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn what_is_left_is_ended_together_with_others() {
        let (unread, ended) = (Arc::new(Unread::default()), Arc::new(AtomicUsize::new(0)));
        for left in 0..=MAX_UNREAD {
            assert_eq!(ended.load(Ordering::Relaxed), 0, "{left} are left");
            let end = Ends(Arc::clone(&ended));
            let notices = futures::stream::iter([1, 2]).map(move |notice| {
                let _open = &end;
                RawValue::from_string(notice.to_string()).map_err(Error::Deserialization)
            });
            let mut subscription =
                unread.watch(RawRpcSubscription { stream: Box::pin(notices), id: None }).stream;
            assert_eq!(subscription.next().await.unwrap().unwrap().get(), "1");
        }
        assert_eq!(ended.load(Ordering::Relaxed), MAX_UNREAD + 1);
    }
}
