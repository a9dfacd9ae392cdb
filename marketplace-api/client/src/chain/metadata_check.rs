//! Compares the shapes of our types with a chain's metadata.
//!
//! Two types have one shape if their SCALE encodings mean the same: fields of the same names in the same order,
//! variants of the same names and indices, the same numbers. Wrappers around a single unnamed value are
//! transparent, as they are in the encoding. So our `AccountId` and the SDK's `AccountId32` agree, and a field
//! that was added, moved or renamed does not.

use super::call::Call;
use super::entries::entries;
use super::ChainError;
use crate::chain::ChainEvent;
use scale_info::form::PortableForm;
use scale_info::{MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive};
use std::collections::HashSet;
use subxt::Metadata;

/// What the comparison is after, gathered before the registry of our types is complete.
struct Wanted {
    what: String,
    live: u32,
    ours: u32,
}

/// Compares everything that this client reads or writes with encoded runtime metadata.
pub fn check_metadata(encoded: &[u8]) -> Result<(), ChainError> {
    let metadata =
        Metadata::decode_from(encoded).map_err(|error| ChainError::undecodable("the metadata", error))?;
    check(&metadata)
}

pub(super) fn check(metadata: &Metadata) -> Result<(), ChainError> {
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

    let fields = |what: &str,
                  live: Option<&[scale_info::Field<PortableForm>]>,
                  shape: &[(&'static str, MetaType)],
                  problems: &mut Vec<String>,
                  wanted: &mut Vec<Wanted>,
                  ours: &mut dyn FnMut(&MetaType) -> u32| {
        let Some(live) = live else {
            problems.push(format!("{what} is missing"));
            return;
        };
        let live_names: Vec<_> = live.iter().map(|field| field.name.as_deref().unwrap_or("")).collect();
        let our_names: Vec<_> = shape.iter().map(|(name, _)| *name).collect();
        if live_names != our_names {
            problems.push(format!("{what} has the fields {live_names:?}, not {our_names:?}"));
            return;
        }
        for (field, (name, meta)) in live.iter().zip(shape) {
            wanted.push(Wanted { what: format!("{what}, {name}"), live: field.ty.id, ours: ours(meta) });
        }
    };
    for shape in ChainEvent::shapes() {
        let live = metadata
            .pallet_by_name(shape.pallet)
            .and_then(|pallet| pallet.event_variants())
            .and_then(|variants| variants.iter().find(|variant| variant.name == shape.event))
            .map(|variant| variant.fields.as_slice());
        let what = format!("event {}.{}", shape.pallet, shape.event);
        fields(&what, live, &shape.fields, &mut problems, &mut wanted, &mut ours);
    }
    for shape in Call::shapes() {
        let live = metadata
            .pallet_by_name(shape.pallet)
            .and_then(|pallet| pallet.call_variant_by_name(shape.call))
            .map(|variant| variant.fields.as_slice());
        let what = format!("call {}.{}", shape.pallet, shape.call);
        fields(&what, live, &shape.arguments, &mut problems, &mut wanted, &mut ours);
    }

    let ours: PortableRegistry = registry.into();
    for item in wanted {
        let mut comparison = Comparison { live: metadata.types(), ours: &ours, seen: HashSet::new() };
        if let Err(difference) = comparison.compare(item.live, item.ours) {
            problems.push(format!("{}: {difference}", item.what));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ChainError::OtherRuntime(problems))
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
                if live == ours {
                    Ok(())
                } else {
                    Err(format!("{} is not {}", primitive(live), primitive(ours)))
                }
            }
            (TypeDef::Compact(live), TypeDef::Compact(ours)) => {
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Sequence(live), TypeDef::Sequence(ours)) => {
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Array(live), TypeDef::Array(ours)) => {
                if live.len != ours.len {
                    return Err(format!("an array of {}, not {}", live.len, ours.len));
                }
                self.compare(live.type_param.id, ours.type_param.id)
            }
            (TypeDef::Tuple(live), TypeDef::Tuple(ours)) => {
                if live.fields.len() != ours.fields.len() {
                    return Err(format!("a tuple of {}, not {}", live.fields.len(), ours.fields.len()));
                }
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
                if live_names != our_names {
                    return Err(format!("the variants {live_names:?}, not {our_names:?}"));
                }
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

    fn fields(
        &mut self,
        live: &[scale_info::Field<PortableForm>],
        ours: &[scale_info::Field<PortableForm>],
    ) -> Result<(), String> {
        let names = |fields: &[scale_info::Field<PortableForm>]| -> Vec<String> {
            fields.iter().map(|field| field.name.clone().unwrap_or_default()).collect()
        };
        let (live_names, our_names) = (names(live), names(ours));
        if live_names != our_names {
            return Err(format!("the fields {live_names:?}, not {our_names:?}"));
        }
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
    match definition {
        TypeDef::Composite(composite) => match composite.fields.as_slice() {
            [field] if field.name.is_none() => unwrapped(registry, field.ty.id),
            _ => Ok((id, definition)),
        },
        TypeDef::Tuple(tuple) => match tuple.fields.as_slice() {
            [field] => unwrapped(registry, field.id),
            _ => Ok((id, definition)),
        },
        _ => Ok((id, definition)),
    }
}

fn primitive(definition: &TypeDefPrimitive) -> String {
    format!("{definition:?}").to_lowercase()
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

    #[test]
    fn our_types_fit_the_committed_metadata() {
        let encoded = include_bytes!("../../metadata.scale");
        if let Err(error) = check_metadata(encoded) {
            panic!("{error}");
        }
    }
}
