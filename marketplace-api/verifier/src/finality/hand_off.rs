//! Following hand-offs from the anchors to the set that finalized a header.

use super::{AnchorRole, AnchorUse, AuthoritySet, Finality, Header, Justification};
use crate::{
    anchor::{Anchors, Authority, Format, TrustAnchor},
    byte_string,
    refusal::{Contradiction, Invalid, Part, Refusal},
    value::{Hex, Time},
    BlockNumber, Hash,
};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A finalized header that hands over to the next set of validators.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOff {
    /// The header that hands over, SCALE-encoded.
    #[serde(with = "byte_string")]
    pub header: Vec<u8>,
    /// Its GRANDPA justification by the set that hands over, SCALE-encoded.
    #[serde(with = "byte_string")]
    pub justification: Vec<u8>,
}

/// A hand-off, decoded and not yet believed.
struct Step {
    header: Header,
    justification: Justification,
    next: AuthoritySet,
}

/// A header that is final, and who finalizes what comes after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Followed {
    /// The header that is final.
    pub header: Header,
    /// How it was found to be final.
    pub finality: Finality,
    /// The number of the set of validators in force after it.
    pub next_set_id: u64,
    /// The validators of that set.
    pub next_set: AuthoritySet,
}

impl Followed {
    /// What a reader who has checked this header knows from now on.
    pub fn anchor(&self, genesis: Hash, time: Option<Time>) -> TrustAnchor {
        let members = self.next_set.iter();
        TrustAnchor {
            format: Format::V1,
            genesis: genesis.into(),
            block: self.header.block(),
            set_id: self.next_set_id,
            authorities: members.map(|(key, weight)| Authority { key: Hex(*key), weight }).collect(),
            time,
            note: None,
        }
    }
}

/// Checks that a header is final by its justification, and says on whose word. The hand-offs lead up to it, in order.
pub fn follow(
    hand_offs: &[HandOff],
    header: &[u8],
    justification: &[u8],
    anchors: &Anchors,
) -> Result<Followed, Refusal> {
    let header = Header::decode(header, Part::Header)?;
    let change = header.change(Part::Header)?;
    let steps = steps(hand_offs, &header)?;
    let justification = Justification::decode(justification, Part::Header)?;
    justification.check_target(Part::Header, header.block())?;

    let mut walk = Walk::begin(&steps, &header, change.as_ref(), anchors)?;
    for (index, step) in steps.iter().enumerate() {
        walk.pass_anchors(Some(step))?;
        // Nothing rests on what comes before, and whoever has no key could invent it at length.
        if let (Some(set), Some(_)) = (&walk.set, walk.start) {
            step.justification.check_votes(Part::HandOff(index), walk.set_id, set)?;
        }
        walk.hand_over(step);
    }
    walk.pass_anchors(None)?;
    let Walk { set: Some(set), set_id, start: Some(start), mut uses, .. } = walk else {
        unreachable!("the latest anchor before the header was passed, so there is a set and a start; qed")
    };
    let votes = justification.check_votes(Part::Header, set_id, &set)?;

    for (anchor, its) in anchors.with_sets().filter(|(anchor, _)| anchor.block.number > header.number) {
        // The next set, if the header hands over to one.
        let (set_id, set) = change.as_ref().map_or((set_id, &set), |next| (set_id.saturating_add(1), next));
        // Sets only follow: what comes after the next one is not known here.
        if anchor.set_id <= set_id {
            compare(anchor, its, set_id, Some(set))?;
        }
        uses.push(used(anchor, AnchorRole::Later));
    }
    let finality = Finality {
        set_id,
        round: justification.round,
        validators: set.len(),
        signers: votes.signers,
        weight: votes.weight,
        threshold: set.threshold(),
        total_weight: set.total(),
        hand_offs: steps.len() - start,
        earlier_hand_offs: start,
        anchors: uses,
    };
    let (next_set_id, next_set) = match change {
        Some(next) => (set_id.saturating_add(1), next),
        None => (set_id, set),
    };
    Ok(Followed { header, finality, next_set_id, next_set })
}

/// Decodes the hand-offs and checks all that needs no set: their order, their changes, their targets.
fn steps(hand_offs: &[HandOff], header: &Header) -> Result<Vec<Step>, Refusal> {
    let mut steps = Vec::<Step>::new();
    for (index, hand_off) in hand_offs.iter().enumerate() {
        let part = Part::HandOff(index);
        let its = Header::decode(&hand_off.header, part)?;
        let number = its.number;
        if let Some(previous) = steps.last().map(|step| step.header.number).filter(|last| number <= *last) {
            return Err(Invalid::HandOffOrder { index, previous, number }.into());
        }
        if number >= header.number {
            return Err(Invalid::HandOffAfterHeader { index, number, header: header.number }.into());
        }
        let next = its.change(part)?.ok_or(Invalid::ChangeCount { part, found: 0 })?;
        let justification = Justification::decode(&hand_off.justification, part)?;
        justification.check_target(part, its.block())?;
        steps.push(Step { header: its, justification, next });
    }
    Ok(steps)
}

