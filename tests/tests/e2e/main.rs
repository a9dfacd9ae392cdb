//! End to end: real processes, one module a subject.
fn main() {}
