//! The context file written anew: whole or not at all, with its previous version beside it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// The versions of one second that can be kept.
const MAX_VERSIONS: u32 = 9;

/// The file stands as it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum SaveError {
    #[error("{} has changed meanwhile; nothing is written, call again", .0.display())]
    Changed(PathBuf),
    #[error("{} cannot be written ({source}); nothing else is changed", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "{} stands there: another call may be writing; if there is none, remove it", .0.display()
    )]
    Busy(PathBuf),
}

/// Replaces `before`, which the file at `path` must still hold, by `after`; gives where `before` is
/// kept.
pub(super) fn save(
    path: &Path,
    before: &str,
    after: &str,
    now: Timestamp,
) -> Result<PathBuf, SaveError> {
    // A link stays one: what it points to is replaced.
    let path = &fs::canonicalize(path).map_err(|source| wrong(path, source))?;
    let draft = beside(path, ".tmp");
    let file = File::create_new(&draft).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => SaveError::Busy(draft.clone()),
        _ => wrong(&draft, source),
    })?;
    let saved = replace(path, before, after, now, &draft, file);
    if saved.is_err() {
        // It may have become the file already; else it is of no use to anybody.
        let _ = fs::remove_file(&draft);
    }
    saved
}

fn replace(
    path: &Path,
    before: &str,
    after: &str,
    now: Timestamp,
    draft: &Path,
    file: File,
) -> Result<PathBuf, SaveError> {
    let present = fs::read(path).map_err(|source| wrong(path, source))?;
    if present != before.as_bytes() {
        return Err(SaveError::Changed(path.to_owned()));
    }
    let kept = keep(path, &present, now)?;
    let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
    permissions
        .and_then(|permissions| file.set_permissions(permissions))
        .and_then(|()| written(file, after.as_bytes()))
        .map_err(|source| wrong(draft, source))?;
    fs::rename(draft, path).map_err(|source| wrong(path, source))?;
    // The new name is to outlive a power cut too; where that cannot be asked for, it is written all
    // the same.
    let _ = path.parent().map(File::open).map(|folder| folder.and_then(|folder| folder.sync_all()));
    Ok(kept)
}

/// Writes the previous version beside the file, never over another one.
fn keep(path: &Path, present: &[u8], now: Timestamp) -> Result<PathBuf, SaveError> {
    let moment = now.strftime("%Y-%m-%dT%H%M%SZ").to_string();
    let mut last = (path.to_owned(), io::Error::from(io::ErrorKind::AlreadyExists));
    for version in 1..=MAX_VERSIONS {
        let number = if version == 1 { String::new() } else { format!("-{version}") };
        let kept = beside(path, &format!(".{moment}{number}.bak"));
        match File::create_new(&kept).and_then(|file| written(file, present)) {
            Ok(()) => return Ok(kept),
            Err(source) => {
                let is_taken = source.kind() == io::ErrorKind::AlreadyExists;
                last = (kept, source);
                if !is_taken {
                    break;
                }
            }
        }
    }
    Err(wrong(&last.0, last.1))
}

fn written(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// `path` with `more` at the end of its name.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(more);
    name.into()
}

fn wrong(path: &Path, source: io::Error) -> SaveError {
    SaveError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_version_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.txt");
        fs::write(&path, "uno").expect("a file");
        save(&path, "uno", "dos", Timestamp::UNIX_EPOCH).expect("saved");
        save(&path, "dos", "tres", Timestamp::UNIX_EPOCH).expect("saved");
        let kept = ["c.txt", "c.txt.1970-01-01T000000Z-2.bak", "c.txt.1970-01-01T000000Z.bak"];
        assert_eq!(names(folder.path()), kept);
        let texts = kept.map(|name| fs::read_to_string(folder.path().join(name)).expect("a file"));
        assert_eq!(texts, ["tres", "dos", "uno"]);
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stands() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.txt");
        fs::write(&path, "ajeno").expect("a file");
        let error = save(&path, "uno", "dos", Timestamp::UNIX_EPOCH).expect_err("it has changed");
        assert!(matches!(error, SaveError::Changed(_)), "{error}");
        assert_eq!(names(folder.path()), ["c.txt"]);
        fs::write(folder.path().join("c.txt.tmp"), "").expect("a draft");
        let error = save(&path, "ajeno", "dos", Timestamp::UNIX_EPOCH).expect_err("a draft");
        assert!(matches!(error, SaveError::Busy(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "ajeno");
    }
}
