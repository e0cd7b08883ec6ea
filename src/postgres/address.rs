//! The address of a server and a database, as errors and commands show it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::settings::Settings;

/// The characters of a name that need no escape in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'/');

/// A name as a part of an address.
pub(crate) fn escaped(name: &str) -> String {
    utf8_percent_encode(name, PLAIN).to_string()
}

impl Settings {
    /// The address without the user, whom an error would mask, and without the schema, which no
    /// other program understands.
    pub(crate) fn address(&self) -> String {
        self.address_for("")
    }

    /// The same with the user, as an option takes it.
    pub(crate) fn address_of_user(&self) -> String {
        self.address_for(&format!("{}@", escaped(&self.user)))
    }

    fn address_for(&self, user: &str) -> String {
        let Settings { host, port, database, .. } = self;
        let database = escaped(database).replace('/', "%2F");
        if self.is_socket() {
            return format!("postgres://{user}/{database}?host={}&port={port}", escaped(host));
        }
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        format!("postgres://{user}{host}:{port}/{database}")
    }
}
