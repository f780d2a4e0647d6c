//! A Rust file as tokens: as much of the grammar as the rules need.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword, a name or a number.
    Word(String),
    /// What a string holds, as it is written.
    Text(String),
    /// Anything else, one character each.
    Sign(char),
}

/// A token and where it stands.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) kind: Token,
    /// Its first line, from 1.
    pub(crate) line: usize,
    /// Its last line.
    last_line: usize,
    /// It belongs to an item under `#[cfg(test)]`.
    pub(crate) in_test: bool,
}

/// A file of `src/`.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path in the repository.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Placed>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let mut tokens = Scanner { rest: text, line: 1 }.tokens();
        mark_tests(&mut tokens);
        Self { path: path.to_owned(), text: text.to_owned(), tokens }
    }

    /// The modules that the file stands in, from the outermost; none for the crate itself.
    pub(crate) fn modules(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let parts = path.split('/').filter(|part| !matches!(*part, "lib" | "main" | "mod"));
        parts.map(str::to_owned).collect()
    }

    /// The crate's module that the file belongs to; `lib` and `main` for the two roots.
    pub(crate) fn module(&self) -> &str {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').next().unwrap_or_default()
    }

    /// Lines that are neither blank nor all comment.
    pub(crate) fn lines_with_code(&self) -> usize {
        let lines = self.tokens.iter().flat_map(|token| token.line..=token.last_line);
        lines.collect::<BTreeSet<_>>().len()
    }
}

/// Every file of `src/`.
pub(crate) fn sources() -> Vec<Source> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("src")];
    let mut sources = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder of sources");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            sources.push(Source::new(&name_within(&root, &path), &text));
        }
    }
    assert!(sources.len() > 100, "the sources are elsewhere: only {} were found", sources.len());
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

fn name_within(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).expect("a path below the root").components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn tokens(mut self) -> Vec<Placed> {
        let mut tokens = Vec::new();
        loop {
            self.skip_blanks_and_comments();
            let line = self.line;
            let Some(kind) = self.token() else { return tokens };
            tokens.push(Placed { kind, line, last_line: self.line, in_test: false });
        }
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let blanks = self.rest.len() - self.rest.trim_start().len();
            self.take(blanks);
            if self.rest.starts_with("//") {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.skip_block_comment();
            } else {
                return;
            }
        }
    }

    /// Block comments may stand in one another.
    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match self.rest.get(..2) {
                Some("/*") => depth += 1,
                Some("*/") => depth -= 1,
                _ => {
                    let Some(first) = self.rest.chars().next() else { return };
                    self.take(first.len_utf8());
                    continue;
                }
            }
            self.take(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn token(&mut self) -> Option<Token> {
        let first = self.rest.chars().next()?;
        if let Some(text) = self.string() {
            return Some(Token::Text(text.to_owned()));
        }
        if is_word(first) {
            let end = self.rest.find(|other| !is_word(other)).unwrap_or(self.rest.len());
            return Some(Token::Word(self.take(end).to_owned()));
        }
        let length = if first == '\'' { character_length(self.rest) } else { first.len_utf8() };
        self.take(length);
        Some(Token::Sign(first))
    }

    /// A string in any of its forms (`"…"`, `b"…"`, `r#"…"#`), without its marks.
    fn string(&mut self) -> Option<&'a str> {
        let raw = self.rest.trim_start_matches(['b', 'c']);
        let (is_raw, hashes) = match raw.strip_prefix('r') {
            Some(rest) => (true, rest.len() - rest.trim_start_matches('#').len()),
            None => (false, 0),
        };
        let quote = self.rest.len() - raw.len() + usize::from(is_raw) + hashes;
        let inside = self.rest.get(quote..)?.strip_prefix('"')?;
        if self.rest[..quote].len() > 2 + hashes {
            return None;
        }
        let end = if is_raw {
            inside.find(&format!("\"{}", "#".repeat(hashes)))?
        } else {
            end_of_string(inside)?
        };
        self.take(quote + 1 + end + 1 + hashes);
        Some(&inside[..end])
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }
}

/// Where the closing mark stands: the first that no backslash precedes.
fn end_of_string(inside: &str) -> Option<usize> {
    let mut escaped = false;
    let end = inside.char_indices().find(|(_, character)| {
        let closes = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        closes
    });
    end.map(|(end, _)| end)
}

/// The length of a character with its marks (`'"'`, `'\''`); of the mark alone before a lifetime.
fn character_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((start, escaped))) => {
            let start = start + escaped.len_utf8();
            rest[start..].find('\'').map_or(1, |end| start + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Marks each item that follows `#[cfg(test)]`: to its `;`, or to the end of its block.
fn mark_tests(tokens: &mut [Placed]) {
    let mut index = 0;
    while index < tokens.len() {
        if !is_test_attribute(&tokens[index..]) {
            index += 1;
            continue;
        }
        let mut depth = 0_i32;
        for token in &mut tokens[index..] {
            token.in_test = true;
            index += 1;
            match token.kind {
                Token::Sign('{' | '[' | '(') => depth += 1,
                Token::Sign('}') if depth == 1 => break,
                Token::Sign('}' | ']' | ')') => depth -= 1,
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
}

fn is_test_attribute(tokens: &[Placed]) -> bool {
    let words = ["cfg", "test"].map(|word| Token::Word(word.to_owned()));
    let [cfg, test] = words;
    let attribute =
        [Token::Sign('#'), Token::Sign('['), cfg, Token::Sign('('), test, Token::Sign(')')];
    tokens.len() > attribute.len()
        && tokens.iter().zip(&attribute).all(|(token, expected)| token.kind == *expected)
}
