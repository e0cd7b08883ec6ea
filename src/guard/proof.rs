//! Reads deletions from the audit log, which prove that a missing object was deleted.

use std::collections::HashMap;

use rusqlite::Connection;

use super::Thing;
use crate::resources::specifier::Specifier;

/// An object: its kind and its key.
type Object = (Thing, Vec<String>);

/// The times when an object was last created and deleted, by the audit log. As texts, they sort
/// correctly.
#[derive(Debug, Default)]
struct Life {
    created: Option<String>,
    deleted: Option<String>,
}

/// The deletions in the audit log entries of a stage.
#[derive(Debug, Default)]
pub struct Proofs(HashMap<Object, Life>);

/// Selects the entries that name an action on a resource.
const ACTIONS: &str = "SELECT action, resource, occurred_at
    FROM main.audit_log_accesses JOIN main.audit_log_entries USING (entry_id)
    WHERE action LIKE 'delete%' OR action LIKE 'create%'";

/// Selects the entries whose title says that something was deleted.
const WORDS: &str = "SELECT title_verb, project_key, environment_key, resource_kind, resource_key,
        occurred_at
    FROM main.audit_log_entries WHERE title_verb LIKE 'deleted %'";

/// The columns that both statements read.
const COLUMNS: [(&str, &str); 9] = [
    ("audit_log_accesses", "entry_id"),
    ("audit_log_accesses", "action"),
    ("audit_log_accesses", "resource"),
    ("audit_log_entries", "occurred_at"),
    ("audit_log_entries", "title_verb"),
    ("audit_log_entries", "project_key"),
    ("audit_log_entries", "environment_key"),
    ("audit_log_entries", "resource_kind"),
    ("audit_log_entries", "resource_key"),
];

impl Proofs {
    /// Reads the staged entries of the audit log. If the log was not read, there are no proofs.
    ///
    /// # Errors
    /// When the stage cannot be read.
    pub fn read(stage: &Connection) -> rusqlite::Result<Self> {
        let mut proofs = Proofs::default();
        proofs.add(stage)?;
        Ok(proofs)
    }

