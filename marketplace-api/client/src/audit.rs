//! Reading the evidence, and the ledger, from the chain itself.
//!
//! Everything that is state is read at one finalized block. What leaves no state behind (direct transfers,
//! members who were removed again) is read from the events of each block of the period, for which the node
//! must still have the state of those blocks; it can be left out, and the report then says so.

use crate::chain::{BalancesEvent, ChainEvent, ParticipantsEvent};
use crate::chain::{Chain, ChainError, Result, View};
use futures::{stream, StreamExt, TryStreamExt};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use wonbon_audit::export::{LedgerRow, LedgerWriter};
use wonbon_audit::Period;
use wonbon_audit::{AuditedTrade, Company, Evidence, HandoverFact};
use wonbon_model::BlockRef;
use wonbon_model::{AccountId, BlockNumber, DatasetId, Moment};

/// Requests under way at once.
const MAX_REQUESTS_AT_ONCE: usize = 16;

/// How far a survey is: blocks whose events were read, and how many there are.
pub type SurveyProgress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

async fn companies(view: &View) -> Result<BTreeMap<AccountId, Company>> {
    let found = view.participants().await?;
    Ok(found.iter().map(|(account, record)| (*account, record.into())).collect())
}

/// Reads the evidence of a period as of a finalized block; with `events` also the events of every block of the period.
pub async fn survey(
    chain: &Chain,
    view: &View,
    period: &Period,
    events: bool,
    progress: SurveyProgress<'_>,
) -> Result<Evidence> {
    let mut evidence = Evidence { genesis: chain.genesis(), ..Default::default() };
    let trades = &mut evidence.trades;
    view.each_trade(|dataset, index, trade| {
        if period.contains(&trade.ended) {
            trades.push(AuditedTrade::new(dataset, index, &trade));
        }
    })
    .await?;
    let handovers = &mut evidence.handovers;
    view.each_handover(|dataset, index, handover| {
        if !period.is_after(&handover.at) {
            let (from, to, block) = (handover.from, handover.to, handover.at.block);
            handovers.insert(HandoverFact { from, to, dataset, index, block });
        }
    })
    .await?;
    evidence.companies = companies(view).await?;
    let datasets: BTreeSet<DatasetId> = evidence.trades.iter().map(|trade| trade.dataset).collect();
    evidence.lengths = stream::iter(datasets)
        .map(|id| async move { Ok(view.dataset(&id).await?.map(|record| (id, record.length))) })
        .buffer_unordered(MAX_REQUESTS_AT_ONCE)
        .try_filter_map(|found| async move { Ok::<_, ChainError>(found) })
        .try_collect()
        .await?;
    evidence.memberships.extend(view.memberships().await?);
    if events {
        read_events(chain, view, period, &mut evidence, progress).await?;
    }
    Ok(evidence)
}

/// Adds the transfers of the blocks of the period, and the members who were removed since.
async fn read_events(
    chain: &Chain,
    view: &View,
    period: &Period,
    evidence: &mut Evidence,
    progress: SurveyProgress<'_>,
) -> Result<()> {
    evidence.transfers = Some(BTreeMap::new());
    let last = view.block().height;
    let first = first_block(chain, last, |moment| !period.is_before(moment)).await?;
    // To the end and not to that of the period: a member who was removed later is not in the state any more.
    let total = u64::from(last).saturating_add(1).saturating_sub(first.into());
    let mut blocks = stream::iter(first..=last)
        .map(|height| async move {
            let view = view_at(chain, height).await?;
            let events = view.events().await?;
            let wanted = events.iter().any(|event| matches!(event, ChainEvent::Balances(_)));
            let time = if wanted { view.time_ms().await? } else { 0 };
            Ok::<_, ChainError>((Moment { block: height, time }, events))
        })
        .buffered(MAX_REQUESTS_AT_ONCE);
    let mut done = 0;
    while let Some(block) = blocks.next().await {
        let (moment, events) = block?;
        for event in events {
            match event {
                ChainEvent::Balances(BalancesEvent::Transfer { from, to, amount })
                    if period.contains(&moment) && evidence.concerns(&from, &to) =>
                {
                    evidence.add_transfer(from, to, amount, moment.block);
                }
                ChainEvent::Participants(ParticipantsEvent::MemberRemoved { company, member }) => {
                    evidence.memberships.insert((company, member));
                }
                _ => {}
            }
        }
        done += 1;
        progress(done, total);
    }
    Ok(())
}

async fn view_at(chain: &Chain, height: BlockNumber) -> Result<View> {
    let block = chain.block_at(height).await?;
    chain.at(block.ok_or_else(|| ChainError::NoSuchBlock(height.to_string()))?).await
}

/// The first block up to `last` that is in; `last` + 1 if none is. Whoever is in, all later ones are.
async fn first_block(
    chain: &Chain,
    last: BlockNumber,
    is_in: impl Fn(&Moment) -> bool,
) -> Result<BlockNumber> {
    let (mut low, mut high) = (0, last.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let time = view_at(chain, middle).await?.time_ms().await?;
        if is_in(&Moment { block: middle, time }) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// Where the trades of a period stand, in order: what of the ledger is in memory while it is exported.
#[derive(Debug, Default)]
pub struct TradeIndex {
    places: Vec<(BlockNumber, DatasetId, u32)>,
}

impl TradeIndex {
    /// Finds the trades of a period.
    pub async fn read(view: &View, period: &Period) -> Result<Self> {
        let mut places = Vec::new();
        view.each_trade(|dataset, index, trade| {
            if period.contains(&trade.ended) {
                places.push((trade.ended.block, dataset, index));
            }
        })
        .await?;
        places.sort_unstable();
        Ok(Self { places })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Reads them again, in order, and writes each as a row.
    pub async fn export<W: Write + Send>(
        &self,
        chain: &Chain,
        view: &View,
        writer: &mut LedgerWriter<W>,
        progress: SurveyProgress<'_>,
    ) -> Result<(), ExportError> {
        let companies = companies(view).await?;
        let total = self.places.len() as u64;
        let mut rows = stream::iter(&self.places)
            .map(|(height, dataset, index)| async move {
                let block = chain.block_at(*height).await?;
                let trade = view.trade(dataset, *index).await?;
                Ok::<_, ChainError>((*height, *dataset, *index, block, trade))
            })
            .buffered(MAX_REQUESTS_AT_ONCE);
        let mut done = 0;
        while let Some(found) = rows.next().await {
            let (height, dataset, index, block, trade) = found?;
            let (Some(block), Some(trade)) = (block, trade) else {
                return Err(ChainError::NoSuchBlock(height.to_string()).into());
            };
            let (seller, buyer) = (companies.get(&trade.seller), companies.get(&trade.buyer));
            let block = BlockRef { height, hash: block.hash };
            writer.row(&LedgerRow::new(dataset, index, &trade, block, seller, buyer))?;
            done += 1;
            progress(done, total);
        }
        Ok(())
    }
}

/// Why the ledger was not exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The chain could not be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The rows could not be written.
    #[error("the ledger cannot be written: {0}")]
    Write(#[from] std::io::Error),
}
