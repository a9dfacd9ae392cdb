//! Downloading a package: into a file that grows and goes on where it stopped.

use super::{causes, Result, Service, ServiceError, LONGEST_PAUSE, MAX_ATTEMPTS};
use crate::ports::{Incoming, Progress, StorageError};
use reqwest::{header, StatusCode};
use std::io;
use wonbon_model::Digest;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Commitment;

impl Service {
    /// Downloads the package of a sealed payload into `target`, which then has all of it, durably. What
    /// `target` has already is kept: an interrupted download goes on. The content is **not** checked here.
    pub async fn download(
        &self,
        sealed: &Commitment,
        target: &mut dyn Incoming,
        progress: Progress,
    ) -> Result<()> {
        let total = package_length(sealed.length)
            .ok_or_else(|| ServiceError::Unexpected("no file has that length".to_owned()))?;
        let mut pause = self.inner.pause;
        let mut failures = 0;
        let place = target.place();
        let failed = |error: io::Error| StorageError::at(&place)(error);
        loop {
            let mut have = target.length().await.map_err(failed)?;
            if have > total {
                target.truncate(0).await.map_err(failed)?;
                have = 0;
            }
            progress(have);
            if have == total {
                return Ok(target.sync().await.map_err(failed)?);
            }
            match self.receive(sealed, target, have, total, &progress).await {
                Ok(()) => continue,
                Err(error) if !matches!(error, ServiceError::Unreachable { .. }) => return Err(error),
                Err(error) => {
                    let now = target.length().await.map_err(failed)?;
                    failures = if now > have { 0 } else { failures + 1 };
                    if failures >= MAX_ATTEMPTS {
                        return Err(error);
                    }
                }
            }
            tokio::time::sleep(pause).await;
            pause = if failures == 0 { self.inner.pause } else { (pause * 2).min(LONGEST_PAUSE) };
        }
    }

    async fn receive(
        &self,
        sealed: &Commitment,
        target: &mut dyn Incoming,
        have: u64,
        total: u64,
        progress: &Progress,
    ) -> Result<()> {
        let url = self.payload_url(&sealed.root)?;
        let tag = etag(&sealed.root);
        let mut answer = self
            .send_signed(|| {
                let request = self.inner.http.get(url.clone());
                if have == 0 {
                    return request;
                }
                request.header(header::RANGE, format!("bytes={have}-")).header(header::IF_RANGE, &tag)
            })
            .await?;
        let start = match answer.status() {
            StatusCode::PARTIAL_CONTENT => {
                let range = answer.headers().get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
                if range != Some(&format!("bytes {have}-{}/{total}", total.saturating_sub(1))) {
                    return Err(ServiceError::Unexpected(format!("the range {range:?}")));
                }
                have
            }
            StatusCode::OK => 0,
            status => return Err(ServiceError::Unexpected(format!("the status {status}"))),
        };
        if start != have {
            target.truncate(start).await.map_err(StorageError::at(target.place()))?;
        }
        let mut done = start;
        let ended = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => {
                    done = done.saturating_add(chunk.len() as u64);
                    if done > total {
                        break Err(ServiceError::Corrupt("more bytes than the payload has".to_owned()));
                    }
                    target.append(&chunk).await.map_err(StorageError::at(target.place()))?;
                    progress(done);
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(self.unreachable(causes(&error))),
            }
        };
        // What was received stays, whatever came after it.
        target.flush().await.map_err(StorageError::at(target.place()))?;
        ended?;
        if done < total {
            return Err(self.unreachable(format!("the connection ended after {done} of {total} bytes")));
        }
        Ok(())
    }
}

fn etag(root: &Digest) -> String {
    format!("\"{}\"", to_hex(root))
}
