//! Signing without asking anybody: by the compiled-in runtime, with a nonce and a life that the caller knows.
//!
//! For [`Chain::submit`], which finds both out first, and for whoever signs many transactions before the first is sent.

use super::acting;
use super::compiled::Compiled;
use super::encoding::{payload, SubxtSigner};
use super::{Call, Chain, ChainError};
use crate::keys::Keypair;
use subxt::config::substrate::{SubstrateConfig, SubstrateExtrinsicParamsBuilder, H256};
use wonbon_model::{BlockNumber, BlockRef, Digest};

/// What a transaction is signed under, beside its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number among the transactions of its signer.
    pub nonce: u64,
    /// The block that its life begins after.
    pub birth: BlockRef,
    /// How many blocks it lives, at most 4,096; the chain knows powers of two only, and what is none is rounded up.
    pub life: BlockNumber,
}

impl Chain {
    /// The bytes of a signed transaction, and its hash. Nothing is asked and nothing checked: one whose nonce is not the
    /// signer's next one waits in the pool until it is.
    pub fn sign_ahead(
        &self,
        key: &Keypair,
        call: &Call,
        place: Place,
    ) -> Result<(Vec<u8>, Digest), ChainError> {
        sign(&self.inner.compiled, key, call, place)
    }
}

fn sign(
    compiled: &Compiled,
    key: &Keypair,
    call: &Call,
    place: Place,
) -> Result<(Vec<u8>, Digest), ChainError> {
    let Place { nonce, birth, life } = place;
    let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new()
        .nonce(nonce)
        .mortal_from_unchecked(life.into(), birth.height.into(), H256(birth.hash))
        .custom_extension(acting::NAME, acting::value(key.membership()))
        .build();
    let client = compiled.client();
    let payload = payload(client, call)?;
    let mut signable = client.tx().create_signable_offline(&payload, params).map_err(ChainError::node)?;
    let transaction = signable.sign(&SubxtSigner(key)).map_err(ChainError::node)?;
    let hash = transaction.hash().0;
    Ok((transaction.into_encoded(), hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Membership;
    use wonbon_model::AccountId;

    #[test]
    fn a_member_signs_with_their_own_key_for_the_company_that_the_transaction_names() {
        let compiled = Compiled::new([9; 32]).unwrap();
        let place = Place { nonce: 3, birth: BlockRef { height: 10, hash: [1; 32] }, life: 64 };
        let signed = |key: &Keypair| sign(&compiled, key, &Call::accept(7, 0), place).unwrap().0;
        let key = Keypair::from_secret(&[7; 32]);
        let company = AccountId([5; 32]);
        let own = signed(&key);
        let acting = signed(&key.clone().acting_by(Membership { company, generation: 300 }));
        let names = |bytes: &[u8], account: AccountId| bytes.windows(32).any(|part| part == account.0);
        assert!(names(&own, key.signer()) && !names(&own, company));
        assert!(names(&acting, key.signer()) && names(&acting, company));
        // The company, and a compact number of two bytes.
        assert_eq!(acting.len(), own.len() + 34);
    }
}
