//! `wonbon export`: a dataset's record in the forms that other tools read.
//!
//! The record comes from the chain; title, columns and the like from the metadata document whose hash stands there.
//! A document is not a proof: for one, see `wonbon certificate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use wonbon_client::chain::View;
use wonbon_model::words::size;
use wonbon_model::DatasetId;
use wonbon_standards::iri::Site;
use wonbon_standards::record::Sample;
use wonbon_standards::{aas, croissant, dcat, prov, DatasetRecord};

use crate::context::Context;
use crate::descriptions::document_or;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::files::{refuse_to_overwrite, write_document};

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
    if let Some(hash) = record.metadata {
        let absent = ": title and columns are left out";
        record.about = document_or(context, &hash, absent).await.unwrap_or_default();
    }
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
    let lines = [
        ("dataset", args.dataset.to_string()),
        ("as of", format!("block {}", view.block().height)),
        ("form", form),
        ("file", format!("{} ({})", args.output.display(), size::bytes_exact(length))),
    ];
    context.out.fields(&value, &lines)
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

/// What the chain says about a dataset.
async fn record(view: &View, id: &DatasetId) -> Result<DatasetRecord, Failure> {
    let facts = view.dataset_facts(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
    let mut record = DatasetRecord::of(&facts, view.offers().await?);
    let answer = facts.dataset.record.sample.iter();
    record.samples = answer.map(|answer| Sample { fair: true, digest: Some(answer.digest) }).collect();
    for party in record.parties() {
        party.name = view.company_name(&party.account).await?;
    }
    Ok(record)
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
        let record = DatasetRecord { id: DatasetId([7; 32]), length: 5, ..Default::default() };
        for form in Form::value_variants() {
            let bytes = document(&record, *form).unwrap();
            assert!(!bytes.is_empty());
            let json = matches!(form, Form::Prov | Form::Dcat | Form::Croissant | Form::Aas);
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok(), json, "{form:?}");
        }
    }
}
