//! The companies, their datasets and the trade in them.

use super::{
    deposit,
    fees::TreasuryAccount,
    governance::{MostOfCouncil, TwoThirdsOfCouncil},
};
use crate::{
    Balance, Balances, BlockNumber, Marketplace, Participants, Provenance, Runtime, RuntimeHoldReason,
    Signature, Timestamp, DAYS, HOURS,
};
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, Get},
};
use sp_runtime::traits::ConvertInto;
use wonbon_primitives::{record::Rules, share::Share};

impl pallet_participants::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = TwoThirdsOfCouncil;
    type EnactOrigin = MostOfCouncil;
    type Signature = Signature;
    type CompanyAccount = ConvertInto;
    type Time = Timestamp;
    type RegistrationDeposit = ConstU128<10_000>;
    // The account, and how many of its memberships ended: both stay.
    type MemberDeposit = ConstU128<{ deposit(2, 180) }>;
    type EpochDeposit = ConstU128<{ deposit(1, 130) }>;
    type RecoveryNotice = RecoveryNotice;
    type WeightInfo = pallet_participants::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type Signer = crate::benchmarks::HostSigner;
}

/// For how long a proposed recovery waits for the objection of a member: a week. On a development chain, where genesis
/// allowed less than a day to dispute, it is as long as that.
pub struct RecoveryNotice;

impl Get<BlockNumber> for RecoveryNotice {
    fn get() -> BlockNumber {
        let shortest = Marketplace::limits().min_dispute_window;
        if shortest < DAYS {
            shortest
        } else {
            7 * DAYS
        }
    }
}

/// For how long an older announcement displaces a registration: 150 blocks, five minutes. On a development chain (see
/// [`RecoveryNotice`]) it is a few blocks.
pub struct ProvisionalPeriod;

impl Get<BlockNumber> for ProvisionalPeriod {
    fn get() -> BlockNumber {
        if Marketplace::limits().min_dispute_window < DAYS {
            3
        } else {
            150
        }
    }
}

impl pallet_provenance::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Participants = Participants;
    type AuthorityOrigin = TwoThirdsOfCouncil;
    type Time = Timestamp;
    type Trades = Marketplace;
    type Market = Marketplace;
    type AnnouncementDelay = ConstU32<3>;
    // A little more than two hours, which the chain's hashes of blocks reach back.
    type AnnouncementLifetime = ConstU32<4_000>;
    type ProvisionalPeriod = ProvisionalPeriod;
    type DrawDelay = ConstU32<5>;
    type DatasetDeposit = ConstU128<5_000>;
    type ParentDeposit = ConstU128<500>;
    type RecordDeposit = ConstU128<100>;
    type AttestationDeposit = ConstU128<2_000>;
    type WeightInfo = pallet_provenance::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// Of a price, the platform takes a tenth at most, whatever the council decides.
    pub const MaxPlatformFee: Share = Share::from_percent(10);
    /// A bond is at least a twentieth of a price: a seller has something to lose.
    pub const MinBondShare: Share = Share::from_percent(5);
    /// A missed delivery costs at least a twentieth of that: a buyer's waiting is worth something.
    pub const MinMissedDeliveryShare: Share = Share::from_percent(5);
}

/// Bytes that a trade leaves for ever at most, keys included: its record, where it stands for its order and for both
/// companies, and the right to derive.
pub const KEPT_BYTES_OF_TRADE: u32 = 1_000;
/// Bytes that each royalty adds to it: who gets how much for which dataset.
pub const KEPT_BYTES_OF_ROYALTY: u32 = 80;

/// What is paid for bytes that every node keeps for ever: one won for ten, ten times what a transaction's own bytes cost,
/// which only archives keep.
const fn kept(bytes: u32) -> Balance {
    bytes.div_ceil(10) as Balance
}

impl pallet_marketplace::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Participants = Participants;
    type Datasets = Provenance;
    type Treasury = TreasuryAccount;
    type Time = Timestamp;
    type RulesOrigin = TwoThirdsOfCouncil;
    // An hour to deliver and a day to dispute: no majority of the council can take that from a party.
    type MinDeliveryWindow = ConstU32<HOURS>;
    type MinDisputeWindow = ConstU32<DAYS>;
    type MaxPlatformFee = MaxPlatformFee;
    // More than twice what the dearest dispute costs: no majority can make a buyer too poor to dispute.
    type MinDisputeReserve = ConstU128<500>;
    // Ten times what is set aside now: no majority can lock buyers' money under that name.
    type MaxDisputeReserve = ConstU128<10_000>;
    type MinBondShare = MinBondShare;
    type MinMissedDeliveryShare = MinMissedDeliveryShare;
    // A quarter of a year: no money is held up for longer by a party that does nothing.
    type MaxDeliveryWindow = ConstU32<{ 90 * DAYS }>;
    type MaxDisputeWindow = ConstU32<{ 90 * DAYS }>;
    type OfferDeposit = ConstU128<2_000>;
    // A week: a stall that takes longer is another decision.
    type MaxExtension = ConstU32<{ 7 * DAYS }>;
    type TradeFee = ConstU128<{ kept(KEPT_BYTES_OF_TRADE) }>;
    type RoyaltyFee = ConstU128<{ kept(KEPT_BYTES_OF_ROYALTY) }>;
    type WeightInfo = pallet_marketplace::weights::SubstrateWeight<Runtime>;
}

/// The rules with which a chain of strangers starts: an hour to deliver, a day to dispute.
pub fn rules() -> Rules<Balance, BlockNumber> {
    Rules {
        min_delivery_window: HOURS,
        max_delivery_window: 30 * DAYS,
        min_dispute_window: DAYS,
        max_dispute_window: 30 * DAYS,
        bond_floor: 10_000,
        bond_share: Share::from_percent(20),
        platform_fee: Share::from_percent(1),
        // About eight times what a dispute costs, which leaves room for one that carries more; a tenth of
        // the least bond, so that a seller who has a friend dispute gets next to nothing of the bond back.
        dispute_reserve: 1_000,
        missed_delivery_share: Share::from_percent(10),
        max_price: 100_000_000_000,
    }
}

/// The rules of the development chain, where a window may be as short as five blocks: genesis is exempt from the
/// limits above, and a chain keeps the exemption that its genesis took.
pub fn development_rules() -> Rules<Balance, BlockNumber> {
    Rules { min_delivery_window: 5, min_dispute_window: 5, ..rules() }
}
