//! All texts as compiled templates, and what they say of themselves.

use std::collections::{HashMap, HashSet};

use minijinja::{Environment, Error, ErrorKind, Value};

use super::subject::Subject;
use crate::engine::flow::TextKey;
use crate::engine::problem::Problem;
use crate::engine::render::environment;
use crate::engine::vocabulary::Vocabulary;
use crate::text;

/// All texts, compiled.
pub(super) struct Wording {
    environment: Environment<'static>,
    texts: HashMap<String, Vec<Template>>,
    /// Filters that a text names and nobody offers.
    unknown_filters: HashSet<String>,
}

/// One wording of a text.
pub(super) struct Template {
    /// Its name in the environment.
    name: String,
    /// Which of the wordings of its text it is.
    pub(super) index: usize,
    /// The names that it uses, with their fields: `car.price`.
    pub(super) names: Vec<String>,
    /// The filters that it uses.
    filters: Vec<String>,
    /// What it says, where that is always the same: there is nothing to try out then.
    pub(super) fixed: Option<String>,
}

impl Wording {
    /// Compiles every text; what does not compile is a problem.
    pub(super) fn compile(
        subject: &Subject<'_>,
        vocabulary: &impl Vocabulary,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let (texts, unknown_filters) = Default::default();
        let mut wording = Self { environment: environment(vocabulary), texts, unknown_filters };
        for (key, variants) in &subject.flows.texts {
            let mut templates = Vec::new();
            for (index, variant) in variants.iter().enumerate() {
                match wording.add(key, index, &variant.template) {
                    Ok(template) => templates.push(template),
                    Err(error) => problems.push(broken(subject, key, index, &error)),
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

    fn add(&mut self, key: &str, index: usize, source: &str) -> Result<Template, Error> {
        let name = format!("{key}#{index}");
        self.environment.add_template_owned(name.clone(), source.to_owned())?;
        let parsed = self.environment.get_template(&name)?;
        let mut names: Vec<_> = parsed.undeclared_variables(true).into_iter().collect();
        names.sort_unstable();
        let fixed = names.is_empty().then(|| said(parsed.render(()))).and_then(Result::ok);
        Ok(Template { name, index, names, filters: filters(source), fixed })
    }

    /// The wordings of a text; none where it does not exist or none compiles.
    pub(super) fn of(&self, key: &TextKey) -> &[Template] {
        self.texts.get(key.as_str()).map_or(&[], Vec::as_slice)
    }

    /// A wording with values for its names.
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

/// A template that does not compile, at its line.
fn broken(subject: &Subject<'_>, key: &str, index: usize, error: &Error) -> Problem {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let message = format!("the text `{key}` is no template: {what}");
    let place = subject.wording(key, index);
    place.problem_at_line(error.line().unwrap_or(1), "placeholder", message)
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
