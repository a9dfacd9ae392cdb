//! The transaction extension by which a member acts for a company: what is signed names the company and the membership.

use crate::keys::Membership;
use codec::Encode;
use scale_info::{meta_type, MetaType, TypeInfo};
use subxt::dynamic::Value;
use wonbon_model::AccountId;

/// What the runtime calls it.
pub(super) const NAME: &str = "ActFor";

/// As the runtime reads it, within an option.
#[derive(Encode, TypeInfo)]
struct Acting {
    company: AccountId,
    #[codec(compact)]
    generation: u32,
}

/// The extension as this client writes it, to be compared with the metadata.
pub(super) fn shape() -> MetaType {
    meta_type::<Option<Acting>>()
}

/// What a transaction carries: the company that the signer acts for, or that they act for themselves.
pub(super) fn value(membership: Option<Membership>) -> Value {
    let Some(Membership { company, generation }) = membership else {
        return Value::unnamed_variant("None", []);
    };
    let acting = Value::named_composite([
        ("company", Value::from_bytes(company.0)),
        ("generation", Value::u128(generation.into())),
    ]);
    Value::unnamed_variant("Some", [acting])
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Compact;
    use scale_info::{PortableRegistry, Registry};
    use subxt::ext::scale_encode::EncodeAsType;

    /// The runtime's type is a wrapper, as extensions are.
    #[derive(TypeInfo)]
    #[allow(dead_code)]
    struct ActFor(Option<Acting>);

    fn encoded<T: TypeInfo + 'static>(membership: Option<Membership>) -> Vec<u8> {
        let mut registry = Registry::new();
        let id = registry.register_type(&meta_type::<T>()).id;
        let registry: PortableRegistry = registry.into();
        let mut bytes = Vec::new();
        value(membership).encode_as_type_to(id, &registry, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_transaction_names_the_company_and_the_membership() {
        let company = AccountId([7; 32]);
        for generation in [0, 63, 70_000, u32::MAX] {
            let expected = (1u8, company, Compact(generation)).encode();
            let membership = Some(Membership { company, generation });
            assert_eq!(encoded::<Option<Acting>>(membership), expected);
            assert_eq!(encoded::<ActFor>(membership), expected);
            assert_eq!(Some(Acting { company, generation }).encode(), expected);
        }
        assert_eq!(encoded::<ActFor>(None), [0]);
    }
}
