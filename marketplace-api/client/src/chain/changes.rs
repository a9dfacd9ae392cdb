//! What a block did: its events by name, and the records that it changed as they stand in that block.

use super::shape::Shape;
use codec::{Decode, Encode};
use scale_info::{meta_type, TypeInfo};
use wonbon_model::{
    AccountId, Attestation, AttestationKind, Balance, BlockNumber, BlockRef, Clerk, Company, Dataset,
    DatasetId, Derivation, DeriveRight, Digest, FormerNumber, Handover, Member, MemberRoles, Method, Offer,
    OfferId, Order, OrderId, Outcome, Parent, Participant, Reason, Recovery, RegistrationNumber, Revoker,
    RightSource, RoyaltyShare, Rules, Share, Standing, Trade, Upgrade, Version,
};

/// Everything that a finalized block did to the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockChanges {
    /// Which block it is.
    pub block: BlockRef,
    /// Hash of its parent.
    pub parent: Digest,
    /// Its time in milliseconds since 1970; 0 in the genesis block.
    pub time_ms: u64,
    /// Its events, in order.
    pub events: Vec<ChainEvent>,
    /// Who acted for which company, in order.
    pub acts: Vec<Act>,
    /// The records that it changed, each once, as they stand after it. Applying them is idempotent.
    pub changes: Vec<LedgerChange>,
}

/// That a member acted for a company. What they did is in the other events of the extrinsic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Act {
    /// The number of the extrinsic in its block.
    pub extrinsic: u32,
    /// The company.
    pub company: AccountId,
    /// The member.
    pub member: AccountId,
}

/// A record that a block changed, as it stands after the block, with what names it: an account, a dataset's root, the
/// chain's number of an offer or order. An `index` is the number among the dataset's, from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(clippy::large_enum_variant, missing_docs)]
pub enum LedgerChange {
    /// A company registered, changed, or withdrew its registration: then it has no record any more.
    Participant { account: AccountId, record: Option<Participant> },
    /// A company that acts through people was established, or something about it changed.
    Company { account: AccountId, record: Company },
    /// Somebody acts for a company, acts otherwise, or acts for it no more.
    Member { company: AccountId, member: AccountId, record: Option<Member> },
    /// The new admin that is proposed for a company, if one is.
    Recovery { company: AccountId, record: Option<Recovery> },
    /// A registration number that a company does not have any more.
    FormerNumber { company: AccountId, index: u32, record: FormerNumber },
    /// Somebody may do the registrar's daily work, or may no more. What they decided today is as of this block only.
    Clerk { account: AccountId, record: Option<Clerk> },
    /// A dataset is new, or something about it changed.
    Dataset { dataset: DatasetId, record: Dataset },
    /// What a dataset came from, in order, and the royalties that it carries through all generations. They are fixed with
    /// the registration and told when it stands for good.
    Parents { dataset: DatasetId, parents: Vec<Parent>, royalties: Vec<RoyaltyShare> },
    /// A new version of a dataset, which is the older one.
    Version { dataset: DatasetId, index: u32, record: Version },
    /// The seed of the fair samples of all datasets registered in one block: the drawn blocks are computed from it.
    Seed { registered_at: BlockNumber, seed: Digest },
    /// An attestation was made or revoked.
    Attestation { dataset: DatasetId, index: u32, record: Attestation },
    /// Which account may accept a dataset now, if a handover is open.
    PendingHandover { dataset: DatasetId, to: Option<AccountId> },
    /// That a dataset was handed over.
    Handover { dataset: DatasetId, index: u32, record: Handover },
    /// An offer was made or changed.
    Offer { offer: OfferId, record: Offer },
    /// An order; `None` once it is final.
    Order { order: OrderId, record: Option<Order> },
    /// A trade that became final.
    Trade { dataset: DatasetId, index: u32, record: Trade },
    /// A company's right to sell what it makes from a dataset.
    DeriveRight { company: AccountId, dataset: DatasetId, record: DeriveRight },
    /// The rules of the marketplace.
    Rules(Rules),
    /// Whether new orders are stopped.
    OrdersStopped(bool),
    /// The upgrade of the chain that is announced, if one still is.
    Upgrade(Option<Upgrade>),
}

