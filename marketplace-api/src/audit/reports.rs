//! Reports on request. Each takes a core for a while, so that only [`MAX_CONCURRENT_REPORTS`] are made at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;
use wonbon_audit::{Period, Report, Thresholds};

use super::{report, AuditError};
use crate::read_model::ReadModel;

/// Reports that are made at once.
pub const MAX_CONCURRENT_REPORTS: usize = 2;

/// Makes reports, a few at a time.
#[derive(Debug)]
pub struct Reports {
    read_model: ReadModel,
    permits: Arc<Semaphore>,
}

impl Reports {
    /// Out of a read model.
    pub fn new(read_model: ReadModel) -> Self {
        Self { read_model, permits: Arc::new(Semaphore::new(MAX_CONCURRENT_REPORTS)) }
    }

    /// The report of a period, if not too many are being made.
    pub async fn make(&self, period: Period, thresholds: Thresholds) -> Result<Report, AuditError> {
        let permit = self.permits.clone().try_acquire_owned().map_err(|_| AuditError::Busy)?;
        let make = move |kv: &dyn crate::kv::KvStore| {
            // Held by the work and not by who waits for it: a client that goes away does not make room.
            let _permit = permit;
            report(kv, &period, &thresholds)
        };
        self.read_model.run(make).await
    }
}
