//! What a call takes of the company's free money, beside its fee: escrow, bonds and deposits, and what is to be redeemed.
//!
//! It is the most that the call can take as the chain stands, whatever it gives back at the same time. What nobody is
//! permitted for a company is not looked at.

use crate::{Balance, Marketplace, Runtime, RuntimeCall};
use frame_support::traits::Get;
use sp_runtime::traits::SaturatedConversion;
use wonbon_primitives::{bounds::MAX_ROYALTIES, id::DatasetId};

/// Won that a call puts on hold at most.
pub fn locked_by(call: &RuntimeCall) -> Balance {
    match call {
        RuntimeCall::Participants(call) => by_participants(call),
        RuntimeCall::Provenance(call) => by_provenance(call),
        RuntimeCall::Marketplace(call) => by_marketplace(call),
        RuntimeCall::Credit(pallet_credit::Call::request_redemption { amount, .. }) => *amount,
        _ => 0,
    }
}

fn by_participants(call: &pallet_participants::Call<Runtime>) -> Balance {
    match call {
        pallet_participants::Call::add_member { .. } => {
            <Runtime as pallet_participants::Config>::MemberDeposit::get()
        }
        pallet_participants::Call::begin_epoch { .. } => {
            <Runtime as pallet_participants::Config>::EpochDeposit::get()
        }
        _ => 0,
    }
}

fn by_provenance(call: &pallet_provenance::Call<Runtime>) -> Balance {
    use pallet_provenance::{Call, Config};
    match call {
        Call::announce { .. } => <Runtime as Config>::DatasetDeposit::get(),
        Call::register { parents, .. } => for_lineage(parents.len().saturated_into()),
        Call::attest { .. } => <Runtime as Config>::AttestationDeposit::get(),
        Call::accept_handover { dataset } | Call::accept_handover_keeping { dataset, .. } => {
            for_handover(dataset)
        }
        _ => 0,
    }
}

/// What registering holds beside what the announcement did. How many royalties a dataset will carry its parents' records
/// say; a dataset with parents is taken to carry as many as there can be, which is little money.
fn for_lineage(parents: Balance) -> Balance {
    use pallet_provenance::Config;
    let royalties = if parents == 0 { 0 } else { MAX_ROYALTIES.into() };
    let [parent, record]: [Balance; 2] =
        [<Runtime as Config>::ParentDeposit::get(), <Runtime as Config>::RecordDeposit::get()];
    parent.saturating_mul(parents).saturating_add(record.saturating_mul(royalties))
}

/// Whoever takes a dataset over holds its deposit, and a record's.
fn for_handover(dataset: &DatasetId) -> Balance {
    let record: Balance = <Runtime as pallet_provenance::Config>::RecordDeposit::get();
    pallet_provenance::Datasets::<Runtime>::get(dataset)
        .map_or(0, |dataset| dataset.deposit.saturating_add(record))
}

fn by_marketplace(call: &pallet_marketplace::Call<Runtime>) -> Balance {
    use pallet_marketplace::Call;
    match call {
        Call::place_order { price, royalties, .. } => for_order(*price, *royalties),
        Call::offer { bond, .. } => {
            let deposit: Balance = <Runtime as pallet_marketplace::Config>::OfferDeposit::get();
            deposit.saturating_add(*bond)
        }
        Call::add_bond { amount, .. } => *amount,
        Call::reopen_offer { bond, .. } => *bond,
        _ => 0,
    }
}

/// The price that the call states, what is set aside for a dispute, and what is paid for the records of the trade. Nothing
/// while there are no rules: such a call fails.
fn for_order(price: Balance, royalties: u32) -> Balance {
    let records = Marketplace::records_fee(royalties.min(MAX_ROYALTIES));
    pallet_marketplace::Rules::<Runtime>::get()
        .map_or(0, |rules| price.saturating_add(rules.dispute_reserve).saturating_add(records))
}
