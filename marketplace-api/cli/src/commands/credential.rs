//! Credentials: a certificate's summary in the name of a company's key, for who checks W3C verifiable credentials and
//! no storage proofs.
//!
//! Promises: a credential is issued only for a certificate that was verified just before; checking one needs no
//! network.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::home::SystemClock;
use wonbon_client::keys::Keypair;
use wonbon_client::ports::Clock;
use wonbon_model::words::time::Time;
use wonbon_model::{unambiguous, AccountId};
use wonbon_standards::credential::{issue_by, verify, CredentialError, Verified};
use wonbon_verifier::credential::summary;
use wonbon_verifier::Report;

use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::read_bounded;

/// The largest credential that is read, in bytes.
const MAX_CREDENTIAL_BYTES: u64 = 1 << 20;

/// A credential of what a verified certificate proves, issued now by `key`.
pub(super) fn issue(report: &Report, key: &Keypair) -> Result<Vec<u8>> {
    let now = Time::from_millis(SystemClock.now_ms())
        .ok_or_else(|| Failure::new(Code::Failure, "the clock of this machine is wrong"))?
        .to_second();
    let subject = summary(&report.claims, report.certificate);
    let credential = issue_by(subject, &key.signer().0, &now, |message| key.sign(message))
        .map_err(|error| Failure::new(Code::Failure, format!("cannot issue the credential: {error}")))?;
    Ok(format!("{credential:#}\n").into_bytes())
}

#[derive(Debug, Args)]
pub(crate) struct CheckCredential {
    /// The credential
    file: PathBuf,
}

pub(crate) fn check(context: &Context, args: CheckCredential) -> Result<()> {
    let verified = read(&args.file)?;
    let issuer = AccountId(verified.key);
    let value = json!({
        "issuer": verified.issuer,
        "account": issuer,
        "valid_from": verified.valid_from,
        "subject": verified.subject,
    });
    let mut lines =
        vec![("issuer", issuer.to_string()), ("valid from", verified.valid_from), ("says", String::new())];
    let said = verified.subject.as_object().into_iter().flatten();
    lines.extend(said.map(|(name, value)| ("", line(name, value))));
    lines.push(("", "The issuer says so; the certificate that it names proves it.".to_owned()));
    context.out.fields(&value, &lines)
}

fn read(file: &Path) -> Result<Verified> {
    let refuse = |what: String| Failure::refused(format!("{}: {what}", file.display()));
    let bytes = read_bounded(file, MAX_CREDENTIAL_BYTES)?;
    if bytes.len() as u64 > MAX_CREDENTIAL_BYTES {
        return Err(refuse(format!("larger than {MAX_CREDENTIAL_BYTES} bytes")));
    }
    let credential: Value = unambiguous::from_slice(&bytes).map_err(|error| refuse(error.to_string()))?;
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
        // Signed is what the reader took; another reader may take the other one.
        assert_eq!(code(&text.replace(r#""title":"#, r#""title":"선반","title":"#)), Err(Code::Refused));
        assert_eq!(code("{}"), Err(Code::Refused));
        assert_eq!(code(&" ".repeat(1 << 21)), Err(Code::Refused));
    }
}
