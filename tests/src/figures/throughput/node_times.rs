//! The node's own times: what it counts for Prometheus, and the processor time of a process.

use std::{collections::BTreeMap, fs};

use crate::http::client;

/// Counters of a node at one moment.
#[derive(Clone, Debug, Default)]
pub struct NodeTimes {
    counters: BTreeMap<String, f64>,
    /// Seconds that the node's process had the processor.
    pub processor: f64,
}

/// What a node did between two moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Spent {
    pub blocks: f64,
    /// Milliseconds to apply the transactions of a block, and to have it ready altogether.
    pub construction: f64,
    pub proposal: f64,
    /// Cores in use on average.
    pub cores: f64,
    /// Why the node took no further transaction into a block, and how often.
    pub reasons: Vec<(String, f64)>,
}

impl NodeTimes {
    /// Reads the counters of a node at `metrics` (`127.0.0.1:PORT`), whose process is `process`.
    pub async fn read(metrics: &str, process: u32) -> Self {
        let answer = client().get(format!("http://{metrics}/metrics")).send().await;
        let text = answer.expect("the node tells its counters").text().await.expect("counters are a text");
        Self { counters: parse(&text), processor: processor_seconds(process) }
    }

    /// What was done since an earlier moment, `seconds` ago.
    pub fn since(&self, earlier: &Self, seconds: f64) -> Spent {
        let grown = |name: &str| {
            let of = |times: &Self| times.counters.get(name).copied().unwrap_or_default();
            of(self) - of(earlier)
        };
        let mean_ms = |name: &str| 1_000.0 * grown(&format!("{name}_sum")) / grown(&format!("{name}_count"));
        const REASON: &str = "substrate_proposer_end_proposal_reason";
        let reasons = self.counters.keys().filter(|name| name.starts_with(REASON));
        let reasons = reasons.filter_map(|name| {
            let reason = name.split("reason=\"").nth(1)?.split('"').next()?;
            Some((reason.to_owned(), grown(name))).filter(|(_, count)| *count > 0.0)
        });
        Spent {
            blocks: grown("substrate_proposer_block_constructed_count"),
            construction: mean_ms("substrate_proposer_block_constructed"),
            proposal: mean_ms("substrate_proposer_block_proposal_time"),
            cores: (self.processor - earlier.processor) / seconds,
            reasons: reasons.collect(),
        }
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} blocks by the node, {:.0} ms to fill one and {:.0} ms until it was ready, {:.2} cores",
            self.blocks, self.construction, self.proposal, self.cores
        )?;
        self.reasons.iter().try_for_each(|(reason, count)| write!(formatter, ", {count} × {reason}"))
    }
}

/// Counters by name and labels, without the label that names the chain.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let counters = lines.filter_map(|line| {
        let (name, value) = line.rsplit_once(' ')?;
        let (name, labels) = name.split_once('{').unwrap_or((name, ""));
        let labels = labels.trim_end_matches('}').split(',');
        let labels: Vec<_> =
            labels.filter(|label| !label.is_empty() && !label.starts_with("chain=")).collect();
        let name =
            if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) };
        Some((name, value.parse().ok()?))
    });
    counters.collect()
}

/// Seconds of user and system time of a process.
pub fn processor_seconds(process: u32) -> f64 {
    /// What the kernel counts processor time in, a second.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name in brackets the fields are numbered from 3 on; 14 and 15 are wanted.
    let fields =
        stat.rsplit_once(") ").map(|(_, rest)| rest.split(' ').collect::<Vec<_>>()).unwrap_or_default();
    let ticks =
        |field: usize| fields.get(field - 3).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    (ticks(14) + ticks(15)) / TICKS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(count: f64, sum: f64, limit: f64) -> NodeTimes {
        let text = format!(
            "# HELP something\nsubstrate_proposer_block_constructed_sum{{chain=\"x\"}} {sum}\n\
             substrate_proposer_block_constructed_count{{chain=\"x\"}} {count}\n\
             substrate_proposer_end_proposal_reason{{reason=\"hit_block_weight_limit\",chain=\"x\"}} {limit}\n"
        );
        NodeTimes { counters: parse(&text), processor: sum }
    }

    #[test]
    fn what_a_node_did_is_the_difference_of_two_readings() {
        let spent = at(12.0, 3.0, 7.0).since(&at(2.0, 1.0, 7.0), 4.0);
        assert_eq!((spent.blocks, spent.construction, spent.cores), (10.0, 200.0, 0.5));
        assert_eq!(spent.reasons, []);
        let spent = at(12.0, 3.0, 9.0).since(&at(2.0, 1.0, 7.0), 4.0);
        assert_eq!(spent.reasons, [("hit_block_weight_limit".to_owned(), 2.0)]);
    }

    #[test]
    fn a_process_has_had_the_processor() {
        let begun = std::time::Instant::now();
        while begun.elapsed().as_millis() < 50 {
            std::hint::spin_loop();
        }
        assert!(processor_seconds(std::process::id()) > 0.0);
    }
}
