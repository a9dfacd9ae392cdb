//! The service put together from its parts.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use futures::FutureExt as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;
use wonbon_client::chain::ChainError;
use wonbon_model::{AccountId, Hash};

use crate::{
    app::App,
    applications::Applications,
    audit::{DownloadLog, Reports},
    certificates::{Certificates, Issuer, NodeIssuer},
    config::Config,
    documents::Documents,
    follower::{ChainFollower, ChainSource, Follower, Status},
    kv::{KvStore, SledStore},
    payloads::{Limits, Payloads},
    read_model::ReadModel,
    router,
    samples::Samples,
    search::SearchIndex,
    secrets::Secrets,
    server::serve,
    sign_in::{Origins, SignIn},
    state::{self, State},
    storage::{LocalStorage, Quota, S3Storage, Storage},
};

/// How long a token is valid.
const SESSION_LENGTH: Duration = Duration::from_secs(3600);

/// What a service is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Folder for uploads in progress.
    pub uploads: &'a Path,
    /// Where payloads and documents are kept.
    pub storage: Arc<dyn Storage>,
    /// Bytes that an account may keep.
    pub quota: u64,
    /// Bounds on uploads.
    pub limits: Limits,
    /// Where clients reach the service, if it is told.
    pub public_url: Option<String>,
    /// Where clients sign in.
    pub origins: Origins,
    /// Who sees applications, beside the chain's clerks.
    pub registrars: Vec<AccountId>,
    /// How the follower stands.
    pub status: Status,
    /// Makes certificates; needs a node.
    pub issuer: Arc<dyn Issuer>,
}

/// The two stores of rows.
#[derive(Clone, Debug)]
pub struct Rows {
    /// What came from the chain.
    pub read_model: Arc<dyn KvStore>,
    /// What only the service knows.
    pub state: Arc<dyn KvStore>,
}

impl Rows {
    /// Opens those of a data folder. Blocks.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let (read_model, state) = (data.join("read-model"), data.join("state"));
        let rows = SledStore::open(&read_model).with_context(|| match state.exists() {
            true => format!(
                "opening {0}; it can be deleted: it is read from the chain again",
                read_model.display()
            ),
            false => format!("opening {}", read_model.display()),
        })?;
        let opened = state::open(&state, &rows).with_context(|| format!("opening {}", state.display()))?;
        Ok(Self { read_model: Arc::new(rows), state: Arc::new(opened) })
    }
}

/// Puts a service together over its rows.
pub async fn assemble(rows: Rows, parts: Parts<'_>) -> anyhow::Result<App> {
    let read_model = ReadModel::new(rows.read_model).context("opening the read model")?;
    let state = State::new(rows.state);
    let quota = Arc::new(Quota::new(parts.quota, state.clone()));
    let search = Arc::new(SearchIndex::new().context("making the search index")?);
    let payloads = Payloads::open(
        parts.uploads.to_owned(),
        parts.storage.clone(),
        (read_model.clone(), state.clone()),
        quota.clone(),
        parts.limits,
    )
    .await
    .context("opening the payloads")?;
    let samples =
        Samples::new(parts.storage.clone(), read_model.clone(), quota.clone(), parts.status.clone());
    let applications = Arc::new(Applications::new(
        parts.storage.clone(),
        read_model.clone(),
        parts.status.clone(),
        parts.registrars,
    ));
    let secrets = Secrets::new(parts.storage.clone(), read_model.clone(), quota.clone());
    let documents = Documents::new(parts.storage, read_model.clone(), quota, search.clone());
    let download_log =
        DownloadLog::open(read_model.clone(), state.clone()).await.context("opening the log of downloads")?;
    Ok(App {
        download_log,
        reports: Reports::new(read_model.clone()),
        sign_in: SignIn::new(
            (read_model.clone(), state.clone()),
            applications.clone(),
            SESSION_LENGTH,
            parts.origins,
        ),
        state,
        read_model,
        status: parts.status,
        payloads: Arc::new(payloads),
        documents: Arc::new(documents),
        samples: Arc::new(samples),
        applications,
        secrets: Arc::new(secrets),
        search,
        certificates: Certificates::new(parts.issuer),
        public_url: parts.public_url,
    })
}

/// Makes a folder that only the service's own user may enter, or makes one that is there so.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut permissions = std::fs::metadata(folder)?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(permissions.mode() & !0o077);
        std::fs::set_permissions(folder, permissions)?;
    }
    Ok(())
}

/// Locks the data folder for this process, until the file goes.
fn lock(data: &Path) -> anyhow::Result<std::fs::File> {
    let path = data.join(".lock");
    let failed = || format!("locking {}", path.display());
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.with_context(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            anyhow::bail!("another marketplace-api is using {}; give this one its own --data", data.display())
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(failed),
    }
}

/// How long the chain is waited for at the start; one that is away for longer is followed when it comes.
const FIRST_CHAIN_WAIT: Duration = Duration::from_secs(3);

