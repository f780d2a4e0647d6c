//! What changes on the disk: the only file that knows `notify`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long nothing must change before what changed is told: editors and `git` write in bursts.
const QUIET: Duration = Duration::from_millis(20);

/// How many more events of a burst are waited for.
const MAX_EVENTS: usize = 10_000;

/// Changes cannot be told any more.
#[derive(Debug, thiserror::Error)]
#[error("changes cannot be watched: {0}")]
pub(super) struct Unwatched(#[from] notify::Error);

/// Files and folders whose changes are told.
pub(super) struct Watched {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Followed with all that is in them.
    trees: HashSet<PathBuf>,
    /// Followed with their own files alone.
    folders: HashSet<PathBuf>,
}

/// What changed in one burst.
#[derive(Debug, Default)]
pub(super) struct Changes {
    places: HashSet<PathBuf>,
    /// Something was missed, so that anything may have changed.
    is_all: bool,
}

impl Watched {
    pub(super) fn new() -> Result<Self, Unwatched> {
        let (sender, events) = mpsc::channel();
        let watcher = notify::recommended_watcher(sender)?;
        Ok(Self { watcher, events, trees: HashSet::new(), folders: HashSet::new() })
    }

    /// Also follows `paths`: a folder with all that is in it, and both through the folder around
    /// them, since a file is mostly replaced by a new one, and a folder may be.
    pub(super) fn follow<'p>(
        &mut self,
        paths: impl IntoIterator<Item = &'p Path>,
    ) -> Result<(), Unwatched> {
        for path in paths {
            let path = place(path);
            if path.is_dir() && self.trees.insert(path.clone()) {
                self.watcher.watch(&path, RecursiveMode::Recursive)?;
            }
            if let Some(folder) = path.parent()
                && folder.is_dir()
                && !self.trees.iter().any(|tree| folder.starts_with(tree))
                && self.folders.insert(folder.to_owned())
            {
                self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
            }
        }
        Ok(())
    }

    /// Follows those folders anew that were replaced: what was followed is the old one, wherever it
    /// is now.
    fn follow_again(&mut self, changes: &Changes) {
        for tree in self.trees.iter().filter(|tree| changes.places.contains(*tree)) {
            // The old one may be gone, and so may the new one: then it is told when it comes.
            let _ = self.watcher.unwatch(tree);
            let _ = self.watcher.watch(tree, RecursiveMode::Recursive);
        }
    }

    /// Waits for the next change, and for what changes with it; none where nothing can be told any
    /// more.
    pub(super) fn next(&mut self) -> Option<Changes> {
        let mut changes = Changes::default();
        while changes.is_empty() {
            changes.add(self.events.recv().ok()?);
            for _ in 0..MAX_EVENTS {
                let Ok(event) = self.events.recv_timeout(QUIET) else { break };
                changes.add(event);
            }
        }
        self.follow_again(&changes);
        Some(changes)
    }
}

impl Changes {
    /// Whether the file changed, or something in the folder.
    pub(super) fn touch(&self, path: &Path) -> bool {
        let path = place(path);
        self.is_all || self.places.iter().any(|changed| changed.starts_with(&path))
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty() && !self.is_all
    }

    fn add(&mut self, event: notify::Result<Event>) {
        match event {
            Err(_) => self.is_all = true,
            Ok(event) if event.need_rescan() => self.is_all = true,
            // Our own reading is told, too.
            Ok(Event { kind: EventKind::Access(_), .. }) => {}
            Ok(event) => {
                let written = event.paths.iter().filter(|path| !is_aside(path));
                self.places.extend(written.map(|path| place(path)));
            }
        }
    }
}

/// Whether the name is that of an editor's copy.
fn is_aside(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.ends_with('~')
}

/// The one spelling of a path, also where the file is gone.
fn place(path: &Path) -> PathBuf {
    let known = path.canonicalize().or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    known.unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_a_folder_touches_it_and_a_file_touches_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        std::fs::create_dir_all(flows.join("texts")).unwrap();
        let mut watched = Watched::new().unwrap();
        watched.follow([flows.as_path(), &folder.path().join("cars.csv")]).unwrap();
        std::fs::write(flows.join("texts/es-MX.yaml"), "").unwrap();
        let changes = watched.next().unwrap();
        assert!(changes.touch(&flows));
        assert!(!changes.touch(&folder.path().join("cars.csv")));
        assert!(!changes.touch(&flows.join("bot.yaml")));
    }

    #[test]
    fn a_file_that_is_moved_into_its_place_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (cars, new) = (folder.path().join("cars.csv"), folder.path().join(".new"));
        std::fs::write(&new, "").unwrap();
        let mut watched = Watched::new().unwrap();
        watched.follow([cars.as_path()]).unwrap();
        std::fs::rename(&new, &cars).unwrap();
        assert!(watched.next().unwrap().touch(&cars));
        std::fs::remove_file(&cars).unwrap();
        assert!(watched.next().unwrap().touch(&cars));
    }

    #[test]
    fn a_folder_that_is_replaced_is_followed_on() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["flows", "new"] {
            std::fs::create_dir(at(name)).unwrap();
            std::fs::write(at(name).join("bot.yaml"), name).unwrap();
        }
        let mut watched = Watched::new().unwrap();
        watched.follow([at("flows").as_path()]).unwrap();
        std::fs::rename(at("flows"), at("old")).unwrap();
        std::fs::rename(at("new"), at("flows")).unwrap();
        assert!(watched.next().unwrap().touch(&at("flows")));
        std::fs::write(at("flows/bot.yaml"), "edited").unwrap();
        assert!(watched.next().unwrap().touch(&at("flows/bot.yaml")));
    }
}
