//! A figure, the value that it should reach, and how both are shown.

use serde_json::{json, Value};

/// What a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    AtLeast(f64),
    Below(f64),
    Exactly(f64),
}

impl Target {
    /// Whether `value` is what it has to be.
    pub fn is_reached_by(self, value: f64) -> bool {
        match self {
            Target::AtLeast(least) => value >= least,
            Target::Below(limit) => value < limit,
            Target::Exactly(wanted) => value == wanted,
        }
    }

    fn text(self) -> String {
        match self {
            Target::AtLeast(least) => format!("≥ {least}"),
            Target::Below(limit) => format!("< {limit}"),
            Target::Exactly(wanted) => format!("= {wanted}"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub target: Target,
    /// How it came about, for whoever reads the run.
    pub detail: String,
}

impl Figure {
    /// Whether it is what it has to be.
    pub fn reached(&self) -> bool {
        self.target.is_reached_by(self.value)
    }

    pub fn json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target.text(),
            "reached": self.reached(),
        })
    }
}

/// The figures as a Markdown table, which is what the README quotes.
pub fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| What | Measured | To reach | Reached |\n| --- | --- | --- | --- |\n");
    for figure in figures {
        let value = shown(figure.value);
        let unit = if figure.unit == "ratio" { String::new() } else { format!(" {}", figure.unit) };
        let reached = if figure.reached() { "yes" } else { "no" };
        text +=
            &format!("| {} | {value}{unit} | {}{unit} | {reached} |\n", figure.name, figure.target.text());
    }
    text
}

/// Whole numbers as they are, others with two digits.
fn shown(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// The middle one of the values (the mean of the two in the middle); NaN of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len(), values.get(middle)) {
        (_, None) => f64::NAN,
        (count, Some(upper)) if count % 2 == 0 => (values[middle.saturating_sub(1)] + upper) / 2.0,
        (_, Some(value)) => *value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_reached_or_not() {
        assert!(Target::AtLeast(0.6).is_reached_by(0.6));
        assert!(!Target::AtLeast(0.6).is_reached_by(0.59));
        assert!(!Target::Below(64.0).is_reached_by(64.0));
        assert!(!Target::Exactly(3.0).is_reached_by(4.0));
        assert!(!Target::AtLeast(0.6).is_reached_by(f64::NAN));
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn the_table_says_what_was_not_reached() {
        let figure = |value| Figure {
            name: "sealing",
            value,
            unit: "ratio",
            target: Target::AtLeast(0.6),
            detail: String::new(),
        };
        let text = table(&[figure(0.5), figure(0.7)]);
        assert!(
            text.ends_with("| sealing | 0.50 | ≥ 0.6 | no |\n| sealing | 0.70 | ≥ 0.6 | yes |\n"),
            "{text}"
        );
    }
}
