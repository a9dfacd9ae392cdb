//! The JSON encoding.

use super::{lists, Certificate, MAX_SIZE};
use crate::{
    byte_string,
    claims::Claims,
    finality::HandOff,
    refusal::{Invalid, Refusal, Unreadable},
    Hash,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use wonbon_model::unambiguous;
use wonbon_primitives::{id::hex_digest, DatasetId, Digest};

#[derive(Serialize, Deserialize)]
enum Format {
    #[serde(rename = "wonbon/certificate/1")]
    V1,
}

/// The members, in the order in which they are written: what a person wants to read comes first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    format: Format,
    dataset: DatasetId,
    #[serde(with = "hex_digest")]
    genesis: Hash,
    claims: Cow<'a, Claims>,
    #[serde(with = "hex_digest")]
    claims_digest: Digest,
    #[serde(deserialize_with = "lists::hand_offs")]
    hand_offs: Cow<'a, [HandOff]>,
    #[serde(with = "byte_string")]
    header: Cow<'a, [u8]>,
    #[serde(with = "byte_string")]
    justification: Cow<'a, [u8]>,
    #[serde(with = "lists::nodes")]
    proof: Cow<'a, [Vec<u8>]>,
}

impl Certificate {
    /// The JSON form, with these claims: those that [`crate::verify`] or [`Certificate::make`] gave for it.
    pub fn to_json(&self, claims: &Claims) -> String {
        let document = Document {
            format: Format::V1,
            dataset: self.dataset,
            genesis: self.genesis,
            claims: Cow::Borrowed(claims),
            claims_digest: self.claims_digest,
            hand_offs: Cow::Borrowed(&self.hand_offs),
            header: Cow::Borrowed(&self.header),
            justification: Cow::Borrowed(&self.justification),
            proof: Cow::Borrowed(&self.proof),
        };
        serde_json::to_string_pretty(&document).expect("a certificate is JSON: its names are texts; qed")
    }

    /// Reads the JSON form. The claims in it must have the digest beside them; whether that is the digest of what the
    /// records say is for [`crate::verify`].
    pub fn from_json(json: &[u8]) -> Result<Self, Refusal> {
        if json.len() as u64 > MAX_SIZE {
            return Err(Unreadable::TooLarge { limit: MAX_SIZE }.into());
        }
        // What is not JSON at all is no damaged certificate.
        if !json.trim_ascii_start().starts_with(b"{") {
            return Err(Unreadable::NotACertificate.into());
        }
        let document: Document<'_> =
            unambiguous::from_slice(json).map_err(|error| Unreadable::Json { what: error.to_string() })?;
        let digest = document.claims.digest();
        if digest != document.claims_digest {
            return Err(Invalid::ClaimsDigest {
                stated: document.claims_digest.into(),
                found: digest.into(),
            }
            .into());
        }
        Ok(Self {
            dataset: document.dataset,
            genesis: document.genesis,
            hand_offs: document.hand_offs.into_owned(),
            header: document.header.into_owned(),
            justification: document.justification.into_owned(),
            proof: document.proof.into_owned(),
            claims_digest: document.claims_digest,
        })
    }
}
