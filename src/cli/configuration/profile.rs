//! Profiles: sections that replace keys of the file when `--profile` names them.

use std::path::Path;

use toml::{Table, Value};

use super::wrong;
use crate::Result;
use crate::terminal::suggest;

/// The section of the profiles.
pub(super) const PROFILE: &str = "profile";

/// The file with the keys of the profile, and without profiles.
///
/// # Errors
/// `usage` where there is no such profile.
pub(super) fn apply(path: &Path, mut file: Table, name: Option<&str>) -> Result<Table> {
    let profiles = match file.remove(PROFILE) {
        None => Table::new(),
        Some(Value::Table(profiles)) => profiles,
        Some(_) => return Err(wrong(path, "a profile is a section: `[profile.NAME]`")),
    };
    let Some(name) = name else { return Ok(file) };
    match profiles.get(name) {
        Some(Value::Table(profile)) => {
            merge(&mut file, profile);
            Ok(file)
        }
        Some(_) => Err(wrong(path, format!("`profile.{name}` is not a section"))),
        None => Err(wrong(path, format!("it has no profile `{name}`"))
            .hint(suggest::hint(name, profiles.keys().map(String::as_str)))),
    }
}

/// Replaces the values of `file` by those of `profile`; sections are merged key by key.
fn merge(file: &mut Table, profile: &Table) {
    for (key, value) in profile {
        match (file.get_mut(key), value) {
            (Some(Value::Table(section)), Value::Table(own)) => merge(section, own),
            _ => {
                file.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(profile: Option<&str>) -> Result<Table> {
        let file = "state = 'a'\n[extract]\nstrict = true\noutput = 'a.db'\n\
                    [profile.nightly.extract]\noutput = 'b.db'\n[profile.nightly]\nstate = 'b'\n";
        apply(Path::new("flaglake.toml"), file.parse().unwrap(), profile)
    }

    #[test]
    fn a_profile_replaces_keys_and_leaves_the_others() {
        let table = |text: &str| text.parse::<Table>().unwrap();
        let plain = table("state = 'a'\n[extract]\nstrict = true\noutput = 'a.db'");
        assert_eq!(applied(None).unwrap(), plain);
        let nightly = table("state = 'b'\n[extract]\nstrict = true\noutput = 'b.db'");
        assert_eq!(applied(Some("nightly")).unwrap(), nightly);
        let error = applied(Some("nightli")).unwrap_err();
        assert!(error.advice().unwrap_or_default().contains("nightly"), "{error:?}");
    }
}
