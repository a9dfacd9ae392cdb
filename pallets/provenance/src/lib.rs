#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod announcing;
mod attestation;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod displacement;
mod draws;
mod invariants;
mod lineage;
#[cfg(test)]
mod mock;
mod ownership;
mod registration;
mod registry;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;
pub use wonbon_primitives::{company::ParticipantRegistry, registry::DatasetRegistry};

/// Declarations: what is configured, stored, told and called.
// The lint mistakes the path of `#[pallet::storage]` for a qualification.
#[allow(unused_qualifications)]
#[frame_support::pallet]
pub mod pallet {
    use super::{
        lineage::digests, AnnouncementOf, AttestationOf, BalanceOf, DatasetOf, HandoverOf,
        ParticipantRegistry, Registration, WeightInfo,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{Inspect, MutateHold},
            UnixTime,
        },
    };
    use frame_system::pallet_prelude::*;
    use wonbon_primitives::{
        bounds::{MAX_OPEN_OFFERS, MAX_PARENTS, MAX_ROYALTIES},
        content::{
            growth::GrowthProof,
            shown::{self, ShownLeaves},
        },
        dataset::Method,
        record::{AttestationKind, GrownFrom, Parent, Reason, Revoker, RoyaltyShares, Version},
        registry::{DatasetMarket, TradeEntries},
        share::Share,
        unchecked::{check_parents, UncheckedParents},
        Commitment, DatasetId, Digest,
    };

    /// The storage version of this release.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime has to supply.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash: Into<Digest>> {
        /// The money in which deposits are held.
        type Currency: Inspect<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Who is verified, who provides, who inspects.
        type Participants: ParticipantRegistry<Self::AccountId>;

        /// Who, besides the inspector, may revoke an attestation.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// How many blocks after an announcement the block comes whose hash draws the leaves that its registration
        /// shows; the registration follows in a later one. One block is enough to be first where blocks are not
        /// censored; each more costs a censor one block more.
        #[pallet::constant]
        type AnnouncementDelay: Get<BlockNumberFor<Self>>;

        /// For how many blocks an announcement can be used. The chain must remember the hashes of so many.
        #[pallet::constant]
        type AnnouncementLifetime: Get<BlockNumberFor<Self>>;

        /// For how many blocks a registration is provisional.
        type ProvisionalPeriod: Get<BlockNumberFor<Self>>;

        /// How many blocks after the one with a registration the block comes whose hash is the seed of its fair
        /// draw; at least one. It may grow from one release to the next, and shrink only while no draw is due.
        #[pallet::constant]
        type DrawDelay: Get<BlockNumberFor<Self>>;

        /// The time, as the author of the block gave it.
        type Time: UnixTime;

        /// The trades that extend the hash chains; only the checks of the state ask.
        type Trades: TradeEntries;

        /// The marketplace: a withdrawn dataset's offers are withdrawn, and a right to derive can be kept.
        type Market: DatasetMarket<Self::AccountId>;

        /// What is held for a dataset, from its announcement on.
        #[pallet::constant]
        type DatasetDeposit: Get<BalanceOf<Self>>;

        /// What is held for each parent of a dataset, besides: its entry and those that the parent gets.
        #[pallet::constant]
        type ParentDeposit: Get<BalanceOf<Self>>;

        /// What is held, besides, for each royalty that a dataset carries and for each time that it was handed
        /// over.
        #[pallet::constant]
        type RecordDeposit: Get<BalanceOf<Self>>;

        /// What is held for an attestation.
        #[pallet::constant]
        type AttestationDeposit: Get<BalanceOf<Self>>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposits for datasets that are announced.
        Announcement,
        /// The deposit for datasets.
        Dataset,
        /// The deposit for attestations.
        Attestation,
    }

    // Hashers. Accounts, commitments and dataset ids are chosen by their users, so their maps need a hash that
    // resists crafted prefixes: Blake2_128Concat. An index is counted by this pallet: Twox64Concat. Both keep
    // the key readable, so that maps can be walked.

    /// Announcements that are neither used nor cancelled, by account and commitment.
    #[pallet::storage]
    pub type Announcements<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, Digest, AnnouncementOf<T>>;

    /// Every dataset, by its root.
    #[pallet::storage]
    pub type Datasets<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, DatasetOf<T>>;

    /// The parents of a dataset, `parent_count` of them.
    #[pallet::storage]
    pub type Parents<T: Config> = StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, Parent>;

    /// How many datasets name this one as a parent. Stored for every dataset, zero included.
    #[pallet::storage]
    pub type ChildCount<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, u32, ValueQuery>;

    /// The datasets that name this one as a parent, in the order in which they were entered.
    #[pallet::storage]
    pub type Children<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, DatasetId>;

    /// The new versions of a dataset, `version_count` of them, in the order in which they were entered.
    #[pallet::storage]
    pub type Versions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, Version>;

    /// The datasets with parents that are not entered with those yet, and which dataset each is a new version of.
    #[pallet::storage]
    pub type PendingLineage<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, Option<GrownFrom>>;

    /// The royalties that every sale of a dataset owes, by the ancestor's id; nothing is stored for none.
    #[pallet::storage]
    pub type Royalties<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, RoyaltyShares, ValueQuery>;

    /// The attestations of a dataset, `attestation_count` of them, in the order in which they were made.
    #[pallet::storage]
    pub type Attestations<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, AttestationOf<T>>;

    /// The handovers of a dataset, `handover_count` of them, in their order.
    #[pallet::storage]
    pub type Handovers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, DatasetId, Twox64Concat, u32, HandoverOf<T>>;

    /// To whom the owner of a dataset wants to hand it over.
    #[pallet::storage]
    pub type PendingHandovers<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, T::AccountId>;

    /// The royalty for which the owner of a dataset wants to keep the right to derive from it, in a handover that they
    /// proposed; nothing is stored if they keep none.
    #[pallet::storage]
    pub type KeptRights<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, Share>;

    /// How many datasets an account handed over: as many as the handovers from it.
    #[pallet::storage]
    pub type HandedOver<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    // Block numbers are counted by the chain.

    /// The block whose registrations get their seed when the block in the key begins.
    #[pallet::storage]
    pub type DrawDue<T: Config> = StorageMap<_, Twox64Concat, BlockNumberFor<T>, BlockNumberFor<T>>;

    /// The seed of the fair draws of the datasets registered in a block.
    #[pallet::storage]
    pub type Seeds<T: Config> = StorageMap<_, Twox64Concat, BlockNumberFor<T>, Digest>;

    /// How many registrations of a block were displaced, for the blocks of which any was: such a block may have a
    /// seed and no dataset.
    #[pallet::storage]
    pub type DisplacedIn<T: Config> = StorageMap<_, Twox64Concat, BlockNumberFor<T>, u32, ValueQuery>;

    /// What happened.
    // A field that its name says all about has no text.
    #[allow(missing_docs)]
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A provider announced a dataset, hidden in a commitment.
        Announced {
            /// The provider.
            account: T::AccountId,
            /// The commitment.
            commitment: Digest,
        },
        /// An announcement was taken back: by its provider, or by anybody after it had expired.
        AnnouncementCancelled {
            /// The provider.
            account: T::AccountId,
            /// The commitment.
            commitment: Digest,
        },
        /// A registration gave way to the one that follows.
        RegistrationDisplaced {
            dataset: DatasetId,
            /// Who has it no more, and the deposit again.
            owner: T::AccountId,
            /// When it was registered.
            registered_at: BlockNumberFor<T>,
        },
        /// A dataset was registered, provisionally.
        DatasetRegistered {
            dataset: DatasetId,
            /// Who registered it and holds it.
            owner: T::AccountId,
            /// Its length in bytes.
            length: u64,
            /// SHA-256 of its metadata document.
            metadata: Digest,
            /// How it was made.
            method: Method,
            /// How many parents it has.
            parent_count: u32,
        },
        /// An inspector attested something.
        Attested {
            dataset: DatasetId,
            /// The attestation's number with this dataset.
            index: u32,
            /// The inspector.
            inspector: T::AccountId,
            /// What it is about.
            kind: AttestationKind,
            /// SHA-256 of the document.
            document: Digest,
        },
        /// An attestation was taken back.
        AttestationRevoked {
            dataset: DatasetId,
            /// The attestation's number with this dataset.
            index: u32,
            /// Who took it back.
            by: Revoker,
            reason: Reason,
        },
        /// The owner withdrew a dataset: it is no longer offered.
        DatasetWithdrawn { dataset: DatasetId, reason: Reason },
        /// The owner wants to hand a dataset over.
        HandoverProposed {
            dataset: DatasetId,
            /// The owner.
            from: T::AccountId,
            /// Who may accept.
            to: T::AccountId,
        },
        /// The owner wants to keep the right to sell what they make from a dataset that they hand over, for at least
        /// this royalty.
        RightToBeKept { dataset: DatasetId, royalty: Share },
        /// A handover will not take place.
        HandoverCancelled {
            dataset: DatasetId,
            /// Who cancelled: the owner or the one who could have accepted.
            by: T::AccountId,
        },
        /// A dataset has a new owner.
        HandedOver {
            dataset: DatasetId,
            /// The old owner.
            from: T::AccountId,
            /// The new owner.
            to: T::AccountId,
        },
        /// A dataset stands with its parents, and with the dataset that it is a new version of.
        LineageEntered { dataset: DatasetId },
        /// A dataset stands with another as its new version.
        VersionRegistered {
            /// The old dataset.
            dataset: DatasetId,
            /// The new one.
            version: DatasetId,
            /// The new version's number with the old dataset.
            index: u32,
            /// How many bytes at the beginning of both are proved to be the same.
            shared_bytes: u64,
        },
        /// The datasets registered in a block have the seed of their fair draws.
        SeedDrawn {
            /// The block with the registrations.
            registered_at: BlockNumberFor<T>,
            /// The seed.
            seed: Digest,
        },
        /// An owner answered the fair draw.
        DrawAnswered {
            dataset: DatasetId,
            /// How many blocks of the draw, from its first on, are shown.
            blocks: u32,
            /// SHA-256 of the sample file that shows them.
            digest: Digest,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The dataset is registered, and no registration of this announcement displaces that; `Datasets` says by
        /// whom and when.
        AlreadyRegistered,
        /// The account has this announcement already.
        AlreadyAnnounced,
        /// The account has no such announcement; root, length, salt or account differ from what was announced.
        NotAnnounced,
        /// The announcement is too recent: the leaves to show are not drawn yet.
        TooEarly,
        /// The announcement is too old to be used.
        AnnouncementExpired,
        /// The announcement can still be used: only its account takes it back.
        AnnouncementNotExpired,
        /// The chain does not know the hash any more that draws the leaves to show.
        DrawForgotten,
        /// The leaves shown are not those that were drawn, or not the announced root's.
        WrongLeaves,
        /// The registration is provisional: an older announcement may still displace it.
        Provisional,
        /// The dataset is not entered with its parents yet; anybody may do that.
        LineagePending,
        /// The dataset has no parents that it is still to be entered with.
        NoLineagePending,
        /// The account is not a verified participant.
        NotVerified,
        /// The participant's profile does not have the provider's role.
        NotAProvider,
        /// The length is zero or above the limit.
        LengthOutOfRange,
        /// A parent is not registered.
        ParentNotRegistered,
        /// A parent is named twice.
        DuplicateParent,
        /// A dataset cannot be its own parent.
        OwnParent,
        /// Only the owner of a dataset registers a new version of it.
        NotYourVersion,
        /// A dataset is a new version of one other at most.
        SeveralOldVersions,
        /// A new version needs the proof that it begins with the old one's whole blocks.
        GrowthProofMissing,
        /// A growth proof belongs to a new version and to nothing else.
        GrowthProofWithoutVersion,
        /// A new version is longer than the old one.
        NotLonger,
        /// The old version is shorter than one block: nothing can be proved of it.
        NoWholeBlock,
        /// The growth proof shows a short last block where the old version has none, or the other way round.
        WrongTail,
        /// The growth proof does not hold: the new version does not begin with the old one's whole blocks.
        WrongGrowthProof,
        /// Too many generations of parents would stand behind the dataset.
        TooDeep,
        /// The dataset would carry more royalties than the bound.
        TooManyRoyalties,
        /// The royalties of the dataset together would take more than the bound.
        RoyaltiesTooHigh,
        /// The dataset is not registered.
        NoSuchDataset,
        /// The dataset is withdrawn.
        DatasetWithdrawn,
        /// The account does not own the dataset.
        NotTheOwner,
        /// The account is not a verified and accredited inspector.
        NotAnInspector,
        /// Nobody attests about a dataset that they registered or hold.
        SelfAttestation,
        /// The dataset has no attestation with this number.
        NoSuchAttestation,
        /// Another inspector made this attestation.
        NotTheAttester,
        /// The attestation is revoked already.
        AlreadyRevoked,
        /// The reason is blank, not UTF-8, has control characters or a space at either end.
        InvalidReason,
        /// A handover of this dataset is proposed already; cancel it first.
        HandoverPending,
        /// No handover of this dataset is proposed.
        NoHandover,
        /// The handover was proposed to somebody else.
        NotTheRecipient,
        /// The owner has the dataset already.
        HandoverToSelf,
        /// The seed of the fair draw is not known yet.
        NotDrawnYet,
        /// The fair draw was answered; there is one answer.
        AlreadyAnswered,
        /// An answer shows at least one block, and no more than the dataset has or the bound permits.
        SampleOutOfRange,
        /// A counter is at its end.
        TooManyRecords,
        /// The owner keeps a right to derive, or another than the recipient agrees to.
        OtherRightKept,
        /// No dataset can carry so high a royalty.
        RoyaltyTooHigh,
        /// The marketplace's books contradict each other; nothing was changed.
        MarketStuck,
    }

    /// What can be called.
    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Announce a dataset: `commitment` is `wonbon_primitives::record::announcement` of account, root, length and
        /// salt.
        #[pallet::call_index(0)]
        pub fn announce(origin: OriginFor<T>, commitment: Digest) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_announce(who, commitment)
        }

        /// Take an announcement back and its deposit with it.
        #[pallet::call_index(1)]
        pub fn cancel_announcement(origin: OriginFor<T>, commitment: Digest) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel_announcement(who, commitment)
        }

        /// Register the dataset that the caller announced, with the leaves that were drawn. A new version of another
        /// dataset names it as a parent and brings the proof of its growth. While a registration of the same root is
        /// provisional, an older announcement displaces it.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::register(
            parents.len() as u32,
            (parents.len() as u32).saturating_mul(MAX_ROYALTIES),
            digests(growth),
        )
            .saturating_add(<T as Config>::WeightInfo::show_leaves(shown::digests(leaves)))
            .saturating_add(<T as Config>::WeightInfo::displace(MAX_PARENTS)))]
        // What is registered stands in the call as it is, so that a wallet can show each fact.
        #[allow(clippy::too_many_arguments)]
        pub fn register(
            origin: OriginFor<T>,
            root: Digest,
            length: u64,
            salt: Digest,
            leaves: ShownLeaves,
            metadata: Digest,
            method: Method,
            parents: UncheckedParents,
            growth: Option<GrowthProof>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (parent_count, digests) = (parents.len() as u32, digests(&growth));
            let shown = shown::digests(&leaves);
            let parents = check_parents(parents).map_err(|_| Error::<T>::RoyaltiesTooHigh)?;
            let commitment = Commitment { root, length };
            let facts = Registration { commitment, salt, metadata, method, parents, growth };
            let done = Self::do_register(who.clone(), facts, |announced| {
                Self::ensure_opened(&who, announced, &commitment, &leaves)
            })?;
            let weight = <T as Config>::WeightInfo::register(parent_count, done.inherited, digests)
                .saturating_add(<T as Config>::WeightInfo::show_leaves(shown));
            Ok(Some(match done.displaced_parents {
                Some(parents) => weight.saturating_add(<T as Config>::WeightInfo::displace(parents)),
                None => weight,
            })
            .into())
        }

        /// Attest something about a dataset. `document` is the SHA-256 of the document that says it.
        #[pallet::call_index(3)]
        pub fn attest(
            origin: OriginFor<T>,
            dataset: DatasetId,
            kind: AttestationKind,
            document: Digest,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_attest(who, dataset, kind, document)
        }

        /// Take an attestation back: the inspector who made it, or the authority.
        #[pallet::call_index(4)]
        pub fn revoke_attestation(
            origin: OriginFor<T>,
            dataset: DatasetId,
            index: u32,
            reason: Reason,
        ) -> DispatchResult {
            let inspector = match T::AuthorityOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            Self::do_revoke_attestation(inspector, dataset, index, reason)
        }

        /// Withdraw a dataset for good: its offers are withdrawn, and there is no new offer or order. What is ordered
        /// runs its course.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::withdraw(MAX_OPEN_OFFERS))]
        pub fn withdraw(
            origin: OriginFor<T>,
            dataset: DatasetId,
            reason: Reason,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let offers = Self::do_withdraw(who, dataset, reason)?;
            Ok(Some(<T as Config>::WeightInfo::withdraw(offers)).into())
        }

        /// Propose to hand a dataset over, withdrawn or not, to another verified participant.
        #[pallet::call_index(6)]
        pub fn propose_handover(
            origin: OriginFor<T>,
            dataset: DatasetId,
            to: T::AccountId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_propose_handover(who, dataset, to, None)
        }

        /// Take over a dataset that was proposed to the caller, and its deposit.
        #[pallet::call_index(7)]
        pub fn accept_handover(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_accept_handover(who, dataset, None)
        }

        /// Call a proposed handover off: the owner, or the one to whom it was proposed.
        #[pallet::call_index(8)]
        pub fn cancel_handover(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel_handover(who, dataset)
        }

        /// Answer the fair draw, once: `blocks` blocks of it, from its first on, are shown in the sample file with
        /// this SHA-256. Anyone checks that file against seed and root.
        #[pallet::call_index(9)]
        pub fn answer_draw(
            origin: OriginFor<T>,
            dataset: DatasetId,
            #[pallet::compact] blocks: u32,
            digest: Digest,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_answer_draw(who, dataset, blocks, digest)
        }

        /// Propose to hand a dataset over and to keep the right to sell what the caller makes from it, for at least this
        /// royalty in millionths.
        #[pallet::call_index(20)]
        #[pallet::weight(<T as Config>::WeightInfo::propose_handover_keeping())]
        pub fn propose_handover_keeping(
            origin: OriginFor<T>,
            dataset: DatasetId,
            to: T::AccountId,
            #[pallet::compact] royalty: u32,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let royalty = Self::royalty_to_keep(royalty)?;
            Self::do_propose_handover(who, dataset, to, Some(royalty))
        }

        /// Take over a dataset whose owner keeps the right to derive for this royalty in millionths, and for no other:
        /// so the owner cannot exchange the proposal for another under the recipient's acceptance.
        #[pallet::call_index(21)]
        #[pallet::weight(<T as Config>::WeightInfo::accept_handover_keeping())]
        pub fn accept_handover_keeping(
            origin: OriginFor<T>,
            dataset: DatasetId,
            #[pallet::compact] royalty: u32,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let royalty = Self::royalty_to_keep(royalty)?;
            Self::do_accept_handover(who, dataset, Some(royalty))
        }

        /// Take back an announcement that has expired, whoever's it is: the deposit goes to the account that made it.
        #[pallet::call_index(10)]
        pub fn clear_announcement(
            origin: OriginFor<T>,
            account: T::AccountId,
            commitment: Digest,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_clear_announcement(account, commitment)
        }

        /// Enter a dataset with its parents, as a child of each and as a new version if it is one. Anybody may, once
        /// its registration is provisional no more; before it is done, nothing else can be done with the dataset.
        #[pallet::call_index(11)]
        #[pallet::weight(<T as Config>::WeightInfo::enter_lineage(MAX_PARENTS))]
        pub fn enter_lineage(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let parents = Self::do_enter_lineage(dataset)?;
            Ok(Some(<T as Config>::WeightInfo::enter_lineage(parents)).into())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Stores the seed that is due in this block, if one is.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::draw_due(now)
        }

        fn integrity_test() {
            assert!(
                T::AnnouncementDelay::get() >= 1u32.into(),
                "announcement and registration must not share a block"
            );
            assert!(
                T::AnnouncementLifetime::get() > T::AnnouncementDelay::get(),
                "an announcement must live until it can be used"
            );
            // The hash of a block is known until so many others have followed it.
            assert!(
                T::AnnouncementLifetime::get() <= T::BlockHashCount::get(),
                "the chain must not forget what draws the leaves before the announcement expires"
            );
            assert!(
                T::DrawDelay::get() >= 1u32.into(),
                "the author of a registration's block must not choose its seed"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
