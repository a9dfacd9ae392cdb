//! `wonbon publish`: from a file to an offer.
//!
//! Promises: nothing is sealed or sent before the file is profiled, the terms are within the rules, all that it takes until
//! the offer stands can be paid, and the person has agreed; killed anywhere, the same command goes on where it stopped and
//! offers once.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::chain::Chain;
use wonbon_client::company::Keyring;
use wonbon_client::exchange::sell::preflight::{
    bond_for_orders, usual_delivery_window, usual_dispute_window, PublicationPreflight, PublicationRefusal,
};
use wonbon_client::exchange::sell::{Listing, Origin, Publisher};
use wonbon_client::exchange::SealingStore;
use wonbon_client::home::SystemClock;
use wonbon_client::ports::Clock;
use wonbon_client::service::ServiceError;
use wonbon_model::metadata::{DescribedFile, Description};
use wonbon_model::words::{amount, duration, parse_typed, trade::derivation_sentence, Term};
use wonbon_model::{json, AccountId, Balance, BlockNumber, DatasetId, Derivation, Method, OfferId, Relation};
use wonbon_primitives::id::to_hex;
use wonbon_profile::Profiled;

use super::consent::{self, Answer, Consent, Proposal};
use super::profile::{profile_of, warn};
use crate::arguments::dataset_id;
use crate::context::{name_of, Context};
use crate::data_file::{data_length, Reading};
use crate::events::Reporter;
use crate::exit::{Failure, Result};
use crate::failures::{not_verified, unknown};
use crate::output::object::With;
use crate::output::table::fields;
use crate::texts::{Text, DEFAULT_LICENCE, DEFAULT_NDA};

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// The file to publish: CSV, Parquet or anything else
    file: PathBuf,
    /// What the data is, in one line
    #[arg(long)]
    title: String,
    /// Price of one copy in KRW
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    price: Balance,
    /// A longer description; @FILE reads it from a file
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Words that buyers may search for (may be given more than once, or separated by commas)
    #[arg(long = "keyword", value_name = "WORD", value_delimiter = ',')]
    keywords: Vec<String>,
    /// Language of title and description, such as ko or en [default: found from the text]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Licence text [default: the Wonbon standard licence]
    #[arg(long, value_name = "FILE")]
    licence: Option<PathBuf>,
    /// Non-disclosure agreement (비밀유지협약) [default: the Wonbon standard one]
    #[arg(long, value_name = "FILE")]
    nda: Option<PathBuf>,
    /// How the data was made: collected, cleaned, preprocessed, labelled, aggregated, anonymised or synthesised
    #[arg(long, value_parser = parse_typed::<Method>, default_value = "collected")]
    method: Method,
    /// What it was made from, as ID:RELATION or ID:RELATION:ROYALTY, for example 0123…:cleaned_from:10%; without a
    /// royalty its owner gets what your licence asks (may be given more than once)
    #[arg(long = "parent", value_name = "ID:RELATION[:ROYALTY]", value_parser = parent)]
    parents: Vec<Origin>,
    /// Publish a new version of this dataset of yours: the file must begin with its bytes, which is proved on the chain
    #[arg(long, value_name = "ID", value_parser = dataset_id)]
    append_to: Option<DatasetId>,
    /// The file of the old version; needed only if its last block was changed
    #[arg(long, value_name = "FILE", requires = "append_to")]
    old_file: Option<PathBuf>,
    /// Whether buyers may sell what they make from it: forbidden, or the least royalty, for example 10%
    #[arg(long, value_name = "forbidden|PERCENT", value_parser = derivation, default_value = "forbidden")]
    derivation: Derivation,
    /// How many blocks you have to deliver after an order [default: a day, within the rules]
    #[arg(long, value_name = "BLOCKS")]
    delivery_window: Option<BlockNumber>,
    /// How many blocks buyers have to dispute after a delivery [default: a day, within the rules]
    #[arg(long, value_name = "BLOCKS")]
    dispute_window: Option<BlockNumber>,
    /// The bond to put down, in KRW [default: enough for --open-orders]
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    bond: Option<Balance>,
    /// How many orders that are open at once the bond covers
    #[arg(long, value_name = "N", default_value_t = 3, conflicts_with = "bond", value_parser = clap::value_parser!(u32).range(1..))]
    open_orders: u32,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    consent: Consent,
}

