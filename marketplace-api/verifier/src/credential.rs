//! The summary of a certificate that a credential carries.
//!
//! A credential says it in its issuer's name; the certificate proves it. So the summary names the certificate by its
//! digest, and holds nothing that the claims do not.

use crate::{
    claims::{Claims, Party},
    value::Hex,
};
use serde_json::{json, Value};

/// The summary of a certificate with this SHA-256 ([`crate::Certificate::digest`]). Amounts and lengths are decimal
/// strings; every other number is small.
pub fn summary(claims: &Claims, certificate: Hex) -> Value {
    let (chain, dataset) = (&claims.chain, &claims.dataset);
    let standing = claims.attestations.iter().filter(|attestation| attestation.revoked.is_none());
    let paid = claims.trades.iter().filter(|trade| trade.outcome.is_paid()).count();
    let parents: Vec<_> = dataset
        .parents
        .iter()
        .map(|parent| json!({"dataset": iri(&parent.dataset), "relation": parent.relation}))
        .collect();
    let mut summary = json!({
        "id": iri(&dataset.id),
        "type": "WonbonDataset",
        "certificateDigest": certificate,
        "claimsDigest": Hex(claims.digest()),
        "asOf": {
            "genesis": chain.genesis,
            "block": chain.block.number,
            "blockHash": chain.block.hash,
            "time": chain.time,
        },
        "length": dataset.length,
        "metadataDigest": dataset.metadata,
        "method": dataset.method,
        "firstRegistered": {"block": dataset.registered.block, "time": dataset.registered.time},
        "firstRegisteredBy": party(&claims.registrant),
        "heldBy": party(&claims.owner),
        "withdrawn": dataset.withdrawn.is_some(),
        "parents": parents,
        "ancestorCount": claims.ancestors.len(),
        "newVersionCount": claims.versions.len(),
        "attestationCount": claims.attestations.len(),
        "standingAttestationCount": standing.count(),
        "handoverCount": claims.handovers.len(),
        "tradeCount": claims.trades.len(),
        "paidTradeCount": paid,
        "turnoverInWon": crate::value::Decimal(claims.turnover()),
        "openOrders": "not part of this",
    });
    if claims.is_provisional() {
        // Said where it is so and left out elsewhere, so that the summaries of older certificates stay what they were.
        summary["provisionalUntilBlock"] = json!(dataset.provisional_until);
    }
    summary
}

fn iri(dataset: &Hex) -> String {
    format!("urn:wonbon:dataset:{dataset}")
}

fn party(party: &Party) -> Value {
    let mut value =
        json!({"id": format!("urn:wonbon:account:{}", Hex(party.account.0)), "account": party.account});
    if let Some(company) = &party.company {
        value["name"] = json!(company.name);
        value["registrationNumber"] = json!(company.registration_number);
    }
    value
}
