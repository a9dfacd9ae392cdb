//! Which calls are deliveries and disputes, and which carry one.
//!
//! What carries one is refused before it costs anything. A wrapper that is not known here, as one that a later runtime has,
//! carries it in vain: the call within takes no origin that a wrapper has.

use crate::{Runtime, RuntimeCall};
use alloc::{vec, vec::Vec};
use pallet_marketplace::OrderAct;
use wonbon_primitives::id::OrderId;

/// What a call does to which order.
pub fn of(call: &RuntimeCall) -> Option<(OrderAct, OrderId)> {
    match call {
        RuntimeCall::Marketplace(pallet_marketplace::Call::deliver { order, .. }) => {
            Some((OrderAct::Delivery, *order))
        }
        RuntimeCall::Marketplace(pallet_marketplace::Call::dispute { order, .. }) => {
            Some((OrderAct::Dispute, *order))
        }
        _ => None,
    }
}

/// Whether there is one anywhere within a call. It takes as long as the call is, and that was paid for by its length.
pub fn is_within(call: &RuntimeCall) -> bool {
    let mut unseen = within(call);
    while let Some(next) = unseen.pop() {
        if of(next).is_some() {
            return true;
        }
        unseen.extend(within(next));
    }
    false
}

/// The calls that a call carries.
fn within(call: &RuntimeCall) -> Vec<&RuntimeCall> {
    match call {
        RuntimeCall::Utility(call) => in_utility(call),
        RuntimeCall::Multisig(
            pallet_multisig::Call::as_multi { call, .. }
            | pallet_multisig::Call::as_multi_threshold_1 { call, .. },
        ) => one(call),
        RuntimeCall::Sudo(
            pallet_sudo::Call::sudo { call }
            | pallet_sudo::Call::sudo_unchecked_weight { call, .. }
            | pallet_sudo::Call::sudo_as { call, .. },
        ) => one(call),
        RuntimeCall::Council(
            pallet_collective::Call::execute { proposal: call, .. }
            | pallet_collective::Call::propose { proposal: call, .. },
        ) => one(call),
        RuntimeCall::Consortium(pallet_consortium::Call::enact { call }) => one(call),
        _ => Vec::new(),
    }
}

fn in_utility(call: &pallet_utility::Call<Runtime>) -> Vec<&RuntimeCall> {
    use pallet_utility::Call;
    match call {
        Call::batch { calls } | Call::batch_all { calls } | Call::force_batch { calls } => {
            calls.iter().collect()
        }
        Call::as_derivative { call, .. }
        | Call::dispatch_as { call, .. }
        | Call::dispatch_as_fallible { call, .. }
        | Call::with_weight { call, .. } => one(call),
        Call::if_else { main, fallback } => vec![&**main, &**fallback],
        _ => Vec::new(),
    }
}

fn one(call: &RuntimeCall) -> Vec<&RuntimeCall> {
    vec![call]
}
