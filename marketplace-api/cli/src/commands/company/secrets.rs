//! `wonbon company secrets`: which epochs there are and who has them; and `entrust`: single content keys for who delivers.

use clap::Args;
use serde::Serialize;
use wonbon_client::chain::{Chain, View};
use wonbon_client::company::{Keyring, ProvedMember};
use wonbon_client::exchange::SealingStore;
use wonbon_client::home::FileHome;
use wonbon_client::service::Service;
use wonbon_client::Keypair;
use wonbon_model::{AccountId, BlockNumber, DatasetId, MemberRole, Offer, OfferId, OfferState};
use wonbon_primitives::Commitment;

use crate::commands::membership::acting_company;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::{no_member, unknown};
use crate::output::table::Table;

#[derive(Debug, Args)]
pub(crate) struct Secrets {
    /// For admins: begin a new epoch, also if nobody left. What is ordered and sealed from now on rests on the new secret
    #[arg(long)]
    renew: bool,
    /// Begin it without being asked
    #[arg(long, requires = "renew")]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Entrust {
    /// The member who is to deliver
    member: AccountId,
    /// Only the content keys of these offers [default: of every offer that takes orders, or has open ones]
    #[arg(long = "offer", value_name = "OFFER")]
    offers: Vec<OfferId>,
}

/// A company's secrets as of now.
#[derive(Serialize)]
struct Shown {
    company: AccountId,
    epochs: Vec<ShownEpoch>,
    handed_out: Vec<AccountId>,
    left_out: Vec<AccountId>,
    shared_keys: usize,
}

#[derive(Serialize)]
struct ShownEpoch {
    epoch: u32,
    begun_at: BlockNumber,
    here: bool,
}

/// What is needed to work with a company's secrets.
pub(super) struct Desk {
    pub(super) chain: Chain,
    pub(super) key: Keypair,
    pub(super) service: Service,
    pub(super) home: FileHome,
}

impl Desk {
    pub(super) async fn open(context: &Context) -> Result<Self> {
        let (chain, key) = context.chain_and_key().await?;
        acting_company(&key)?;
        let (service, home) = (context.service(&chain, &key)?, context.file_home()?);
        Ok(Self { chain, key, service, home })
    }

    pub(super) fn keyring(&self) -> Result<Keyring<'_>> {
        let keyring = Keyring::new(&self.chain, &self.service, &self.home, &self.key);
        keyring.ok_or_else(|| Failure::new(Code::Failure, "the key acts for no company"))
    }
}

/// Brings the company's secrets up to date, and shows them.
pub(super) async fn secrets(context: &Context, args: Secrets) -> Result<()> {
    let desk = Desk::open(context).await?;
    let keyring = desk.keyring()?;
    let company = keyring.company().account;
    let done = match args.renew {
        true => {
            context.confirm("Begin a new epoch of the company's secrets?", args.yes)?;
            keyring.renew().await?
        }
        false => keyring.refresh().await?,
    };
    context.tell_secrets(&done);
    if let (true, Some(error)) = (args.renew && done.begun.is_none(), done.failure) {
        return Err(error.into());
    }
    let shared_keys = share_all(&desk, &keyring).await?;
    let (state, here) = (keyring.state().await?, keyring.all().await?);
    let has = |epoch| here.iter().any(|secret| secret.id().epoch.0 == epoch);
    let epochs: Vec<_> = (1..)
        .zip(&state.epochs)
        .map(|(epoch, record)| ShownEpoch { epoch, begun_at: record.begun_at, here: has(epoch) })
        .collect();
    let (handed_out, left_out) = (done.handed_out, done.left_out);
    let value = Shown { company, epochs, handed_out, left_out, shared_keys };
    context.out.result(&value, || {
        let rows = value.epochs.iter().map(|found| {
            let here = if found.here { "yes" } else { "no" };
            [found.epoch.to_string(), found.begun_at.to_string(), here.to_owned()]
        });
        let table = Table::new(["EPOCH>", "SINCE BLOCK>", "HERE"], rows);
        format!("{table}{shared_keys} content keys of this home are with the colleagues.")
    })
}

/// Gives the colleagues the content keys of this home that were made before there was a secret; answers how many they have.
async fn share_all(desk: &Desk, keyring: &Keyring<'_>) -> Result<usize> {
    let state = keyring.state().await?;
    let sells = |member: &ProvedMember| member.roles.contains(MemberRole::Sell);
    if !state.member(&desk.key.signer()).is_some_and(sells) || keyring.current().await.is_err() {
        return Ok(0);
    }
    let store = SealingStore::new(&desk.home, &desk.key).with_colleagues(Some(keyring));
    let sealings = store.list().await?;
    for sealing in &sealings {
        store.share(sealing).await?;
    }
    Ok(sealings.len())
}

/// A member to whom content keys were entrusted.
#[derive(Serialize)]
struct Entrusted {
    member: AccountId,
    offers: Vec<OfferId>,
}

/// Gives a member the content keys of offers, and nothing else.
pub(super) async fn entrust(context: &Context, args: Entrust) -> Result<()> {
    let desk = Desk::open(context).await?;
    let keyring = desk.keyring()?;
    context.bring_secrets_up_to_date(Some(&keyring)).await?;
    let company = keyring.company().account;
    let state = keyring.state().await?;
    let member = *state.member(&args.member).ok_or_else(|| no_member(&args.member, &company))?;
    if !member.roles.contains(MemberRole::Deliver) {
        return Err(Failure::refused(format!("{} does not deliver for the company", args.member))
            .named("WrongRole")
            .advise("`wonbon company change MEMBER --roles deliver`"));
    }
    let view = desk.chain.finalized().await?;
    let offers = chosen(&view, &company, &args.offers).await?;
    let store = SealingStore::new(&desk.home, &desk.key).with_colleagues(Some(&keyring));
    let mut entrusted = Vec::new();
    for (id, offer) in offers {
        let key = store.key(&offer.key_commitment).await?.ok_or_else(|| {
            Failure::new(
                Code::Key,
                format!("the content key of offer {id} is neither here nor with colleagues"),
            )
            .named("NoKey")
        })?;
        keyring.entrust(&member, what(&view, &offer).await?, &key).await?;
        entrusted.push(id);
    }
    let value = Entrusted { member: args.member, offers: entrusted };
    context.out.result(&value, || {
        format!(
            "{} has the content keys of {} offers, and delivers with `wonbon deliver`.",
            value.member,
            value.offers.len()
        )
    })
}

/// The offers that were named, or all that may have to be delivered.
async fn chosen(view: &View, company: &AccountId, named: &[OfferId]) -> Result<Vec<(OfferId, Offer)>> {
    if named.is_empty() {
        let mut all = view.offers().await?;
        all.retain(|(_, offer)| {
            offer.seller == *company && (offer.state == OfferState::Open || offer.open_orders > 0)
        });
        return Ok(all);
    }
    let mut found = Vec::new();
    for id in named {
        let offer = view.offer(*id).await?.filter(|offer| offer.seller == *company);
        found.push((*id, offer.ok_or_else(|| unknown(format!("offer {id} of the company")))?));
    }
    Ok(found)
}

/// The dataset and the sealed payload of an offer: sealing changes no length.
async fn what(view: &View, offer: &Offer) -> Result<(DatasetId, Commitment)> {
    let dataset = view.dataset(&offer.dataset).await?;
    let dataset = dataset.ok_or_else(|| unknown(format!("dataset {}", offer.dataset)))?;
    Ok((offer.dataset, Commitment { root: offer.sealed_root, length: dataset.length }))
}
