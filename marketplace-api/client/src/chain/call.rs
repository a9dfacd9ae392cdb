//! Calls, by the names of the runtime and with our types. How they are encoded is checked with the metadata.

use super::shape::Shape;
use crate::keys::Keypair;
use codec::{Compact, Encode};
use scale_info::{meta_type, TypeInfo};
use wonbon_model::{
    AccountId, AttestationKind, Balance, BlockNumber, DatasetId, Derivation, Digest, Joining, MemberRoles,
    Method, OfferId, OrderId, ParentList, Profile, Reason, RegistrationNumber, Roles, Rules,
};
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::shown::ShownLeaves;
use wonbon_primitives::delivery::{Delivery, OrderKey};
use wonbon_primitives::dispute::DisputeProof;

/// A call that can be submitted, or put into another call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    pub(super) pallet: &'static str,
    pub(super) name: &'static str,
    pub(super) arguments: Vec<Argument>,
}

/// A person's signature within a call, as the chain reads signatures of every kind of key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, TypeInfo)]
pub enum Signature {
    /// By an ed25519 key.
    Ed25519([u8; 64]),
    /// By an sr25519 key.
    Sr25519([u8; 64]),
    /// By a secp256k1 key.
    Ecdsa([u8; 65]),
    /// By a secp256k1 key, over a Keccak hash.
    Eth([u8; 65]),
}

/// The keys with which a validator makes blocks and votes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, TypeInfo)]
pub struct SessionKeys {
    /// Signs blocks (sr25519).
    pub aura: [u8; 32],
    /// Votes on finality (ed25519).
    pub grandpa: [u8; 32],
}

impl SessionKeys {
    /// What a node answers of its keys: one after the other.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (aura, grandpa) = bytes.split_first_chunk::<32>()?;
        Some(Self { aura: *aura, grandpa: grandpa.try_into().ok()? })
    }
}

impl Signature {
    /// That of a key over a digest.
    pub fn by(key: &Keypair, digest: &Digest) -> Self {
        Self::Ed25519(key.sign(digest))
    }
}

/// A part of a call's encoding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Argument {
    Bytes(Vec<u8>),
    Call(Call),
}

impl Call {
    /// The name as the runtime has it, as `Marketplace.place_order`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.pallet, self.name)
    }

    /// The encoded arguments, if there is no call among them.
    #[cfg(test)]
    pub(crate) fn plain_arguments(&self) -> Option<Vec<u8>> {
        match self.arguments.as_slice() {
            [Argument::Bytes(bytes)] => Some(bytes.clone()),
            _ => None,
        }
    }

    fn new(pallet: &'static str, name: &'static str, arguments: Vec<Argument>) -> Self {
        Self { pallet, name, arguments }
    }
}

macro_rules! encode {
    ($value:expr, $out:expr) => {
        $value.encode_to($out)
    };
    ($value:expr, $out:expr, compact) => {
        Compact($value).encode_to($out)
    };
}

macro_rules! shape {
    ($ty:ty) => {
        meta_type::<$ty>()
    };
    ($ty:ty, compact) => {
        meta_type::<Compact<$ty>>()
    };
}

