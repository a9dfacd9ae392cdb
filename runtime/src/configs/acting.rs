//! A member acts for their company: the member signs, and the call is the company's.
//!
//! The extension stands behind the check of the nonce, which is the member's, and before the fee, which the company pays,
//! as it does for all that the call puts on hold. What a member may do is in [`roles`], what their calls take of the
//! company's money in [`money`].
//!
//! Promises: a call is the company's only if the signer is a member of it now, in the membership that the transaction
//! names, and a role of theirs permits it, and every call of a batch. What a transaction may take at most is counted
//! against the member's day before it is carried out, and nothing of that is given back, so that the company never loses
//! more in a day than an admin allowed. Only leaving and objecting to a recovery are not counted, each where it is going to
//! succeed: so it happens once a membership, and once a recovery, and costs its fee and no more; and nobody is kept in a
//! company, or silent, by a limit of nothing.

pub mod money;
pub mod roles;

use super::refusal::Refusal;
use crate::{AccountId, Balance, Participants, Runtime, RuntimeCall, RuntimeOrigin, TransactionPayment};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    pallet_prelude::TransactionSource,
    traits::OriginTrait,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{DispatchInfoOf, Implication, SaturatedConversion, TransactionExtension, ValidateResult},
    transaction_validity::{TransactionValidityError, ValidTransaction},
};

/// For whom a member acts.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Acting {
    /// The company.
    pub company: AccountId,
    /// Which of the company's memberships is meant: after that one has ended the transaction is worth nothing, also if the
    /// signer is a member again.
    #[codec(compact)]
    pub generation: u32,
}

/// Has a call stand under the company that its signer is a member of; under the signer, if none is named.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ActFor(pub Option<Acting>);

/// What was found out about a member's call, for the moment before it is carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    company: AccountId,
    member: AccountId,
    /// What the transaction may take of the company's money.
    amount: Balance,
}

impl Acting {
    /// What `signer` does for the company by this call, if they may.
    fn check(
        &self,
        signer: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        len: usize,
    ) -> Result<Act, Refusal> {
        let company = &self.company;
        let member = pallet_participants::Members::<Runtime>::get(company, signer)
            .filter(|member| member.generation == self.generation)
            .ok_or(Refusal::NotAMember)?;
        let calls = roles::calls(call).ok_or(Refusal::NotPermitted)?;
        if !calls.iter().all(|call| roles::permits(member.roles, signer, call)) {
            return Err(Refusal::NotPermitted);
        }
        if calls.iter().any(roles::stops_for_recovery)
            && pallet_participants::Recoveries::<Runtime>::contains_key(company)
        {
            return Err(Refusal::Frozen);
        }
        let (company, member) = (company.clone(), signer.clone());
        if roles::is_nobodys_to_refuse(call, signer) && will_succeed(call, &company, signer) {
            return Ok(Act { company, member, amount: 0 });
        }
        let fee = TransactionPayment::compute_fee(len.saturated_into(), info, 0);
        let amount = calls.iter().fold(fee, |sum, call| sum.saturating_add(money::locked_by(call)));
        if !Participants::may_spend(&company, &member, amount) {
            return Err(Refusal::OverDayLimit);
        }
        Ok(Act { company, member, amount })
    }
}

/// Whether a member's leaving or objecting is going to succeed as the chain stands: the company pays its fee, and for one
/// that fails, again and again, nobody would have set a limit.
fn will_succeed(call: &RuntimeCall, company: &AccountId, signer: &AccountId) -> bool {
    use pallet_participants::Call::{object_to_recovery, remove_member};
    match call {
        RuntimeCall::Participants(remove_member { .. }) => {
            pallet_participants::Companies::<Runtime>::get(company)
                .is_some_and(|record| record.admins.as_slice() != core::slice::from_ref(signer))
        }
        RuntimeCall::Participants(object_to_recovery { .. }) => {
            pallet_participants::Recoveries::<Runtime>::get(company)
                .is_some_and(|recovery| !recovery.objected)
        }
        _ => false,
    }
}

impl TransactionExtension<RuntimeCall> for ActFor {
    const IDENTIFIER: &'static str = "ActFor";
    type Implicit = ();
    type Val = Option<Act>;
    type Pre = ();

    /// Nothing for who acts for themselves. Otherwise the reads and writes, and an estimate of the time beside them: what
    /// was measured of calls of our own pallets with as many.
    fn weight(&self, call: &RuntimeCall) -> Weight {
        /// Membership, spending and event.
        const MEMBER: u64 = 10 * WEIGHT_REF_TIME_PER_MICROS;
        /// Each call, what it locks included. The records that say so are read by the call itself again, and are in its
        /// weight.
        const CALL: u64 = 2 * WEIGHT_REF_TIME_PER_MICROS;

        if self.0.is_none() {
            return Weight::zero();
        }
        // What is no such list is refused, and costs nobody anything.
        let calls = roles::calls(call).unwrap_or_default();
        let time = CALL.saturating_mul(calls.len().saturated_into()).saturating_add(MEMBER);
        let recovery = calls.iter().any(roles::stops_for_recovery).into();
        let leaving = calls.iter().any(roles::may_be_nobodys_to_refuse).into();
        // The member, what they spent, whether there is a recovery, and whether leaving or objecting will succeed.
        let reads = 2_u64.saturating_add(recovery).saturating_add(leaving);
        let database = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(reads, 1);
        Weight::from_parts(time, 0).saturating_add(database)
    }

    fn validate(
        &self,
        mut origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        len: usize,
        (): (),
        _: &impl Implication,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        let Some(acting) = &self.0 else { return Ok((ValidTransaction::default(), None, origin)) };
        let signer = origin.as_signer().ok_or(Refusal::NotAMember)?;
        let act = acting.check(signer, call, info, len)?;
        origin.set_caller_from_signed(act.company.clone());
        Ok((ValidTransaction::default(), Some(act), origin))
    }

    /// Counts what the transaction may take, and tells who acts. The origin is the company by now.
    fn prepare(
        self,
        act: Self::Val,
        _: &RuntimeOrigin,
        _: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        let Some(Act { company, member, amount }) = act else { return Ok(()) };
        // Not a sum of nothing either: it would be refused where the limit was lowered below what is spent.
        if amount > 0 {
            Participants::spend(&company, &member, amount).map_err(|_| Refusal::OverDayLimit)?;
        }
        Participants::note_act(company, member);
        Ok(())
    }
}
