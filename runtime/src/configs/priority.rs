//! Deliveries and disputes come before every ordinary transaction, so that nobody can crowd them out of the blocks of their
//! window.
//!
//! The extension is the last in line: nonce, membership, day limit and fee have been looked at when it sees a transaction, and
//! hold for these two calls as for any. Which they are, and where they may stand, is in [`acts`].
//!
//! Promises: what comes first is bare, in the order's phase and time, and of the party whose it is; there is one of each
//! kind for an order at a time, since equal tags exclude each other; it is an ordinary call in a block, bounded by what
//! ordinary calls may take of it; one that fails is the last of its kind on its order that comes first. The two calls take no
//! origin but the one made here, so that no wrapper reaches them.

pub mod acts;

use super::refusal::Refusal;
use crate::{Marketplace, Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    pallet_prelude::TransactionSource,
    traits::OriginTrait,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};
use pallet_marketplace::{NotAdmitted, OrderAct};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{DispatchInfoOf, Implication, PostDispatchInfoOf, TransactionExtension, ValidateResult},
    transaction_validity::{TransactionPriority, TransactionValidityError, ValidTransaction},
    DispatchResult,
};
use wonbon_primitives::id::OrderId;

/// Before every other transaction: fees and tips buy nothing of the kind.
const FIRST: TransactionPriority = TransactionPriority::MAX;
/// Begins the tags of deliveries and disputes, which no other transaction has.
const TAG: &[u8] = b"wonbon/order";

/// Lets deliveries and disputes come first.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Priority;

impl From<NotAdmitted> for Refusal {
    fn from(reason: NotAdmitted) -> Self {
        match reason {
            NotAdmitted::NoSuchOrder | NotAdmitted::WrongPhase => Self::WrongPhase,
            NotAdmitted::NotTheParty => Self::NotTheParty,
            NotAdmitted::TooLate => Self::TooLate,
        }
    }
}

impl TransactionExtension<RuntimeCall> for Priority {
    const IDENTIFIER: &'static str = "Priority";
    type Implicit = ();
    type Val = Option<(OrderAct, OrderId)>;
    type Pre = Option<(OrderAct, OrderId)>;

    /// Whether one failed before. The order and the extensions of its window are read by the call again, and are in its
    /// weight; so is what is written when it fails, because it then writes nothing itself.
    fn weight(&self, call: &RuntimeCall) -> Weight {
        const TIME: u64 = 5 * WEIGHT_REF_TIME_PER_MICROS;
        match acts::of(call) {
            Some(_) => {
                let database = <Runtime as frame_system::Config>::DbWeight::get().reads(1);
                Weight::from_parts(TIME, 0).saturating_add(database)
            }
            None => Weight::zero(),
        }
    }

    fn validate(
        &self,
        mut origin: RuntimeOrigin,
        call: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
        (): (),
        _: &impl Implication,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        let Some((act, order)) = acts::of(call) else {
            if acts::is_within(call) {
                return Err(Refusal::NotBare.into());
            }
            return Ok((ValidTransaction::default(), None, origin));
        };
        let who = origin.as_signer().cloned().ok_or(Refusal::NotTheParty)?;
        let admitted = Marketplace::admit(act, order, &who).map_err(Refusal::from)?;
        origin.set_caller(act.by(who).into());
        let valid = ValidTransaction {
            priority: if admitted.first { FIRST } else { 0 },
            provides: [(TAG, order, act).encode()].into(),
            // One that comes after the window is of no use to anybody.
            longevity: u64::from(admitted.blocks_left).saturating_add(1),
            ..ValidTransaction::default()
        };
        Ok((valid, Some((act, order)), origin))
    }

    fn prepare(
        self,
        found: Self::Val,
        _: &RuntimeOrigin,
        _: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        Ok(found)
    }

    fn post_dispatch_details(
        found: Self::Pre,
        _: &DispatchInfoOf<RuntimeCall>,
        _: &PostDispatchInfoOf<RuntimeCall>,
        _: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        if let (Some((act, order)), Err(_)) = (found, result) {
            Marketplace::note_failure(act, order);
        }
        Ok(Weight::zero())
    }
}
