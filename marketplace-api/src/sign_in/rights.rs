//! What a member may do here by their roles: the one place that says so. An account that signs in for itself has every
//! right of its own.

use wonbon_model::MemberRole;

/// A kind of request, for which a member needs one of a few roles.
pub trait Right: Send + Sync + 'static {
    /// The roles of which any one is enough.
    const ROLES: &'static [MemberRole];
}

macro_rules! rights {
    ($($(#[$doc:meta])+ $right:ident = [$($role:ident),+];)+) => { $(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $right {}

        impl Right for $right {
            const ROLES: &'static [MemberRole] = &[$(MemberRole::$role),+];
        }
    )+ };
}

rights! {
    /// To store what a seller sells with (packages, metadata, samples, content keys for colleagues), and to remove it.
    Store = [Sell];
    /// To store a text: a licence, an agreement, what an attestation rests on.
    StoreText = [Sell, Attest];
    /// To download packages.
    Download = [Buy, Deliver];
    /// To ask whether a package is stored.
    Find = [Buy, Sell, Deliver];
    /// To get content keys that are sealed for the company, or encrypted to the member.
    OpenKey = [Sell, Deliver];
    /// To look at what is the company's to see: an auditor's lists, who downloaded what it sells, its wrapped secrets.
    Look = [Admin, Buy, Sell, Deliver, Attest, Money];
    /// To give members the company's secrets.
    Manage = [Admin];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looks_has_any_role() {
        assert_eq!(Look::ROLES, MemberRole::ALL);
        for roles in [Store::ROLES, StoreText::ROLES, Download::ROLES, OpenKey::ROLES, Manage::ROLES] {
            assert!(!roles.is_empty() && !roles.contains(&MemberRole::Money), "{roles:?}");
        }
        assert!(!Store::ROLES.contains(&MemberRole::Deliver), "who delivers stores nothing");
    }
}
