//! The process's own environment: the one place that reads it.

use std::collections::HashMap;
use std::path::Path;

use super::SettingError;

/// Where a value is looked for once the environment does not have it.
const ENV_FILE: &str = ".env";

/// The environment, and under it the `.env` file of the current folder.
///
/// # Errors
///
/// A `.env` file that is there but cannot be read, or a line of it that is no setting.
pub fn environment() -> Result<impl Fn(&str) -> Option<String>, SettingError> {
    let file = env_file(Path::new(ENV_FILE))?;
    Ok(move |name: &str| variable(name).or_else(|| file.get(name).cloned()))
}

#[expect(clippy::disallowed_methods, reason = "the named edge where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The file's settings, kept apart from the environment: to write them into it would be a race
/// with every thread that reads it.
fn env_file(path: &Path) -> Result<HashMap<String, String>, SettingError> {
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(HashMap::new()),
        Err(_) => return Err(wrong(path, "a text file that can be read")),
    };
    let mut settings = HashMap::new();
    let mut last = String::new();
    for line in lines {
        // The error itself quotes the line, which may hold a secret.
        let (name, value) = line.map_err(|_| {
            let place = if last.is_empty() { "the first".into() } else { format!("after {last}") };
            wrong(path, &format!("lines of the form NAME=value (the line {place} is not)"))
        })?;
        last.clone_from(&name);
        settings.insert(name, value);
    }
    Ok(settings)
}

fn wrong(path: &Path, expected: &str) -> SettingError {
    let value = path.display().to_string();
    SettingError { name: ENV_FILE.to_owned(), value, expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ENV_FILE);
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_that_is_not_there_sets_nothing() {
        assert_eq!(env_file(Path::new("no/such/.env")), Ok(HashMap::new()));
    }

    #[test]
    fn a_file_gives_its_settings() {
        let (_folder, path) = written("# mine\nBIND=127.0.0.1:9000\nAPI_TOKEN='a b'\n");
        let settings = env_file(&path).unwrap();
        assert_eq!(settings["BIND"], "127.0.0.1:9000");
        assert_eq!(settings["API_TOKEN"], "a b");
    }

    #[test]
    fn a_bad_line_is_told_without_its_text() {
        let (_folder, path) = written("BIND=127.0.0.1:9000\nhush hush\n");
        let problem = env_file(&path).unwrap_err().to_string();
        assert!(problem.contains("after BIND"), "{problem}");
        assert!(!problem.contains("hush"), "{problem}");
    }
}
