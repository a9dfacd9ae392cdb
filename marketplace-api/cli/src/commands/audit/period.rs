//! The period that an auditor looks at, and the block that it is read at.

use clap::Args;
use wonbon_audit::{AsOf, BadPeriod, Period};
use wonbon_client::chain::{Chain, ChainError, View};
use wonbon_model::{BlockNumber, Moment};

use crate::context::Context;
use crate::exit::{Code, Failure, Result};

/// The period that is looked at.
#[derive(Clone, Debug, Args)]
pub(super) struct Span {
    /// The first block, day in Korea (2026-01-01) or time (RFC 3339) of the period
    #[arg(long, value_name = "WHEN")]
    pub(super) from: Option<String>,
    /// The last block, day or time of the period
    #[arg(long, value_name = "WHEN")]
    pub(super) to: Option<String>,
}

impl Span {
    pub(super) fn period(&self) -> Result<Period> {
        Period::new(self.from.as_deref(), self.to.as_deref()).map_err(bad_period)
    }
}

fn bad_period(error: BadPeriod) -> Failure {
    let code = match error {
        BadPeriod::Malformed(_) | BadPeriod::Inverted => Code::Usage,
        BadPeriod::NotYet { .. } | BadPeriod::Future { .. } => Code::Refused,
    };
    Failure::new(code, error.to_string())
}

/// Connects, and answers the finalized block that everything is read at; it has what the period asks for.
pub(super) async fn as_of(context: &Context, period: &Period) -> Result<(Chain, View, AsOf)> {
    let chain = context.chain_unproved().await?;
    let view = chain.finalized().await?;
    let last = Moment { block: view.block().height, time: view.time_ms().await? };
    period.check(&last).map_err(bad_period)?;
    if let Some(block) = period.mixed() {
        match time_of(&chain, block).await {
            Ok(Some(time)) => period.check_mixed(time..=time).map_err(bad_period)?,
            // Without the block's state, which only an archive node has for good.
            Ok(None) | Err(_) => context.out.warn(format!(
                "the node does not tell the time of block {block}; whether the period ends before it begins was \
                 not looked at"
            )),
        }
    }
    let as_of = AsOf::new(view.block(), last.time);
    Ok((chain, view, as_of))
}

async fn time_of(chain: &Chain, block: BlockNumber) -> Result<Option<u64>, ChainError> {
    let Some(block) = chain.block_at(block).await? else { return Ok(None) };
    chain.at(block).await?.time_ms().await.map(Some)
}