/// Declares a constructor for each call, and the shapes for the comparison.
macro_rules! calls {
    ($(
        $(#[$doc:meta])*
        $pallet:ident . $call:ident => fn $name:ident ( $( $arg:ident : $ty:ty $([$compact:ident])? ),* $(,)? );
    )*) => {
        impl Call {
            $(
                $(#[$doc])*
                #[allow(clippy::too_many_arguments)]
                pub fn $name( $( $arg: $ty ),* ) -> Self {
                    #[allow(unused_mut)]
                    let mut bytes = Vec::new();
                    $( encode!($arg, &mut bytes $(, $compact)?); )*
                    Self::new(stringify!($pallet), stringify!($call), vec![Argument::Bytes(bytes)])
                }
            )*

            pub(super) fn shapes() -> Vec<Shape> {
                vec![ $( Shape {
                    pallet: stringify!($pallet),
                    name: stringify!($call),
                    fields: vec![ $( (stringify!($arg), shape!($ty $(, $compact)?)) ),* ],
                } ),* ]
            }
        }
    };
}

calls! {
    /// Registers the signer's company.
    Participants.register => fn register_company(profile: Profile);
    /// Changes the signer's company.
    Participants.update_profile => fn update_profile(profile: Profile);
    /// Withdraws the signer's registration, which is pending.
    Participants.withdraw_registration => fn withdraw_registration();
    /// Registrar: verifies that an account speaks for the company with this number, which must be the one that
    /// the account claims.
    Participants.verify => fn verify(account: AccountId, registration_number: RegistrationNumber);
    /// Registrar: suspends a company.
    Participants.suspend => fn suspend(account: AccountId, reason: Reason);
    /// Registrar: reinstates a company.
    Participants.reinstate => fn reinstate(account: AccountId);
    /// Registrar: accredits a company for these roles, which must be all of its roles that need it.
    Participants.accredit => fn accredit(account: AccountId, roles: Roles);
    /// Registrar: revokes an accreditation.
    Participants.revoke_accreditation => fn revoke_accreditation(account: AccountId);

    /// Registrar or clerk: establishes a company, as its first member signed it.
    Participants.establish => fn establish(
        applicant: AccountId,
        profile: Profile,
        joining: Joining,
        signature: Signature,
    );
    /// Admin: takes on a member of the company, as they signed it.
    Participants.add_member => fn add_member(member: AccountId, joining: Joining, signature: Signature);
    /// Admin: changes what a member of the company may do.
    Participants.change_member => fn change_member(
        member: AccountId,
        roles: MemberRoles,
        day_limit: Balance,
    );
    /// Admin, or the member themselves: removes a member of the company.
    Participants.remove_member => fn remove_member(member: AccountId);
    /// Registrar: proposes a new admin for a company that lost its keys, as they signed it.
    Participants.propose_recovery => fn propose_recovery(
        company: AccountId,
        admin: AccountId,
        joining: Joining,
        signature: Signature,
    );
    /// Member: objects to the recovery of the company.
    Participants.object_to_recovery => fn object_to_recovery();
    /// Anyone: completes a recovery whose notice has passed and to which nobody objected.
    Participants.complete_recovery => fn complete_recovery(company: AccountId);
    /// Council: completes a recovery whose notice has passed, whoever objected.
    Participants.enforce_recovery => fn enforce_recovery(company: AccountId);
    /// Registrar: takes a proposed recovery back.
    Participants.cancel_recovery => fn cancel_recovery(company: AccountId);
    /// Registrar: confirms a verified company's name, size class and industry anew.
    Participants.confirm_identity => fn confirm_identity(account: AccountId, profile: Profile);
    /// Registrar: gives a verified company another registration number.
    Participants.change_number => fn change_number(
        account: AccountId,
        registration_number: RegistrationNumber,
    );
    /// Registrar: moves a verified company's number to a pending one that claims it.
    Participants.move_number => fn move_number(from: AccountId, to: AccountId, reason: Reason);
    /// Registrar: takes a verification back.
    Participants.unverify => fn unverify(account: AccountId, reason: Reason);
    /// Registrar: lets somebody establish and verify so many companies a day.
    Participants.appoint_clerk => fn appoint_clerk(account: AccountId, daily: u32);
    /// Registrar: lets somebody do the registrar's daily work no more.
    Participants.dismiss_clerk => fn dismiss_clerk(account: AccountId);
    /// Admin, for their company: begins the next epoch of its secrets with the commitment to one.
    Participants.begin_epoch => fn begin_epoch(epoch: u32 [compact], commitment: Digest);

    /// Announces a commitment to a dataset (see `wonbon_primitives::record::announcement`).
    Provenance.announce => fn announce(commitment: Digest);
    /// Takes an announcement back.
    Provenance.cancel_announcement => fn cancel_announcement(commitment: Digest);
    /// Anyone: takes back an announcement that has expired.
    Provenance.clear_announcement => fn clear_announcement(account: AccountId, commitment: Digest);
    /// Anyone: enters a dataset with its parents once its registration is provisional no more.
    Provenance.enter_lineage => fn enter_lineage(dataset: DatasetId);
    /// Registers an announced dataset, with the leaves that were drawn.
    Provenance.register => fn register_dataset(
        root: Digest,
        length: u64,
        salt: Digest,
        leaves: ShownLeaves,
        metadata: Digest,
        method: Method,
        parents: ParentList,
        growth: Option<GrowthProof>,
    );
    /// Inspector: attests something about a dataset.
    Provenance.attest => fn attest(dataset: DatasetId, kind: AttestationKind, document: Digest);
    /// Inspector: revokes an attestation.
    Provenance.revoke_attestation => fn revoke_attestation(dataset: DatasetId, index: u32, reason: Reason);
    /// Withdraws a dataset of the signer for good: no new offer or order. What is ordered runs its course.
    Provenance.withdraw => fn withdraw_dataset(dataset: DatasetId, reason: Reason);
    /// Proposes to hand a dataset over.
    Provenance.propose_handover => fn propose_handover(dataset: DatasetId, to: AccountId);
    /// Takes a dataset over.
    Provenance.accept_handover => fn accept_handover(dataset: DatasetId);
    /// Proposes to hand a dataset over and to keep the right to derive from it, for this royalty in millionths.
    Provenance.propose_handover_keeping => fn propose_handover_keeping(
        dataset: DatasetId,
        to: AccountId,
        royalty: u32 [compact],
    );
    /// Takes a dataset over whose owner keeps that right.
    Provenance.accept_handover_keeping => fn accept_handover_keeping(
        dataset: DatasetId,
        royalty: u32 [compact],
    );
    /// Takes the proposal of a handover back.
    Provenance.cancel_handover => fn cancel_handover(dataset: DatasetId);
    /// Says which file shows the drawn blocks of a dataset, from the first on.
    Provenance.answer_draw => fn answer_draw(dataset: DatasetId, blocks: u32 [compact], digest: Digest);

    /// Offers copies of a dataset of the signer, sealed with one key, and puts the bond down. At most so many parents are
    /// looked at.
    Marketplace.offer => fn offer(
        dataset: DatasetId,
        sealed_root: Digest,
        key_commitment: Digest,
        price: Balance [compact],
        licence: Digest,
        nda: Digest,
        delivery_window: BlockNumber,
        dispute_window: BlockNumber,
        bond: Balance [compact],
        derivation: Derivation,
        parents: u32 [compact],
    );
    /// Changes the price for later orders.
    Marketplace.set_price => fn set_price(offer: OfferId [compact], price: Balance [compact]);
    /// Puts down more bond.
    Marketplace.add_bond => fn add_bond(offer: OfferId [compact], amount: Balance [compact]);
    /// Takes an offer back.
    Marketplace.withdraw_offer => fn withdraw_offer(offer: OfferId [compact]);
    /// Pays into escrow for one copy. At most so many royalties are owed, and so many parents looked at.
    Marketplace.place_order => fn place_order(
        offer: OfferId [compact],
        price: Balance [compact],
        royalties: u32 [compact],
        parents: u32 [compact],
        terms: Digest,
        licence: Digest,
        nda: Digest,
        order_key: OrderKey,
        nonce: Digest,
    );
    /// Delivers the key of an order. In no other call.
    Marketplace.deliver => fn deliver(order: OrderId [compact], delivery: Delivery);
    /// The buyer is content. At most so many royalties are owed.
    Marketplace.accept => fn accept(order: OrderId [compact], royalties: u32 [compact]);
    /// Has the seller paid after the dispute window. At most so many royalties are owed.
    Marketplace.settle => fn settle(order: OrderId [compact], royalties: u32 [compact]);
    /// Has the buyer refunded after a missed delivery.
    Marketplace.expire => fn expire(order: OrderId [compact]);
    /// Proves that the key or a block of an order is wrong; the buyer is refunded. In no other call.
    Marketplace.dispute => fn dispute(order: OrderId [compact], proof: DisputeProof);
    /// Has the buyer refunded after another's proof of a bad block.
    Marketplace.refund_faulty => fn refund_faulty(order: OrderId [compact]);
    /// Ends an order that the signer will not deliver; the buyer is refunded.
    Marketplace.refuse => fn refuse(order: OrderId [compact]);
    /// Proposes to pay a delivered order back.
    Marketplace.propose_refund => fn propose_refund(order: OrderId [compact]);
    /// Takes the refund that the seller proposed.
    Marketplace.accept_refund => fn accept_refund(order: OrderId [compact]);
    /// Changes the terms of an offer for later orders.
    Marketplace.amend => fn amend(
        offer: OfferId [compact],
        licence: Digest,
        nda: Digest,
        delivery_window: BlockNumber,
        dispute_window: BlockNumber,
        derivation: Derivation,
    );
    /// Lets a paused offer take orders again.
    Marketplace.resume_offer => fn resume_offer(offer: OfferId [compact]);
    /// Opens a withdrawn offer again, with so much more bond.
    Marketplace.reopen_offer => fn reopen_offer(offer: OfferId [compact], bond: Balance [compact], parents: u32 [compact]);
    /// Says how much of a bond is to leave.
    Marketplace.release_bond => fn release_bond(offer: OfferId [compact], amount: Balance [compact]);
    /// Takes the bond that was to leave.
    Marketplace.take_bond => fn take_bond(offer: OfferId [compact]);
    /// Governance: sets the rules.
    Marketplace.set_rules => fn set_rules(rules: Rules);
    /// Governance: extends all windows that are open.
    Marketplace.extend_windows => fn extend_windows(blocks: BlockNumber [compact]);

    /// Council: no order is placed any more. What is open runs its course.
    Marketplace.stop_orders => fn stop_orders();
    /// Council: orders are placed again.
    Marketplace.resume_orders => fn resume_orders();

    /// Council: announces an upgrade by the BLAKE2b-256 of its code.
    Upgrades.announce => fn announce_upgrade(code_hash: Digest);
    /// Council: the announced upgrade does not come.
    Upgrades.call_off => fn call_off_upgrade();
    /// Anyone, once it is due: gives the code of the announced upgrade.
    Upgrades.apply => fn apply_upgrade(code: Vec<u8>);

    /// Issuer: credits a bank transfer.
    Credit.credit => fn credit(account: AccountId, amount: Balance, bank_reference: Vec<u8>);

    /// Asks for credit to be paid out to a bank account.
    Credit.request_redemption => fn request_redemption(amount: Balance, payee: Digest);
    /// Takes that back while it is not confirmed.
    Credit.cancel_redemption => fn cancel_redemption(redemption: u64);
    /// Issuer: a redemption is paid out by this bank transfer.
    Credit.confirm_redemption => fn confirm_redemption(redemption: u64, bank_reference: Vec<u8>);
    /// Issuer: a redemption is not paid out.
    Credit.reject_redemption => fn reject_redemption(redemption: u64, reason: Reason);
    /// Issuer: takes back what was credited by mistake for a bank transfer.
    Credit.reverse_credit => fn reverse_credit(bank_reference: Vec<u8>, amount: Balance, reason: Reason);
    /// Issuer: spends what fees brought in.
    Credit.spend_treasury => fn spend_treasury(account: AccountId, amount: Balance, reason: Reason);

    /// Council: adds a validator.
    Consortium.add_validator => fn add_validator(account: AccountId);
    /// Council: removes a validator.
    Consortium.remove_validator => fn remove_validator(account: AccountId);
    /// Registers the signer's session keys, with the proof that the signer has them.
    Consortium.set_keys => fn set_session_keys(keys: SessionKeys, proof: Vec<u8>);
    /// Council: replaces a validator's session keys at once.
    Consortium.replace_keys => fn replace_session_keys(account: AccountId, keys: SessionKeys, proof: Vec<u8>);

    /// A member of the council votes.
    Council.vote => fn council_vote(proposal: Digest, index: u32 [compact], approve: bool);
}

/// The index of `MultiAddress::Id`.
const ADDRESS_ID: u8 = 0;

impl Call {
    /// Transfers money; the sender's account stays.
    pub fn transfer(to: AccountId, amount: Balance) -> Self {
        let bytes = (ADDRESS_ID, to, Compact(amount)).encode();
        Self::new("Balances", "transfer_keep_alive", vec![Argument::Bytes(bytes)])
    }

    /// Development chains: runs a call as root.
    pub fn sudo(call: Self) -> Self {
        Self::new("Sudo", "sudo", vec![Argument::Call(call)])
    }

    /// Council: runs a call as root, when the motion with it was carried by enough votes.
    pub fn enact(call: Self) -> Self {
        Self::new("Consortium", "enact", vec![Argument::Call(call)])
    }

    /// All of the calls, or none.
    pub fn batch_all(calls: Vec<Self>) -> Self {
        let count = Compact(u32::try_from(calls.len()).unwrap_or(u32::MAX));
        let mut arguments = vec![Argument::Bytes(count.encode())];
        arguments.extend(calls.into_iter().map(Argument::Call));
        Self::new("Utility", "batch_all", arguments)
    }

    /// A member of the council proposes a motion; `length` is that of the encoded call.
    pub fn council_propose(threshold: u32, call: Self, length: u32) -> Self {
        let [threshold, length] = [threshold, length].map(|number| Argument::Bytes(Compact(number).encode()));
        Self::new("Council", "propose", vec![threshold, Argument::Call(call), length])
    }

    /// Closes a motion and runs it if it was carried; weight and length are bounds of the call.
    pub fn council_close(proposal: Digest, index: u32, ref_time: u64, proof_size: u64, length: u32) -> Self {
        let weight = (Compact(ref_time), Compact(proof_size));
        let bytes = (proposal, Compact(index), weight, Compact(length)).encode();
        Self::new("Council", "close", vec![Argument::Bytes(bytes)])
    }
}
