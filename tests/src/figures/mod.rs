//! The figures that the README quotes: how each is measured, and how they are printed.

pub mod nginx;
pub mod report;
pub mod stopwatch;
