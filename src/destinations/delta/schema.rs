//! The columns of a table in its log.
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#schema-serialization-format>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::catalog;
use crate::catalog::arrow::{COMMENT, IN_FOLDERS};
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// The columns of a table.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Schema {
    #[serde(rename = "type")]
    kind: String,
    fields: Vec<Field>,
}

/// A column. A type that is not simple is an object.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    ty: Value,
    nullable: bool,
    #[serde(default)]
    metadata: Map<String, Value>,
}

/// Why a schema that is in a log cannot be written to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It has a column that this version of flaglake does not know.
    Newer(String),
    /// It has a column of another type, or one whose values are restricted.
    Changed(String),
}

/// The descriptions of the columns that are in the names of folders.
const FOLDERS: [(&str, &str); 2] = [
    (IN_FOLDERS[0], "Account that the row was read from."),
    (IN_FOLDERS[1], "Extraction that the row belongs to."),
];

impl Schema {
    /// The columns of a table: those of its files, then those in the names of folders. All may be
    /// null, because files that lack a column which is added later have no value in it.
    pub fn of(table: &TableInfo) -> Self {
        let in_files = catalog::arrow::file_of_extraction(table).columns;
        let in_files = in_files.iter().map(Field::of);
        let in_folders = FOLDERS.iter().map(|(name, doc)| Field::new(name, "string", doc));
        Schema { kind: "struct".to_owned(), fields: in_files.chain(in_folders).collect() }
    }

    /// This schema of a log with the columns and descriptions of `ours`. Columns keep their order,
    /// and new ones come last.
    ///
    /// # Errors
    /// Where rows of `ours` do not fit it.
    pub fn extended(&self, ours: &Schema) -> Result<Self, Refused> {
        let mut fields = Vec::new();
        for theirs in &self.fields {
            let own = ours.fields.iter().find(|own| own.name == theirs.name);
            let Some(own) = own else { return Err(Refused::Newer(theirs.name.clone())) };
            if own.ty != theirs.ty || theirs.metadata.contains_key("delta.invariants") {
                return Err(Refused::Changed(theirs.name.clone()));
            }
            let mut metadata = theirs.metadata.clone();
            metadata.extend(own.metadata.clone());
            fields.push(Field { metadata, ..theirs.clone() });
        }
        let is_new = |own: &&Field| self.fields.iter().all(|theirs| theirs.name != own.name);
        fields.extend(ours.fields.iter().filter(is_new).cloned());
        Ok(Schema { kind: self.kind.clone(), fields })
    }
}

impl Field {
    fn of(column: &ColumnInfo) -> Self {
        Field::new(column.name, name_of(column.ty), column.doc)
    }

    fn new(name: &str, ty: &str, doc: &str) -> Self {
        let metadata = Map::from_iter([(COMMENT.to_owned(), doc.into())]);
        Field { name: name.to_owned(), ty: ty.into(), nullable: true, metadata }
    }
}

/// The name of a type in a log. It agrees with the type in the files: a time has microseconds.
const fn name_of(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Json => "string",
        Type::Int => "long",
        Type::Real => "double",
        Type::Bool => "boolean",
        Type::Time => "timestamp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(columns: &[(&str, &str)]) -> Schema {
        let fields = columns.iter().map(|(name, ty)| Field::new(name, ty, "d")).collect();
        Schema { kind: "struct".to_owned(), fields }
    }

    #[test]
    fn columns_are_only_added_and_keep_their_order() {
        let theirs = schema(&[("a", "string"), ("account_id", "string")]);
        let ours = schema(&[("b", "long"), ("a", "string"), ("account_id", "string")]);
        let extended = theirs.extended(&ours).unwrap();
        let expected = schema(&[("a", "string"), ("account_id", "string"), ("b", "long")]);
        assert_eq!(extended, expected);
        assert_eq!(extended.extended(&ours).unwrap(), extended);
        assert_eq!(extended.extended(&theirs), Err(Refused::Newer("b".to_owned())));
        let retyped = schema(&[("a", "long"), ("account_id", "string")]);
        assert_eq!(theirs.extended(&retyped), Err(Refused::Changed("a".to_owned())));
    }

    #[test]
    fn what_others_note_on_a_column_stays() {
        let mut theirs = schema(&[("a", "string")]);
        theirs.fields[0].metadata.insert("owner".to_owned(), "me".into());
        let extended = theirs.extended(&schema(&[("a", "string")])).unwrap();
        assert_eq!(extended, theirs);
        theirs.fields[0].metadata.insert("delta.invariants".to_owned(), "a > 'b'".into());
        let refused = theirs.extended(&schema(&[("a", "string")]));
        assert_eq!(refused, Err(Refused::Changed("a".to_owned())));
    }
}
