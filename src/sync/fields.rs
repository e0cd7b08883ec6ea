//! The fields of an object, and the columns that fill them.

use std::collections::BTreeMap;

use super::cell::Cell;
use crate::system::hash::hash;
use crate::terminal::suggest;
use crate::{Error, Result};

/// A field that a row can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name: that of the column, unless `--map` names another.
    pub name: &'static str,
    /// Its meaning.
    pub doc: &'static str,
    /// Whether every source must have it.
    pub required: bool,
}

/// The columns that the user names, and the constants.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// `--map field=column`.
    pub columns: BTreeMap<String, String>,
    /// `--set field=constant`.
    pub constants: BTreeMap<String, String>,
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Binding {
    /// The source has no column for it.
    Absent,
    /// The column at this position of those that are read.
    Column(usize),
    /// Like [`Binding::Column`], but the user has named it: a row without it has NULL there.
    Named(usize),
    /// The same for all rows.
    Constant(String),
}

/// The fields of an object, each bound to a column or a constant.
#[derive(Clone, Debug)]
pub struct Bound {
    bindings: Vec<Binding>,
    /// The columns to read, in the order of the cells of a row.
    pub wanted: Vec<String>,
}

impl Mapping {
    /// Checks that every name is that of a field.
    ///
    /// # Errors
    /// `usage` if one is not.
    pub fn check(&self, fields: &[Field]) -> Result<()> {
        let names = || fields.iter().map(|field| field.name);
        let options = [("--map", &self.columns), ("--set", &self.constants)];
        for (option, named) in options {
            for name in named.keys() {
                if !names().any(|field| field == name) {
                    return Err(Error::usage(format!("`{option}`: there is no field `{name}`"))
                        .hint(suggest::hint(name, names())));
                }
            }
        }
        let twice = self.columns.keys().find(|name| self.constants.contains_key(*name));
        match twice {
            Some(name) => {
                Err(Error::usage(format!("the field `{name}` has a column and a constant"))
                    .hint("use one of `--map` and `--set`"))
            }
            None => Ok(()),
        }
    }

    /// Binds `fields` to the columns that a source has; `None` where each row names its own.
    /// `others` are further columns to read; their cells follow in the same order.
    ///
    /// # Errors
    /// `usage` if a column that is named does not exist, or a required field has none.
    pub fn bind(
        &self,
        fields: &[Field],
        columns: Option<&[String]>,
        others: &[&str],
    ) -> Result<Bound> {
        self.check(fields)?;
        let mut bound = Bound { bindings: Vec::new(), wanted: Vec::new() };
        for field in fields {
            let binding = self.binding(field, columns, &mut bound.wanted)?;
            bound.bindings.push(binding);
        }
        for name in others {
            bound.bindings.push(Binding::Column(column(name, columns, &mut bound.wanted)?));
        }
        Ok(bound)
    }

    fn binding(
        &self,
        field: &Field,
        columns: Option<&[String]>,
        wanted: &mut Vec<String>,
    ) -> Result<Binding> {
        if let Some(constant) = self.constants.get(field.name) {
            return Ok(Binding::Constant(constant.clone()));
        }
        if let Some(name) = self.columns.get(field.name) {
            return column(name, columns, wanted).map(Binding::Named);
        }
        let has = columns.is_none_or(|columns| columns.iter().any(|name| name == field.name));
        if has {
            return column(field.name, columns, wanted).map(Binding::Column);
        }
        if !field.required {
            return Ok(Binding::Absent);
        }
        let name = field.name;
        let columns = columns.unwrap_or_default().iter().map(String::as_str);
        Err(Error::usage(format!("the source has no column `{name}`")).hint(format!(
            "`--map {name}=COLUMN` names another column; {}",
            suggest::hint(name, columns)
        )))
    }
}

/// The position of a column among those that are read.
fn column(name: &str, columns: Option<&[String]>, wanted: &mut Vec<String>) -> Result<usize> {
    if let Some(columns) = columns
        && !columns.iter().any(|column| column == name)
    {
        return Err(Error::usage(format!("the source has no column `{name}`"))
            .hint(suggest::hint(name, columns.iter().map(String::as_str))));
    }
    if let Some(position) = wanted.iter().position(|column| column == name) {
        return Ok(position);
    }
    wanted.push(name.to_owned());
    Ok(wanted.len() - 1)
}

