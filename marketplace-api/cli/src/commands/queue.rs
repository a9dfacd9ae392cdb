//! `wonbon authority queue`: what waits for the registrar, the issuer and the council, in words.
//!
//! Promises: motions and redemptions come from the chain, with what each does said in a sentence; an application is shown
//! with whether its signature holds, since the service could show anything.

use serde::Serialize;
use wonbon_client::chain::{Chain, OpenMotion, View};
use wonbon_client::enrolment::{Application, Place};
use wonbon_client::service::OpenApplication;
use wonbon_client::Keypair;
use wonbon_model::words::{amount, duration};
use wonbon_model::{json, AccountId, BlockNumber, Hash, Redemption};

use super::company::applied;
use super::motion::{sentence, votes, Names};
use crate::context::Context;
use crate::exit::Result;
use crate::lines::Line;
use crate::output::table::fields;

/// All that waits, as of a block.
#[derive(Serialize)]
struct Queue {
    at: BlockNumber,
    applications: Vec<ShownApplication>,
    /// Why there are no applications to see, if there are none because of that.
    applications_unavailable: Option<String>,
    motions: Vec<ShownMotion>,
    redemptions: Vec<json::Redemption>,
}

#[derive(Serialize)]
struct ShownApplication {
    #[serde(flatten)]
    application: OpenApplication,
    /// Why the chain would not take it.
    refused: Option<String>,
}

#[derive(Serialize)]
struct ShownMotion {
    hash: Hash,
    index: u32,
    what: String,
    threshold: u32,
    ayes: Vec<AccountId>,
    nays: Vec<AccountId>,
    end: BlockNumber,
}

pub(super) async fn run(context: &Context) -> Result<()> {
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let at = view.block().height;
    let mut names = Names::default();
    let motions = view.motions(&chain).await?;
    for motion in &motions {
        names.learn(&view, &motion.call).await?;
    }
    let redemptions = view.redemptions().await?;
    for (_, redemption) in &redemptions {
        names.learn_one(&view, redemption.account).await?;
    }
    let (applications, unavailable) = match applications(context, &chain, &view, &key).await {
        Ok(found) => (found, None),
        // What is on the chain is shown all the same.
        Err(failure) => (Vec::new(), Some(failure.message)),
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(applications.iter().map(|(shown, lines)| {
        let mut lines = lines.clone();
        match &shown.refused {
            Some(reason) => lines.push(("REFUSED", reason.clone())),
            None => lines.push((
                "establish",
                format!("wonbon company establish --application {}", shown.application.digest),
            )),
        }
        format!("Application\n{}", fields(&lines))
    }));
    parts.extend(motions.iter().map(|motion| format!("Motion\n{}", fields(&about(motion, &names, at)))));
    parts.extend(redemptions.iter().map(|(number, redemption)| {
        format!("Redemption\n{}", fields(&about_redemption(*number, redemption, &names, at)))
    }));
    let value = Queue {
        at,
        applications: applications.into_iter().map(|(shown, _)| shown).collect(),
        applications_unavailable: unavailable.clone(),
        motions: motions
            .into_iter()
            .map(|motion| ShownMotion {
                hash: Hash(motion.hash),
                index: motion.index,
                what: sentence(&motion.call, &names),
                threshold: motion.threshold,
                ayes: motion.ayes,
                nays: motion.nays,
                end: motion.end,
            })
            .collect(),
        redemptions: redemptions
            .iter()
            .map(|(number, record)| json::Redemption::new(*number, record))
            .collect(),
    };
    if let Some(reason) = unavailable {
        context.out.warn(format!("applications at the service cannot be seen: {reason}"));
    }
    context.out.result(&value, || match parts.is_empty() {
        true => format!("Nothing waits at block {at}."),
        false => parts.join("\n"),
    })
}

/// The applications that are open at the service, each with what is read of it.
async fn applications(
    context: &Context,
    chain: &Chain,
    view: &View,
    key: &Keypair,
) -> Result<Vec<(ShownApplication, Vec<Line>)>> {
    let found = context.service(chain, key)?.open_applications().await?;
    let place = Place { genesis: chain.genesis(), height: view.block().height };
    let mut shown = Vec::new();
    for application in found {
        let (lines, refused) = match Application::of(place.genesis, &application.application) {
            Ok(signed) => {
                let ended = view.ended_memberships(&signed.applicant).await?;
                let same = signed.digest() == application.digest.0;
                let refused = match signed.check(&place, ended) {
                    Err(error) => Some(error.to_string()),
                    Ok(()) if !same => Some("digest: the service shows another application".to_owned()),
                    Ok(()) => None,
                };
                (applied(&signed), refused)
            }
            Err(error) => {
                (vec![("applicant", application.application.account.to_string())], Some(error.to_string()))
            }
        };
        shown.push((ShownApplication { application, refused }, lines));
    }
    Ok(shown)
}

fn about(motion: &OpenMotion, names: &Names, at: BlockNumber) -> Vec<Line> {
    let hash = Hash(motion.hash);
    vec![
        ("number", motion.index.to_string()),
        ("what", sentence(&motion.call, names)),
        ("votes", votes(motion)),
        ("ends", left(motion.end, at)),
        ("vote", format!("wonbon authority vote {hash} --index {}", motion.index)),
    ]
}

fn about_redemption(number: u64, record: &Redemption, names: &Names, at: BlockNumber) -> Vec<Line> {
    vec![
        ("number", number.to_string()),
        ("what", format!("Pay {} out to {}.", amount::krw(record.amount), names.of(&record.account))),
        ("lapses", left(record.lapses_after, at)),
        ("confirm", format!("wonbon authority confirm-redemption {number} --payee FILE --reference TEXT")),
    ]
}

fn left(end: BlockNumber, at: BlockNumber) -> String {
    match end.saturating_sub(at) {
        0 => format!("block {end}, which has passed"),
        left => format!("block {end}, {} from now", duration::blocks(left)),
    }
}
