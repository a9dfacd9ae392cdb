//! Calls as the bytes that the runtime reads, and keys as what signs them.

use super::call::Argument;
use super::error::Result;
use super::{Call, Chain, ChainError};
use crate::keys::Keypair;
use subxt::client::{ClientAtBlock, OfflineClientAtBlockT};
use subxt::config::substrate::{AccountId32, MultiSignature, SubstrateConfig};
use subxt::ext::scale_encode::{EncodeAsFields, Error as EncodeError, FieldIter};
use subxt::ext::scale_type_resolver::TypeResolver;
use subxt::tx::{DynamicPayload, Payload, Signer};

impl Chain {
    /// The bytes of a call, as a motion's length bound and hash need them.
    pub fn encode_call(&self, call: &Call) -> Result<Vec<u8>, ChainError> {
        encode(self.inner.compiled.client(), call)
    }
}

/// The encoded arguments of a call.
pub(super) struct Arguments(Vec<u8>);

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// A client at a block, with or without a connection.
type AtBlock<C> = ClientAtBlock<SubstrateConfig, C>;

pub(super) fn payload<C>(at: &AtBlock<C>, call: &Call) -> Result<DynamicPayload<Arguments>>
where
    C: OfflineClientAtBlockT<SubstrateConfig>,
{
    let mut bytes = Vec::new();
    for argument in &call.arguments {
        match argument {
            Argument::Bytes(encoded) => bytes.extend_from_slice(encoded),
            Argument::Call(inner) => bytes.extend(encode(at, inner)?),
        }
    }
    Ok(DynamicPayload::new(call.pallet, call.name, Arguments(bytes)))
}

pub(super) fn encode<C>(at: &AtBlock<C>, call: &Call) -> Result<Vec<u8>>
where
    C: OfflineClientAtBlockT<SubstrateConfig>,
{
    let payload = payload(at, call)?;
    debug_assert!(payload.validation_details().is_none());
    at.tx().call_data(&payload).map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))
}

/// Our key as subxt wants it.
pub(super) struct SubxtSigner<'a>(pub(super) &'a Keypair);

impl Signer<SubstrateConfig> for SubxtSigner<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.0.signer().0)
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Ed25519(self.0.sign(payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::config::substrate::{SpecVersionForRange, H256};
    use subxt::{Metadata, OfflineClient};
    use wonbon_model::AccountId;

    /// The runtime's own description decodes what we encode, to the last byte: for the calls that contain calls
    /// or addresses, whose shapes are not compared one by one.
    #[test]
    fn calls_within_calls_are_encoded_as_the_runtime_reads_them() {
        let metadata = Metadata::decode_from(include_bytes!("../../metadata.scale")).unwrap().arc();
        let versions = SpecVersionForRange { block_range: 0..10, spec_version: 1, transaction_version: 1 };
        let config = SubstrateConfig::builder()
            .set_genesis_hash(H256([9; 32]))
            .set_spec_version_for_block_ranges([versions])
            .set_metadata_for_spec_versions([(1, metadata)])
            .build();
        let at = OfflineClient::new_with_config(config).at_block(1_u64).unwrap();
        let account = AccountId([7; 32]);
        let inner = Call::withdraw_offer(7);
        let calls = [
            Call::transfer(account, 5_000_000_000),
            Call::sudo(inner.clone()),
            Call::batch_all(vec![Call::accept(300, 16), Call::transfer(account, 1), inner.clone()]),
            Call::council_propose(3, inner.clone(), 34),
            Call::council_close([1; 32], 70_000, 1 << 40, 1 << 20, 34),
            Call::enact(Call::sudo(Call::set_price(1, 2))),
        ];
        for call in calls {
            let encoded = encode(&at, &call).unwrap();
            let decoded = at.tx().from_call_data_bytes(&encoded).unwrap();
            assert_eq!(format!("{}.{}", decoded.pallet_name(), decoded.call_name()), call.name());
        }
    }
}
