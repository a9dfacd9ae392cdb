//! A development chain, a service, and companies that may trade: what most tests start from.

use std::{
    ffi::OsStr,
    future::Future,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering},
        Mutex, PoisonError,
    },
};

use serde_json::Value;
use tokio::sync::OnceCell;
use wonbon_client::{
    chain::Chain,
    keys::{KeyFile, Keypair},
};
use wonbon_model::{AccountId, Balance, OfferId};

use crate::{
    cli::{Answer, Cli, Running},
    governance::{dev_key, Governance},
    key_file::{knowing_the_passphrase, PASSPHRASE},
    node::Node,
    scratch::Scratch,
    service::Service,
    wait::{SOON, TRADE},
};

/// How many companies the shared market has. A test takes those that it needs and no other gets them.
const SHARED_COMPANIES: usize = 96;

/// A development chain with a service that follows it.
#[derive(Debug)]
pub struct Market {
    pub node: Node,
    pub service: Service,
    companies: Mutex<Vec<String>>,
    folder: Scratch,
}

/// A company with an account, a home for the command and a folder for its files.
#[derive(Debug)]
pub struct Company {
    pub key: Keypair,
    /// The command, set up for its account and the market.
    pub cli: Cli,
    folder: Scratch,
}

impl Market {
    /// The market that tests share if they neither crash nor configure anything.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Market> = OnceCell::const_new();
        SHARED.get_or_init(|| Self::start(SHARED_COMPANIES, &[])).await
    }

    /// Starts a market with so many verified companies, and a service with `options`.
    pub async fn start(companies: usize, options: &[&str]) -> Self {
        let folder = Scratch::new("market");
        let node = Node::development(folder.path()).await;
        let service = Service::start(folder.path(), &node.url(), options).await;
        let names: Vec<String> = (0..companies).map(|_| fresh_name()).collect();
        let chain = Chain::connect(&node.url(), None).await.expect("the chain can be reached");
        let keys: Vec<Keypair> = names.iter().map(|name| dev_key(name)).collect();
        Governance::Sudo.make_companies(&chain, &keys).await.expect("companies can be made");
        let made = chain.best_block().await.expect("the chain can be reached").height;
        service.has_applied(made).await;
        Self { node, service, companies: Mutex::new(names), folder }
    }

    /// A connection to the chain, for this test's runtime.
    pub async fn chain(&self) -> Chain {
        Chain::connect(&self.node.url(), None).await.expect("the chain of the market can be reached")
    }

    /// A verified company with credit that no other test has.
    ///
    /// # Panics
    /// If they are all taken.
    pub fn company(&self, what: &str) -> Company {
        let name = self.companies.lock().unwrap_or_else(PoisonError::into_inner).pop();
        self.company_of(what, name.expect("enough companies were made at the start"))
    }

    /// A company with an account that the chain does not know.
    pub fn stranger(&self, what: &str) -> Company {
        self.company_of(what, fresh_name())
    }

    fn company_of(&self, what: &str, key_name: String) -> Company {
        let folder = Scratch::new(what);
        let cli = Cli::new(folder.path())
            .with("--chain", self.node.url())
            .with("--service", self.service.url())
            .with("--key", format!("dev:{key_name}"));
        Company { key: dev_key(&key_name), cli, folder }
    }

    /// Runs something that the authority signs; others that sign for it wait meanwhile.
    pub async fn governed<T>(&self, action: impl Future<Output = T>) -> T {
        Governance::one_at_a_time(action).await
    }

    /// Returns when the service has applied what is finalized now.
    pub async fn has_caught_up(&self) {
        let finalized = self.chain().await.finalized_block().await.expect("the chain can be reached");
        self.service.has_applied(finalized.height).await;
    }

    /// The folder with the logs of chain and service.
    pub fn folder(&self) -> &Scratch {
        &self.folder
    }

    /// The last lines of both logs.
    pub fn tail(&self) -> String {
        self.node.process().tail() + &self.service.process().tail()
    }
}

impl Company {
    pub fn account(&self) -> AccountId {
        self.key.account()
    }

    pub fn address(&self) -> String {
        self.account().to_string()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// What publishing a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub dataset: String,
    pub offer: OfferId,
}

impl Published {
    /// What `wonbon publish` answered.
    #[track_caller]
    pub fn of(answer: &Value) -> Self {
        let dataset = answer["dataset"].as_str().unwrap_or_else(|| panic!("no dataset in {answer}"));
        let offer = answer["id"].as_u64().unwrap_or_else(|| panic!("no offer in {answer}"));
        Self { dataset: dataset.to_owned(), offer }
    }
}

impl Company {
    /// A company with a key in an encrypted file, as on a chain that is not a development chain.
    pub async fn with_key_file(what: &str, chain: &str, service: &str) -> Self {
        let folder = Scratch::new(what);
        let path = folder.join("key.json");
        let cli = Cli::new(folder.path()).with("--chain", chain).with("--service", service);
        let cli = knowing_the_passphrase(cli, folder.path());
        cli.run([OsStr::new("key"), OsStr::new("new"), path.as_os_str()]).await.ok();
        let cli = cli.with("--key", &path);
        let file = KeyFile::read(&path).expect("the command made a key file");
        let key = file.open(PASSPHRASE).expect("the passphrase is the one it was made with");
        Self { key, cli, folder }
    }

    /// Publishes a file and waits until the offer stands.
    pub async fn publish(&self, file: &Path, price: Balance) -> Published {
        Published::of(&self.start_publishing(file, price).answer(TRADE).await.ok())
    }

    pub fn start_publishing(&self, file: &Path, price: Balance) -> Running {
        self.start_publishing_with(file, price, &[])
    }

    /// Publishes a file with more options, and waits until the offer stands.
    pub async fn publish_with(&self, file: &Path, price: Balance, options: &[&str]) -> Published {
        Published::of(&self.start_publishing_with(file, price, options).answer(TRADE).await.ok())
    }

    pub fn start_publishing_with(&self, file: &Path, price: Balance, options: &[&str]) -> Running {
        let price = price.to_string();
        let plain = [
            OsStr::new("publish"),
            file.as_os_str(),
            OsStr::new("--title"),
            OsStr::new("밀링 진동 시험 데이터"),
            OsStr::new("--price"),
            OsStr::new(&price),
            OsStr::new("--yes"),
        ];
        self.cli.start(plain.into_iter().chain(options.iter().map(OsStr::new)))
    }

    /// Starts buying to a file, with everything accepted.
    pub fn start_buying(&self, offer: OfferId, target: &Path) -> Running {
        let offer = offer.to_string();
        self.cli.start([
            OsStr::new("buy"),
            OsStr::new(&offer),
            OsStr::new("-o"),
            target.as_os_str(),
            OsStr::new("--yes"),
        ])
    }

    /// Buys to a file and waits until the trade is final.
    pub async fn buy(&self, offer: OfferId, target: &Path) -> Answer {
        self.start_buying(offer, target).answer(TRADE).await
    }

    /// Starts delivering, and returns when it watches for orders.
    pub async fn deliver(&self) -> Running {
        let deliver = self.cli.start(["deliver"]);
        deliver.tells("watching", SOON).await;
        deliver
    }
}

/// A name of a development key that nobody has used.
fn fresh_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("e2e-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
