//! Compares the shapes of our types with a chain's metadata.
//!
//! Two types have one shape if their SCALE encodings mean the same: fields of the same names in the same order,
//! variants of the same names and indices, the same numbers. Wrappers around a single unnamed value are
//! transparent, as they are in the encoding. So our `AccountId` and the SDK's `AccountId32` agree, and a field
//! that was added, moved or renamed does not.

use super::acting;
use super::call::Call;
use super::entries::entries;
use super::error::Result;
use super::{ChainError, ChainEvent};
use scale_info::form::PortableForm;
use scale_info::{Field, MetaType, PortableRegistry, Registry, TypeDef};
use std::collections::HashSet;
use subxt::Metadata;

/// What the comparison is after, gathered before the registry of our types is complete.
struct Wanted {
    what: String,
    live: u32,
    ours: u32,
}

/// Compares everything that this client reads or writes with a runtime's metadata.
pub(super) fn check(metadata: &Metadata) -> Result<()> {
    let mut problems = Vec::new();
    let mut wanted = Vec::new();
    let mut registry = Registry::new();
    let mut ours = |meta: &MetaType| registry.register_type(meta).id;

    for entry in entries() {
        let what = format!("storage {}.{}", entry.pallet, entry.name);
        let live = metadata
            .pallet_by_name(entry.pallet)
            .and_then(|pallet| pallet.storage())
            .and_then(|storage| storage.entry_by_name(entry.name));
        let Some(live) = live else {
            problems.push(format!("{what} is missing"));
            continue;
        };
        let keys: Vec<u32> = live.keys().map(|key| key.key_id).collect();
        if keys.len() != entry.keys.len() {
            problems.push(format!("{what} has {} keys, not {}", keys.len(), entry.keys.len()));
            continue;
        }
        for (key, meta) in keys.into_iter().zip(&entry.keys) {
            wanted.push(Wanted { what: format!("key of {what}"), live: key, ours: ours(meta) });
        }
        wanted.push(Wanted { what, live: live.value_ty(), ours: ours(&entry.value) });
    }

    let mut extensions = metadata.extrinsic().transaction_extensions_to_use_for_encoding();
    match extensions.find(|extension| extension.identifier() == acting::NAME) {
        Some(live) => {
            let what = format!("extension {}", acting::NAME);
            wanted.push(Wanted { what, live: live.extra_ty(), ours: ours(&acting::shape()) });
        }
        None => problems.push(format!("extension {} is missing", acting::NAME)),
    }

    let events = ChainEvent::shapes().into_iter().map(|shape| ("event", shape));
    let calls = Call::shapes().into_iter().map(|shape| ("call", shape));
    for (kind, shape) in events.chain(calls) {
        let what = format!("{kind} {}.{}", shape.pallet, shape.name);
        let live = metadata.pallet_by_name(shape.pallet).and_then(|pallet| match kind {
            "event" => pallet.event_variants()?.iter().find(|variant| variant.name == shape.name),
            _ => pallet.call_variant_by_name(shape.name),
        });
        let Some(live) = live else {
            problems.push(format!("{what} is missing"));
            continue;
        };
        let live_names: Vec<_> =
            live.fields.iter().map(|field| field.name.as_deref().unwrap_or("")).collect();
        let our_names: Vec<_> = shape.fields.iter().map(|(name, _)| *name).collect();
        if live_names != our_names {
            problems.push(format!("{what} has the fields {live_names:?}, not {our_names:?}"));
            continue;
        }
        for (field, (name, meta)) in live.fields.iter().zip(&shape.fields) {
            wanted.push(Wanted { what: format!("{what}, {name}"), live: field.ty.id, ours: ours(meta) });
        }
    }

    let ours: PortableRegistry = registry.into();
    for item in wanted {
        let mut comparison = Comparison { live: metadata.types(), ours: &ours, seen: HashSet::new() };
        if let Err(difference) = comparison.compare(item.live, item.ours) {
            problems.push(format!("{}: {difference}", item.what));
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(ChainError::OtherRuntime(problems)),
    }
}

struct Comparison<'a> {
    live: &'a PortableRegistry,
    ours: &'a PortableRegistry,
    /// Pairs that are being compared: types may be recursive.
    seen: HashSet<(u32, u32)>,
}