    /// Adds the deletions in the `main` tables of a database. An output has entries of earlier runs
    /// that did not read the kind itself, so that its rows are still there. The tables of an
    /// earlier version may lack columns; then nothing is added.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn add(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        for (table, column) in COLUMNS {
            if !connection.column_exists(Some("main"), table, column)? {
                return Ok(());
            }
        }
        self.read_actions(connection)?;
        self.read_words(connection)
    }

    fn read_actions(&mut self, stage: &Connection) -> rusqlite::Result<()> {
        let mut statement = stage.prepare(ACTIONS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (action, resource): (String, String) = (row.get(0)?, row.get(1)?);
            self.note_action(&action, &Specifier::parse(&resource), row.get(2)?);
        }
        Ok(())
    }

    fn read_words(&mut self, stage: &Connection) -> rusqlite::Result<()> {
        let mut statement = stage.prepare(WORDS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let parts: [Option<String>; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let [project_key, environment_key, resource_kind, resource_key] =
                parts.each_ref().map(Option::as_deref);
            let about = Specifier { project_key, environment_key, resource_kind, resource_key };
            self.note_words(&row.get::<_, String>(0)?, &about, row.get(5)?);
        }
        Ok(())
    }

    fn note_action(&mut self, action: &str, about: &Specifier<'_>, occurred_at: String) {
        let is_own = |thing: &Thing| [thing.deletion(), thing.creation()].contains(&action);
        let Some(thing) = Thing::ALL.into_iter().find(is_own) else { return };
        let Some(key) = thing.named(about) else { return };
        let life = self.0.entry((thing, key)).or_default();
        let is_deletion = action == thing.deletion();
        let last = if is_deletion { &mut life.deleted } else { &mut life.created };
        *last = last.take().max(Some(occurred_at));
    }

    /// Reads the title of an entry, such as `deleted the flag`, because not every entry names an
    /// action.
    fn note_words(&mut self, verb: &str, about: &Specifier<'_>, occurred_at: String) {
        let Some(noun) = verb.strip_prefix("deleted ") else { return };
        let noun = noun.strip_prefix("the ").unwrap_or(noun);
        let noun = noun.strip_prefix("feature ").unwrap_or(noun);
        if let Some(thing) = Thing::ALL.into_iter().find(|thing| thing.noun() == noun) {
            self.note_action(thing.deletion(), about, occurred_at);
        }
    }

    /// Whether an object with the published `created_at` was deleted since, by itself or with its
    /// project. A deletion before the last creation with the same key does not count.
    pub fn show(&self, thing: Thing, key: &[String], created_at: Option<&str>) -> bool {
        let life = |thing: Thing, key: &[String]| self.0.get(&(thing, key.to_owned()));
        let own = life(thing, key);
        let owner = thing.is_in_project().then(|| life(Thing::Project, &key[..1])).flatten();
        let deletions = [own, owner].map(|life| life.and_then(|life| life.deleted.as_deref()));
        let created = own.and_then(|life| life.created.as_deref()).max(created_at);
        deletions
            .into_iter()
            .max()
            .flatten()
            .is_some_and(|deleted| created.is_none_or(|created| deleted >= created))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as `action resource time`.
    fn proofs(entries: &[&str]) -> Proofs {
        let mut proofs = Proofs::default();
        for entry in entries {
            let [action, resource, time] = entry.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{entry}")
            };
            proofs.note_action(action, &Specifier::parse(resource), time.to_owned());
        }
        proofs
    }

    fn shows(proofs: &Proofs, thing: Thing, key: &str, created_at: Option<&str>) -> bool {
        let key: Vec<_> = key.split('/').map(str::to_owned).collect();
        proofs.show(thing, &key, created_at)
    }

    #[test]
    fn a_deletion_of_the_object_itself_is_proof() {
        let proofs = proofs(&[
            "deleteFlag proj/web:env/test:flag/old;tag 2",
            "deleteFlag proj/web:env/production:flag/old;tag 2",
            "deleteEnvironment proj/web:env/qa 2",
            "deleteTeam team/ops 2",
            "updateOn proj/web:env/test:flag/kept 2",
            "deleteFlag proj/web:env/*:flag/* 2",
        ]);
        assert!(shows(&proofs, Thing::Flag, "web/old", None));
        assert!(shows(&proofs, Thing::Environment, "web/qa", None));
        assert!(shows(&proofs, Thing::Team, "ops", None));
        for (thing, key) in [
            (Thing::Flag, "web/kept"),
            (Thing::Flag, "app/old"),
            (Thing::Environment, "web/test"),
            (Thing::Project, "web"),
        ] {
            assert!(!shows(&proofs, thing, key, None), "{key}");
        }
    }

    #[test]
    fn a_project_takes_along_what_is_in_it() {
        let proofs = proofs(&["deleteProject proj/web;tag 5", "createProject proj/web 7"]);
        assert!(shows(&proofs, Thing::Flag, "web/a", Some("4")));
        assert!(shows(&proofs, Thing::Environment, "web/test", None));
        assert!(!shows(&proofs, Thing::Project, "web", None), "it was created once more");
        assert!(!shows(&proofs, Thing::Flag, "web/b", Some("8")), "a flag of the new project");
        assert!(!shows(&proofs, Thing::Flag, "app/a", None));
    }

    #[test]
    fn a_deletion_before_the_creation_is_no_proof() {
        let proofs = proofs(&["deleteFlag proj/web:env/test:flag/a 5"]);
        assert!(shows(&proofs, Thing::Flag, "web/a", Some("5")));
        assert!(!shows(&proofs, Thing::Flag, "web/a", Some("6")));
        let again = "createFlag proj/web:env/test:flag/a 7";
        let proofs = self::proofs(&["deleteFlag proj/web:env/test:flag/a 5", again]);
        assert!(!shows(&proofs, Thing::Flag, "web/a", None));
    }

    #[test]
    fn words_are_proof_where_they_name_the_kind() {
        let mut proofs = Proofs::default();
        for (verb, resource) in [
            ("deleted the flag", "proj/web:env/test:flag/a"),
            ("deleted the project", "proj/app"),
            ("deleted the rule", "proj/web:env/test:flag/b"),
            ("turned on the flag", "proj/web:env/test:flag/c"),
        ] {
            proofs.note_words(verb, &Specifier::parse(resource), "1".to_owned());
        }
        assert!(shows(&proofs, Thing::Flag, "web/a", None));
        assert!(shows(&proofs, Thing::Project, "app", None));
        assert!(!shows(&proofs, Thing::Flag, "web/b", None));
        assert!(!shows(&proofs, Thing::Flag, "web/c", None));
    }
}