fn parent(text: &str) -> Result<Origin, String> {
    let (id, rest) = text.split_once(':').ok_or_else(|| {
        format!("\"{text}\" is not ID:RELATION or ID:RELATION:ROYALTY, for example 0123…:cleaned_from:10%")
    })?;
    let (relation, royalty) = match rest.split_once(':') {
        None => (rest, None),
        Some((relation, royalty)) => (relation, Some(amount::parse_share(royalty)?)),
    };
    let relation = parse_typed(relation).map_err(|error| error.to_string())?;
    if relation == Relation::NewVersionOf {
        return Err("a new version is proved: name the old dataset with --append-to".to_owned());
    }
    Ok(Origin { dataset: dataset_id(id)?, relation, royalty })
}

/// Whether buyers may sell what they make, as people write it.
pub(super) fn derivation(text: &str) -> Result<Derivation, String> {
    match text {
        "forbidden" => Ok(Derivation::Forbidden),
        _ => amount::parse_share(text)
            .map(|royalty| Derivation::Permitted { royalty })
            .map_err(|reason| format!("{reason}; or write forbidden")),
    }
}

pub(crate) async fn run(context: &Context, args: Publish) -> Result<()> {
    let length = data_length(&args.file)?;
    let licence = Text::load(args.licence.as_deref(), DEFAULT_LICENCE)?;
    let nda = Text::load(args.nda.as_deref(), DEFAULT_NDA)?;
    let description = Description {
        title: args.title,
        description: described(&args.description)?,
        keywords: args.keywords,
        language: args.language,
    };
    description.check().map_err(Failure::refused)?;
    let key = context.unlock()?;
    context.handle_interrupts();
    let Profiled { profile, sha256 } = profile_of(context, &args.file, args.reading, length).await?;
    warn(context, &profile, &args.file, length)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let file = DescribedFile { name: &name, length, sha256, profile };
    let document = description.of_file(file, licence.reference, nda.reference);
    let mut document = document.map_err(Failure::refused)?;
    let metadata = document.canonical().map_err(Failure::refused)?;

    let chain = context.chain().await?;
    context.check_before_signing(&chain).await?;
    let key = context.acting(&chain, key).await?;
    let service = context.service(&chain, &key)?;
    let home = context.file_home()?;
    let keyring = Keyring::new(&chain, &service, &home, &key);
    context.bring_secrets_up_to_date(keyring.as_ref()).await?;
    if let Some(keyring) = &keyring {
        // Early: what colleagues could not deliver is not offered.
        keyring.current().await?;
    }
    let store = SealingStore::new(&home, &key).with_colleagues(keyring.as_ref());
    let rules = chain.finalized().await?.rules().await?;
    let rules = rules.ok_or(wonbon_client::exchange::ExchangeError::NoRules)?;
    let listing = Listing {
        file: name_of(&args.file)?.to_owned(),
        metadata: String::from_utf8(metadata.bytes).map_err(|_| Failure::refused("the text is not UTF-8"))?,
        licence: licence.text,
        nda: nda.text,
        method: args.method,
        parents: args.parents,
        price: args.price,
        delivery_window: args.delivery_window.unwrap_or_else(|| usual_delivery_window(&rules)),
        dispute_window: args.dispute_window.unwrap_or_else(|| usual_dispute_window(&rules)),
        bond: Some(args.bond.unwrap_or_else(|| bond_for_orders(&rules, args.price, args.open_orders))),
        append_to: args.append_to,
        old_file: args.old_file.as_deref().map(name_of).transpose()?.map(str::to_owned),
        derivation: args.derivation,
    };
    let reporter = Arc::new(Reporter::new(context.out, false));
    let publisher = Publisher {
        market: &chain,
        service: &service,
        store: &store,
        key: &key,
        home: &home,
        observer: reporter.clone(),
    };
    let preflight = publisher.preflight(&listing).await?;
    if let Some(needed) = preflight.short_window {
        let window = listing.delivery_window;
        context.out.warn(format!(
            "a delivery window of {window} blocks is too short: `wonbon deliver` delivers only with at least {needed} \
             blocks left, so orders of this offer will not be delivered"
        ));
    }
    if let Some(refusal) = preflight.refusals.first() {
        if matches!(refusal, PublicationRefusal::Short(_)) {
            show(context, &preflight);
        }
        return Err(refuse(&key.account(), refusal));
    }
    if agree(context, &preflight, &document.title, &listing, args.consent)? == Answer::Stop {
        return Ok(());
    }
    // Early, so that a service of another chain costs no sealing.
    service.sign_in().await?;
    let published = publisher.publish(listing.clone()).await;
    reporter.clear();
    let published = published?;
    context.tell_who_only_delivers(keyring.as_ref(), published.offer).await?;
    print(context, &chain, published.offer, &document.title, &listing).await
}

