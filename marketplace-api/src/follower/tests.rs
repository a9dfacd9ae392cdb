//! Tests of the follower.
