//! A development chain, a service, and companies that may trade: what most tests start from.

use std::{
    path::PathBuf,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Mutex, PoisonError,
    },
};

use tokio::sync::OnceCell;
use wonbon_client::{chain::Chain, ledger::AccountId, Keypair};

use crate::{
    cli::Cli,
    governance::{dev_key, Governance},
    node::Node,
    scratch::Scratch,
    service::Service,
};

/// How many companies the shared market has. A test takes those that it needs and no other gets them.
const SHARED_COMPANIES: usize = 64;

/// A development chain with a service that follows it.
#[derive(Debug)]
pub struct Market {
    /// The chain.
    pub node: Node,
    /// The service.
    pub service: Service,
    companies: Mutex<Vec<String>>,
    folder: Scratch,
}

/// A company with an account, a home for the command and a folder for its files.
#[derive(Debug)]
pub struct Company {
    /// The name of its key among the development keys.
    pub key_name: String,
    /// Its account's key.
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
        Company { key: dev_key(&key_name), key_name, cli, folder }
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
    /// Its account.
    pub fn account(&self) -> AccountId {
        self.key.account()
    }

    /// The address of its account.
    pub fn address(&self) -> String {
        self.account().to_string()
    }

    /// A path for a file of this company.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A name of a development key that nobody has used.
fn fresh_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("e2e-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
