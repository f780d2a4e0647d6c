//! What is recognised in a message, as `understand` tells it: every kind, whatever the step.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde_json::{Value, json};

use super::cue::Cue;
use super::lexicon::Meaning;
use super::message::Message;
use super::names::Name;
use super::plate;
use super::words::Words;
use crate::spanish::{self, Ordinal};

/// Something recognised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entity {
    /// `number`, `money`, `percent`, `months`, `ordinal`, `yes_no`, `range`, `make`, `model`,
    /// `year`, `km`, `body`, `feature`, `transmission` or `plate`.
    pub kind: &'static str,
    /// As written.
    pub text: String,
    /// Where it starts, in Unicode scalar values.
    pub start: usize,
    /// Where it ends (exclusive), in Unicode scalar values.
    pub end: usize,
    /// A number, a name, true or false, or `{"min", "max"}`.
    pub value: Value,
    /// The currency of an amount: `MXN`, `USD`, `EUR`, or `XXX` for any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
}

impl Message {
    /// Everything recognised, in order; entities may lie within others.
    #[must_use]
    pub fn entities(&self) -> Vec<Entity> {
        let words = Words::built_in();
        let mut entities: Vec<Entity> =
            self.all_found.iter().map(|found| self.of_found(found)).collect();
        for named in &self.names {
            let (kind, name) = match &named.name {
                Name::Make(name) => ("make", name),
                Name::Model(name) => ("model", name),
            };
            entities.push(self.entity(kind, &named.tokens, Value::from(name.as_str())));
        }
        for said in &self.said {
            let (kind, values) = match said.meaning {
                Meaning::Body(index) => ("body", vec![json!(words.bodies[index].body)]),
                Meaning::BodyGroup(index) => {
                    let bodies = words.body_groups[index].bodies.iter();
                    ("body", bodies.map(|body| json!(body)).collect())
                }
                Meaning::Feature(feature) => ("feature", vec![json!(feature)]),
                Meaning::Transmission(transmission) => ("transmission", vec![json!(transmission)]),
                Meaning::Sort(_) | Meaning::Size(_) | Meaning::Release(_) | Meaning::Cue(_) => {
                    continue;
                }
            };
            entities.extend(values.into_iter().map(|value| self.entity(kind, &said.tokens, value)));
        }
        entities.extend(self.plates());
        entities.sort_by_key(|entity| entity.start);
        entities
    }

    fn plates(&self) -> Vec<Entity> {
        let announced = self.of(Cue::Plate);
        let plates = announced.filter_map(|said| plate::after(self.text.tokens(), said.tokens.end));
        plates.map(|(tokens, plate)| self.entity("plate", &tokens, Value::from(plate))).collect()
    }

    fn of_found(&self, found: &spanish::Found) -> Entity {
        let (kind, value) = match &found.value {
            spanish::Value::Number(number) => ("number", figure(*number)),
            spanish::Value::Money(amount) => {
                let pesos = Decimal::new(amount.money.cents(), 2);
                let entity = self.entity("money", &found.tokens, figure(pesos));
                return Entity { currency: Some(amount.currency.as_str()), ..entity };
            }
            spanish::Value::Percent(percent) => ("percent", figure(*percent)),
            spanish::Value::Months(months) => ("months", Value::from(*months)),
            spanish::Value::Ordinal(Ordinal::Nth(number)) => ("ordinal", Value::from(*number)),
            spanish::Value::Ordinal(Ordinal::Last) => ("ordinal", Value::from("last")),
            spanish::Value::Ordinal(Ordinal::BeforeLast(back)) => {
                ("ordinal", Value::from(format!("last-{back}")))
            }
            spanish::Value::Ordinal(Ordinal::Middle) => ("ordinal", Value::from("middle")),
            spanish::Value::YesNo(yes) => ("yes_no", Value::from(*yes)),
            spanish::Value::Range(bounds) => {
                let end = |end: Option<Decimal>| end.map(figure);
                ("range", json!({"min": end(bounds.min), "max": end(bounds.max)}))
            }
            spanish::Value::Year(year) => ("year", Value::from(*year)),
            spanish::Value::Km(km) => ("km", Value::from(*km)),
        };
        self.entity(kind, &found.tokens, value)
    }

    fn entity(&self, kind: &'static str, tokens: &std::ops::Range<usize>, value: Value) -> Entity {
        let (first, last) =
            (&self.text.tokens()[tokens.start], &self.text.tokens()[tokens.end - 1]);
        let text = self.text.written(tokens).to_owned();
        Entity { kind, text, start: first.start, end: last.end, value, currency: None }
    }
}

/// A whole figure as an integer, any other as a decimal number.
fn figure(number: Decimal) -> Value {
    let whole = number.is_integer().then(|| number.to_i64()).flatten();
    whole.map_or_else(|| number.to_f64().map_or(Value::Null, Value::from), Value::from)
}
