//! The OpenAPI document, as far as it is of no one resource.

use utoipa::{
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    Modify, OpenApi,
};

use super::refusals::Refusals;
use crate::protocol::Problem;

/// The document without paths.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Wonbon marketplace",
        description = "Catalogue and sealed payloads of a marketplace for manufacturing data. The chain decides; \
                       this service shows what stands there and keeps ciphertext: of the data itself it sees \
                       the sample blocks that an owner shows, and nothing else. Amounts are whole \
                       won, heights are block numbers, times are milliseconds since 1970."
    ),
    modifiers(&Security, &Refusals),
    components(schemas(Problem)),
    tags(
        (name = "catalogue", description = "What stands on the chain"),
        (name = "sign-in", description = "Tokens for account keys"),
        (name = "uploads", description = "Resumable uploads, tus 1.0.0. A POST may name another method in `X-HTTP-Method-Override`"),
        (name = "payloads", description = "Sealed payloads"),
        (name = "documents", description = "Metadata and texts by hash"),
        (name = "applications", description = "Companies that are not there yet"),
        (name = "companies", description = "What a company keeps here for its members: bytes that the service cannot read"),
        (name = "samples", description = "Blocks that everyone may see, provably part of their dataset"),
        (name = "certificates", description = "Proofs of origin and trade history that need nobody's trust"),
        (name = "standards", description = "A dataset's record in the forms that other tools read"),
        (name = "audit", description = "What an auditor goes through; public facts need no role"),
        (name = "service", description = "How the service is doing"),
    )
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token from POST /v1/sign-in"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::{json, Value};
    use wonbon_model::{
        json::{Derivation, DrawState, Word},
        metadata::{ColumnType, Format},
        words::{Choice, OrderStage, OrderState, Term},
        Outcome,
    };

    use crate::{
        applications::ApplicationState,
        http::{audit, certificates, health, openapi, standards},
    };

    fn words<T: Serialize>(values: &[T]) -> Value {
        values.iter().map(|value| serde_json::to_value(value).unwrap()).collect()
    }

    fn choice<T: Choice>() -> Value {
        spoken(T::ALL)
    }

    fn spoken<T: Term + Copy>(values: &[T]) -> Value {
        words(&values.iter().map(|value| Word(*value)).collect::<Vec<_>>())
    }

    /// Every type of a few words, with those that it is written as; `None` in place of the name where the document
    /// has it only in parameters.
    fn choices() -> Vec<(Option<&'static str>, Value)> {
        let draw = |state| match state {
            // A new one belongs into the list below.
            DrawState::Waiting | DrawState::Unanswered | DrawState::Claimed | DrawState::Answered => state,
        };
        let draws = [DrawState::Waiting, DrawState::Unanswered, DrawState::Claimed, DrawState::Answered];
        let outcome = |outcome| match outcome {
            Outcome::Accepted | Outcome::Lapsed | Outcome::Missed | Outcome::WrongKey => outcome,
            Outcome::BadBlock(_) | Outcome::Faulted | Outcome::Refused | Outcome::Refunded => outcome,
        };
        let outcomes = [Outcome::Accepted, Outcome::Lapsed, Outcome::Missed, Outcome::WrongKey];
        let more = [Outcome::BadBlock(17), Outcome::Faulted, Outcome::Refused, Outcome::Refunded];
        let outcomes = [&outcomes[..], &more].concat();
        vec![
            (Some("Standing"), choice::<wonbon_model::Standing>()),
            (Some("Role"), choice::<wonbon_model::Role>()),
            (Some("MemberRole"), choice::<wonbon_model::MemberRole>()),
            (Some("SizeClass"), choice::<wonbon_model::SizeClass>()),
            (Some("Method"), choice::<wonbon_model::Method>()),
            (Some("OfferState"), choice::<wonbon_model::OfferState>()),
            (Some("OrderState"), choice::<OrderState>()),
            (Some("OrderStage"), choice::<OrderStage>()),
            (Some("Outcome"), spoken(&outcomes.into_iter().map(outcome).collect::<Vec<_>>())),
            (Some("Relation"), choice::<wonbon_model::Relation>()),
            (Some("AttestationKind"), choice::<wonbon_model::AttestationKind>()),
            (Some("Revoker"), choice::<wonbon_model::Revoker>()),
            (Some("ColumnType"), words(ColumnType::ALL)),
            (Some("Format"), words(Format::ALL)),
            (Some("DrawState"), words(&draws.map(draw))),
            (Some("Region"), choice::<wonbon_model::Region>()),
            (Some("ApplicationState"), words(ApplicationState::ALL)),
            (Some("HealthStatus"), words(health::HealthStatus::ALL)),
            (None, words(certificates::CertificateFormat::ALL)),
            (None, words(standards::DcatFormat::ALL)),
            (None, words(standards::AasFormat::ALL)),
            (None, words(audit::LedgerFormat::ALL)),
            (None, words(audit::ReportFormat::ALL)),
            // The one derivation that says no more than its word.
            (None, json!([Derivation::Forbidden])),
        ]
    }

    /// Every `enum` of a document, with its place.
    fn enums(at: &str, value: &Value, found: &mut Vec<(String, Value)>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
            }
            _ => Vec::new(),
        };
        for (name, value) in inner {
            if name == "enum" {
                found.push((at.to_owned(), value.clone()));
            }
            enums(&format!("{at}/{name}"), value, found);
        }
    }

    #[test]
    fn the_document_says_the_words_that_the_service_speaks() {
        let document = serde_json::to_value(openapi()).unwrap();
        let mut found = Vec::new();
        enums("", &document, &mut found);
        let choices = choices();
        for (at, words) in &found {
            let name = at.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
            let known = choices.iter().any(|(known, spoken)| {
                spoken == words && (name.is_none() || name == *known || known.is_none())
            });
            assert!(known, "{at} says {words}, which is not what is spoken");
        }
        for (name, words) in &choices {
            assert!(found.iter().any(|(_, said)| said == words), "nothing says {words} of {name:?}");
        }
    }
}
