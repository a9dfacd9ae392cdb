//! When a rule raises a finding. Each threshold stands here once, with its unit, its default and its range: command and
//! service take [`ThresholdOverrides`] from whoever asks.

use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::ops::Bound::Included;
use std::ops::RangeBounds;
use wonbon_model::Balance;

/// The longest circles that can be asked for, in companies.
pub(super) const MAX_CYCLE_LENGTH: u8 = 8;

/// A threshold that makes no sense.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{name} must be {range}")]
pub struct BadThreshold {
    /// The threshold, in snake case.
    pub name: &'static str,
    /// What it may be.
    pub range: String,
}

/// The values that a threshold may have, in words.
fn text<T: Display>(range: impl RangeBounds<T>) -> String {
    match (range.start_bound(), range.end_bound()) {
        (Included(least), Included(most)) => format!("{least} to {most}"),
        (Included(least), _) => format!("at least {least}"),
        _ => "any".to_owned(),
    }
}

macro_rules! thresholds {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty as $schema:ty = $default:expr, $range:expr, $unit:literal $(read by $read:path)?;)+) => {
        /// When a rule raises a finding.
        #[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Thresholds {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        impl Default for Thresholds {
            fn default() -> Self {
                Self { $($name: $default),+ }
            }
        }

        impl Thresholds {
            /// Checks that each is in its range.
            pub fn check(self) -> Result<Self, BadThreshold> {
                $(if !RangeBounds::<$type>::contains(&$range, &self.$name) {
                    return Err(BadThreshold { name: stringify!($name), range: text::<$type>($range) });
                })+
                Ok(self)
            }
        }

        /// The thresholds that somebody sets; the others keep their defaults.
        #[derive(Clone, Copy, PartialEq, Debug, Default)]
        #[cfg_attr(feature = "clap", derive(clap::Args), command(next_help_heading = "Thresholds"))]
        #[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
        pub struct ThresholdOverrides {
            $(
                $(#[doc = $doc])+
                #[cfg_attr(feature = "clap", arg(long, value_name = $unit $(, value_parser = $read)?))]
                #[cfg_attr(feature = "openapi", param(value_type = Option<$schema>))]
                pub $name: Option<$type>,
            )+
        }

        impl ThresholdOverrides {
            /// Sets the threshold of this name from its text; `false` if there is none of the name.
            pub fn set(&mut self, name: &str, value: &str) -> Result<bool, BadThreshold> {
                match name {
                    $(stringify!($name) => {
                        let bad = |_| BadThreshold { name: stringify!($name), range: text::<$type>($range) };
                        self.$name = Some(value.parse().map_err(bad)?);
                    })+
                    _ => return Ok(false),
                }
                Ok(true)
            }

            /// The defaults with what was set.
            pub fn apply(self) -> Result<Thresholds, BadThreshold> {
                let default = Thresholds::default();
                Thresholds { $($name: self.$name.unwrap_or(default.$name)),+ }.check()
            }
        }
    };
}

thresholds! {
    /// Concentration: least share of a company's sales or purchases with one counterparty, in per cent
    concentration_percent: u8 as u8 = 80, 1..=100, "PERCENT";
    /// Concentration: least number of paid trades on that side
    concentration_trades: u32 as u32 = 5, 1.., "N";
    /// Related companies: least sum of direct transfers, in won
    related_transfer: Balance as u64 = 1, 0.., "KRW" read by wonbon_model::words::amount::parse_krw;
    /// Related companies: a member of more companies is a service and relates nobody
    member_companies: u32 as u32 = 3, 0.., "N";
    /// Circular trades: most companies in a circle, 2 to 8
    cycle_length: u8 as u8 = 4, 2..=MAX_CYCLE_LENGTH, "N";
    /// Price outliers: least distance from the median, in robust standard deviations
    outlier_score: f64 as f64 = 3.5, 0.5..=1000.0, "X";
    /// Price outliers: least number of paid trades of a dataset
    outlier_trades: u32 as u32 = 5, 3.., "N";
    /// Price outliers: least number of datasets sold in an industry
    industry_trades: u32 as u32 = 10, 3.., "N";
    /// Disputes lost: least number
    lost_disputes: u32 as u32 = 1, 1.., "N";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_a_range() {
        assert!(Thresholds::default().check().is_ok());
        let bad = [
            Thresholds { concentration_percent: 101, ..Default::default() },
            Thresholds { cycle_length: 1, ..Default::default() },
            Thresholds { cycle_length: 9, ..Default::default() },
            Thresholds { outlier_score: f64::NAN, ..Default::default() },
            Thresholds { outlier_trades: 2, ..Default::default() },
            Thresholds { lost_disputes: 0, ..Default::default() },
        ];
        assert!(bad.into_iter().all(|thresholds| thresholds.check().is_err()));
        let error = Thresholds { cycle_length: 9, ..Default::default() }.check().unwrap_err();
        assert_eq!(error.to_string(), "cycle_length must be 2 to 8");
    }

    #[test]
    fn what_is_set_takes_the_place_of_the_default() {
        let mut overrides = ThresholdOverrides::default();
        assert_eq!(overrides.apply(), Ok(Thresholds::default()));
        assert_eq!(overrides.set("lost_disputes", "3"), Ok(true));
        assert_eq!(overrides.set("format", "csv"), Ok(false));
        assert!(overrides.set("cycle_length", "many").is_err());
        assert_eq!(overrides.apply(), Ok(Thresholds { lost_disputes: 3, ..Default::default() }));
        overrides.set("outlier_trades", "2").unwrap();
        assert_eq!(overrides.apply().unwrap_err().to_string(), "outlier_trades must be at least 3");
    }
}
