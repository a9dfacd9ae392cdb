//! The service's clock, beside this machine's: the `Date` that any server of HTTP sends (RFC 9110, section 6.6.1).

use super::Service;
use crate::light::TimeSource;
use async_trait::async_trait;
use reqwest::header::DATE;
use std::time::{Duration, UNIX_EPOCH};

/// How long the service may take to say what time it is.
const TIME_REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

#[async_trait]
impl TimeSource for Service {
    async fn now_ms(&self) -> Option<u64> {
        let answer =
            self.inner.http.get(self.at("health").ok()?).timeout(TIME_REQUEST_TIMEOUT).send().await.ok()?;
        let date = answer.headers().get(DATE)?.to_str().ok()?;
        let since = httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()
    }

    fn name(&self) -> String {
        format!("the clock of {}", self.url())
    }
}
