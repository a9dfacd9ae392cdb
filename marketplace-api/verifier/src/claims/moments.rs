//! Every moment that claims state.

use super::{Claims, Dataset, Moment};

impl Claims {
    /// The block that they are of, with its time.
    pub fn as_of(&self) -> Moment {
        Moment { block: self.chain.block.number, time: self.chain.time }
    }

    /// Every moment of which they say that something happened then.
    pub(crate) fn moments(&self) -> impl Iterator<Item = &Moment> {
        let datasets = std::iter::once(&self.dataset).chain(&self.ancestors).flat_map(of_dataset);
        let attestations = self.attestations.iter().flat_map(|attestation| {
            [Some(&attestation.at), attestation.revoked.as_ref().map(|revocation| &revocation.at)]
        });
        let handovers = self.handovers.iter().map(|handover| &handover.at);
        let trades = self.trades.iter().map(|trade| &trade.ended);
        datasets.chain(attestations).flatten().chain(handovers).chain(trades)
    }
}

fn of_dataset(dataset: &Dataset) -> [Option<&Moment>; 3] {
    [
        Some(&dataset.registered),
        dataset.withdrawn.as_ref().map(|withdrawal| &withdrawal.at),
        dataset.fair_sample.as_ref().map(|answer| &answer.at),
    ]
}
