//! `wonbon audit downloads`: who downloaded what, told by the service.

use clap::Args;
use serde_json::json;
use wonbon_model::words::{short, time::Time};
use wonbon_model::AccountId;

use super::period::Span;
use crate::context::Context;
use crate::exit::Result;
use crate::output::table::Table;

/// The most downloads that are listed at once.
const MAX_DOWNLOADS: usize = 10_000;

#[derive(Debug, Args)]
pub(crate) struct Downloads {
    #[command(flatten)]
    span: Span,
    /// Only downloads of this company
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<AccountId>,
}

pub(crate) async fn run(context: &Context, args: Downloads) -> Result<()> {
    // The service reads the same words; a mistake is told before the passphrase is asked for.
    args.span.period()?;
    let mut query: Vec<(&str, String)> = vec![("limit", "200".to_owned())];
    query.extend(args.span.from.map(|from| ("from", from)));
    query.extend(args.span.to.map(|to| ("to", to)));
    query.extend(args.account.map(|account| ("account", account.to_string())));
    let (chain, key) = context.chain_and_key().await?;
    let service = context.service(&chain, &key)?;
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    let complete = loop {
        let page = service.downloads(&query, cursor.as_deref()).await?;
        found.extend(page.items);
        match page.next {
            None => break true,
            Some(_) if found.len() >= MAX_DOWNLOADS => break false,
            next => cursor = next,
        }
    };
    found.sort_by_key(|download| (download.first_at_ms, download.sealed_root, download.account));
    let value = json!({ "source": "service", "downloads": found, "complete": complete });
    context.out.result(&value, || {
        let rows = found.iter().map(|download| {
            [
                Time::of_block(download.first_at_ms).map(Time::utc).unwrap_or_default(),
                Time::of_block(download.last_at_ms).map(Time::utc).unwrap_or_default(),
                download.account.to_string(),
                short(download.sealed_root),
                download.requests.to_string(),
                download.bytes.to_string(),
            ]
        });
        let header = ["FIRST", "LAST", "COMPANY", "SEALED PAYLOAD", "REQUESTS>", "BYTES>"];
        let body = Table::new(header, rows).or("No download.");
        let rest = if complete { "" } else { "There are more; ask for a shorter period.\n" };
        format!("{body}{rest}Told by the service {}, not by the chain.", context.global.service)
    })
}
