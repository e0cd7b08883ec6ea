//! Forms of several parts.

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The name of the field.
    pub name: &'a str,
    /// The name of the file, if it is one.
    pub filename: Option<&'a str>,
    /// The content.
    pub content: &'a str,
}

/// The parts of a form with this content type; nothing where it is not a form.
pub(super) fn parts<'a>(content_type: &str, body: &'a str) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    let boundary = parameter(parameters, "boundary")?;
    if kind.trim() != "multipart/form-data" {
        return None;
    }
    let delimiter = format!("--{boundary}");
    let mut starts = Vec::new();
    let mut offset = 0;
    for line in body.split_inclusive('\n') {
        if line.starts_with(&delimiter) {
            starts.push((offset, offset + line.len()));
        }
        offset += line.len();
    }
    let pairs = starts.windows(2);
    pairs.map(|pair| part(&body[pair[0].1..pair[1].0])).collect()
}

/// A part: headers, an empty line, the content and a line break.
fn part(text: &str) -> Option<Part<'_>> {
    let (head, content) = text.split_once("\r\n\r\n")?;
    let is_disposition =
        |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition:");
    let disposition = head.lines().find(is_disposition)?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        content: content.strip_suffix("\r\n").unwrap_or(content),
    })
}

/// The value of a parameter of a header.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(one, _)| *one == name).map(|(_, value)| value.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_files_and_fields() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
                    Content-Type: text/csv\r\n\r\na\r\n\r\nb\r\n--x\r\n\
                    content-disposition: form-data; name=\"mode\"\r\n\r\nmerge\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=x", body).unwrap();
        let [file, mode] = &parts[..] else { panic!("{parts:?}") };
        assert_eq!((file.name, file.filename, file.content), ("file", Some("a.csv"), "a\r\n\r\nb"));
        assert_eq!((mode.name, mode.filename, mode.content), ("mode", None, "merge"));
    }

    #[test]
    fn other_bodies_are_no_forms() {
        assert_eq!(parts("application/json", "{}"), None);
        assert_eq!(parts("text/plain; boundary=x", "--x\r\n--x--"), None);
        assert_eq!(parts("multipart/form-data; boundary=x", "--x\r\nrubbish\r\n--x--"), None);
    }
}
