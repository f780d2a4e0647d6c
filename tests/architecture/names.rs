//! The names of our own that a file uses, each from the root of the crate.

use super::source::{Placed, Source, Token};

/// The name that the crate has from outside, as in `main.rs`.
const CRATE: &str = "kavak_bot";

/// A path of ours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// From the root of the crate: `["engine", "Session"]`.
    pub(crate) parts: Vec<String>,
    /// Where it is named.
    pub(crate) line: usize,
}

/// Every path in `source` that says where it begins: at `crate`, `super` or `self`, alone or in a
/// group of a `use`. Of a path in code the parts after the module come along: `text::Text::new`.
pub(crate) fn names(source: &Source) -> Vec<Name> {
    let mut reader = Reader { tokens: &source.tokens, at: 0, names: Vec::new() };
    let mut modules = Inline { around: source.modules(), open: Vec::new(), depth: 0 };
    while let Some(token) = reader.tokens.get(reader.at) {
        modules.pass(&reader.tokens[reader.at..]);
        match &token.kind {
            Token::Word(word) if begins_path(word) && reader.continues(1) => {
                reader.path(&modules.around, true);
            }
            _ => reader.at += 1,
        }
    }
    reader.names
}

fn begins_path(word: &str) -> bool {
    matches!(word, "crate" | "super" | "self" | CRATE)
}

/// Follows the modules that are written inside the file.
struct Inline {
    /// The modules around the present token.
    around: Vec<String>,
    /// The depth of braces at which each inline module began.
    open: Vec<usize>,
    depth: usize,
}

impl Inline {
    fn pass(&mut self, tokens: &[Placed]) {
        match tokens {
            [keyword, name, brace, ..]
                if keyword.kind == Token::Word("mod".to_owned())
                    && brace.kind == Token::Sign('{') =>
            {
                if let Token::Word(name) = &name.kind {
                    self.around.push(name.clone());
                    self.open.push(self.depth);
                }
            }
            [Placed { kind: Token::Sign('{'), .. }, ..] => self.depth += 1,
            [Placed { kind: Token::Sign('}'), .. }, ..] => {
                self.depth = self.depth.saturating_sub(1);
                if self.open.last() == Some(&self.depth) {
                    self.open.pop();
                    self.around.pop();
                }
            }
            _ => {}
        }
    }
}

struct Reader<'a> {
    tokens: &'a [Placed],
    at: usize,
    names: Vec<Name>,
}

impl Reader<'_> {
    /// Reads one path, or the tree of paths of a `use`; `base` is what it is relative to, and
    /// `first` says that `crate` and its like may still come.
    fn path(&mut self, base: &[String], first: bool) {
        let mut parts = base.to_vec();
        let mut may_lead = first;
        while let Some(Placed { kind: Token::Word(word), line, .. }) = self.tokens.get(self.at) {
            match word.as_str() {
                "crate" | CRATE if may_lead => parts.clear(),
                "super" => drop(parts.pop()),
                "self" if self.continues(1) => {}
                _ => {
                    may_lead = false;
                    parts.push(word.clone());
                }
            }
            let line = *line;
            if !self.continues(1) {
                self.at += 1;
                self.names.push(Name { parts, line });
                return;
            }
            self.at += 3;
        }
        match self.tokens.get(self.at) {
            Some(Placed { kind: Token::Sign('{'), .. }) => self.group(&parts),
            Some(Placed { kind: Token::Sign(sign), line, .. }) => {
                // `crate::*` takes everything, `Vec::<u8>` ends a path.
                parts.extend((*sign == '*').then(|| "*".to_owned()));
                self.names.push(Name { parts, line: *line });
            }
            _ => {}
        }
    }

    /// Reads `{a, b::c}` after `base::`.
    fn group(&mut self, base: &[String]) {
        self.at += 1;
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Word(_) if self.is_renaming() => self.at += 2,
                Token::Word(_) | Token::Sign('*') => {
                    let before = self.at;
                    self.path(base, false);
                    self.at = self.at.max(before + 1);
                }
                _ => self.at += 1,
            }
        }
    }

    /// `as name`.
    fn is_renaming(&self) -> bool {
        self.tokens[self.at].kind == Token::Word("as".to_owned())
    }

    /// Whether `::` stands `ahead` of the present token.
    fn continues(&self, ahead: usize) -> bool {
        let is_colon = |offset| {
            let token: Option<&Placed> = self.tokens.get(self.at + ahead + offset);
            token.is_some_and(|token| token.kind == Token::Sign(':'))
        };
        is_colon(0) && is_colon(1)
    }
}
