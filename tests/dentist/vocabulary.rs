//! The vocabulary of the dentist: what the engine needs to make appointments without knowing what
//! one is.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use kavak_bot::engine::flow::Slot;
use kavak_bot::engine::seen::{Seen, seen};
use kavak_bot::engine::vocabulary::{
    Acted, ActionOffer, Admission, Attention, FilterOffer, Freshness, Item, ListOffer, Offers,
    Page, PartKind, Sample, Scene, Slots, TypeOffer, Vocabulary,
};
use kavak_bot::message::View;
use serde_json::{Value, json};

use super::clinic::{Clinic, Day};
use super::message::Message;

pub(crate) struct Dentist {
    clinic: Clinic,
    offers: Offers,
    globals: Value,
    /// How often the calendar was opened.
    pub(crate) opened: AtomicUsize,
}

impl Dentist {
    pub(crate) fn new(clinic: Clinic) -> Self {
        let Clinic { name, phone, address, .. } = &clinic;
        let globals = json!({"clinic": {"name": name, "phone": phone, "address": address}});
        Self { clinic, offers: offers(), globals, opened: AtomicUsize::new(0) }
    }
}

fn offers() -> Offers {
    let kind = TypeOffer { listens: true, ..TypeOffer::default() };
    let list = ListOffer { fields: &["name"], max_rows: Some(7), ..ListOffer::default() };
    Offers {
        types: vec![
            TypeOffer { name: "treatment", ..kind.clone() },
            TypeOffer { name: "day", refusals: &["closed"], ..kind.clone() },
            TypeOffer {
                name: "hour",
                params: &[("on", true)],
                base: Some("on"),
                refusals: &["closed"],
                bare_numbers: Some(8..=24),
                ..kind
            },
            TypeOffer { name: "appointment", fields: &["code"], ..TypeOffer::default() },
        ],
        lists: vec![
            ListOffer { name: "treatments", fills: Some("treatment"), ..list.clone() },
            ListOffer { name: "open_days", fills: Some("day"), ..list.clone() },
            ListOffer {
                name: "free_hours",
                inputs: &[("day", "day", true)],
                fills: Some("hour"),
                ..list
            },
        ],
        actions: vec![ActionOffer {
            name: "book",
            inputs: &[
                ("treatment", "treatment", true),
                ("day", "day", true),
                ("hour", "hour", true),
            ],
            outcomes: &[("booked", &[("appointment", "appointment")]), ("taken", &[])],
            ..ActionOffer::default()
        }],
        globals: vec!["clinic.name", "clinic.phone", "clinic.address"],
        filters: FilterOffer::default(),
    }
}

impl Vocabulary for Dentist {
    type Message = Message;

    fn offers(&self) -> &Offers {
        &self.offers
    }

    fn understand(&self, text: &str) -> Message {
        Message::new(text, &self.clinic)
    }

    fn kind_of(&self, part: &str) -> PartKind {
        let message = Message::new(part, &self.clinic);
        let Message { treatment, day, hour, number, .. } = &message;
        match () {
            () if treatment.is_some() || day.is_some() => PartKind::Matter,
            () if hour.is_some() || number.is_some() => PartKind::Matter,
            () if message.question.is_some() => PartKind::Question,
            () => PartKind::Talk,
        }
    }

    fn question(&self, message: &Message, _: Scene<'_>) -> Option<String> {
        message.question.clone()
    }

    fn read(
        &self,
        slot: &Slot,
        attention: Attention,
        message: &Message,
        _: Scene<'_>,
    ) -> Vec<Value> {
        let bare = message.number.filter(|_| attention == Attention::Asked);
        let value = match slot.kind.as_str() {
            "treatment" => message.treatment.clone().map(Value::from),
            "day" => message.day.clone().map(Value::from),
            "hour" => message.hour.or(bare).map(Value::from),
            _ => None,
        };
        value.into_iter().collect()
    }

    fn phrased(&self, _: &Message) -> Vec<String> {
        Vec::new()
    }

    fn admit(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        match slot.kind.as_str() {
            "day" => match self.day(value) {
                Some(day) if day.hours.is_empty() => {
                    Admission::Refused { reason: "closed", facts: json!({"day": day.name}) }
                }
                _ => Admission::Taken(value.clone()),
            },
            "hour" => self.admit_hour(slot, value, slots),
            _ => Admission::Taken(value.clone()),
        }
    }