/// One row, as an object sees it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    bound: &'r Bound,
    cells: &'r [Cell<'r>],
}

impl<'r> Row<'r> {
    /// The row with these cells.
    pub const fn new(bound: &'r Bound, cells: &'r [Cell<'r>]) -> Self {
        Row { bound, cells }
    }

    /// The value of the field at this position, or of a further column after the fields; `None`
    /// where the source has no column for it.
    pub fn get(&self, position: usize) -> Option<Cell<'r>> {
        match self.bound.bindings.get(position)? {
            Binding::Absent => None,
            Binding::Named(index) => Some(match self.cells.get(*index) {
                None | Some(Cell::Absent) => Cell::Null,
                Some(cell) => *cell,
            }),
            Binding::Column(index) => {
                self.cells.get(*index).copied().filter(|cell| *cell != Cell::Absent)
            }
            Binding::Constant(text) => Some(Cell::Untyped(text)),
        }
    }

    /// The value of a field, unless it is absent or NULL.
    pub fn value(&self, position: usize) -> Option<Cell<'r>> {
        self.get(position).filter(|cell| !cell.is_null())
    }

    /// The cells that were read.
    pub const fn cells(&self) -> &'r [Cell<'r>] {
        self.cells
    }
}

impl Bound {
    /// Whether the field at this position has the same value in all rows.
    pub fn constant(&self, position: usize) -> Option<&str> {
        match self.bindings.get(position) {
            Some(Binding::Constant(text)) => Some(text),
            _ => None,
        }
    }

    /// A text that changes when the rows of a source are read in another way: when other fields are
    /// filled, or from other columns.
    pub fn fingerprint(&self) -> String {
        let source = |binding: &Binding| match binding {
            Binding::Column(index) | Binding::Named(index) => self.wanted.get(*index).cloned(),
            Binding::Constant(text) => Some(format!("={text}")),
            Binding::Absent => None,
        };
        let sources: Vec<_> = self.bindings.iter().map(source).collect();
        format!("{:016x}", hash(&format!("{sources:?}")))
    }

    /// Whether the field at this position has a column or a constant.
    pub fn has(&self, position: usize) -> bool {
        !matches!(self.bindings.get(position), None | Some(Binding::Absent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 2] = [
        Field { name: "context_key", doc: "", required: true },
        Field { name: "data", doc: "", required: false },
    ];

    fn mapping(columns: &[(&str, &str)], constants: &[(&str, &str)]) -> Mapping {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
        };
        Mapping { columns: owned(columns), constants: owned(constants) }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_field_takes_its_column_a_named_one_or_a_constant() {
        let columns = names(&["email", "data"]);
        let mapping = mapping(&[("context_key", "email")], &[("data", "{}")]);
        let bound = mapping.bind(&FIELDS, Some(&columns), &[]).unwrap();
        let cells = [Cell::Text("a@b.example")];
        let row = Row::new(&bound, &cells);
        assert_eq!(bound.wanted, ["email"]);
        assert_eq!(row.get(0), Some(Cell::Text("a@b.example")));
        assert_eq!(row.get(1), Some(Cell::Untyped("{}")));
    }

    #[test]
    fn names_that_do_not_exist_are_refused_with_a_suggestion() {
        let columns = names(&["context_keys"]);
        for (mapping, meant) in [
            (mapping(&[], &[]), "context_keys"),
            (mapping(&[("context_key", "context_kyes")], &[]), "context_keys"),
            (mapping(&[("context_kee", "context_keys")], &[]), "context_key"),
            (mapping(&[("context_key", "context_keys")], &[("dato", "1")]), "data"),
        ] {
            let error = mapping.bind(&FIELDS, Some(&columns), &[]).unwrap_err();
            assert!(error.advice().unwrap().contains(meant), "{error}: {:?}", error.advice());
        }
    }

    #[test]
    fn an_absent_field_is_not_null() {
        let columns = names(&["context_key", "id"]);
        let bound = Mapping::default().bind(&FIELDS, Some(&columns), &["id"]).unwrap();
        let cells = [Cell::Null, Cell::Int(7)];
        let row = Row::new(&bound, &cells);
        assert_eq!((row.get(0), row.get(1)), (Some(Cell::Null), None));
        assert_eq!(row.get(FIELDS.len()), Some(Cell::Int(7)));
    }
}
