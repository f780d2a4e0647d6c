//! What changes on the disk: the only file that knows `notify`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long nothing must change before what changed is told: editors and `git` write in bursts.
const QUIET: Duration = Duration::from_millis(20);

/// How many more events of a burst are waited for.
const MAX_EVENTS: usize = 10_000;

/// Links on the way to one path that are followed: as many as the kernel goes through.
const MAX_LINKS: usize = 40;

/// Changes cannot be told any more.
#[derive(Debug, thiserror::Error)]
#[error("changes cannot be watched: {0}")]
pub(super) struct Unwatched(#[from] notify::Error);

/// Files and folders whose changes are told.
pub(super) struct Watched {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// What is followed, as it was named, and where that was: a link may be pointed elsewhere.
    named: HashMap<PathBuf, PathBuf>,
    /// Followed with all that is in them.
    trees: HashSet<PathBuf>,
    /// Followed with their own files alone.
    folders: HashSet<PathBuf>,
}

/// What changed in one burst.
#[derive(Debug, Default)]
pub(super) struct Changes {
    places: HashSet<PathBuf>,
    /// Folders that are others now, with all that is in them.
    others: HashSet<PathBuf>,
    /// Something was missed, so that anything may have changed.
    is_all: bool,
}

impl Watched {
    pub(super) fn new() -> Result<Self, Unwatched> {
        let (sender, events) = mpsc::channel();
        let watcher = notify::recommended_watcher(sender)?;
        let (named, trees, folders) = Default::default();
        Ok(Self { watcher, events, named, trees, folders })
    }

    /// Also follows `paths`: a folder with all that is in it, and both through the folder around
    /// them, since a file is mostly replaced by a new one, and a folder may be; and the links on the
    /// way, which may be pointed elsewhere (`current -> releases/42`).
    pub(super) fn follow<'p>(
        &mut self,
        paths: impl IntoIterator<Item = &'p Path>,
    ) -> Result<(), Unwatched> {
        for path in paths {
            let place = place(path);
            if place.is_dir() && self.trees.insert(place.clone()) {
                self.watcher.watch(&place, RecursiveMode::Recursive)?;
            }
            self.follow_around(&place)?;
            for link in links(path) {
                self.follow_around(&link)?;
            }
            self.named.insert(path.to_owned(), place);
        }
        Ok(())
    }

    /// Follows the folder around `path`.
    fn follow_around(&mut self, path: &Path) -> Result<(), Unwatched> {
        let Some(folder) = path.parent().map(place) else { return Ok(()) };
        if folder.is_dir()
            && !self.trees.iter().any(|tree| folder.starts_with(tree))
            && self.folders.insert(folder.clone())
        {
            self.watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        }
        Ok(())
    }

    /// Follows those folders anew that were replaced: what was followed is the old one, wherever it
    /// is now. And what is named by a link that was pointed elsewhere.
    fn follow_again(&mut self, changes: &mut Changes) {
        for tree in self.trees.iter().filter(|tree| changes.places.contains(*tree)) {
            // The old one may be gone, and so may the new one: then it is told when it comes.
            let _ = self.watcher.unwatch(tree);
            let _ = self.watcher.watch(tree, RecursiveMode::Recursive);
            changes.others.insert(tree.clone());
        }
        let is_elsewhere =
            |(path, was): (&PathBuf, &PathBuf)| (place(path) != *was).then(|| place(path));
        let elsewhere: Vec<PathBuf> = self.named.iter().filter_map(is_elsewhere).collect();
        if !elsewhere.is_empty() {
            self.follow_anew();
            changes.others.extend(elsewhere);
        }
    }

    /// Lets go of everything, and follows what was named where it is now.
    fn follow_anew(&mut self) {
        for old in self.trees.drain().chain(self.folders.drain()) {
            // It may be gone.
            let _ = self.watcher.unwatch(&old);
        }
        for path in std::mem::take(&mut self.named).into_keys() {
            let _ = self.follow([path.as_path()]);
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
        self.follow_again(&mut changes);
        Some(changes)
    }
}

impl Changes {
    /// Whether the file changed, or something in the folder.
    pub(super) fn touch(&self, path: &Path) -> bool {
        let path = place(path);
        self.is_all
            || self.places.iter().any(|changed| changed.starts_with(&path))
            || self.others.iter().any(|other| other.starts_with(&path) || path.starts_with(other))
    }

    /// These and `others`.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.places.extend(others.places);
        self.others.extend(others.others);
        self.is_all |= others.is_all;
        self
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

/// The links that a path goes through, also those that they lead through.
fn links(path: &Path) -> Vec<PathBuf> {
    let mut links = Vec::new();
    let mut open: Vec<PathBuf> = absolute(path).into_iter().collect();
    while let Some(path) = open.pop() {
        for link in path.ancestors().filter(|part| part.is_symlink()) {
            if links.len() == MAX_LINKS {
                return links;
            }
            let around = link.parent().unwrap_or(link);
            open.extend(fs::read_link(link).map(|target| around.join(target)));
            links.push(link.to_owned());
        }
    }
    links
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

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_pointed_elsewhere_is_followed_there() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for release in ["releases/42", "releases/43"] {
            std::fs::create_dir_all(at(release).join("flows")).unwrap();
            std::fs::write(at(release).join("flows/bot.yaml"), release).unwrap();
        }
        // One link leads to another, and the folder is behind both.
        symlink("newest", at("current")).unwrap();
        symlink("releases/42", at("newest")).unwrap();
        let (flows, file) = (at("current/flows"), at("current/flows/bot.yaml"));
        let mut watched = Watched::new().unwrap();
        watched.follow([flows.as_path(), &at("cars.csv")]).unwrap();
        let mut point = |release: &str| {
            symlink(release, at(".aside")).unwrap();
            std::fs::rename(at(".aside"), at("newest")).unwrap();
            let changes = watched.next().unwrap();
            assert!(changes.touch(&flows) && changes.touch(&file), "{release}");
            assert!(!changes.touch(&at("cars.csv")));
        };
        point("releases/43");
        point("releases/42");
        point("releases/43");
        std::fs::write(at("releases/43/flows/bot.yaml"), "edited").unwrap();
        let changes = watched.next().unwrap();
        assert!(changes.touch(&flows) && changes.touch(&file));
    }
}
