//! Credentials: a certificate's summary in the name of a company's key, for who checks W3C verifiable credentials and
//! no storage proofs.
//!
//! Promises: a credential is issued only for a certificate that was verified just before; checking one needs no
//! network.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{json, Value};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;
use wonbon_client::keys::Keypair;
use wonbon_model::AccountId;
use wonbon_standards::credential::{issue_by, verify, CredentialError, Verified};
use wonbon_verifier::credential::summary;
use wonbon_verifier::Report;

use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::files::read_bounded;
use crate::output::table::fields;

/// The largest credential that is read, in bytes.
const MAX_CREDENTIAL: u64 = 1 << 20;

/// A credential of what a verified certificate proves, issued now by `key`.
pub(super) fn issue(report: &Report, key: &Keypair) -> Result<Vec<u8>, Failure> {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or_else(|_| OffsetDateTime::now_utc());
    let now = now
        .format(&Rfc3339)
        .map_err(|error| Failure::new(Code::Failure, format!("the clock is wrong: {error}")))?;
    let subject = summary(&report.claims, report.certificate);
    let credential = issue_by(subject, &key.account().0, &now, |message| key.sign(message))
        .map_err(|error| Failure::new(Code::Failure, format!("cannot issue the credential: {error}")))?;
    Ok(format!("{credential:#}\n").into_bytes())
}

#[derive(Debug, Args)]
pub(crate) struct CheckCredential {
    /// The credential
    file: PathBuf,
}

pub(crate) fn check(context: &Context, args: CheckCredential) -> Result<(), Failure> {
    let verified = read(&args.file)?;
    let issuer = AccountId(verified.key);
    let value = json!({
        "issuer": verified.issuer,
        "account": issuer,
        "valid_from": verified.valid_from,
        "subject": verified.subject,
    });
    context.out.result(&value, || {
        let mut lines = vec![
            ("issuer", issuer.to_string()),
            ("valid from", verified.valid_from.clone()),
            ("says", String::new()),
        ];
        lines.extend(
            verified.subject.as_object().into_iter().flatten().map(|(name, value)| ("", line(name, value))),
        );
        lines.push(("", "The issuer says so; the certificate that it names proves it.".to_owned()));
        fields(&lines)
    })
}

fn read(file: &Path) -> Result<Verified, Failure> {
    let refuse = |what: String| Failure::new(Code::Refused, format!("{}: {what}", file.display()));
    let bytes = read_bounded(file, MAX_CREDENTIAL)?;
    if bytes.len() as u64 > MAX_CREDENTIAL {
        return Err(refuse(format!("larger than {MAX_CREDENTIAL} bytes")));
    }
    let credential: Value = serde_json::from_slice(&bytes).map_err(|error| refuse(error.to_string()))?;
    verify(&credential).map_err(|error| match error {
        CredentialError::BadSignature | CredentialError::NotTheIssuer => {
            Failure::new(Code::Verification, format!("{}: {error}", file.display()))
                .advise("it was changed after it was signed, or signed by someone else")
        }
        other => refuse(other.to_string()),
    })
}

/// One member of the subject.
fn line(name: &str, value: &Value) -> String {
    format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_read_and_a_changed_one_is_not() {
        let key = Keypair::dev("//Alice").unwrap();
        let subject = json!({"title": "밀링"});
        let sign = |message: &[u8]| key.sign(message);
        let credential = issue_by(subject, &key.account().0, "2025-11-21T04:40:00Z", sign).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credential.json");
        let code = |text: &str| {
            std::fs::write(&file, text).unwrap();
            read(&file).map(|verified| verified.key).map_err(|failure| failure.code)
        };
        let text = credential.to_string();
        assert_eq!(code(&text), Ok(key.account().0));
        assert_eq!(code(&text.replace("밀링", "선반")), Err(Code::Verification));
        assert_eq!(code("{}"), Err(Code::Refused));
        assert_eq!(code(&" ".repeat(1 << 21)), Err(Code::Refused));
    }
}
