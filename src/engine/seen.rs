//! JSON as texts see it. A text asks for a few of a value's fields, so that each is made into a value
//! of minijinja's when it is asked for.

use std::sync::Arc;

use minijinja::Value as Seen;
use minijinja::value::{Enumerator, Object, ObjectExt as _, Serde};
use serde_json::{Map, Value};

/// JSON as a template sees it.
pub(super) fn seen(value: Value) -> Seen {
    match value {
        Value::Object(fields) => Seen::from_object(Fields(fields)),
        Value::Array(items) => items.into_iter().map(seen).collect(),
        Value::String(text) => Seen::from(text),
        simple => Seen::from(Serde(simple)),
    }
}

/// The fields of an object.
#[derive(Debug)]
struct Fields(Map<String, Value>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Seen) -> Option<Seen> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Seen> {
        self.0.get(key).cloned().map(seen)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|fields| {
            Box::new(fields.0.keys().map(|name| Seen::from(name.as_str())))
        })
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
}
