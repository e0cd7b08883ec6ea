//! Connections to PostgreSQL servers: settings, passwords and encryption, as libpq has them.

pub mod address;
pub mod password;
pub mod reading;
pub mod session;
pub mod settings;
mod tls;
