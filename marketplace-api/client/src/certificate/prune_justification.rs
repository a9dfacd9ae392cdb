//! Of a justification, what makes its header final and nothing else.
//!
//! A node keeps both votes of a validator who votes twice in a round, and votes beyond the quorum. Verifiers of
//! certificates refuse a voter who occurs twice, and rightly: two votes of one member are no two members. So that one
//! dishonest validator cannot stop certificates, the maker takes one vote of each, the one nearest to the block, and no
//! more than are wanted. What it cannot mend it leaves, for the verification that follows to refuse.

use std::collections::{BTreeMap, BTreeSet};
use wonbon_verifier::claims::Block;
use wonbon_verifier::finality::{AuthoritySet, Header, Justification};
use wonbon_verifier::refusal::Part;
use wonbon_verifier::{Anchors, HandOff, Refusal};

/// Tidies the justifications of hand-offs that begin after the earliest anchor before the header, and the header's.
pub(super) fn tidy(
    anchors: &Anchors,
    hand_offs: &mut [HandOff],
    header: &[u8],
    justification: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let number = Header::decode(header, Part::Header)?.number;
    let Some(Ok(mut set)) =
        anchors.iter().find(|anchor| anchor.block.number <= number).map(|anchor| anchor.set())
    else {
        return Ok(());
    };
    for (index, hand_off) in hand_offs.iter_mut().enumerate() {
        let part = Part::HandOff(index);
        keep_what_counts(&mut hand_off.justification, part, &set)?;
        if let Some(next) = Header::decode(&hand_off.header, part)?.change(part)? {
            set = next;
        }
    }
    keep_what_counts(justification, Part::Header, &set)
}

fn keep_what_counts(bytes: &mut Vec<u8>, part: Part, set: &AuthoritySet) -> Result<(), Refusal> {
    let Justification { round, target, mut precommits, mut ancestries } = Justification::decode(bytes, part)?;
    let ancestry =
        VoteAncestry { target, headers: ancestries.iter().map(|header| (header.hash, header)).collect() };

    // Of each member the vote nearest to the target; of all those the nearest, until there are enough.
    let mut nearest = BTreeMap::new();
    for (index, vote) in precommits.iter().enumerate() {
        if let (Some(weight), Some(path)) = (set.weight(&vote.voter), ancestry.path_from(&vote.target)) {
            let found = (path.len(), index, weight);
            let best = nearest.entry(vote.voter).or_insert(found);
            *best = found.min(*best);
        }
    }
    let mut votes: Vec<_> = nearest.into_values().collect();
    votes.sort_unstable();
    let mut reached = 0_u64;
    let kept: BTreeSet<usize> = votes
        .into_iter()
        .take_while(|(.., weight)| {
            let wanted = reached < set.threshold();
            reached = reached.saturating_add(*weight);
            wanted
        })
        .map(|(_, index, _)| index)
        .collect();

    let needed: BTreeSet<[u8; 32]> =
        kept.iter().filter_map(|index| ancestry.path_from(&precommits[*index].target)).flatten().collect();
    let mut index = 0..;
    precommits.retain(|_| index.next().is_some_and(|index| kept.contains(&index)));
    let mut there = BTreeSet::new();
    ancestries.retain(|header| needed.contains(&header.hash) && there.insert(header.hash));
    *bytes = Justification { round, target, precommits, ancestries }.encode();
    Ok(())
}

/// The headers between a justification's target and the blocks voted for.
struct VoteAncestry<'a> {
    target: Block,
    headers: BTreeMap<[u8; 32], &'a Header>,
}

impl VoteAncestry<'_> {
    /// The headers from this block down to the target, without it; `None` if they do not lead there.
    fn path_from(&self, block: &Block) -> Option<Vec<[u8; 32]>> {
        let mut path = Vec::new();
        let (mut hash, mut number) = (block.hash.0, block.number);
        while hash != self.target.hash.0 {
            let header = self.headers.get(&hash).filter(|header| header.number == number)?;
            path.push(hash);
            (hash, number) = (header.parent, number.checked_sub(1)?);
        }
        (number == self.target.number).then_some(path)
    }
}

#[cfg(test)]
mod tests;
