//! How long something takes.

use super::amount::number;
use core::time::Duration;

/// The time between two blocks, in seconds.
pub const BLOCK_SECONDS: u32 = 2;

/// `950 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..=59 => format!("{:.1} s", time.as_secs_f64()),
        60..=3599 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Blocks with the time that they take: `30 blocks (about 1 min 00 s)`.
pub fn blocks(count: u32) -> String {
    let time = Duration::from_secs(u64::from(count) * u64::from(BLOCK_SECONDS));
    let blocks = if count == 1 { "block" } else { "blocks" };
    format!("{} {blocks} (about {})", number(count), duration(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(duration(Duration::from_millis(950)), "950 ms");
        assert_eq!(duration(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(duration(Duration::from_secs(245)), "4 min 05 s");
        assert_eq!(duration(Duration::from_secs(7_400)), "2 h 03 min");
        assert_eq!(blocks(30), "30 blocks (about 1 min 00 s)");
        assert_eq!(blocks(1), "1 block (about 2.0 s)");
    }
}
