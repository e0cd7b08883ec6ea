//! The notions that the rest of flaglake is written in: tables, resources, scopes, views, history.
//! Nothing here reads or writes anything.

pub mod history;
pub mod privacy;
pub mod project_daily;
pub mod resource;
pub mod scope;
pub mod table;
pub mod thresholds;
pub mod view;
