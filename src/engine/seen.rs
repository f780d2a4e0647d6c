//! Values as texts see them. A text asks for a few of a value's fields, so that each is made when it
//! is asked for.

use std::fmt;
use std::sync::Arc;

pub use minijinja::Value as Seen;
use minijinja::value::{Enumerator, Object, ObjectExt as _, Serde};
use serde_json::{Map, Value};

/// A field that texts may ask of a `T`: its name, and how it is made. [`Seen::UNDEFINED`] where this
/// `T` has none.
pub type Field<T> = (&'static str, fn(&T) -> Seen);

/// A value with these fields as a text sees it.
pub fn fields<T: Send + Sync + 'static>(of: T, fields: &'static [Field<T>]) -> Seen {
    Seen::from_object(Fields { of, fields })
}

/// JSON as a text sees it.
#[must_use]
pub fn seen(value: Value) -> Seen {
    match value {
        Value::Object(members) => Seen::from_object(Members(members)),
        Value::Array(items) => items.into_iter().map(seen).collect(),
        Value::String(text) => Seen::from(text),
        simple => Seen::from(Serde(simple)),
    }
}

/// What fields are asked of.
struct Fields<T: 'static> {
    of: T,
    fields: &'static [Field<T>],
}

impl<T> fmt::Debug for Fields<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.fields.iter().map(|(name, _)| name)).finish()
    }
}

impl<T: Send + Sync + 'static> Object for Fields<T> {
    fn get_value(self: &Arc<Self>, key: &Seen) -> Option<Seen> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Seen> {
        let (_, make) = self.fields.iter().find(|(name, _)| *name == key)?;
        Some(make(&self.of)).filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|this| {
            let defined = this.fields.iter().filter(|(_, make)| !make(&this.of).is_undefined());
            Box::new(defined.map(|(name, _)| Seen::from(*name)))
        })
    }
}

/// The members of a JSON object.
#[derive(Debug)]
struct Members(Map<String, Value>);

impl Object for Members {
    fn get_value(self: &Arc<Self>, key: &Seen) -> Option<Seen> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Seen> {
        self.0.get(key).cloned().map(seen)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|this| Box::new(this.0.keys().map(|name| Seen::from(name.as_str()))))
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};
    use serde_json::json;

    use super::*;

    #[test]
    fn json_reads_as_it_is_written() {
        let value = json!({"name": "Ana", "cars": [{"price": 12}, {"price": 30.5}], "none": null, "yes": true});
        let text = "{{ v.name }} {{ v.cars|length }} {% for c in v.cars %}{{ c.price }},{% endfor %} \
                    {{ v.none is none }} {{ v.yes and not v.other }} {{ v|length }} \
                    {% for k in v %}{{ k }} {% endfor %}{{ v.cars[0] == {'price': 12} }} {{ v }}";
        let read = Environment::new().render_str(text, context! { v => seen(value) });
        assert_eq!(
            read.unwrap(),
            "Ana 2 12,30.5, True True 4 name cars none yes True {'name': 'Ana', 'cars': \
             [{'price': 12}, {'price': 30.5}], 'none': None, 'yes': True}"
        );
    }

    #[test]
    fn a_field_is_made_when_it_is_asked_for() {
        const FIELDS: &[Field<u32>] = &[
            ("half", |number| Seen::from(number / 2)),
            ("none", |_| Seen::UNDEFINED),
            ("broken", |number| {
                assert_ne!(*number, 12, "nobody asked for it");
                Seen::from(())
            }),
        ];
        let text = "{{ v.half }} {{ v.none is defined }} {{ v.other is defined }}";
        let read = Environment::new().render_str(text, context! { v => fields(12, FIELDS) });
        assert_eq!(read.unwrap(), "6 False False");
        let listed = serde_json::to_value(fields(13, FIELDS)).unwrap();
        assert_eq!(listed, json!({"half": 6, "broken": null}));
    }
}
