//! Tags: `GET /api/v2/tags`, <https://launchdarkly.com/docs/api/tags/get-tags>.

use crate::resources::prelude::*;

/// Every tag in use anywhere in the account.
pub struct Tags;

impl Resource for Tags {
    /// The list holds plain strings.
    type Item = String;
    const NAME: &'static str = "tags";
    const PATH: &'static str = "/api/v2/tags";
    const LEVEL: Level = Level::Account;
    const PERMISSION: &'static str = "viewProject";
    const PAGING: Paging = Paging::Offset(1000);
    const REQUESTS: &'static str = "⌈tags / 1000⌉";
    const TABLES: &'static [fn() -> TableInfo] = &[TagTable::info];
    const DROPPED: &'static [Dropped] = &[];

    fn write(_: &Scope, tag: &String, sink: &mut dyn Sink) -> Result<()> {
        if tag.is_empty() {
            return Ok(());
        }
        write_row::<TagTable>(sink, &tag.as_str()).map(drop)
    }
}

struct TagTable;
type C = Column<TagTable>;

impl Table for TagTable {
    type Row<'a> = &'a str;
    const NAME: &'static str = "tags";
    const DOC: &'static str = "One row per tag in use anywhere in the account.";
    const KEY: &'static [&'static str] = &["tag"];
    const COLUMNS: &'static [Column<Self>] =
        &[C::text("tag", "TagsCollection.items", "The tag.", |row| row)];
}
