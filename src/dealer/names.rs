//! Makes and models in a message: known names, however they are spelled.

use std::ops::Range;

use super::directory::{Directory, Entry, key};
use crate::catalog::Catalog;
use crate::text::{Spelling, Text, Token, TokenKind};

/// Tokens that a name can have at most: `mercedes benz clase c` is two names.
const MAX_NAME_TOKENS: usize = 4;

/// A make or a model, as the catalogue spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// A make.
    Make(String),
    /// A model, whatever its make.
    Model(String),
}

/// What a name that can also be something else needs to be taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Support {
    /// Nothing: it is nothing else.
    None,
    /// Words beside it that are about a car, or an article.
    Any,
    /// The same, and beside an article that it is looked for: a party is `la fiesta`, a car `quiero ver
    /// el Fiesta`.
    Sought,
    /// Its make or a year beside it: a number.
    Dated,
    /// Its make beside it: a word that people use all the time.
    Make,
}

/// A make or a model in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Which.
    pub(super) name: Name,
    /// Others that it may as well be: `vw golo` is a Gol or a Golf.
    pub(super) or_else: Vec<Name>,
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// What it needs to be taken for one.
    pub(super) support: Support,
}

/// Every known name.
#[derive(Debug)]
pub(super) struct Names(Directory);

impl Names {
    /// The names of `catalog`, those of the market, and those that customers call them by.
    pub(super) fn of(catalog: &Catalog) -> Self {
        Self(Directory::of(catalog))
    }

    /// The makes and models in a message, in order, none within another.
    pub(super) fn read(&self, text: &Text) -> Vec<Named> {
        let tokens = text.tokens();
        let mut named = Vec::new();
        let mut unknown = Vec::new();
        let mut start = 0;
        while start < tokens.len() {
            if let Some(found) = self.longest_at(tokens, start) {
                let found = self.with_model(found, tokens);
                start = found.tokens.end;
                named.push(found);
            } else {
                unknown.push(start);
                start += 1;
            }
        }
        let mut makes = MakesNamed::default();
        for known in &named {
            makes.add(known, &self.0);
        }
        for index in unknown {
            let Some(found) = self.mistyped_at(&tokens[index], index, &makes) else { continue };
            makes.add(&found, &self.0);
            let found = self.with_model(found, tokens);
            if found.tokens.len() > 1 {
                named.retain(|known| !found.tokens.contains(&known.tokens.start));
            }
            named.push(found);
        }
        named.sort_by_key(|named| named.tokens.start);
        self.drop_wrong_makes(&mut named);
        named
    }

    /// Drops a make that stands before a model of another one: `el nissan jetta` is a Jetta.
    fn drop_wrong_makes(&self, named: &mut Vec<Named>) {
        let wrong = |make: &Named, next: &Named| match (&make.name, &next.name) {
            (Name::Make(make_name), Name::Model(model)) => {
                make.tokens.end == next.tokens.start && !self.0.makes(make_name, model)
            }
            _ => false,
        };
        let is_wrong: Vec<bool> = (0..named.len())
            .map(|index| named.get(index + 1).is_some_and(|next| wrong(&named[index], next)))
            .collect();
        let mut is_wrong = is_wrong.into_iter();
        named.retain(|_| !is_wrong.next().unwrap_or_default());
    }

    fn longest_at(&self, tokens: &[Token], start: usize) -> Option<Named> {
        let (entry, end) = self.longest_from(String::new(), tokens, start)?;
        Some(Named {
            name: entry.name.clone(),
            or_else: Vec::new(),
            tokens: start..end,
            support: entry.support,
        })
    }

    /// The model that is called by its make and a number, where the make is spelled in another way:
    /// `masda 3` is a Mazda 3.
    fn with_model(&self, named: Named, tokens: &[Token]) -> Named {
        let Named { name: Name::Make(make), or_else, tokens: Range { start, end }, .. } = &named
        else {
            return named;
        };
        let numbered = tokens.get(*end).is_some_and(|next| next.kind == TokenKind::Digits);
        match self.longest_from(key(make), tokens, *end) {
            Some((Entry { name, support }, end)) if numbered && or_else.is_empty() => Named {
                name: name.clone(),
                or_else: Vec::new(),
                tokens: *start..end,
                support: *support,
            },
            _ => named,
        }
    }

    /// The longest name that `key` and the tokens from `start` on spell.
    fn longest_from(
        &self,
        mut key: String,
        tokens: &[Token],
        start: usize,
    ) -> Option<(&Entry, usize)> {
        let mut best = None;
        for (end, token) in tokens.iter().enumerate().skip(start).take(MAX_NAME_TOKENS) {
            match token.kind {
                // `a 4 años` is no A4: a word of one vowel is only part of a name it is glued to.
                _ if end > start && !token.glued && is_vowel(&tokens[end - 1].text) => break,
                TokenKind::Word | TokenKind::Digits => key.push_str(&token.text),
                TokenKind::Symbol if token.text == "-" && end > start => continue,
                TokenKind::Symbol => break,
            }
            if let Some(entry) = self.0.spelled(&key) {
                best = Some((entry, end + 1));
            }
        }
        best
    }

    fn mistyped_at(&self, token: &Token, index: usize, makes: &MakesNamed<'_>) -> Option<Named> {
        if token.kind != TokenKind::Word {
            return None;
        }
        let meant = self.0.meant(&token.text, &makes.models);
        let (first, others) = meant.split_first()?;
        Some(Named {
            name: first.name.clone(),
            or_else: others.iter().map(|entry| entry.name.clone()).collect(),
            tokens: index..index + 1,
            // Nobody mistypes a common word into a name.
            support: Support::None,
        })
    }
}

/// The makes that a message names, each once, and how their models are spelled.
#[derive(Default)]
struct MakesNamed<'a> {
    makes: Vec<String>,
    models: Vec<&'a Spelling<String>>,
}

impl<'a> MakesNamed<'a> {
    fn add(&mut self, named: &Named, directory: &'a Directory) {
        if let Name::Make(make) = &named.name
            && !self.makes.contains(make)
        {
            self.models.extend(directory.models_of(make));
            self.makes.push(make.clone());
        }
    }
}

fn is_vowel(word: &str) -> bool {
    matches!(word, "a" | "e" | "i" | "o" | "u" | "y")
}