/// What a publication takes that cannot be paid.
fn show(context: &Context, preflight: &PublicationPreflight) {
    let shown = consent::lines(&preflight.cost, &preflight.means, SystemClock.now_ms());
    context.out.note(fields(&shown).trim_end());
}

/// Says what the publication locks and costs, and asks; one that needs nothing more of the chain goes on by itself.
fn agree(
    context: &Context,
    preflight: &PublicationPreflight,
    title: &str,
    listing: &Listing,
    consent: Consent,
) -> Result<Answer> {
    let (cost, means) = (&preflight.cost, &preflight.means);
    if cost.transactions == 0 && !consent.dry_run {
        return Ok(Answer::Go);
    }
    let about = vec![
        ("title", title.to_owned()),
        ("price", format!("{} a copy", amount::krw(listing.price))),
        ("deriving", derivation_sentence(listing.derivation)),
    ];
    let question = "Publish it? What stands on the chain then stays there.";
    let record = json!({ "title": title, "file": listing.file });
    consent::ask(context, Proposal { cost, means, about, question }, consent, record)
}

/// Says what chain or service would refuse, before anything is sealed and sent.
fn refuse(account: &AccountId, refusal: &PublicationRefusal) -> Failure {
    let refused = |name: &str, text: String| Failure::refused(text).named(name);
    match *refusal {
        PublicationRefusal::NotVerified { standing } => {
            not_verified(account, standing, "only verified companies publish")
        }
        PublicationRefusal::NotProvider => {
            refused("NotProvider", format!("the company {account} is not registered as a provider"))
                .advise("`wonbon company update --role provider,consumer`")
        }
        PublicationRefusal::Short(shortage) => {
            let failure = consent::short(&shortage);
            let advice = failure.advice.clone().unwrap_or_default();
            failure.advise(format!("{advice}; or cover fewer orders with --open-orders"))
        }
        PublicationRefusal::NoRoom { length, limit } => ServiceError::TooLarge { length, limit }.into(),
    }
}

async fn print(context: &Context, chain: &Chain, id: OfferId, title: &str, listing: &Listing) -> Result<()> {
    let mut offer = chain.finalized().await?.offer(id).await?;
    if offer.is_none() {
        offer = chain.best().await?.offer(id).await?;
    }
    let offer = offer.ok_or_else(|| unknown(format!("offer {id}")))?;
    let more = json!({ "title": title, "method": listing.method.word() });
    let value = With { record: json::Offer::new(id, &offer), more };
    let lines = [
        ("offer", id.to_string()),
        ("title", title.to_owned()),
        ("dataset", offer.dataset.to_string()),
        ("sealed root", to_hex(&offer.sealed_root)),
        ("price", amount::krw(offer.price)),
        ("derivation", derivation_sentence(offer.derivation)),
        ("bond", amount::krw(offer.bond)),
        ("delivery within", duration::blocks(offer.delivery_window)),
        ("dispute within", duration::blocks(offer.dispute_window)),
        ("next", "keep `wonbon deliver` running: it delivers to buyers".to_owned()),
    ];
    context.out.fields(&value, &lines)
}

fn described(text: &str) -> Result<String> {
    match text.strip_prefix('@') {
        None => Ok(text.to_owned()),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::refused(format!("cannot read the description {path}: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_have_a_relation() {
        let id = "ab".repeat(32);
        let cleaned = |royalty: Option<u32>| Origin {
            dataset: DatasetId([0xab; 32]),
            relation: Relation::CleanedFrom,
            royalty: royalty.and_then(wonbon_model::Share::from_millionths),
        };
        assert_eq!(parent(&format!("{id}:cleaned-from")), Ok(cleaned(None)));
        assert_eq!(parent(&format!("{id}:cleaned_from:10%")), Ok(cleaned(Some(100_000))));
        assert!(parent(&id).is_err());
        assert!(parent(&format!("{id}:stolen_from")).is_err());
        assert!(parent(&format!("{id}:cleaned_from:10")).is_err());
        assert!(parent(&format!("{id}:new_version_of")).unwrap_err().contains("--append-to"));
    }

    #[test]
    fn derivation_is_forbidden_or_has_a_price() {
        assert_eq!(derivation("forbidden"), Ok(Derivation::Forbidden));
        let royalty = wonbon_model::Share::from_millionths(25_000).unwrap();
        assert_eq!(derivation("2.5%"), Ok(Derivation::Permitted { royalty }));
        assert!(derivation("permitted").unwrap_err().contains("forbidden"));
    }
}
