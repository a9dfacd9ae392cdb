//! What must hold of the participants pallet's storage between any two blocks.

use crate::{ByRegistrationNumber, Config, Count, HoldReason, Pallet, Participants};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;
use wonbon_primitives::record::{Standing, PARTICIPANT_LAYOUT};

impl<T: Config> Pallet<T> {
    /// Check what must hold of the storage between any two blocks.
    ///
    /// # Invariants
    ///
    /// - `Count` is the number of `Participants`.
    /// - Every record has a known layout and a valid profile, and did not change before it was made nor in
    ///   the future.
    /// - The deposit in each record is what its account has on hold for it.
    /// - Every verified participant owns its registration number; no pending one does. Every entry of
    ///   `ByRegistrationNumber` belongs to a participant with that number.
    /// - An accredited participant was verified and has a role that needs it.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut count = 0u32;
        for (account, participant) in Participants::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(participant.version == PARTICIPANT_LAYOUT, "participant of an unknown layout");
            Self::ensure_valid(&participant.profile)?;
            ensure!(
                participant.registered_at <= participant.changed_at && participant.changed_at <= now,
                "participant changed before it registered, or in the future"
            );
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::Registration.into(), &account)
                    == participant.deposit,
                "a participant's deposit is not what is on hold"
            );
            let owns_number = Self::owns_number(&account, &participant.profile);
            match participant.standing {
                Standing::Pending => ensure!(!owns_number, "a pending participant owns a number"),
                Standing::Verified => ensure!(owns_number, "a verified participant lost its number"),
                Standing::Suspended => (),
            }
            ensure!(
                !participant.accredited
                    || (owns_number && !participant.profile.roles.needing_accreditation().is_empty()),
                "accredited, and no verified auditor or inspector"
            );
        }
        ensure!(Count::<T>::get() == count, "the count of participants is wrong");

        for (number, account) in ByRegistrationNumber::<T>::iter() {
            let participant = Participants::<T>::get(&account).ok_or("a number without a participant")?;
            ensure!(participant.profile.registration_number == number, "a number of another participant");
        }
        Ok(())
    }
}
