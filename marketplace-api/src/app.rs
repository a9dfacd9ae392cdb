//! What a request may ask: the parts of the service, put together once and shared by every request.
//!
//! `http` and `pages` both take an [`App`] and know nothing of each other.

use std::sync::Arc;

use crate::{
    applications::Applications,
    audit::{DownloadLog, Reports},
    catalogue::Catalogue,
    certificates::Certificates,
    documents::Documents,
    follower::Status,
    kv::KvError,
    payloads::Payloads,
    read_model::ReadModel,
    samples::Samples,
    search::SearchIndex,
    secrets::Secrets,
    sign_in::SignIn,
    state::State,
};

/// The parts of a service that handlers use.
#[derive(Debug)]
pub struct App {
    /// What stands on the chain.
    pub read_model: ReadModel,
    /// What only the service knows.
    pub state: State,
    /// How far the follower is.
    pub status: Status,
    /// Uploads, and the sealed payloads that came of them.
    pub payloads: Arc<Payloads>,
    /// Metadata, licence and agreement texts.
    pub documents: Arc<Documents>,
    /// Who downloaded what.
    pub download_log: DownloadLog,
    /// Reports of suspicious dealing.
    pub reports: Reports,
    /// Blocks of datasets that their owners show to everyone.
    pub samples: Arc<Samples>,
    /// Companies that are not there yet.
    pub applications: Arc<Applications>,
    /// What companies keep here for their members.
    pub secrets: Arc<Secrets>,
    /// Finding by words.
    pub search: Arc<SearchIndex>,
    /// Challenges and tokens.
    pub sign_in: SignIn,
    /// Proofs of origin and trade history, made from the chain's node.
    pub certificates: Certificates,
    /// Where clients reach the service, without a slash at the end.
    pub public_url: Option<String>,
}

impl App {
    /// Reads the catalogue: a question of bounded length, answered out of one snapshot. One request asks one.
    pub(crate) async fn read<R: Send + 'static>(
        &self,
        question: impl FnOnce(Catalogue<'_>) -> Result<R, KvError> + Send + 'static,
    ) -> Result<R, KvError> {
        let (state, search) = (self.state.clone(), self.search.clone());
        self.read_model.read(move |kv| question(Catalogue::new(kv, &state, &search))).await
    }
}
