//! A company's secret on its way to one member: encrypted to the member's key and signed by an admin.
//!
//! HPKE's base mode says nothing about who encrypted. Without the signature the service, which keeps these bytes, could
//! give a member a secret of its own making, under which the member would then order and seal. So an admin of the company
//! signs all of it, and whoever opens says whom they take for an admin, from a proved view. An admin who has left signs
//! nothing new: for an epoch that was not known before, only those who are admins now should be named.

pub(super) mod encryption;

use super::layout::{self, BadLayout};
use super::secrets::{CompanyId, CompanySecret, Epoch, SecretId};
use crate::keys::{verify, Keypair, Secret};
use codec::{Decode, Encode};
use rand_core::{CryptoRng, RngCore};
use thiserror::Error;
use wonbon_model::{AccountId, Digest};
use wonbon_primitives::label;

const LAYOUT: u8 = 1;
/// The secret, and the cipher's tag.
const CIPHERTEXT_BYTES: usize = 48;

/// The member's key is none that anything can be encrypted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the key of member {0} is no X25519 key")]
pub struct BadMemberKey(pub AccountId);

/// Why a wrapped secret is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    /// It is another company's, or of another chain.
    #[error("the wrapped secret is that of another company: {0}")]
    OtherCompany(AccountId),
    /// It is for another member.
    #[error("the wrapped secret is for another member: {0}")]
    OtherMember(AccountId),
    /// It is for another key than the member has now.
    #[error("the wrapped secret is for another key of the member than the present one")]
    OtherKey,
    /// It is by none of the admins.
    #[error("the wrapped secret is signed by {0}, who is no admin of the company")]
    NotAdmin(AccountId),
    /// The signature is not theirs.
    #[error("the wrapped secret was changed, or {0} did not sign it")]
    Signature(AccountId),
    /// It cannot be decrypted, although an admin signed it.
    #[error("the wrapped secret cannot be decrypted: {0} made it wrongly")]
    Ciphertext(AccountId),
    /// It is not the secret that the admin named.
    #[error("what {0} wrapped is another secret than it says")]
    OtherSecret(AccountId),
}

/// A member, and the key that secrets are encrypted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// The member's account.
    pub account: AccountId,
    /// Their X25519 public key.
    pub key: [u8; 32],
}

/// A company's secret for one member. Only that member reads it; who it is for and by whom is open.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct WrappedSecret {
    secret: SecretId,
    member: AccountId,
    member_key: [u8; 32],
    wrapper: AccountId,
    share: [u8; 32],
    ciphertext: [u8; CIPHERTEXT_BYTES],
    signature: [u8; 64],
}

impl WrappedSecret {
    /// Wraps a secret for a member, signed by an admin.
    pub fn wrap(
        secret: &CompanySecret,
        to: &Recipient,
        wrapper: &Keypair,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, BadMemberKey> {
        let (id, member, member_key) = (*secret.id(), to.account, to.key);
        let info = info(&id.company, id.epoch, &member);
        let encrypted = encryption::encrypt(&member_key, &info, &[], secret.expose().as_ref(), rng);
        let (share, ciphertext) = encrypted.ok_or(BadMemberKey(member))?;
        let ciphertext = ciphertext.try_into().expect("to 32 bytes the cipher adds 16; qed");
        let (wrapper_account, signature) = (wrapper.signer(), [0; 64]);
        let unsigned =
            Self { secret: id, member, member_key, wrapper: wrapper_account, share, ciphertext, signature };
        Ok(Self { signature: wrapper.sign(&unsigned.digest()), ..unsigned })
    }

    /// Opens it for a member with their X25519 secret. Any of `admins` may have wrapped it: accounts that the caller
    /// knows to be admins of the company, or to have been when it was wrapped.
    pub fn open(
        &self,
        company: &CompanyId,
        member: &AccountId,
        key: &Secret,
        admins: &[AccountId],
    ) -> Result<CompanySecret, OpenError> {
        let SecretId { company: own, epoch, .. } = &self.secret;
        if own != company {
            return Err(OpenError::OtherCompany(own.account));
        }
        if self.member != *member {
            return Err(OpenError::OtherMember(self.member));
        }
        if !admins.contains(&self.wrapper) {
            return Err(OpenError::NotAdmin(self.wrapper));
        }
        if !verify(&self.wrapper, &self.digest(), &self.signature) {
            return Err(OpenError::Signature(self.wrapper));
        }
        if encryption::public_key(key) != Some(self.member_key) {
            return Err(OpenError::OtherKey);
        }
        let info = info(own, *epoch, &self.member);
        let plain = encryption::decrypt(key, &self.share, &info, &[], &self.ciphertext);
        let plain = plain.ok_or(OpenError::Ciphertext(self.wrapper))?;
        let mut bytes = Secret::default();
        let plain = <&[u8; 32]>::try_from(plain.as_slice());
        bytes.copy_from_slice(plain.map_err(|_| OpenError::Ciphertext(self.wrapper))?);
        let secret = CompanySecret::from_bytes(*own, *epoch, bytes);
        if *secret.id() != self.secret {
            return Err(OpenError::OtherSecret(self.wrapper));
        }
        Ok(secret)
    }

    /// Which secret it says to be.
    pub fn secret(&self) -> &SecretId {
        &self.secret
    }

    /// Whom it is for.
    pub fn member(&self) -> &AccountId {
        &self.member
    }

    /// Who says that they wrapped it.
    pub fn wrapper(&self) -> &AccountId {
        &self.wrapper
    }

    /// Its bytes, for the service.
    pub fn to_bytes(&self) -> Vec<u8> {
        layout::write(LAYOUT, self)
    }

    /// Reads what the service gave. What is in it is checked when it is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadLayout> {
        layout::read(LAYOUT, bytes, "wrapped secret")
    }

