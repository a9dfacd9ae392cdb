//! Applications for companies: handed in by who applies, listed for the registrar.

use super::{json, Page, Result, Service};
use serde::{Deserialize, Serialize};
use wonbon_model::{AccountId, Application, Hash};

/// The most applications that are listed: more than a service keeps.
const MAX_LISTED: usize = 2000;

/// An application as a service shows it. What was signed is to be checked by whoever relies on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenApplication {
    /// What was signed, which names it.
    pub digest: Hash,
    /// The application, as it was handed in.
    pub application: Application,
    /// What became of it: `open`, `established` or `expired`.
    pub state: String,
    /// The company, once it is there.
    pub company: Option<AccountId>,
    /// Height of the chain, as the service knew it, when it came.
    pub received_at: u32,
    /// When it came, in milliseconds since 1970.
    pub received_at_ms: u64,
}

/// What became of handing an application in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// As the service shows it.
    pub view: OpenApplication,
    /// Whether it is new there.
    pub new: bool,
}

impl Service {
    /// Hands an application in. It needs no signing in: the signature in it is all that is asked for.
    pub async fn hand_in(&self, application: &Application) -> Result<HandedIn> {
        let url = self.at("v1/applications")?;
        let answer = self.send(|| self.inner.http.post(url.clone()).json(application)).await?;
        let new = answer.status() == reqwest::StatusCode::CREATED;
        Ok(HandedIn { view: json(answer).await?, new })
    }

    /// The open applications, for the registrar and clerks.
    pub async fn open_applications(&self) -> Result<Vec<OpenApplication>> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let url = self.at("v1/applications")?;
            let mut query = vec![("state", "open".to_owned())];
            query.extend(cursor.map(|cursor| ("cursor", cursor)));
            let request = || self.inner.http.get(url.clone()).query(&query);
            let page: Page<OpenApplication> = json(self.send_signed(request).await?).await?;
            all.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || all.len() >= MAX_LISTED {
                all.truncate(MAX_LISTED);
                return Ok(all);
            }
        }
    }

    /// An application by what was signed, for who applied and for the registrar and clerks.
    pub async fn application(&self, digest: &Hash) -> Result<OpenApplication> {
        let url = self.at(&format!("v1/applications/{digest}"))?;
        json(self.send_signed(|| self.inner.http.get(url.clone())).await?).await
    }
}
