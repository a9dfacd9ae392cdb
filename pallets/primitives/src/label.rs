//! Every domain label, and the one way in which labelled hashes are formed.
//!
//! A hash made for one purpose can never stand in for another: the label comes first with its length, and every
//! part comes with its length, so that two different lists of parts never give the same input. Tree hashes are
//! the exception: their prefixes 0x00 and 0x01 are those of RFC 9162 (see `content::tree`).

use crate::id::Digest;
use sha2::{Digest as _, Sha256, Sha512};

/// A domain label; the constants of this module are the only ones.
pub type Label = &'static str;

/// Commitment to a dataset's root and length before it is registered. The first version left the length open.
pub const ANNOUNCEMENT: Label = "wonbon/announcement/2";
/// The draw of the leaves that a registration shows.
pub const LEAF_DRAW: Label = "wonbon/leaf-draw/1";
/// Commitment to a content key.
pub const KEY_COMMITMENT: Label = "wonbon/key-commitment/1";
/// A buyer's secret for one order.
pub const ORDER_SECRET: Label = "wonbon/order-secret/1";
/// The secret for one order of a buyer that is a company.
pub const COMPANY_ORDER_SECRET: Label = "wonbon/company-order-secret/1";
/// The seller's ephemeral scalar of a delivery.
pub const DELIVERY_SECRET: Label = "wonbon/delivery-secret/1";
/// The mask over a delivered content key.
pub const DELIVERY_MASK: Label = "wonbon/delivery-mask/1";
/// The nonce of a shared-secret proof.
pub const PROOF_NONCE: Label = "wonbon/shared-secret-nonce/1";
/// The challenge of a shared-secret proof.
pub const PROOF_CHALLENGE: Label = "wonbon/shared-secret-challenge/1";
/// Digest of an order's terms.
pub const TERMS: Label = "wonbon/terms/2";
/// Extension of a dataset's hash chain of records.
pub const RECORD: Label = "wonbon/record/1";
/// Entry of a trade in a dataset's hash chain.
pub const TRADE: Label = "wonbon/trade/1";
/// Entry of an attestation in a dataset's hash chain.
pub const ATTESTATION: Label = "wonbon/attestation/1";
/// Entry of a withdrawal in a dataset's hash chain.
pub const WITHDRAWAL: Label = "wonbon/withdrawal/1";
/// Entry of a handover in a dataset's hash chain.
pub const HANDOVER: Label = "wonbon/handover/1";
/// Entry of a new version in a dataset's hash chain.
pub const VERSION: Label = "wonbon/version/1";
/// Entry of an answered draw in a dataset's hash chain.
pub const SAMPLE: Label = "wonbon/sample/1";
/// The draw of a fair sample.
pub const DRAW: Label = "wonbon/draw/1";
/// First value of a dataset's hash chain.
pub const DATASET: Label = "wonbon/dataset/2";
/// First value of the hash chain of a dataset whose record has the first layout.
pub const FROZEN_DATASET: Label = "wonbon/dataset/1";
/// Name of a faulted sealing.
pub const FAULT: Label = "wonbon/fault/1";
/// Name of a bank account that money is paid out to.
pub const PAYEE: Label = "wonbon/payee/1";
/// Account of a company that acts through people.
pub const COMPANY: Label = "wonbon/company/1";
/// What a new member of a company signs.
pub const JOINING: Label = "wonbon/joining/1";
/// What the first member of a company signs.
pub const APPLICATION: Label = "wonbon/application/1";
/// Commitment to a company's secret of an epoch.
pub const COMPANY_SECRET: Label = "wonbon/company-secret/1";
/// What a company's secret that is encrypted to a member is bound to.
pub const SECRET_WRAPPING: Label = "wonbon/secret-wrapping/1";
/// What an admin signs who encrypts a company's secret to a member.
pub const WRAPPED_SECRET: Label = "wonbon/wrapped-secret/1";
/// Key under which a company's content keys are sealed.
pub const KEY_SEALING: Label = "wonbon/key-sealing/1";
/// What a content key sealed for a company is bound to.
pub const SEALED_KEY: Label = "wonbon/sealed-key/1";
/// What a single content key that is encrypted to a member is bound to.
pub const ENTRUSTED_KEY: Label = "wonbon/entrusted-key/1";
/// Check words of a company's recovery sheet.
pub const RECOVERY_SHEET: Label = "wonbon/recovery-sheet/1";
/// Message that an account signs to sign in to a service.
pub const SIGN_IN: Label = "wonbon/sign-in/3";
/// Secret that an account's key file gives for sealing its own records.
pub const ACCOUNT_SECRET: Label = "wonbon/account-secret/1";
/// Secret that a person's key file gives for what is encrypted to them as a company's member.
pub const MEMBER_KEY: Label = "wonbon/member-key/1";

/// SHA-256(length of label, 1 byte ‖ label ‖ for each part: length, 8 bytes little-endian ‖ part).
pub fn hash(label: Label, parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    feed(&mut hasher, label, parts);
    hasher.finalize().into()
}

/// The same with SHA-512, for scalars, which are reduced from 64 bytes.
pub fn hash64(label: Label, parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    feed(&mut hasher, label, parts);
    hasher.finalize().into()
}

fn feed<H: sha2::Digest>(hasher: &mut H, label: Label, parts: &[&[u8]]) {
    hasher.update([label.len() as u8]);
    hasher.update(label.as_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}