/// Declares an enum for each pallet's events, with decoding by name and the shapes for the comparison.
macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $pallet:ident => $name:ident {
            $( $(#[$event_doc:meta])* $event:ident { $( $field:ident : $ty:ty ),* $(,)? } ),* $(,)?
        }
    )*) => {
        /// An event of one of the pallets that this client knows.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum ChainEvent {
            $( $(#[$doc])* $pallet($name), )*
        }

        impl ChainEvent {
            /// Decodes an event; `None` if it is none that this client knows.
            pub(crate) fn decode(
                pallet: &str,
                event: &str,
                fields: &mut &[u8],
            ) -> Option<Result<Self, codec::Error>> {
                match (pallet, event) {
                    $( $( (stringify!($pallet), stringify!($event)) => Some((|| {
                        Ok(Self::$pallet($name::$event { $( $field: <$ty>::decode(fields)? ),* }))
                    })()), )* )*
                    _ => None,
                }
            }

            /// The shapes of all events.
            pub(super) fn shapes() -> Vec<Shape> {
                vec![ $( $( Shape {
                    pallet: stringify!($pallet),
                    name: stringify!($event),
                    fields: vec![ $( (stringify!($field), meta_type::<$ty>()) ),* ],
                }, )* )* ]
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Debug)]
            #[allow(missing_docs)]
            pub enum $name {
                $( $(#[$event_doc])* $event { $( $field: $ty ),* } ),*
            }
        )*
    };
}

events! {
    /// What companies did, and the registrar about them.
    Participants => ParticipantsEvent {
        /// A company registered; no registrar has verified it yet.
        Registered { account: AccountId, registration_number: RegistrationNumber },
        /// A company changed its profile.
        ProfileUpdated { account: AccountId, changed: Vec<ProfileField> },
        /// The registrar verified a company.
        Verified { account: AccountId, registration_number: RegistrationNumber },
        /// The registrar suspended a company.
        Suspended { account: AccountId, reason: Reason },
        /// The registrar reinstated a company.
        Reinstated { account: AccountId, standing: Standing },
        /// The registrar accredited an auditor or inspector.
        Accredited { account: AccountId },
        /// An auditor or inspector is no longer accredited.
        AccreditationRevoked { account: AccountId },
        /// A pending company withdrew its registration.
        RegistrationWithdrawn { account: AccountId },
        /// A company that acts through people was established.
        Established { company: AccountId, admin: AccountId, registration_number: RegistrationNumber },
        /// Somebody became a member of a company.
        MemberAdded {
            company: AccountId,
            member: AccountId,
            roles: MemberRoles,
            day_limit: Balance,
            generation: u32,
        },
        /// An admin changed what a member may do.
        MemberChanged { company: AccountId, member: AccountId, roles: MemberRoles, day_limit: Balance },
        /// Somebody is no member of a company any more.
        MemberRemoved { company: AccountId, member: AccountId },
        /// A member acted for a company.
        Acted { company: AccountId, member: AccountId },
        /// The registrar proposed a new admin for a company.
        RecoveryProposed { company: AccountId, admin: AccountId, due_at: BlockNumber },
        /// A member objected to the recovery of a company.
        RecoveryObjected { company: AccountId },
        /// The registrar took a proposed recovery back.
        RecoveryCancelled { company: AccountId },
        /// A company has a new admin.
        Recovered { company: AccountId, admin: AccountId },
        /// The registrar confirmed a company's name, size class and industry anew.
        IdentityConfirmed { account: AccountId, changed: Vec<ProfileField> },
        /// A company's registration number changed.
        NumberChanged {
            account: AccountId,
            former: RegistrationNumber,
            registration_number: RegistrationNumber,
        },
        /// The registrar took a verification back.
        Unverified { account: AccountId, reason: Reason },
        /// Somebody may do the registrar's daily work.
        ClerkAppointed { account: AccountId, daily: u32 },
        /// Somebody may do the registrar's daily work no more.
        ClerkDismissed { account: AccountId },
        EpochBegun { company: AccountId, epoch: u32, commitment: Digest },
    }
    /// What happened to datasets.
    Provenance => ProvenanceEvent {
        /// A provider announced a dataset.
        Announced { account: AccountId, commitment: Digest },
        /// A provider took an announcement back.
        AnnouncementCancelled { account: AccountId, commitment: Digest },
        /// A registration gave way to one that was announced earlier.
        RegistrationDisplaced { dataset: DatasetId, owner: AccountId, registered_at: BlockNumber },
        /// A dataset stands with its parents.
        LineageEntered { dataset: DatasetId },
        /// A dataset was registered, provisionally.
        DatasetRegistered {
            dataset: DatasetId,
            owner: AccountId,
            length: u64,
            metadata: Digest,
            method: Method,
            parent_count: u32,
        },
        /// An inspector attested something about a dataset.
        Attested {
            dataset: DatasetId,
            index: u32,
            inspector: AccountId,
            kind: AttestationKind,
            document: Digest,
        },
        /// An attestation was revoked.
        AttestationRevoked { dataset: DatasetId, index: u32, by: Revoker, reason: Reason },
        /// A dataset was withdrawn.
        DatasetWithdrawn { dataset: DatasetId, reason: Reason },
        /// A handover was proposed.
        HandoverProposed { dataset: DatasetId, from: AccountId, to: AccountId },
        /// The owner wants to keep the right to derive from what they hand over.
        RightToBeKept { dataset: DatasetId, royalty: Share },
        /// A handover was called off.
        HandoverCancelled { dataset: DatasetId, by: AccountId },
        /// A dataset has a new owner.
        HandedOver { dataset: DatasetId, from: AccountId, to: AccountId },
        /// A dataset has a new version, which begins with so many of its bytes.
        VersionRegistered { dataset: DatasetId, version: DatasetId, index: u32, shared_bytes: u64 },
        /// The fair samples of the datasets registered in a block were drawn.
        SeedDrawn { registered_at: BlockNumber, seed: Digest },
        /// An owner showed the drawn blocks.
        DrawAnswered { dataset: DatasetId, blocks: u32, digest: Digest },
    }
    /// About offers, orders and trades.
    Marketplace => MarketplaceEvent {
        /// A dataset is for sale.
        OfferMade { offer: OfferId, dataset: DatasetId, seller: AccountId, price: Balance },
        /// An offer has a new price.
        PriceSet { offer: OfferId, price: Balance },
        /// A seller put down more bond.
        BondAdded { offer: OfferId, amount: Balance },
        /// An offer takes no more orders.
        OfferWithdrawn { offer: OfferId },
        /// A seller has the bond back.
        BondReleased { offer: OfferId, amount: Balance },
        /// A buyer paid into escrow.
        OrderPlaced { order: OrderId, offer: OfferId, buyer: AccountId, deliver_by: BlockNumber },
        /// The buyer can read the key.
        KeyDelivered { order: OrderId, dispute_until: BlockNumber },
        /// An order is final.
        TradeFinal { order: OrderId, dataset: DatasetId, index: u32, outcome: Outcome },
        /// A seller lost money out of a bond.
        BondSlashed { offer: OfferId, order: OrderId, to_buyer: Balance, to_treasury: Balance },
        /// A block of a sealing was proved to be wrong.
        SealingFaulted { offer: OfferId, dataset: DatasetId, sealed_root: Digest, key_commitment: Digest },
        /// The dispute reserve of an order left escrow.
        DisputeReserveReleased { order: OrderId, amount: Balance },
        /// The owner of an ancestor got their part of a sale.
        RoyaltyPaid { order: OrderId, dataset: DatasetId, account: AccountId, amount: Balance },
        /// A company may sell what it makes from a dataset.
        DeriveRightGranted { company: AccountId, dataset: DatasetId, royalty: Share, source: RightSource },
        /// Governance set the rules of the marketplace.
        RulesSet { rules: Rules },
        /// Governance stopped new orders.
        NewOrdersStopped {},
        /// Orders are placed again.
        NewOrdersResumed {},
        /// A delivery was missed; the offer takes no orders until its seller resumes it.
        OfferPaused { offer: OfferId, order: OrderId },
        /// A paused offer takes orders again.
        OfferResumed { offer: OfferId },
        /// A withdrawn offer takes orders again.
        OfferReopened { offer: OfferId },
        /// An offer has other terms.
        OfferAmended { offer: OfferId, terms: Amendment },
        /// A part of a bond is to leave after this block.
        BondLeaving { offer: OfferId, amount: Balance, stays_until: BlockNumber },
        /// A seller proposed to pay a delivered order back.
        RefundProposed { order: OrderId },
        /// Governance extended all windows that were open.
        WindowsExtended { by: BlockNumber, total: BlockNumber },
    }
    /// About upgrades of the chain.
    Upgrades => UpgradesEvent {
        /// An upgrade was announced; the code may be given from that block on.
        UpgradeAnnounced { code_hash: Digest, due: BlockNumber },
        /// The announced upgrade does not come.
        UpgradeCalledOff { code_hash: Digest },
        /// The code was given.
        UpgradeApplied { code_hash: Digest },
    }
    /// About money that came from banks and goes there.
    Credit => CreditEvent {
        /// Money is to be paid out.
        RedemptionRequested { redemption: u64, account: AccountId, amount: Balance, payee: Digest },
    }
    /// About money that went from account to account outside of trades.
    Balances => BalancesEvent {
        /// A transfer. What a trade pays out of escrow is none.
        Transfer { from: AccountId, to: AccountId, amount: Balance },
    }
    /// About motions of the council.
    Council => CouncilEvent {
        /// A member proposed a motion.
        Proposed { account: AccountId, proposal_index: u32, proposal_hash: Digest, threshold: u32 },
        /// A member of the council voted on a motion; so many are for and against it now.
        Voted { account: AccountId, proposal_hash: Digest, voted: bool, yes: u32, no: u32 },
        /// A motion was carried.
        Approved { proposal_hash: Digest },
        /// A motion was lost.
        Disapproved { proposal_hash: Digest },
        /// A motion was closed.
        Closed { proposal_hash: Digest, yes: u32, no: u32 },
    }
}

/// The terms of an offer that its seller can change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Amendment {
    /// SHA-256 of the licence text.
    pub licence: Digest,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Digest,
    /// Blocks in which the key must be delivered.
    pub delivery_window: BlockNumber,
    /// Blocks in which a delivery can be disputed.
    pub dispute_window: BlockNumber,
    /// Whether a buyer may sell what they make from the dataset.
    pub derivation: Derivation,
}

/// A field of a profile that a company can change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum ProfileField {
    /// What it is called.
    Name,
    /// Its main industry (KSIC).
    Ksic,
    /// Its size class (SME standards).
    Size,
    /// Where its seat is.
    Region,
    /// What it wants to do here.
    Roles,
}
