//! Limits that users set: a number or a share.

use std::fmt;
use std::str::FromStr;

/// A number or a share, as `50` or `5%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many.
    Count(u64),
    /// So many percent.
    Percent(u8),
}

impl Limit {
    /// Whether `some` of `all` are more than the limit allows.
    pub const fn is_exceeded(self, some: u64, all: u64) -> bool {
        match self {
            Limit::Count(count) => some > count,
            // Casts widen: no multiplication overflows.
            Limit::Percent(percent) => some as u128 * 100 > all as u128 * percent as u128,
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "expected a number such as 50, or a share from 0% to 100%".to_owned();
        let text = text.trim();
        let Some(share) = text.strip_suffix('%') else {
            return text.parse().map(Limit::Count).map_err(|_| wrong());
        };
        let percent = share.trim_end().parse().ok().filter(|percent| *percent <= 100);
        percent.map(Limit::Percent).ok_or_else(wrong)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Count(count) => write!(formatter, "{count}"),
            Limit::Percent(percent) => write!(formatter, "{percent}%"),
        }
    }
}

/// How many objects of a kind may be missing without proof of their deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaxRemovals {
    /// Too many are more than three that are also more than 20 percent of their kind.
    #[default]
    Usual,
    /// More than this are too many.
    Limit(Limit),
}

impl MaxRemovals {
    /// Whether `removed` objects of the `before` earlier ones are too many.
    pub const fn is_exceeded(self, removed: usize, before: usize) -> bool {
        let (removed, before) = (removed as u64, before as u64);
        match self {
            MaxRemovals::Usual => removed > 3 && Limit::Percent(20).is_exceeded(removed, before),
            MaxRemovals::Limit(limit) => limit.is_exceeded(removed, before),
        }
    }
}

impl FromStr for MaxRemovals {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(MaxRemovals::Limit)
    }
}

impl fmt::Display for MaxRemovals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MaxRemovals::Usual => write!(formatter, "3, or 20% where that is more,"),
            MaxRemovals::Limit(limit) => limit.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_limit_takes_more_than_three_and_a_fifth() {
        for (removed, before, expected) in [
            (0, 0, false),
            (3, 3, false),
            (4, 4, true),
            (4, 20, false),
            (5, 24, true),
            (20, 100, false),
            (21, 100, true),
        ] {
            let exceeded = MaxRemovals::Usual.is_exceeded(removed, before);
            assert_eq!(exceeded, expected, "{removed} of {before}");
        }
    }

    #[test]
    fn a_count_and_a_share_mean_what_they_say() {
        let exceeded = |text: &str, removed, before| {
            text.parse::<MaxRemovals>().unwrap().is_exceeded(removed, before)
        };
        assert!(exceeded("0", 1, 100) && !exceeded("0", 0, 0));
        assert!(exceeded("2", 3, 100) && !exceeded("2", 2, 2));
        assert!(exceeded("10%", 11, 100) && !exceeded("10%", 10, 100));
        assert!(exceeded("0%", 1, 100_000) && exceeded("99%", 1, 1));
        assert!(!exceeded("100%", 100, 100));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "%", "-1", "101%", "1.5", "5 flags", "1e3", "∞"] {
            assert!(text.parse::<MaxRemovals>().is_err(), "{text}");
        }
        assert_eq!(" 5 % ".parse(), Ok(MaxRemovals::Limit(Limit::Percent(5))));
    }
}
