//! Changes of projects, environments, tags and teams.

use super::Scene;
use crate::account::{Environment, Flag, Project, Team};

/// A change; nothing where it is not to be made.
type Change = fn(&mut Scene) -> Option<String>;

const CHANGES: [Change; 8] = [
    create_project,
    delete_project,
    create_environment,
    delete_environment,
    create_tag,
    delete_tag,
    create_team,
    delete_team,
];

/// Creates or deletes something; nothing where the choice fell on the last of its kind.
pub(super) fn change(scene: &mut Scene) -> Option<String> {
    CHANGES[scene.random.below(CHANGES.len())](scene)
}

fn create_project(scene: &mut Scene) -> Option<String> {
    let key = format!("created-{:05}", scene.number);
    let project = Project::new(&key)
        .with_environment(Environment::new("test"))
        .with_flag(Flag::new("first", scene.now_ms()))
        .with_flag(Flag::new("second", scene.now_ms()));
    scene.states.extend(project.flags.iter().map(|flag| (key.clone(), flag.clone())));
    scene.stored.change(|account| account.projects.push(project));
    Some(format!("created project {key}"))
}

fn delete_project(scene: &mut Scene) -> Option<String> {
    let project = scene.project().filter(|_| scene.stored.account.projects.len() > 1)?;
    let gone = scene.stored.change(|account| account.projects.remove(project));
    Some(format!("deleted project {}", gone.key))
}

fn create_environment(scene: &mut Scene) -> Option<String> {
    let project = scene.project()?;
    let key = format!("created-{:05}", scene.number);
    let what = scene.stored.change(|account| {
        let owner = &mut account.projects[project];
        // With secrets that no other project has.
        let alike = Project::new(&owner.key).with_environment(Environment::new(&key));
        owner.environments.extend(alike.environments);
        format!("created environment {}/{key}", owner.key)
    });
    Some(what)
}

fn delete_environment(scene: &mut Scene) -> Option<String> {
    let project = scene.project()?;
    let count = scene.stored.account.projects[project].environments.len();
    let position = (count > 1).then(|| scene.random.below(count))?;
    let what = scene.stored.change(|account| {
        let owner = &mut account.projects[project];
        let gone = owner.environments.remove(position);
        owner.flags.iter_mut().for_each(|flag| drop(flag.environments.remove(&gone.key)));
        format!("deleted environment {}/{}", owner.key, gone.key)
    });
    Some(what)
}

/// No flag has it, so nothing else must be rendered again.
fn create_tag(scene: &mut Scene) -> Option<String> {
    let tag = format!("created-{:05}", scene.number);
    let tags = &mut scene.stored.account.tags;
    let position = tags.partition_point(|one| *one < tag);
    tags.insert(position, tag.clone());
    Some(format!("created tag {tag}"))
}

/// Objects with the tag keep it, because a list of tags may lag behind.
fn delete_tag(scene: &mut Scene) -> Option<String> {
    let tags = &mut scene.stored.account.tags;
    let position = (tags.len() > 1).then(|| scene.random.below(tags.len()))?;
    Some(format!("deleted tag {}", tags.remove(position)))
}

fn create_team(scene: &mut Scene) -> Option<String> {
    let key = format!("created-{:05}", scene.number);
    let team = Team::new(&key, scene.now_ms());
    scene.stored.change(|account| account.teams.push(team));
    Some(format!("created team {key}"))
}

/// The flags that the team maintained have no maintainer afterwards.
fn delete_team(scene: &mut Scene) -> Option<String> {
    let count = scene.stored.account.teams.len();
    let position = (count > 1).then(|| scene.random.below(count))?;
    let states = &mut *scene.states;
    let gone = scene.stored.change(|account| {
        let gone = account.teams.remove(position);
        for project in &mut account.projects {
            let flags = project.flags.iter_mut();
            for flag in flags.filter(|flag| flag.maintainer_team.as_deref() == Some(&gone.key)) {
                flag.maintainer_team = None;
                flag.version += 1;
                states.push((project.key.clone(), flag.clone()));
            }
        }
        gone.key
    });
    Some(format!("deleted team {gone}"))
}
