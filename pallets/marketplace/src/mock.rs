//! A chain for the tests.
