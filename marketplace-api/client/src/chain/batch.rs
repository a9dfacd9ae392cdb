//! Several calls of one signer, signed under consecutive numbers and sent in one request.
//!
//! Promises: each call is answered by itself, and one that is refused holds up none that come after it: the number that it
//! leaves is taken by the last of them, which the chain takes once, under whichever of its numbers comes first. That is so
//! for what can be done only once, as a delivery.

use super::ahead::Place;
use super::nodes::NodeRefusal;
use super::refusal::{in_words, rejected};
use super::submit::{
    is_on_its_way, NonceFrom, INVALID_TRANSACTION, MAX_NONCE_ATTEMPTS, NONCE_TAKEN, OUTDATED_NONCE,
};
use super::{Call, Chain, ChainError, Signed};
use crate::keys::Keypair;
use std::collections::{BTreeMap, BTreeSet};

/// What became of each call, as far as it is known.
struct Outcome {
    answers: Vec<Option<Result<Signed, ChainError>>>,
    /// The numbers that were tried.
    tried: BTreeSet<u64>,
    /// Which call a node took under a number.
    taken: BTreeMap<u64, usize>,
}

impl Outcome {
    fn of(calls: usize) -> Self {
        Self { answers: vec![None; calls], tried: BTreeSet::new(), taken: BTreeMap::new() }
    }

    fn open(&self) -> Vec<usize> {
        (0..self.answers.len()).filter(|index| self.answers[*index].is_none()).collect()
    }

    fn take(&mut self, index: usize, signed: Signed) {
        self.taken.insert(signed.nonce, index);
        self.answers[index] = Some(Ok(signed));
    }

    /// Takes a node's answer. A number that another transaction has is no answer to the call, unless it was the last try.
    fn answered(&mut self, index: usize, signed: Signed, answer: Result<(), NodeRefusal>, is_last: bool) {
        self.tried.insert(signed.nonce);
        let Err(refusal) = answer else { return self.take(index, signed) };
        let (code, reason) = in_words(refusal);
        let is_outdated = code == INVALID_TRANSACTION && reason.contains(OUTDATED_NONCE);
        if is_outdated {
            self.tried.remove(&signed.nonce);
        }
        match code {
            NONCE_TAKEN if !is_last => {}
            _ if is_outdated && !is_last => {}
            NONCE_TAKEN => self.answers[index] = Some(Err(rejected(reason))),
            code if is_on_its_way(code, &reason) => self.take(index, signed),
            _ => self.answers[index] = Some(Err(rejected(reason))),
        }
    }

    /// A number that nothing has, below one that something has; and the call that is to take it: the last one.
    fn hole(&self) -> Option<(u64, usize)> {
        let (last, index) = self.taken.last_key_value()?;
        let hole = self.tried.range(..last).find(|nonce| !self.taken.contains_key(nonce))?;
        Some((*hole, *index))
    }
}

