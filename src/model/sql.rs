//! What the text of a statement shows.

/// Whether `name` occurs as a whole word in a statement, outside comments.
pub fn has_word(sql: &str, name: &str) -> bool {
    words(sql).any(|word| word == name)
}

/// The words of a statement, outside comments.
pub fn words(sql: &str) -> impl Iterator<Item = &str> {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let is_part = |one: char| one.is_ascii_alphanumeric() || one == '_';
    lines.flat_map(move |line| line.split(move |one| !is_part(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_outside_comments_count() {
        let sql = "-- FROM segments\nSELECT flag.name FROM stale_flags AS flag";
        assert!(has_word(sql, "stale_flags") && has_word(sql, "name"));
        assert!(!has_word(sql, "flags") && !has_word(sql, "segments"));
    }
}