/// Says so before anything listens if the chain is not the one that was asked for, as far as it can be reached.
async fn require_chain(config: &Config) -> anyhow::Result<()> {
    let Some(expected) = config.genesis else { return Ok(()) };
    let source = ChainFollower::new(config.chain.clone(), Some(expected));
    match tokio::time::timeout(FIRST_CHAIN_WAIT, source.genesis()).await {
        Ok(Err(ChainError::OtherChain { found, .. })) => anyhow::bail!(
            "{} is another chain: its genesis is {}, not {expected} (--genesis)",
            config.chain,
            Hash(found)
        ),
        _ => Ok(()),
    }
}

/// The environment, as far as it is text.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// How often the figures of the exporter are tidied up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Runs the service until it is cancelled or cannot go on. `announce` is called with the address once
/// connections are accepted.
pub async fn run(
    config: Config,
    announce: impl FnOnce(SocketAddr),
    cancel: CancellationToken,
) -> anyhow::Result<()> {
    let metrics = PrometheusBuilder::new().install_recorder().context("installing the metrics recorder")?;
    let (data, uploads) = (config.data.clone(), config.data.join("uploads"));
    private_folder(&config.data).with_context(|| format!("making {}", config.data.display()))?;
    let _lock = lock(&config.data)?;
    require_chain(&config).await?;
    let storage: Arc<dyn Storage> = match &config.store {
        None => LocalStorage::open(&config.data.join("store")).map(|local| Arc::new(local) as _),
        Some(bucket) => S3Storage::open(bucket, environment()).await.map(|s3| Arc::new(s3) as _),
    }
    .context("opening the storage of payloads and documents")?;
    let bind = |address: SocketAddr| async move {
        let bound = tokio::net::TcpListener::bind(address).await;
        bound.with_context(|| format!("listening on {address}"))
    };
    let listener = bind(config.listen).await?;
    let address = listener.local_addr().context("reading the address")?;
    let rows = tokio::task::spawn_blocking(move || Rows::open(&data)).await.context("opening the rows")??;
    let limits = Limits { max_upload: config.max_upload, lifetime: config.upload_lifetime };
    let status = Status::default();
    let issuer = NodeIssuer::new(config.chain.clone(), config.genesis, status.clone());
    let parts = Parts {
        uploads: &uploads,
        storage,
        quota: config.quota,
        limits,
        origins: Origins::new(&config.public_url, address),
        public_url: config.public_url.first().cloned(),
        registrars: config.registrar,
        status,
        issuer: Arc::new(issuer),
    };
    let app = Arc::new(assemble(rows, parts).await?);
    if config.public_url.is_empty() && !address.ip().is_loopback() {
        tracing::warn!(%address, "clients of other machines sign in for a public address; set --public-url");
    }

    // Any task that ends before it was told to takes the service down with it: half a service helps nobody.
    let mut tasks = JoinSet::new();
    let source = Arc::new(ChainFollower::new(config.chain, config.genesis));
    let (names_sender, names) = mpsc::unbounded_channel();
    let follower =
        Follower::new(source, app.read_model.clone(), app.status.clone(), config.genesis, names_sender);
    tasks.spawn(follower.run(cancel.clone()).map(|followed| {
        followed.context("following the chain; a damaged read-model folder can be deleted and is read again")
    }));
    let download_log = app.download_log.clone();
    tasks.spawn(app.payloads.clone().maintain(cancel.clone()).map(Ok));
    tasks.spawn(app.documents.clone().maintain(names, cancel.clone()).map(Ok));
    tasks.spawn(download_log.clone().maintain(cancel.clone()).map(Ok));
    let (upkeep, stop) = (metrics.clone(), cancel.clone());
    tasks.spawn(async move {
        while tokio::time::timeout(UPKEEP_EVERY, stop.cancelled()).await.is_err() {
            upkeep.run_upkeep();
        }
        Ok(())
    });
    let per_address = config.connections_per_address;
    if let Some(inner) = config.metrics {
        let listener = bind(inner).await?;
        let inner = listener.local_addr().context("reading the address of the figures")?;
        tracing::info!(address = %inner, "figures for Prometheus at /metrics");
        let figures = serve(listener, router::metrics_router(metrics.clone()), per_address, cancel.clone());
        tasks.spawn(figures.map(|served| served.context("serving figures")));
    }
    let served = serve(listener, router::router(app), per_address, cancel.clone());
    tasks.spawn(served.map(|served| served.context("serving")));
    announce(address);
    tracing::info!(%address, "listening");

    let mut outcome = Ok(());
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.context("a task of the service panicked").and_then(|ended| ended);
        cancel.cancel();
        outcome = outcome.and(ended);
    }
    download_log.write().await;
    outcome
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_data_folder_has_one_service() {
        let folder = tempfile::tempdir().unwrap();
        let first = super::lock(folder.path()).unwrap();
        let refused = super::lock(folder.path()).unwrap_err().to_string();
        assert!(refused.contains(&folder.path().display().to_string()), "{refused}");
        drop(first);
        super::lock(folder.path()).unwrap();
    }

    #[test]
    fn nobody_else_may_look_into_the_data_folder() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("data");
        let mode = || std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777;
        super::private_folder(&folder).unwrap();
        assert_eq!(mode(), 0o700);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        super::private_folder(&folder).unwrap();
        assert_eq!(mode(), 0o700);
    }
}