/// The way from the certificate's first hand-off to its header.
struct Walk<'a> {
    header: &'a Header,
    /// The set that the header itself hands over to.
    change: Option<&'a AuthoritySet>,
    /// Anchors at or before the header that were not passed yet, the next one last.
    ahead: Vec<(&'a TrustAnchor, &'a AuthoritySet)>,
    /// The set in force, and its number. Before the first anchor the set is not known, or only from a hand-off that
    /// nobody answers for.
    set_id: u64,
    set: Option<AuthoritySet>,
    /// The block that handed over to it, and how many did before.
    since: Option<(BlockNumber, Hex)>,
    steps_done: usize,
    /// After how many hand-offs trust began.
    start: Option<usize>,
    uses: Vec<AnchorUse>,
}

impl<'a> Walk<'a> {
    /// Finds the number of the first set: the latest anchor that leads to the header fixes it.
    fn begin(
        steps: &[Step],
        header: &'a Header,
        change: Option<&'a AuthoritySet>,
        anchors: &'a Anchors,
    ) -> Result<Self, Invalid> {
        let ahead: Vec<_> =
            anchors.with_sets().filter(|(anchor, _)| anchor.block.number <= header.number).rev().collect();
        // An anchor at the very header says who comes after it. If that is someone else, it does not lead to it.
        let leads = |anchor: &TrustAnchor| change.is_none() || anchor.block.number < header.number;
        let Some((base, _)) = ahead.iter().find(|(anchor, _)| leads(anchor)) else {
            let earliest = anchors.iter().next().map_or(0, |anchor| anchor.block.number);
            return Err(Invalid::BeforeAnchors { block: header.number, anchor: earliest });
        };
        let before = steps.iter().filter(|step| step.header.number <= base.block.number).count() as u64;
        let set_id = base.set_id.checked_sub(before).ok_or(Invalid::AnchorContradicted {
            block: base.block.number,
            what: Contradiction::SetId { expected: base.set_id, found: before },
        })?;
        Ok(Self {
            header,
            change,
            ahead,
            set_id,
            set: None,
            since: None,
            steps_done: 0,
            start: None,
            uses: Vec::new(),
        })
    }

    /// Compares the set in force with every anchor before the next hand-off, or before the end.
    fn pass_anchors(&mut self, next: Option<&Step>) -> Result<(), Refusal> {
        while let Some((anchor, its)) =
            self.ahead.pop_if(|(anchor, _)| next.is_none_or(|step| anchor.block.number < step.header.number))
        {
            self.check_hash(anchor)?;
            if let Some(set) = self.change.filter(|_| anchor.block.number == self.header.number) {
                let after = self.set_id.saturating_add(1);
                compare(anchor, its, after, Some(set))?;
                self.uses.push(used(anchor, AnchorRole::Passed));
                continue;
            }
            if self.steps_done == 0 && anchor.set_id < self.set_id {
                self.uses.push(used(anchor, AnchorRole::TooEarly));
                continue;
            }
            compare(anchor, its, self.set_id, self.set.as_ref())?;
            self.set = Some(its.clone());
            let role = if self.start.is_none() { AnchorRole::Start } else { AnchorRole::Passed };
            self.start.get_or_insert(self.steps_done);
            self.uses.push(used(anchor, role));
        }
        Ok(())
    }

    fn check_hash(&self, anchor: &TrustAnchor) -> Result<(), Refusal> {
        let here = [self.since, Some((self.header.number, self.header.hash.into()))];
        match here.into_iter().flatten().find(|(number, _)| *number == anchor.block.number) {
            Some((_, found)) if found != anchor.block.hash => {
                Err(contradiction(anchor, Contradiction::Hash { expected: anchor.block.hash, found }))
            }
            _ => Ok(()),
        }
    }

    fn hand_over(&mut self, step: &Step) {
        self.set_id = self.set_id.saturating_add(1);
        self.set = Some(step.next.clone());
        self.since = Some((step.header.number, step.header.hash.into()));
        self.steps_done += 1;
    }
}

/// Compares an anchor with the set in force.
fn compare(
    anchor: &TrustAnchor,
    its: &AuthoritySet,
    set_id: u64,
    set: Option<&AuthoritySet>,
) -> Result<(), Refusal> {
    if anchor.set_id != set_id {
        return Err(contradiction(anchor, Contradiction::SetId { expected: anchor.set_id, found: set_id }));
    }
    if set.is_some_and(|set| set != its) {
        return Err(contradiction(anchor, Contradiction::Authorities));
    }
    Ok(())
}

fn contradiction(anchor: &TrustAnchor, what: Contradiction) -> Refusal {
    Invalid::AnchorContradicted { block: anchor.block.number, what }.into()
}

fn used(anchor: &TrustAnchor, role: AnchorRole) -> AnchorUse {
    AnchorUse { block: anchor.block, time: anchor.time, set_id: anchor.set_id, role }
}