impl Comparison<'_> {
    fn compare(&mut self, live: u32, ours: u32) -> Result<(), String> {
        let (live_id, live) = unwrapped(self.live, live)?;
        let (our_id, ours) = unwrapped(self.ours, ours)?;
        if !self.seen.insert((live_id, our_id)) {
            return Ok(());
        }
        match (live, ours) {
            (TypeDef::Primitive(live), TypeDef::Primitive(ours)) => {
                let name = |number| format!("{number:?}").to_lowercase();
                ensure(live == ours, || format!("{} is not {}", name(live), name(ours)))
            }
            (TypeDef::Compact(live), TypeDef::Compact(ours)) => {
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Sequence(live), TypeDef::Sequence(ours)) => {
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Array(live), TypeDef::Array(ours)) => {
                ensure(live.len == ours.len, || format!("an array of {}, not {}", live.len, ours.len))?;
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Tuple(live), TypeDef::Tuple(ours)) => {
                let (there, here) = (live.fields.len(), ours.fields.len());
                ensure(there == here, || format!("a tuple of {there}, not {here}"))?;
                for (live, ours) in live.fields.iter().zip(&ours.fields) {
                    self.compare(live.id, ours.id)?;
                }
                Ok(())
            }
            (TypeDef::Composite(live), TypeDef::Composite(ours)) => self.fields(&live.fields, &ours.fields),
            (TypeDef::Variant(live), TypeDef::Variant(ours)) => {
                let names = |variants: &[scale_info::Variant<PortableForm>]| -> Vec<(u8, String)> {
                    let mut names: Vec<_> = variants.iter().map(|v| (v.index, v.name.clone())).collect();
                    names.sort();
                    names
                };
                let (live_names, our_names) = (names(&live.variants), names(&ours.variants));
                ensure(live_names == our_names, || {
                    format!("the variants {live_names:?}, not {our_names:?}")
                })?;
                for ours in &ours.variants {
                    if let Some(live) = live.variants.iter().find(|live| live.index == ours.index) {
                        self.fields(&live.fields, &ours.fields)
                            .map_err(|difference| format!("{}: {difference}", ours.name))?;
                    }
                }
                Ok(())
            }
            (TypeDef::BitSequence(_), TypeDef::BitSequence(_)) => Ok(()),
            (live, ours) => Err(format!("{}, not {}", kind(live), kind(ours))),
        }
    }

    fn fields(&mut self, live: &[Field<PortableForm>], ours: &[Field<PortableForm>]) -> Result<(), String> {
        let names = |fields: &[Field<PortableForm>]| -> Vec<String> {
            fields.iter().map(|field| field.name.clone().unwrap_or_default()).collect()
        };
        let (live_names, our_names) = (names(live), names(ours));
        ensure(live_names == our_names, || format!("the fields {live_names:?}, not {our_names:?}"))?;
        for (live, ours) in live.iter().zip(ours) {
            let name = ours.name.as_deref().unwrap_or("value");
            self.compare(live.ty.id, ours.ty.id).map_err(|difference| format!("{name}: {difference}"))?;
        }
        Ok(())
    }
}

/// The definition below wrappers of a single unnamed value.
fn unwrapped(registry: &PortableRegistry, id: u32) -> Result<(u32, &TypeDef<PortableForm>), String> {
    let definition = &registry.resolve(id).ok_or_else(|| format!("type {id} is missing"))?.type_def;
    let inner = match definition {
        TypeDef::Composite(composite) => match composite.fields.as_slice() {
            [field] => field.name.is_none().then_some(field.ty.id),
            _ => None,
        },
        TypeDef::Tuple(tuple) => {
            tuple.fields.first().filter(|_| tuple.fields.len() == 1).map(|field| field.id)
        }
        _ => None,
    };
    inner.map_or(Ok((id, definition)), |inner| unwrapped(registry, inner))
}

fn ensure(holds: bool, difference: impl FnOnce() -> String) -> Result<(), String> {
    holds.then_some(()).ok_or_else(difference)
}

fn kind(definition: &TypeDef<PortableForm>) -> &'static str {
    match definition {
        TypeDef::Composite(_) => "a record",
        TypeDef::Variant(_) => "a choice",
        TypeDef::Sequence(_) => "a list",
        TypeDef::Array(_) => "an array",
        TypeDef::Tuple(_) => "a tuple",
        TypeDef::Primitive(_) => "a number or text",
        TypeDef::Compact(_) => "a compact number",
        TypeDef::BitSequence(_) => "bits",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Compact, Encode};
    use scale_info::{meta_type, TypeInfo};

    #[derive(Encode, TypeInfo)]
    struct Wrapped([u8; 32]);

    #[derive(Encode, TypeInfo)]
    #[allow(dead_code)]
    struct Record {
        id: Wrapped,
        amount: u128,
    }

    #[derive(Encode, TypeInfo)]
    #[allow(dead_code)]
    struct Renamed {
        id: [u8; 32],
        sum: u128,
    }

    #[derive(Encode, TypeInfo)]
    #[allow(dead_code)]
    struct Unwrapped {
        id: [u8; 32],
        amount: u128,
    }

    #[derive(Encode, TypeInfo)]
    #[allow(dead_code)]
    enum One {
        A,
        B(u8),
    }

    #[derive(Encode, TypeInfo)]
    #[allow(dead_code)]
    enum Two {
        B(u8),
        A,
    }

    fn differ(live: MetaType, ours: MetaType) -> Option<String> {
        let mut registry = Registry::new();
        let (live, ours) = (registry.register_type(&live).id, registry.register_type(&ours).id);
        let registry = registry.into();
        Comparison { live: &registry, ours: &registry, seen: HashSet::new() }.compare(live, ours).err()
    }

    #[test]
    fn wrappers_are_transparent_and_nothing_else_is() {
        assert_eq!(differ(meta_type::<Record>(), meta_type::<Unwrapped>()), None);
        assert!(differ(meta_type::<Record>(), meta_type::<Renamed>()).unwrap().contains("sum"));
        assert!(differ(meta_type::<One>(), meta_type::<Two>()).is_some());
        assert!(differ(meta_type::<u32>(), meta_type::<u64>()).is_some());
        assert!(differ(meta_type::<Compact<u64>>(), meta_type::<u64>()).is_some());
        assert!(differ(meta_type::<[u8; 32]>(), meta_type::<[u8; 33]>()).is_some());
        assert!(differ(meta_type::<Option<u8>>(), meta_type::<u8>()).is_some());
    }
}
