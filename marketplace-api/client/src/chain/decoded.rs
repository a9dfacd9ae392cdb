//! A call that somebody else put together, read by the runtime that this program was built for: so that it can be said in
//! words what it does, before anybody votes for it.
//!
//! Promises: nothing of what is read is left out; what is too long to be read as a whole is said to be.

use super::compiled::Compiled;
use super::error::Result;
use super::ChainError;
use scale_info::{form::PortableForm, PortableRegistry, TypeDef, TypeDefPrimitive};
use subxt::ext::scale_value::scale::decode_as_type;
use subxt::ext::scale_value::{Composite, Primitive, Value, ValueDef, Variant};
use subxt::Metadata;
use wonbon_model::AccountId;

/// The longest call that is read to its last argument: a runtime's code is longer.
const MAX_READ: usize = 64 * 1024;

/// A call with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedCall {
    /// The pallet, as `Participants`.
    pub pallet: String,
    /// The call, as `verify`.
    pub name: String,
    /// Its arguments, in order.
    pub arguments: Vec<(String, Decoded)>,
    /// How many bytes it has, if it is so long that its arguments were not read.
    pub unread: Option<usize>,
}

/// An argument of a call, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Whose account.
    Account(AccountId),
    /// A number, or an amount.
    Number(u128),
    /// Yes or no.
    Flag(bool),
    /// Bytes: a text, a hash, a code.
    Bytes(Vec<u8>),
    /// One of several things, with what belongs to it.
    Word(String, Vec<(String, Decoded)>),
    /// Several of one kind.
    List(Vec<Decoded>),
    /// Several things by name.
    Fields(Vec<(String, Decoded)>),
    /// A call within the call.
    Call(Box<DecodedCall>),
    /// What has no such form, as its type writes it.
    Other(String),
}

impl DecodedCall {
    /// An argument, by its name.
    pub fn argument(&self, name: &str) -> Option<&Decoded> {
        self.arguments.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// Whether it is this call.
    pub fn is(&self, pallet: &str, name: &str) -> bool {
        self.pallet == pallet && self.name == name
    }

    /// Reads a call.
    pub(super) fn read(compiled: &Compiled, bytes: &[u8]) -> Result<Self> {
        let metadata = compiled.client().metadata_ref();
        let undecodable = |reason: String| ChainError::undecodable("a call", reason);
        if bytes.len() > MAX_READ {
            let (pallet, name) = names(metadata, bytes).ok_or_else(|| undecodable("unknown".to_owned()))?;
            return Ok(Self { pallet, name, arguments: Vec::new(), unread: Some(bytes.len()) });
        }
        let (types, calls) = (metadata.types(), metadata.outer_enums().call_enum_ty());
        let mut rest = bytes;
        let value =
            decode_as_type(&mut rest, calls, types).map_err(|error| undecodable(error.to_string()))?;
        if !rest.is_empty() {
            return Err(undecodable(format!("{} bytes are left over", rest.len())));
        }
        let reader = Reader { types, calls };
        reader.call(value).ok_or_else(|| undecodable("it is none".to_owned()))
    }
}

/// Pallet and name of a call, by its first two bytes.
fn names(metadata: &Metadata, bytes: &[u8]) -> Option<(String, String)> {
    let [pallet, call, ..] = bytes else { return None };
    let pallet = metadata.pallet_by_call_index(*pallet)?;
    let call = pallet.call_variant_by_index(*call)?;
    Some((pallet.name().to_owned(), call.name.clone()))
}

struct Reader<'a> {
    types: &'a PortableRegistry,
    /// The type of all calls.
    calls: u32,
}