    fn pick(&self, message: &Message, choices: &[Option<&Value>], _: Scene<'_>) -> Option<usize> {
        message.ordinal.filter(|index| *index < choices.len())
    }

    fn list(&self, list: &str, inputs: &Slots, shown: &[Value], limit: usize) -> Page {
        let rows = self.rows(list, inputs.get("day"));
        let total = rows.len();
        Page { items: rows.into_iter().skip(shown.len()).take(limit).collect(), total }
    }

    /// The only action is `book`.
    fn act(&self, _: &str, inputs: &Slots, _: Timestamp) -> Acted {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let day = inputs.get("day").and_then(|day| self.day(day));
        let hour = inputs.get("hour").and_then(hour_of);
        let free = |(day, hour): &(&Day, u32)| day.free_hours().any(|free| free == *hour);
        match day.zip(hour).filter(free) {
            Some((day, hour)) => {
                let code = format!("{}-{hour}", day.name.to_uppercase());
                let outputs = Slots::from([("appointment".to_owned(), json!({"code": code}))]);
                Acted { outcome: "booked", outputs }
            }
            None => Acted { outcome: "taken", outputs: Slots::new() },
        }
    }

    fn refresh(&self, _: &Slot, _: &Value) -> Freshness {
        Freshness::Fresh
    }

    fn present(&self, slot: &Slot, value: &Value) -> Seen {
        let treatment = || self.clinic.treatment(value.as_str()?);
        seen(match slot.kind.as_str() {
            "treatment" => treatment().map(|treatment| json!(treatment.name)).unwrap_or_default(),
            "day" => self.day(value).map(|day| json!(day.name)).unwrap_or_default(),
            "hour" => hour_of(value).map(|hour| json!(clock(hour))).unwrap_or_default(),
            _ => value.clone(),
        })
    }

    fn globals(&self) -> &Value {
        &self.globals
    }

    fn view(&self, scene: Scene<'_>) -> View {
        View::of(scene.slots)
    }

    fn shown_on_sale(&self, _: Scene<'_>) -> usize {
        0
    }

    fn sample(&self, slot: &Slot, _: Sample) -> Value {
        match slot.kind.as_str() {
            "treatment" => json!("filling"),
            "day" => json!("wednesday"),
            "hour" => json!(12),
            _ => json!({"code": "MIÉRCOLES-12"}),
        }
    }

    fn sample_rows(&self, list: &str, _: Sample, limit: usize) -> Vec<Item> {
        let mut rows = self.rows(list, Some(&json!("monday")));
        rows.truncate(limit);
        rows
    }

    fn sample_refusal(&self, _: &Slot, _: &str, _: Sample) -> Value {
        json!({"day": "miércoles", "hour": "22:00"})
    }
}

impl Dentist {
    fn day(&self, value: &Value) -> Option<&Day> {
        self.clinic.day(value.as_str()?)
    }

    /// An hour waits for its day.
    fn admit_hour(&self, slot: &Slot, value: &Value, slots: &Slots) -> Admission {
        let base = slot.params.get("on").and_then(Value::as_str);
        let day = base.and_then(|base| slots.get(base)).and_then(|day| self.day(day));
        let (Some(day), Some(hour)) = (day, hour_of(value)) else { return Admission::Later };
        if day.hours.contains(&hour) {
            return Admission::Taken(value.clone());
        }
        let facts = json!({"day": day.name, "hour": clock(hour)});
        Admission::Refused { reason: "closed", facts }
    }

    fn rows(&self, list: &str, day: Option<&Value>) -> Vec<Item> {
        let row = |value: Value, name: &str| Item {
            value,
            fields: seen(json!({"name": name})),
            key: None,
        };
        let free = || day.and_then(|day| self.day(day)).into_iter().flat_map(Day::free_hours);
        match list {
            "treatments" => {
                self.clinic.treatments.iter().map(|t| row(json!(t.id), &t.name)).collect()
            }
            "open_days" => self.clinic.open_days().map(|d| row(json!(d.id), &d.name)).collect(),
            _ => free().map(|hour| row(json!(hour), &clock(hour))).collect(),
        }
    }
}

fn hour_of(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|hour| u32::try_from(hour).ok())
}

fn clock(hour: u32) -> String {
    format!("{hour}:00")
}
