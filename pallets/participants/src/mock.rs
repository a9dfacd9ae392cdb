//! A runtime with this pallet and real balances. Every test runs through [`ExtBuilder::build_and_execute`],
//! which checks the invariants at the end.

use crate as pallet_participants;
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::InspectHold, ConstU64, SortedMembers, Time},
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use sp_runtime::{testing::TestSignature, traits::Convert, BuildStorage};
use wonbon_primitives::{
    company::{Region, RegistrationNumber, Role, Roles, SizeClass},
    membership::{company_account, Joining, MemberRoles},
    record::{Name, Profile},
    Digest,
};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u64;

/// Companies with money.
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
pub(crate) const CAROL: AccountId = 3;
/// Completes recoveries whoever objected.
pub(crate) const COUNCIL: AccountId = 8;
/// Owns nothing.
pub(crate) const PAUPER: AccountId = 9;

/// What each company with money has.
pub(crate) const FUNDS: Balance = 1_000;
pub(crate) const DEPOSIT: Balance = 100;
/// For the account of a member.
pub(crate) const MEMBER_DEPOSIT: Balance = 10;
pub(crate) const EPOCH_DEPOSIT: Balance = 7;
/// Blocks until a recovery is completed.
pub(crate) const NOTICE: u64 = 50;

/// Numbers whose check digit is right, all different.
pub(crate) const NUMBERS: [&str; 3] = ["123-45-67891", "000-00-00015", "000-00-00029"];

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Participants = pallet_participants;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_participants::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type RegistrationDeposit = ConstU64<DEPOSIT>;
    type EnactOrigin = EnsureSignedBy<Council, AccountId>;
    type Signature = TestSignature;
    type CompanyAccount = FirstBytes;
    type Time = Clock;
    type MemberDeposit = ConstU64<MEMBER_DEPOSIT>;
    type EpochDeposit = ConstU64<EPOCH_DEPOSIT>;
    type RecoveryNotice = ConstU64<NOTICE>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Signer = TestSigner;
}

parameter_types! {
    /// The time of the present block, in milliseconds since 1970.
    pub static Now: u64 = 1_700_000_000_000;
}

/// What the tests say that it is.
pub struct Clock;

impl Time for Clock {
    type Moment = u64;

    fn now() -> u64 {
        Now::get()
    }
}

/// Accounts here have eight bytes.
pub struct FirstBytes;

impl Convert<Digest, AccountId> for FirstBytes {
    fn convert(digest: Digest) -> AccountId {
        AccountId::from_le_bytes(*digest.first_chunk().expect("a digest has eight bytes; qed"))
    }
}

/// Who overrides objections.
pub struct Council;

impl SortedMembers<AccountId> for Council {
    fn sorted_members() -> Vec<AccountId> {
        vec![COUNCIL]
    }
}

/// Signs for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct TestSigner;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::Signer<AccountId, TestSignature> for TestSigner {
    fn account() -> AccountId {
        CAROL
    }

    fn sign(digest: &Digest) -> TestSignature {
        TestSignature(CAROL, digest.to_vec())
    }
}

/// Builds the state in which a test begins.
pub(crate) struct ExtBuilder;

impl ExtBuilder {
    pub(crate) fn build() -> sp_io::TestExternalities {
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("no genesis; qed");
        let balances = [ALICE, BOB, CAROL].map(|account| (account, FUNDS)).to_vec();
        pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
            .assimilate_storage(&mut storage)
            .expect("balances above the existential deposit; qed");
        let mut externalities = sp_io::TestExternalities::new(storage);
        // Events are not kept at block 0.
        externalities.execute_with(|| System::set_block_number(1));
        externalities
    }

    pub(crate) fn build_and_execute(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            Participants::do_try_state().expect("the invariants hold");
        });
    }
}

/// One of [`NUMBERS`].
pub(crate) fn number(index: usize) -> RegistrationNumber {
    NUMBERS[index].parse().expect("the check digit is right; qed")
}

/// A profile with every role and one of [`NUMBERS`].
pub(crate) fn profile(index: usize) -> Profile {
    Profile {
        name: name("한빛정밀 주식회사"),
        registration_number: number(index),
        ksic: "C29223".parse().expect("a class of section C; qed"),
        size: SizeClass::Small,
        region: Region::Gyeonggi,
        roles: Role::ALL.into_iter().collect::<Roles>(),
    }
}

pub(crate) fn name(text: &str) -> Name {
    text.as_bytes().to_vec().try_into().expect("short enough; qed")
}

/// What an account signs to join with these roles and this limit.
pub(crate) fn joining(member: AccountId, roles: MemberRoles, day_limit: Balance) -> Joining<Balance, u64> {
    let ended = crate::EndedMemberships::<Test>::get(member).unwrap_or_default();
    Joining {
        roles: roles.bits(),
        day_limit,
        key: [7; 32],
        ended,
        expires: System::block_number().saturating_add(10),
    }
}

/// The signature of a member of `company`.
pub(crate) fn joins(company: AccountId, member: AccountId, joining: &Joining<Balance, u64>) -> TestSignature {
    let digest = joining.digest(&Participants::genesis(), &company.encode(), &member.encode());
    TestSignature(member, digest.to_vec())
}

/// The signature of whoever applies for a company with this profile.
pub(crate) fn applies(
    profile: &Profile,
    applicant: AccountId,
    joining: &Joining<Balance, u64>,
) -> TestSignature {
    let digest = joining.application_digest(&Participants::genesis(), &profile.encode(), &applicant.encode());
    TestSignature(applicant, digest.to_vec())
}

/// The account of the company with this number.
pub(crate) fn company(index: u32) -> AccountId {
    FirstBytes::convert(company_account(&Participants::genesis(), index))
}

pub(crate) fn held(account: AccountId) -> Balance {
    Balances::balance_on_hold(&crate::HoldReason::Registration.into(), &account)
}

/// The events of this pallet since the last time that somebody asked.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