impl Chain {
    /// Signs calls and sends them, all at once and under consecutive numbers, and waits for nothing: see
    /// [`Chain::send_again`]. The answers are in the order of the calls.
    pub async fn dispatch_all(
        &self,
        key: &Keypair,
        calls: &[Call],
    ) -> Result<Vec<Result<Signed, ChainError>>, ChainError> {
        let signing = self.signing(key.signer());
        let _one_at_a_time = signing.one_at_a_time.lock().await;
        let mut outcome = Outcome::of(calls.len());
        let mut from = NonceFrom::State;
        for attempt in 1..=MAX_NONCE_ATTEMPTS {
            let open = outcome.open();
            if open.is_empty() {
                break;
            }
            let place = self.place(key, from).await?;
            from = NonceFrom::Node;
            let signed: Vec<Signed> = open
                .iter()
                .zip(place.nonce..)
                .map(|(index, nonce)| self.sign_at(key, &calls[*index], Place { nonce, ..place }))
                .collect::<Result<_, _>>()?;
            let bytes: Vec<&[u8]> = signed.iter().map(|signed| signed.bytes.as_slice()).collect();
            let answers = self.inner.nodes.submit_all(&bytes).await;
            let is_last = attempt == MAX_NONCE_ATTEMPTS;
            match answers {
                Ok(answers) => {
                    for ((index, signed), answer) in open.into_iter().zip(signed).zip(answers) {
                        outcome.answered(index, signed, answer, is_last);
                    }
                }
                // They may have arrived: blocks decide, and they can be sent again as they are.
                Err(reason) => {
                    tracing::debug!(reason, "it is not known what became of a batch");
                    for (index, signed) in open.into_iter().zip(signed) {
                        outcome.take(index, signed);
                    }
                }
            }
        }
        self.fill_holes(key, calls, &mut outcome).await?;
        for signed in outcome.answers.iter().flatten().flatten() {
            self.sent(signed);
        }
        let lost = || ChainError::Rejected("the numbers of the account were taken".to_owned());
        Ok(outcome.answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(lost()))).collect())
    }

    /// Signs the last call that was taken anew, under a number that nothing has. Whichever of the two comes into a block, the
    /// chain does not take the other.
    async fn fill_holes(
        &self,
        key: &Keypair,
        calls: &[Call],
        outcome: &mut Outcome,
    ) -> Result<(), ChainError> {
        while let Some((nonce, index)) = outcome.hole() {
            let place = self.place(key, NonceFrom::State).await?;
            let signed = self.sign_at(key, &calls[index], Place { nonce, ..place })?;
            outcome.taken.pop_last();
            let answer = self.inner.nodes.submit_all(&[&signed.bytes]).await;
            match answer.ok().and_then(|answers| answers.into_iter().next()) {
                // Something has it after all.
                Some(Err(_)) => {
                    outcome.tried.remove(&nonce);
                }
                _ => outcome.take(index, signed),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::AccountId;

    fn signed(nonce: u64) -> Signed {
        Signed { bytes: vec![], hash: [0; 32], account: AccountId([1; 32]), nonce, birth: 0 }
    }

    fn refusal(code: i32, message: &str) -> NodeRefusal {
        NodeRefusal { code, message: message.to_owned(), data: None }
    }

    #[test]
    fn a_refused_call_leaves_a_number_that_the_last_one_takes() {
        let mut outcome = Outcome::of(4);
        outcome.answered(0, signed(10), Ok(()), false);
        outcome.answered(1, signed(11), Err(refusal(1010, "Invalid Transaction: Custom error: 9")), false);
        outcome.answered(2, signed(12), Ok(()), false);
        outcome.answered(3, signed(13), Ok(()), false);
        assert!(outcome.open().is_empty());
        assert_eq!(outcome.hole(), Some((11, 3)));
        outcome.taken.pop_last();
        outcome.take(3, signed(11));
        assert_eq!(outcome.hole(), None);
        let nonces: Vec<_> = outcome.answers.iter().flatten().flatten().map(|signed| signed.nonce).collect();
        assert_eq!(nonces, [10, 12, 11]);
        assert!(matches!(outcome.answers[1], Some(Err(ChainError::Rejected(_)))));
    }

    #[test]
    fn what_is_refused_last_leaves_no_hole() {
        let mut outcome = Outcome::of(2);
        outcome.answered(0, signed(3), Ok(()), false);
        outcome.answered(1, signed(4), Err(refusal(1016, "full")), false);
        assert_eq!(outcome.hole(), None);
    }

    #[test]
    fn a_number_that_another_has_is_tried_again_and_no_hole() {
        let mut outcome = Outcome::of(3);
        outcome.answered(0, signed(3), Err(refusal(1010, "Transaction is outdated")), false);
        outcome.answered(1, signed(4), Err(refusal(1014, "Priority is too low")), false);
        outcome.answered(2, signed(5), Err(refusal(1013, "Already Imported")), false);
        assert_eq!(outcome.open(), [0, 1]);
        outcome.answered(0, signed(6), Ok(()), false);
        outcome.answered(1, signed(7), Err(refusal(1014, "Priority is too low")), true);
        assert!(outcome.open().is_empty());
        assert!(outcome.answers[1].as_ref().is_some_and(Result::is_err));
    }
}