    /// What the admin signs: H(label, genesis, company, epoch, commitment, member, key, share, ciphertext).
    fn digest(&self) -> Digest {
        let SecretId { company, epoch, commitment } = &self.secret;
        let parts: [&[u8]; 8] = [
            &company.genesis,
            &company.account.0,
            &epoch.0.to_le_bytes(),
            commitment,
            &self.member.0,
            &self.member_key,
            &self.share,
            &self.ciphertext,
        ];
        label::hash(label::WRAPPED_SECRET, &parts)
    }
}

/// The public key of a member's X25519 secret.
pub fn member_public_key(secret: &Secret) -> [u8; 32] {
    encryption::public_key(secret).expect("any 32 bytes are an X25519 secret; qed")
}

/// HPKE's `info`: H(label, genesis, company, epoch, member).
fn info(company: &CompanyId, epoch: Epoch, member: &AccountId) -> Digest {
    let epoch = epoch.0.to_le_bytes();
    label::hash(label::SECRET_WRAPPING, &[&company.genesis, &company.account.0, &epoch, &member.0])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, secret};
    use super::*;
    use proptest::prelude::*;
    use rand_core::OsRng;

    fn admin() -> Keypair {
        Keypair::from_secret(&[21; 32])
    }

    fn key() -> Secret {
        Secret::new([22; 32])
    }

    fn member() -> Recipient {
        Recipient { account: AccountId([23; 32]), key: member_public_key(&key()) }
    }

    fn wrapped() -> WrappedSecret {
        WrappedSecret::wrap(&secret(1, 7), &member(), &admin(), &mut OsRng).unwrap()
    }

    fn open(wrapped: &WrappedSecret) -> Result<CompanySecret, OpenError> {
        wrapped.open(&company(), &member().account, &key(), &[admin().account()])
    }

    #[test]
    fn a_member_opens_what_an_admin_wrapped_for_them() {
        let read = WrappedSecret::from_bytes(&wrapped().to_bytes()).unwrap();
        assert_eq!(read.secret(), secret(1, 7).id());
        let opened = open(&read).unwrap();
        assert_eq!((opened.expose(), &opened), (&Secret::new([7; 32]), &secret(1, 7)));
        assert!(!hex::encode(read.to_bytes()).contains(&hex::encode([7; 32])));
    }

    #[test]
    fn another_company_chain_member_key_or_admin_is_refused() {
        let (wrapped, member, admins) = (wrapped(), member().account, [admin().account()]);
        let other = AccountId([9; 32]);
        let of = |company: CompanyId| wrapped.open(&company, &member, &key(), &admins).unwrap_err();
        let other_company = of(CompanyId { account: other, ..company() });
        assert_eq!(other_company, OpenError::OtherCompany(company().account));
        let other_chain = of(CompanyId { genesis: [9; 32], ..company() });
        assert_eq!(other_chain, OpenError::OtherCompany(company().account));
        let refused = wrapped.open(&company(), &other, &key(), &admins).unwrap_err();
        assert_eq!(refused, OpenError::OtherMember(member));
        let refused = wrapped.open(&company(), &member, &Secret::new([9; 32]), &admins).unwrap_err();
        assert_eq!(refused, OpenError::OtherKey);
        let refused = wrapped.open(&company(), &member, &key(), &[other]).unwrap_err();
        assert_eq!(refused, OpenError::NotAdmin(admin().account()));
    }

    /// The service, which keeps the bytes, cannot make one for another than the admin did, even where it is believed.
    #[test]
    fn nothing_is_exchanged_and_nothing_is_made_by_others() {
        let (wrapped, other) = (wrapped(), AccountId([9; 32]));
        let bad_signature = OpenError::Signature(admin().account());
        let epoch = SecretId { epoch: Epoch(2), ..*wrapped.secret() };
        assert_eq!(open(&WrappedSecret { secret: epoch, ..wrapped.clone() }), Err(bad_signature));
        let to_other = WrappedSecret { member: other, ..wrapped.clone() };
        let opened = to_other.open(&company(), &other, &key(), &[admin().account()]);
        assert_eq!(opened, Err(bad_signature));
        let moved = CompanyId { account: other, ..company() };
        let of_other =
            WrappedSecret { secret: SecretId { company: moved, ..*wrapped.secret() }, ..wrapped.clone() };
        let opened = of_other.open(&moved, &member().account, &key(), &[admin().account()]);
        assert_eq!(opened, Err(bad_signature));

        let service = Keypair::from_secret(&[99; 32]);
        let own = WrappedSecret::wrap(&secret(1, 66), &member(), &service, &mut OsRng).unwrap();
        assert_eq!(open(&own), Err(OpenError::NotAdmin(service.account())));
        assert_eq!(open(&WrappedSecret { wrapper: admin().account(), ..own }), Err(bad_signature));
    }

    /// HPKE itself binds what the signature binds: an admin's signature over another's ciphertext opens nothing.
    #[test]
    fn a_ciphertext_of_another_epoch_or_member_does_not_open_even_when_signed_anew() {
        let of = |change: fn(&mut WrappedSecret)| {
            let mut wrapped = wrapped();
            change(&mut wrapped);
            wrapped.signature = admin().sign(&wrapped.digest());
            open(&wrapped)
        };
        assert!(of(|_| {}).is_ok());
        assert_eq!(of(|w| w.secret.epoch = Epoch(2)), Err(OpenError::Ciphertext(admin().account())));
        assert_eq!(of(|w| w.ciphertext[0] ^= 1), Err(OpenError::Ciphertext(admin().account())));
        assert_eq!(of(|w| w.secret.commitment[0] ^= 1), Err(OpenError::OtherSecret(admin().account())));
        assert_eq!(of(|w| w.member_key[0] ^= 1), Err(OpenError::OtherKey));
    }

    #[test]
    fn what_is_no_key_is_refused_by_the_members_name() {
        let weak = Recipient { key: [0; 32], ..member() };
        let refused = WrappedSecret::wrap(&secret(1, 7), &weak, &admin(), &mut OsRng);
        assert_eq!(refused, Err(BadMemberKey(weak.account)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_secret_comes_back_to_its_member_and_any_changed_byte_is_refused(
            (genesis, account, epoch, bytes) in any::<([u8; 32], [u8; 32], u32, [u8; 32])>(),
            (member, member_secret) in any::<([u8; 32], [u8; 32])>(),
            at: prop::sample::Index,
            mask in 1u8..,
        ) {
            let company = CompanyId { genesis, account: AccountId(account) };
            let secret = CompanySecret::from_bytes(company, Epoch(epoch), Secret::new(bytes));
            let (member, member_secret) = (AccountId(member), Secret::new(member_secret));
            let to = Recipient { account: member, key: member_public_key(&member_secret) };
            let bytes = WrappedSecret::wrap(&secret, &to, &admin(), &mut OsRng).unwrap().to_bytes();
            let open = |bytes: &[u8]| {
                let wrapped = WrappedSecret::from_bytes(bytes).ok()?;
                wrapped.open(&company, &member, &member_secret, &[admin().account()]).ok()
            };
            let opened = open(&bytes).unwrap();
            prop_assert_eq!((opened.id(), opened.expose()), (secret.id(), secret.expose()));
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= mask;
            prop_assert_eq!(open(&changed), None);
            prop_assert_eq!(open(&bytes[..at.index(bytes.len())]), None);
            prop_assert_eq!(open(&[&bytes[..], &[0]].concat()), None);
        }
    }
}
