//! A runtime with this pallet, and an executor that reads the version of "code" that a test makes up.

#![allow(unreachable_pub, clippy::arithmetic_side_effects)]

use crate as pallet_upgrades;
use codec::Encode;
use frame_support::{derive_impl, parameter_types, traits::ConstU64};
use frame_system::{EnsureRoot, EnsureSignedBy};
use sp_core::traits::{Externalities, ReadRuntimeVersion, ReadRuntimeVersionExt};
use sp_runtime::BuildStorage;
use sp_version::RuntimeVersion;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Upgrades: pallet_upgrades,
    }
);

/// Blocks between announcement and code.
pub(crate) const DELAY: u64 = 10;
/// Who may call an upgrade off, beside nobody else.
pub(crate) const STOPPER: u64 = 7;

parameter_types! {
    /// The version that runs.
    pub Version: RuntimeVersion = version("test", 3);
}

frame_support::ord_parameter_types! {
    pub const OnlyStopper: u64 = STOPPER;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type Version = Version;
}

impl pallet_upgrades::Config for Test {
    type AnnounceOrigin = EnsureRoot<u64>;
    type CallOffOrigin = EnsureSignedBy<OnlyStopper, u64>;
    type Delay = ConstU64<DELAY>;
    type WeightInfo = ();
}

/// A runtime's version.
pub(crate) fn version(name: &str, spec_version: u32) -> RuntimeVersion {
    RuntimeVersion { spec_name: name.to_owned().into(), spec_version, ..RuntimeVersion::default() }
}

/// Code of that version.
pub(crate) fn code(name: &str, spec_version: u32) -> Vec<u8> {
    [b"code".to_vec(), version(name, spec_version).encode()].concat()
}

/// Reads what [`code`] writes.
struct Reader;

impl ReadRuntimeVersion for Reader {
    fn read_runtime_version(&self, code: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        code.strip_prefix(b"code").map(<[u8]>::to_vec).ok_or_else(|| "no code".into())
    }
}

/// Runs a test at block 1, and checks the invariants afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut chain = sp_io::TestExternalities::new(storage);
    chain.register_extension(ReadRuntimeVersionExt::new(Reader));
    chain.execute_with(|| {
        System::set_block_number(1);
        test();
        Upgrades::do_try_state().unwrap();
    });
}
