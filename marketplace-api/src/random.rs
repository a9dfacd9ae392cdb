//! Random bytes from the operating system.

/// Fresh bytes. A system without randomness cannot run this service, so there is no error to handle.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes; qed");
    bytes
}
