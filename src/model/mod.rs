//! The definitions that the rest of flaglake uses: tables, resources, scopes, views, history.
//! Nothing here does input or output.

pub mod history;
pub mod privacy;
pub mod project_daily;
pub mod resource;
pub mod scope;
pub mod settings;
pub mod sql;
pub mod subject_daily;
pub mod table;
pub mod thresholds;
pub mod time;
pub mod view;
