//! Companies: registration number, industry, size, region, roles.
//!
//! Constrained values ([`RegistrationNumber`], [`Ksic`], [`Roles`]) keep their content private and check it in
//! every constructor, `Decode` and `Deserialize` included: whoever holds one holds a valid one. Calls take what
//! is in [`crate::unchecked`] instead.

mod ksic;
mod place;
mod registration;
mod role;

pub use ksic::{BadKsic, Ksic};
pub use place::{BadRegion, Region, SizeClass};
pub use registration::{BadRegistrationNumber, RegistrationNumber};
pub use role::{Role, Roles};

/// What other pallets ask about participants.
pub trait ParticipantRegistry<AccountId> {
    /// Whether the participant is verified and not suspended.
    fn is_verified(who: &AccountId) -> bool;

    /// Whether the participant is verified, has this role, and is accredited if the role needs that.
    fn has_role(who: &AccountId, role: Role) -> bool;

    /// Whether one account is an admin of both, or is the one and an admin of the other: then one person decides for
    /// both sides of what they deal in.
    fn share_admin(a: &AccountId, b: &AccountId) -> bool;

    /// Makes a verified participant with every role and accreditation, for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &AccountId);
}
