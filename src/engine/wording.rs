//! The wording of `texts/es-MX.yaml` as compiled minijinja templates, and what they say of
//! themselves. Compiled once: the checker tries out what the engine says.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::flow::{TextKey, TextVariant};
use super::vocabulary::FilterOffer;
use crate::text;

/// All texts, compiled.
#[derive(Debug, Clone)]
pub(super) struct Wording {
    environment: Environment<'static>,
    texts: HashMap<String, Vec<Template>>,
    /// Filters that a text names and nobody offers.
    unknown_filters: HashSet<String>,
    /// What does not compile.
    pub(super) broken: Vec<Broken>,
}

/// One wording of a text.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// Its name in the environment.
    name: String,
    /// Which of the wordings of its text it is.
    pub(super) index: usize,
    from: Option<Date>,
    until: Option<Date>,
    /// The names that it uses, with their fields: `car.price`.
    pub(super) names: Vec<String>,
    /// The same without their fields: `car`.
    pub(super) heads: Vec<String>,
    /// The filters that it uses.
    filters: Vec<String>,
    /// What it says, where that is always the same, as with most labels: there is nothing to try out
    /// then, and nothing to render.
    pub(super) fixed: Option<String>,
}

/// A wording that is no template.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    /// The text.
    pub(super) key: String,
    /// Which of its wordings.
    pub(super) index: usize,
    /// The line of the wording, from 1.
    pub(super) line: usize,
    /// What minijinja says.
    pub(super) what: String,
}

impl Wording {
    /// Compiles every text, with these filters.
    pub(super) fn compile(
        texts: &IndexMap<String, Vec<TextVariant>>,
        filters: &FilterOffer,
    ) -> Self {
        let mut wording = Self {
            environment: environment(filters),
            texts: HashMap::with_capacity(texts.len()),
            unknown_filters: HashSet::new(),
            broken: Vec::new(),
        };
        for (key, variants) in texts {
            let mut templates = Vec::with_capacity(variants.len());
            for (index, variant) in variants.iter().enumerate() {
                match wording.add(key, index, variant) {
                    Ok(template) => templates.push(template),
                    Err(error) => wording.broken.push(Broken::of(key, index, &error)),
                }
            }
            wording.texts.insert(key.clone(), templates);
        }
        let templates = wording.texts.values().flatten();
        let named: HashSet<&String> = templates.flat_map(|template| &template.filters).collect();
        let unknown = named.into_iter().filter(|filter| !wording.has_filter(filter));
        wording.unknown_filters = unknown.cloned().collect();
        wording
    }

    /// Whether somebody offers this filter.
    fn has_filter(&self, filter: &str) -> bool {
        let tried = self.environment.render_str(&format!("{{{{ 1|{filter} }}}}"), ());
        tried.err().is_none_or(|error| error.kind() != ErrorKind::UnknownFilter)
    }

    fn add(&mut self, key: &str, index: usize, variant: &TextVariant) -> Result<Template, Error> {
        let TextVariant { template: source, from, until } = variant;
        let (from, until) = (*from, *until);
        let name = format!("{key}#{index}");
        self.environment.add_template_owned(name.clone(), source.clone())?;
        let parsed = self.environment.get_template(&name)?;
        let mut names: Vec<_> = parsed.undeclared_variables(true).into_iter().collect();
        names.sort_unstable();
        let mut heads: Vec<_> = parsed.undeclared_variables(false).into_iter().collect();
        heads.sort_unstable();
        let fixed = names.is_empty().then(|| said(parsed.render(()))).and_then(Result::ok);
        if fixed.is_some() {
            self.environment.remove_template(&name);
        }
        let filters = filters(source);
        Ok(Template { name, index, from, until, names, heads, filters, fixed })
    }

    /// The wordings of a text; none where it does not exist or none compiles.
    pub(super) fn of(&self, key: &TextKey) -> &[Template] {
        self.texts.get(key.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The wording of a text that holds on a day: the first of those that do.
    pub(super) fn on(&self, key: &TextKey, day: Date) -> Option<&Template> {
        self.of(key).iter().find(|template| {
            template.from.is_none_or(|from| from <= day)
                && template.until.is_none_or(|until| day <= until)
        })
    }

    /// A wording with values for its names.
    ///
    /// # Errors
    ///
    /// A wording that prints a name without a value, or misuses one.
    pub(super) fn render(&self, template: &Template, values: Value) -> Result<String, Error> {
        match &template.fixed {
            Some(text) => Ok(text.clone()),
            None => said(self.environment.get_template(&template.name)?.render(values)),
        }
    }

    /// The filters that a wording names and nobody offers.
    pub(super) fn unknown_filters<'t>(
        &self,
        template: &'t Template,
    ) -> impl Iterator<Item = &'t String> {
        template.filters.iter().filter(|filter| self.unknown_filters.contains(*filter))
    }

    /// What a label reads like in plain form, for each wording that is the same for everybody.
    pub(super) fn plain_labels(&self, key: &TextKey) -> Vec<String> {
        let same = self.of(key).iter().filter_map(|template| template.fixed.as_deref());
        same.map(text::plain).collect()
    }
}

impl Broken {
    fn of(key: &str, index: usize, error: &Error) -> Self {
        let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self { key: key.to_owned(), index, line: error.line().unwrap_or(1), what }
    }
}

/// An environment as texts expect it: blocks leave no blank lines, conditions may test what is
/// unknown, printing what is unknown is an error.
fn environment(filters: &FilterOffer) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default delimiters do not clash"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    (filters.install)(&mut environment);
    environment
}

/// A text as it is sent.
fn said(rendered: Result<String, Error>) -> Result<String, Error> {
    rendered.map(|text| text.trim().to_owned())
}

/// The words that follow a `|` between `{{` and `}}` or `{%` and `%}`.
fn filters(source: &str) -> Vec<String> {
    let mut filters = Vec::new();
    let openings = source.match_indices("{{").chain(source.match_indices("{%"));
    for (start, opening) in openings {
        let closing = if opening == "{{" { "}}" } else { "%}" };
        let inside = &source[start + opening.len()..];
        let inside = &inside[..inside.find(closing).unwrap_or(inside.len())];
        for after in inside.split('|').skip(1) {
            let is_word = |character: &char| character.is_alphanumeric() || *character == '_';
            let word: String = after.trim_start().chars().take_while(is_word).collect();
            if !word.is_empty() {
                filters.push(word);
            }
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::filters;

    #[test]
    fn filters_are_found_between_delimiters_only() {
        let source = "a | b {{ x|money }} {% if y | length > 1 %}c{% endif %} {{ a }}|{{ z|a|b }}";
        assert_eq!(filters(source), ["money", "a", "b", "length"]);
    }
}
