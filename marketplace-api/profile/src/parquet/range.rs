//! The range of one Parquet column, gathered from statistics and from values.

use ::parquet::data_type::{DataType, DoubleType, FloatType, Int32Type, Int64Type};
use ::parquet::file::statistics::{Statistics, ValueStatistics};
use ::parquet::schema::types::ColumnDescriptor;

use super::meaning::Meaning;
use crate::column::widen;

/// What was seen of one column so far.
#[derive(Debug, Default)]
pub(super) struct Range {
    pub(super) missing: u64,
    pub(super) whole: Option<(i128, i128)>,
    pub(super) number: Option<(f64, f64)>,
}

impl Range {
    pub(super) fn add_whole(&mut self, value: i128) {
        widen(&mut self.whole, value);
    }

    pub(super) fn add_number(&mut self, value: f64) {
        if value.is_finite() {
            widen(&mut self.number, value);
        }
    }

    /// Adds what the footer says about a column chunk; false when it does not say enough.
    pub(super) fn add_statistics(
        &mut self,
        statistics: Option<&Statistics>,
        descriptor: &ColumnDescriptor,
        meaning: Meaning,
    ) -> bool {
        let Some(statistics) = statistics else { return false };
        let required = descriptor.max_def_level() == 0;
        let Some(missing) = statistics.null_count_opt().or(required.then_some(0)) else { return false };
        match statistics {
            Statistics::Int32(of) => {
                ends::<Int32Type>(of).for_each(|end| self.add_whole(meaning.whole32(*end)))
            }
            Statistics::Int64(of) => {
                ends::<Int64Type>(of).for_each(|end| self.add_whole(meaning.whole64(*end)))
            }
            Statistics::Float(of) => ends::<FloatType>(of).for_each(|end| self.add_number(f64::from(*end))),
            Statistics::Double(of) => ends::<DoubleType>(of).for_each(|end| self.add_number(*end)),
            _ => {}
        }
        self.missing += missing;
        true
    }
}

fn ends<T: DataType>(of: &ValueStatistics<T::T>) -> impl Iterator<Item = &T::T> {
    [of.min_opt(), of.max_opt()].into_iter().flatten()
}
