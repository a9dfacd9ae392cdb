//! Companies that act through people: how they come about, and what their members sign.

use crate::{
    support::{account, Terms},
    trading::{company, genesis, profile, signed, Goods, PRICE},
};
use codec::Encode;
use frame_support::assert_ok;
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::{ApplyExtrinsicResult, MultiSignature};
use wonbon_primitives::{
    id::OfferId,
    membership::{company_account, Joining, MemberRole, MemberRoles},
    record::{Derivation, Spending},
};
use wonbon_runtime::{
    configs::{acting::Acting, refusal::Refusal},
    AccountId, Balance, Balances, BlockNumber, Participants, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, System,
};

/// What a company has to begin with.
pub const FUNDS: Balance = 10_000_000;
/// What an order from [`for_sale`] puts into escrow.
pub const ESCROW: Balance = PRICE + 1_000;
/// What it pays for the records of its trade.
pub const RECORDS: Balance = 100;
/// Enough for one order a day and not for two.
pub const ONE_ORDER: Balance = ESCROW + RECORDS + 5_000;

/// A verified company with money, and its first member, who may do everything.
pub fn establish(admin: Ed25519Keyring, number: &str) -> AccountId {
    let index = pallet_participants::CompanyCount::<Runtime>::get();
    let company = AccountId::from(company_account(&genesis(), index));
    let profile = profile(number);
    let digits = *profile.registration_number.digits();
    let joining = joining(admin, MemberRoles::ALL, FUNDS);
    let digest = joining.application_digest(&genesis(), &profile.encode(), &account(admin).encode());
    let signature = MultiSignature::Ed25519(admin.sign(&digest));
    let root = RuntimeOrigin::root;
    assert_ok!(Participants::establish(root(), account(admin), profile.into(), joining, signature));
    assert_ok!(Participants::verify(root(), company.clone(), digits));
    assert_ok!(Balances::transfer_allow_death(signed(Alice), company.clone().into(), FUNDS));
    company
}

/// What somebody becomes a member with.
pub fn joining(who: Ed25519Keyring, roles: MemberRoles, day_limit: Balance) -> Joining<Balance, BlockNumber> {
    let ended = pallet_participants::EndedMemberships::<Runtime>::get(account(who)).unwrap_or_default();
    Joining { roles: roles.bits(), day_limit, key: [7; 32], ended, expires: System::block_number() + 10 }
}

/// What they sign for it.
pub fn joins(
    company: &AccountId,
    who: Ed25519Keyring,
    joining: &Joining<Balance, BlockNumber>,
) -> MultiSignature {
    let digest = joining.digest(&genesis(), &company.encode(), &account(who).encode());
    MultiSignature::Ed25519(who.sign(&digest))
}

/// Makes somebody a member.
pub fn take_on(company: &AccountId, who: Ed25519Keyring, roles: impl Into<MemberRoles>, day_limit: Balance) {
    let joining = joining(who, roles.into(), day_limit);
    let signature = joins(company, who, &joining);
    assert_ok!(Participants::add_member(signed(company.clone()), account(who), joining, signature));
}

/// Says that a member acts for a company, in their present membership.
pub fn acting(company: &AccountId, who: Ed25519Keyring) -> Acting {
    let member = pallet_participants::Members::<Runtime>::get(company, account(who)).unwrap();
    Acting { company: company.clone(), generation: member.generation }
}

/// What a member says of their next transaction for a company.
pub fn act(company: &AccountId, who: Ed25519Keyring) -> Terms {
    let nonce = System::account_nonce(account(who));
    Terms { acting: Some(acting(company, who)), ..Terms::with_nonce(nonce) }
}

/// What a member's calls took of a company's money on the last day on which they did.
pub fn spent(company: &AccountId, who: Ed25519Keyring) -> Option<Spending<Balance>> {
    pallet_participants::Spendings::<Runtime>::get(company, account(who))
}

/// How a transaction ends that the runtime takes into no block.
pub fn refused(refusal: Refusal) -> ApplyExtrinsicResult {
    Err(refusal.into())
}

/// Bob sells, up to two at a time.
pub fn for_sale() -> OfferId {
    company(Bob, "124-81-00998");
    let goods = Goods::honest(1);
    goods.register(Bob, &[]);
    goods.offer(Bob, Derivation::Forbidden)
}

/// A company of which Charlie is the admin and Dave buys, for so much a day.
pub fn buyer(day_limit: Balance) -> AccountId {
    let company = establish(Charlie, "220-81-62517");
    take_on(&company, Dave, MemberRole::Buy, day_limit);
    company
}

pub fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })
}

/// How many orders there were ever.
pub fn orders() -> u64 {
    pallet_marketplace::NextOrder::<Runtime>::get()
}

/// Who paid a fee last, and how much.
pub fn last_fee() -> (AccountId, Balance) {
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            RuntimeEvent::TransactionPayment(pallet_transaction_payment::Event::TransactionFeePaid {
                who,
                actual_fee,
                ..
            }) => Some((who, actual_fee)),
            _ => None,
        })
        .expect("somebody paid")
}
