//! Changes of flags.

use super::Scene;
use crate::account::{Flag, FlagStatus, State, uuid};

/// No project is left with fewer flags in use than this.
const FEWEST: usize = 5;

/// A change of a flag at this position in this project; nothing where it is not to be made.
type Change = fn(&mut Scene, usize) -> Option<String>;

/// A kind that is listed more than once is chosen more often.
const CHANGES: [Change; 20] = [
    archive, archive, archive, restore, restore, restore, create, create, create, delete, delete,
    deprecate, rename, rename, target, target, target, target, target, replace,
];

/// Changes some flag; nothing where there is no project.
pub(super) fn change(scene: &mut Scene) -> Option<String> {
    let project = scene.project()?;
    let change = CHANGES[scene.random.below(CHANGES.len())];
    let changed = change(scene, project);
    changed.or_else(|| target(scene, project)).or_else(|| create(scene, project))
}

/// The position of some flag in one of these states, and how many there are.
fn some(scene: &mut Scene, project: usize, states: &[State]) -> Option<(usize, usize)> {
    let flags = scene.stored.account.projects[project].flags.iter().enumerate();
    let found: Vec<usize> =
        flags.filter(|(_, flag)| states.contains(&flag.state())).map(|(one, _)| one).collect();
    let position = *found.get(scene.random.below(found.len()))?;
    Some((position, found.len()))
}

/// A live or deprecated flag that can be removed without leaving fewer than [`FEWEST`].
fn spare(scene: &mut Scene, project: usize) -> Option<usize> {
    let (flag, count) = some(scene, project, &[State::Live, State::Deprecated])?;
    (count > FEWEST).then_some(flag)
}

/// Changes a flag as a whole, which counts as a new version of it.
fn edit(
    scene: &mut Scene,
    (project, flag): (usize, usize),
    what: &str,
    change: impl FnOnce(&mut Flag),
) -> Option<String> {
    scene.stored.change_flag(project, flag, |flag| {
        flag.version += 1;
        change(flag);
    });
    Some(named(scene, (project, flag), what))
}

/// Describes the change of a flag, and records its state.
fn named(scene: &mut Scene, (project, flag): (usize, usize), what: &str) -> String {
    let owner = &scene.stored.account.projects[project];
    scene.states.push((owner.key.clone(), owner.flags[flag].clone()));
    format!("{what} {}/{}", owner.key, owner.flags[flag].key)
}

fn archive(scene: &mut Scene, project: usize) -> Option<String> {
    let flag = spare(scene, project)?;
    let now_ms = scene.now_ms();
    edit(scene, (project, flag), "archived", |flag| flag.archived_ms = Some(now_ms))
}

fn restore(scene: &mut Scene, project: usize) -> Option<String> {
    let (flag, _) = some(scene, project, &[State::Archived])?;
    edit(scene, (project, flag), "restored", |flag| flag.archived_ms = None)
}

fn deprecate(scene: &mut Scene, project: usize) -> Option<String> {
    let (flag, _) = some(scene, project, &[State::Live])?;
    let now_ms = scene.now_ms();
    edit(scene, (project, flag), "deprecated", |flag| flag.deprecated_ms = Some(now_ms))
}

fn rename(scene: &mut Scene, project: usize) -> Option<String> {
    let (flag, _) = some(scene, project, &[State::Live, State::Deprecated, State::Archived])?;
    let name = format!("Renamed {}", scene.number);
    edit(scene, (project, flag), "renamed", |flag| flag.name = name)
}

/// Turns a flag on or off in one environment, which is a new version there and not of the flag.
fn target(scene: &mut Scene, project: usize) -> Option<String> {
    let (flag, _) = some(scene, project, &[State::Live, State::Deprecated])?;
    let environments = &scene.stored.account.projects[project].environments;
    let environment = environments.get(scene.random.below(environments.len()))?.key.clone();
    let now_ms = scene.now_ms();
    scene.stored.change_flag(project, flag, |flag| {
        let mut state = flag.environment(&environment).into_owned();
        state.config.on = !state.config.on;
        state.config.version += 1;
        state.config.last_modified_ms = now_ms;
        flag.environments.insert(environment.clone(), state);
    });
    Some(named(scene, (project, flag), &format!("toggled in {environment}")))
}

/// Creates a flag, somewhere in the order of lists without one.
fn create(scene: &mut Scene, project: usize) -> Option<String> {
    let key = format!("created-{:05}", scene.number);
    let flag = fresh(scene, project, key);
    let count = scene.stored.account.projects[project].flags.len();
    let position = scene.random.below(count + 1);
    scene.stored.insert_flag(project, position, flag);
    Some(named(scene, (project, position), "created"))
}

fn delete(scene: &mut Scene, project: usize) -> Option<String> {
    let flag = spare(scene, project)?;
    let what = named(scene, (project, flag), "deleted");
    scene.stored.remove_flag(project, flag);
    Some(what)
}

/// Deletes a flag and creates another with its key.
fn replace(scene: &mut Scene, project: usize) -> Option<String> {
    let flag = spare(scene, project)?;
    let gone = scene.stored.remove_flag(project, flag);
    let flag = fresh(scene, project, gone.key);
    let last = scene.stored.account.projects[project].flags.len();
    scene.stored.insert_flag(project, last, flag);
    Some(named(scene, (project, last), "deleted and created again"))
}

/// A flag created now, after the model of one that is there.
fn fresh(scene: &mut Scene, project: usize, key: String) -> Flag {
    let now_ms = scene.now_ms();
    let flags = &scene.stored.account.projects[project].flags;
    let model = flags.get(scene.random.below(flags.len())).cloned();
    let mut flag = Flag { key, ..model.unwrap_or_else(|| Flag::new("", now_ms)) };
    flag.name = flag.key.clone();
    (flag.version, flag.created_ms) = (1, now_ms);
    (flag.archived_ms, flag.deprecated_ms) = (None, None);
    for (index, variation) in flag.variations.iter_mut().enumerate() {
        variation.id = Some(uuid(&format!("{} {now_ms} {index}", flag.key)));
    }
    for state in flag.environments.values_mut() {
        (state.config.version, state.config.last_modified_ms) = (1, now_ms);
        // No other flag has it: a test can tell whose status it is.
        state.status = Some(FlagStatus::requested("new", now_ms));
    }
    flag
}
