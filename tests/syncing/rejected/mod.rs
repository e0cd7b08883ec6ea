//! Rows that do not reach LaunchDarkly: each is listed with its reason, and none stops another.

mod listing;
mod reasons;
