//! Every signed transaction has an end.
//!
//! One without could be played again if its signer's account were ever begun anew, and nobody who waits for it could
//! say that it is lost. In its encoding and its name this is the SDK's own check.

use super::refusal::Refusal;
use crate::{Runtime, RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{pallet_prelude::TransactionSource, traits::OriginTrait, weights::Weight};
use frame_system::CheckEra;
use scale_info::TypeInfo;
use sp_runtime::{
    generic::Era,
    impl_tx_ext_default,
    traits::{DispatchInfoOf, Implication, TransactionExtension, ValidateResult},
    transaction_validity::TransactionValidityError,
};

/// [`CheckEra`] that refuses signed transactions without an end.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking)]
pub struct CheckMortality(CheckEra<Runtime>);

impl CheckMortality {
    /// For a transaction that is valid during this era.
    pub fn from(era: Era) -> Self {
        Self(CheckEra::from(era))
    }
}

// In the metadata too it is the SDK's.
impl TypeInfo for CheckMortality {
    type Identity = CheckEra<Runtime>;

    fn type_info() -> scale_info::Type {
        CheckEra::<Runtime>::type_info()
    }
}

impl TransactionExtension<RuntimeCall> for CheckMortality {
    const IDENTIFIER: &'static str = <CheckEra<Runtime> as TransactionExtension<RuntimeCall>>::IDENTIFIER;
    type Implicit = <CheckEra<Runtime> as TransactionExtension<RuntimeCall>>::Implicit;
    type Val = ();
    type Pre = ();

    fn implicit(&self) -> Result<Self::Implicit, TransactionValidityError> {
        self.0.implicit()
    }

    fn weight(&self, call: &RuntimeCall) -> Weight {
        self.0.weight(call)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        len: usize,
        implicit: Self::Implicit,
        implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        if self.0 .0.is_immortal() && origin.as_signer().is_some() {
            return Err(Refusal::Immortal.into());
        }
        self.0.validate(origin, call, info, len, implicit, implication, source)
    }

    impl_tx_ext_default!(RuntimeCall; prepare);
}