impl Reader<'_> {
    /// A call: the pallet's variant, which has the call's variant in it.
    fn call(&self, value: Value<u32>) -> Option<DecodedCall> {
        let ValueDef::Variant(Variant { name: pallet, values }) = value.value else { return None };
        let inner = unnamed(values)?.pop()?;
        let ValueDef::Variant(Variant { name, values }) = inner.value else { return None };
        Some(DecodedCall { pallet, name, arguments: self.fields(values), unread: None })
    }

    fn fields(&self, values: Composite<u32>) -> Vec<(String, Decoded)> {
        match values {
            Composite::Named(fields) => {
                fields.into_iter().map(|(name, value)| (name, self.value(value))).collect()
            }
            Composite::Unnamed(values) => {
                let numbered = values.into_iter().enumerate();
                numbered.map(|(at, value)| (at.to_string(), self.value(value))).collect()
            }
        }
    }

    fn value(&self, value: Value<u32>) -> Decoded {
        let kind = self.types.resolve(value.context);
        let called = kind.and_then(|kind| kind.path.ident()).unwrap_or_default();
        if value.context == self.calls {
            let shown = format!("{:?}", value.value);
            return self.call(value).map_or(Decoded::Other(shown), |call| Decoded::Call(Box::new(call)));
        }
        match value.value {
            ValueDef::Primitive(Primitive::U128(number)) => Decoded::Number(number),
            ValueDef::Primitive(Primitive::Bool(flag)) => Decoded::Flag(flag),
            ValueDef::Primitive(Primitive::String(text)) => Decoded::Bytes(text.into_bytes()),
            ValueDef::Variant(Variant { name, values }) if called == "MultiAddress" && name == "Id" => {
                match unnamed(values).and_then(|mut values| values.pop()) {
                    Some(account) => self.value(account),
                    None => Decoded::Word(name, Vec::new()),
                }
            }
            ValueDef::Variant(Variant { name, values }) => Decoded::Word(name, self.fields(values)),
            ValueDef::Composite(composite) => {
                self.composite(composite, kind.map(|kind| &kind.type_def), &called)
            }
            other => Decoded::Other(format!("{other:?}")),
        }
    }

    fn composite(
        &self,
        composite: Composite<u32>,
        kind: Option<&TypeDef<PortableForm>>,
        called: &str,
    ) -> Decoded {
        let values = match composite {
            named @ Composite::Named(_) => return Decoded::Fields(self.fields(named)),
            Composite::Unnamed(values) => values,
        };
        match kind {
            Some(TypeDef::Sequence(of)) if self.is_byte(of.type_param.id) => bytes(values),
            Some(TypeDef::Array(of)) if self.is_byte(of.type_param.id) => bytes(values),
            // One thing in a type of its own: an account, a bounded text, a share.
            Some(TypeDef::Composite(_)) if values.len() == 1 => {
                let mut values = values;
                let inner = values.pop().map(|value| self.value(value));
                match (called, inner) {
                    ("AccountId32" | "AccountId", Some(Decoded::Bytes(found))) => {
                        match <[u8; 32]>::try_from(found) {
                            Ok(account) => Decoded::Account(AccountId(account)),
                            Err(found) => Decoded::Bytes(found),
                        }
                    }
                    (_, Some(inner)) => inner,
                    (_, None) => Decoded::List(Vec::new()),
                }
            }
            _ => Decoded::List(values.into_iter().map(|value| self.value(value)).collect()),
        }
    }

    fn is_byte(&self, id: u32) -> bool {
        let kind = self.types.resolve(id).map(|kind| &kind.type_def);
        matches!(kind, Some(TypeDef::Primitive(TypeDefPrimitive::U8)))
    }
}

fn unnamed(values: Composite<u32>) -> Option<Vec<Value<u32>>> {
    match values {
        Composite::Unnamed(values) => Some(values),
        Composite::Named(fields) => Some(fields.into_iter().map(|(_, value)| value).collect()),
    }
}

fn bytes(values: Vec<Value<u32>>) -> Decoded {
    let byte = |value: Value<u32>| match value.value {
        ValueDef::Primitive(Primitive::U128(byte)) => u8::try_from(byte).ok(),
        _ => None,
    };
    Decoded::Bytes(values.into_iter().filter_map(byte).collect())
}

#[cfg(test)]
mod tests {
    use super::super::encoding::encode;
    use super::super::Call;
    use super::*;
    use wonbon_model::Reason;

    fn read(call: &Call) -> DecodedCall {
        let compiled = Compiled::new([7; 32]).unwrap();
        let bytes = encode(compiled.client(), call).unwrap();
        DecodedCall::read(&compiled, &bytes).unwrap()
    }

    #[test]
    fn a_call_is_read_with_all_that_it_says() {
        let account = AccountId([3; 32]);
        let reason = Reason::try_from("잘못".as_bytes().to_vec()).unwrap();
        let suspend = read(&Call::suspend(account, reason));
        assert!(suspend.is("Participants", "suspend"));
        let expected = [
            ("account".to_owned(), Decoded::Account(account)),
            ("reason".to_owned(), Decoded::Bytes("잘못".as_bytes().to_vec())),
        ];
        assert_eq!(suspend.arguments, expected);

        let credit = read(&Call::credit(account, 7_000, b"REF-1".to_vec()));
        assert_eq!(credit.argument("amount"), Some(&Decoded::Number(7_000)));
        assert_eq!(credit.argument("bank_reference"), Some(&Decoded::Bytes(b"REF-1".to_vec())));
        let transfer = read(&Call::transfer(account, 5));
        assert_eq!(transfer.argument("dest"), Some(&Decoded::Account(account)));
    }

    #[test]
    fn a_call_within_a_call_is_read_too() {
        let inner = Call::add_validator(AccountId([4; 32]));
        let outer = read(&Call::enact(Call::batch_all(vec![inner.clone()])));
        let Some(Decoded::Call(batch)) = outer.argument("call") else { panic!("{outer:?}") };
        let Some(Decoded::List(calls)) = batch.argument("calls") else { panic!("{batch:?}") };
        assert_eq!(calls, &[Decoded::Call(Box::new(read(&inner)))]);
    }

    #[test]
    fn what_is_no_call_is_refused_and_what_is_long_is_named() {
        let compiled = Compiled::new([7; 32]).unwrap();
        let mut bytes = encode(compiled.client(), &Call::settle(3, 0)).unwrap();
        bytes.push(0);
        assert!(DecodedCall::read(&compiled, &bytes).is_err());
        assert!(DecodedCall::read(&compiled, &[255, 255]).is_err());
        assert!(DecodedCall::read(&compiled, &[]).is_err());
        bytes.resize(MAX_READ + 1, 0);
        let long = DecodedCall::read(&compiled, &bytes).unwrap();
        assert!(long.is("Marketplace", "settle") && long.unread == Some(MAX_READ + 1));
    }
}
