//! Texts to words: the wording of `texts/es-MX.yaml` as minijinja templates.

use std::collections::HashMap;

use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};

use super::flow::{Flows, TextKey};
use super::vocabulary::Vocabulary;

/// A text that could not be rendered. The checker renders every text with sample values, so this
/// means that a value has a form nobody foresaw.
#[derive(Debug, thiserror::Error)]
#[error("the text `{key}` cannot be rendered: {source:#}")]
pub struct RenderError {
    /// The text.
    pub key: String,
    /// What minijinja says.
    pub source: minijinja::Error,
}

/// The wording, compiled.
pub struct Writer {
    environment: Environment<'static>,
    variants: HashMap<TextKey, Vec<Variant>>,
    /// What every text may use, as templates see it.
    globals: HashMap<String, Value>,
}

/// One wording of a text.
struct Variant {
    from: Option<Date>,
    until: Option<Date>,
    says: Says,
}

/// What a wording says.
enum Says {
    /// Always the same: most labels, which need not be rendered again and again.
    Fixed(String),
    /// What this template makes of these names.
    Template { template: String, names: Vec<String> },
}

impl Writer {
    /// Compiles every text of `flows` with the filters of `vocabulary`.
    ///
    /// # Errors
    ///
    /// A template with a mistake in its syntax, or one without names that cannot be rendered.
    pub fn new(flows: &Flows, vocabulary: &impl Vocabulary) -> Result<Self, RenderError> {
        let mut environment = environment(vocabulary);
        let mut variants: HashMap<TextKey, Vec<Variant>> = HashMap::new();
        for (key, wordings) in &flows.texts {
            let compiled = variants.entry(TextKey(key.clone())).or_default();
            for (index, wording) in wordings.iter().enumerate() {
                let template = format!("{key}#{index}");
                let fail = |source| RenderError { key: key.clone(), source };
                environment
                    .add_template_owned(template.clone(), wording.template.clone())
                    .map_err(fail)?;
                let parsed = environment.get_template(&template).map_err(fail)?;
                let names: Vec<String> = parsed.undeclared_variables(false).into_iter().collect();
                let says = if names.is_empty() {
                    let text = parsed.render(()).map_err(fail)?.trim().to_owned();
                    environment.remove_template(&template);
                    Says::Fixed(text)
                } else {
                    Says::Template { template, names }
                };
                compiled.push(Variant { from: wording.from, until: wording.until, says });
            }
        }
        let globals = vocabulary.globals().as_object().into_iter().flatten();
        let globals = globals.map(|(name, value)| (name.clone(), seen(value))).collect();
        Ok(Self { environment, variants, globals })
    }

    /// The text `key` as it reads on `today`; `see` gives the value of each name it uses, where that
    /// is not one of the vocabulary's own.
    ///
    /// # Errors
    ///
    /// A template that prints a name without a value, or misuses one.
    pub fn write(
        &self,
        key: &TextKey,
        today: Date,
        mut see: impl FnMut(&str) -> Option<Value>,
    ) -> Result<String, RenderError> {
        let Some(variant) = self.variant(key, today) else { return Ok(String::new()) };
        let (template, names) = match &variant.says {
            Says::Fixed(text) => return Ok(text.clone()),
            Says::Template { template, names } => (template, names),
        };
        // Only the names that the text uses: presenting every slot each time would cost more than
        // all the rest of a turn.
        let canvas = names.iter().filter_map(|name| {
            let value = see(name).or_else(|| self.globals.get(name).cloned());
            value.map(|value| (name.as_str(), value))
        });
        let canvas = Value::from_pairs(canvas);
        self.environment
            .get_template(template)
            .and_then(|template| template.render(canvas))
            .map(|text| text.trim().to_owned())
            .map_err(|source| RenderError { key: key.0.clone(), source })
    }

    fn variant(&self, key: &TextKey, today: Date) -> Option<&Variant> {
        let holds = |variant: &&Variant| {
            variant.from.is_none_or(|from| from <= today)
                && variant.until.is_none_or(|until| today <= until)
        };
        self.variants.get(key)?.iter().find(holds)
    }
}

/// JSON as a template sees it.
#[must_use]
pub fn seen(value: &serde_json::Value) -> Value {
    Value::from(Serde(value))
}

/// An environment as texts expect it: blocks leave no blank lines, conditions may test what is
/// unknown, printing what is unknown is an error.
#[must_use]
pub fn environment(vocabulary: &impl Vocabulary) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default delimiters do not clash"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    vocabulary.install(&mut environment);
    environment
}
