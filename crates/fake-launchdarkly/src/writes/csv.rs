//! The first column of a CSV file.

/// The fields of the first column, without empty ones.
pub(super) fn first_column(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (first, after) = field(rest);
        if !first.is_empty() {
            found.push(first);
        }
        rest = next_record(after);
    }
    found
}

/// The first field, and what follows it: a comma, a line break or nothing.
fn field(text: &str) -> (String, &str) {
    match text.strip_prefix('"') {
        Some(quoted) => quoted_field(quoted),
        None => {
            let end = text.find(['\n', ',']).unwrap_or(text.len());
            let (field, rest) = text.split_at(end);
            (field.trim_end_matches('\r').to_owned(), rest)
        }
    }
}

/// Two quotes inside quotes are one.
fn quoted_field(mut text: &str) -> (String, &str) {
    let mut field = String::new();
    while let Some((part, rest)) = text.split_once('"') {
        field.push_str(part);
        match rest.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                text = more;
            }
            None => return (field, rest.trim_start_matches('\r')),
        }
    }
    field.push_str(text);
    (field, "")
}

/// What follows the line break that ends this record.
fn next_record(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix(',') {
        (_, text) = field(rest);
    }
    // Text between a closing quote and the end of the field is not CSV; it is passed over.
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_field_of_a_record_counts() {
        assert_eq!(first_column("a,b,c\r\nd\n\ne"), ["a", "d", "e"]);
        assert_eq!(first_column("a,\"x\ny\"\nb"), ["a", "b"]);
        assert_eq!(first_column(""), [""; 0]);
    }

    #[test]
    fn quotes_hide_commas_and_line_breaks() {
        let text = "\"a,b\"\r\n\"c\"\"d\"\n\"e\r\nf\",g\n é \n";
        assert_eq!(first_column(text), ["a,b", "c\"d", "e\r\nf", " é "]);
        assert_eq!(first_column("\"open"), ["open"]);
    }
}
