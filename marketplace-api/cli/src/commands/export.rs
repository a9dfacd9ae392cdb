//! `wonbon export`: a dataset's record in the forms that other tools read.
//!
//! The record comes from the chain; title, columns and the like from the metadata document whose hash stands there.
//! A document is not a proof: for one, see `wonbon certificate`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use wonbon_client::chain::View;
use wonbon_model::words::size;
use wonbon_model::{self, text, AccountId, DatasetId, OfferState};
use wonbon_standards::iri::Site;
use wonbon_standards::moment::Moment;
use wonbon_standards::record::{About, Attestation, Handover, Offer, Parent, Party, Sample, Withdrawal};
use wonbon_standards::{aas, croissant, dcat, metadata, prov, DatasetRecord};

use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::files::{refuse_to_overwrite, write_document};
use crate::output::table::fields;

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The dataset's id
    dataset: DatasetId,
    /// The form of the document
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Form,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The service that the document links to [default: that of --service, unless it runs on this machine]
    #[arg(long, value_name = "URL", value_parser = site)]
    site: Option<Site>,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// W3C PROV-JSON
    Prov,
    /// DCAT-AP 3.0.1 as JSON-LD
    Dcat,
    /// DCAT-AP 3.0.1 as Turtle
    DcatTtl,
    /// Croissant 1.0, to lie beside the file
    Croissant,
    /// Asset Administration Shell with the submodel AI Dataset, as JSON
    Aas,
    /// The same as an AASX package
    Aasx,
}

fn site(url: &str) -> Result<Site, String> {
    Site::parse(url).ok_or_else(|| "expected an http or https address without query and fragment".into())
}

/// The service's address, unless nobody else can use it.
fn public(url: &str) -> Option<Site> {
    let host = url.split_once("://")?.1;
    let local = ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|name| host.starts_with(name));
    Site::parse(url).filter(|_| !local)
}

pub(crate) async fn run(context: &Context, args: Export) -> Result<(), Failure> {
    refuse_to_overwrite(&args.output, args.force)?;
    let chain = context.chain().await?;
    let view = chain.finalized().await?;
    let mut record = record(&view, &args.dataset).await?;
    record.genesis = Some(chain.genesis());
    record.site = args.site.clone().or_else(|| public(&context.global.service));
    record.about = about(context, record.metadata).await;
    let bytes = document(&record, args.form)?;
    let length = bytes.len() as u64;
    write_document(&args.output, bytes, args.force).await?;
    let form = args.form.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let value = json!({
        "file": args.output,
        "form": form,
        "bytes": length,
        "dataset": args.dataset,
        "block": view.block().height,
    });
    context.out.result(&value, || {
        fields(&[
            ("dataset", args.dataset.to_string()),
            ("as of", format!("block {}", view.block().height)),
            ("form", form.clone()),
            ("file", format!("{} ({})", args.output.display(), size::bytes_exact(length))),
        ])
    })
}

fn document(record: &DatasetRecord, form: Form) -> Result<Vec<u8>, Failure> {
    let pretty = |value: serde_json::Value| format!("{value:#}\n").into_bytes();
    Ok(match form {
        Form::Prov => pretty(prov::document(record)),
        Form::Dcat => pretty(dcat::json_ld(record)),
        Form::DcatTtl => dcat::turtle(record).into_bytes(),
        Form::Croissant => pretty(croissant::document(record)),
        Form::Aas => pretty(aas::environment(record)),
        Form::Aasx => aas::package(record).map_err(|error| Failure::new(Code::Failure, error.to_string()))?,
    })
}

/// What the metadata document says, if the service has it; its hash was compared with the one on the chain.
async fn about(context: &Context, hash: Option<wonbon_primitives::Digest>) -> About {
    let fetched = async {
        let bytes = context.catalogue().ok()?.metadata(&hash?).await.ok()?;
        metadata::read(&serde_json::from_slice(&bytes).ok()?)
    };
    let limit = std::time::Duration::from_secs(5);
    let found = tokio::time::timeout(limit, fetched).await.ok().flatten();
    if found.is_none() {
        context.out.note(format!(
            "(the service {} has no readable description of this dataset: title and columns are left out)",
            context.global.service
        ));
    }
    found.unwrap_or_default()
}

/// Companies, each read once.
struct Parties<'a> {
    view: &'a View,
    known: BTreeMap<AccountId, Option<String>>,
}

impl Parties<'_> {
    async fn get(&mut self, account: AccountId) -> Result<Party, Failure> {
        if !self.known.contains_key(&account) {
            let company = self.view.participant(&account).await?;
            self.known.insert(account, company.map(|company| text(&company.profile.name)));
        }
        let name = self.known.get(&account).cloned().flatten();
        Ok(Party { account: account.0, address: account.to_string(), name })
    }
}

/// What the chain says about a dataset.
async fn record(view: &View, id: &DatasetId) -> Result<DatasetRecord, Failure> {
    let dataset = view.dataset(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
    let mut parties = Parties { view, known: BTreeMap::new() };
    let mut record = DatasetRecord::new(*id, dataset.length);
    record.metadata = Some(dataset.metadata);
    record.method = Some(dataset.method);
    record.registrant = Some(parties.get(dataset.registrant).await?);
    record.registered = Some(moment(&dataset.registered));
    record.owner = Some(parties.get(dataset.owner).await?);
    let parents = view.parents(id).await?;
    record.parents = parents
        .into_iter()
        .map(|parent| Parent {
            dataset: parent.dataset,
            relation: parent.relation,
            royalty: parent.royalty,
            title: None,
        })
        .collect();
    record.versions = view.versions(id).await?.into_iter().map(|version| version.dataset).collect();
    for attestation in view.attestations(id).await? {
        record.attestations.push(Attestation {
            kind: attestation.kind,
            inspector: parties.get(attestation.inspector).await?,
            document: attestation.document,
            at: Some(moment(&attestation.at)),
            revoked: attestation.revoked.map(|revocation| moment(&revocation.at)),
        });
    }
    for handover in view.handovers(id).await? {
        record.handovers.push(Handover {
            from: parties.get(handover.from).await?,
            to: parties.get(handover.to).await?,
            at: Some(moment(&handover.at)),
        });
    }
    record.withdrawn = dataset.withdrawn.map(|withdrawal| Withdrawal {
        at: Some(moment(&withdrawal.at)),
        reason: Some(text(&withdrawal.reason)),
    });
    let offers = view.offers().await?.into_iter();
    record.offers = offers
        .filter(|(_, offer)| offer.dataset == *id && offer.state == OfferState::Open)
        .map(|(id, offer)| Offer { id, price: offer.price })
        .collect();
    record.samples =
        dataset.sample.iter().map(|answer| Sample { fair: true, digest: Some(answer.digest) }).collect();
    Ok(record)
}

fn moment(moment: &wonbon_model::Moment) -> Moment {
    Moment { block: moment.block.into(), time: moment.time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_for_others_does_not_point_to_this_machine() {
        for local in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80", "ftp://a", "x"] {
            assert_eq!(public(local), None, "{local}");
        }
        assert!(public("https://market.example/wonbon/").is_some());
    }

    #[test]
    fn every_form_gives_a_document() {
        let record = DatasetRecord::new(DatasetId([7; 32]), 5);
        for form in Form::value_variants() {
            let bytes = document(&record, *form).unwrap();
            assert!(!bytes.is_empty());
            let json = matches!(form, Form::Prov | Form::Dcat | Form::Croissant | Form::Aas);
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok(), json, "{form:?}");
        }
    }
}
