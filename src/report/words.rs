//! Numbers and names as words.

use crate::terminal::counted;

/// `1 flag`, `2 flags`.
pub fn count(number: i64, noun: &str) -> String {
    counted(grouped(number), noun)
}

/// A number with its thousands apart: `20,000`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// A change with its sign: `+3`, `−2`, `±0`.
pub fn change(number: i64) -> String {
    match number {
        0 => "±0".to_owned(),
        1.. => format!("+{}", grouped(number)),
        _ => grouped(number),
    }
}

/// A number with one digit after the point, or none if it is an integer.
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// `stale_percentage` as `Stale percentage`.
pub fn title(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), characters.as_str().replace('_', " "))
}

/// `a`, `a and b`, `a, b and 3 more`.
pub fn some(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown = &names[..names.len() - more];
    match (shown, more) {
        (shown, 1..) => format!("{} and {more} more", shown.join(", ")),
        ([], 0) => String::new(),
        ([one], 0) => one.clone(),
        ([rest @ .., last], 0) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The first `most` characters of a text.
pub fn shortened(text: &str, most: usize) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_read_well() {
        assert_eq!([grouped(7), grouped(1234), grouped(-1_234_567)], ["7", "1,234", "−1,234,567"]);
        assert_eq!([change(3), change(0), change(-2)], ["+3", "±0", "−2"]);
        assert_eq!([decimal(3.0), decimal(3.25)], ["3", "3.2"]);
        assert_eq!([count(1, "flag"), count(2, "flag")], ["1 flag", "2 flags"]);
        assert_eq!(title("stale_percentage"), "Stale percentage");
        assert_eq!([shortened("äöü", 3), shortened("äöüß", 3)], ["äöü", "äöü…"]);
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!([some(&names, 2), some(&names, 3)], ["a, b and 1 more", "a, b and c"]);
    }
}
