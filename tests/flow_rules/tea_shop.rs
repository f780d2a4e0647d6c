//! The vocabulary of a tea shop: as much of a domain as the checker's rules need.

use jiff::Timestamp;
use kavak_bot::engine::flow::Slot;
use kavak_bot::engine::seen::{Seen, seen};
use kavak_bot::engine::vocabulary::{
    Acted, ActionOffer, Admission, Attention, FilterOffer, Freshness, Item, ListOffer, Offers,
    Page, PartKind, Sample, Scene, Slots, TypeOffer, Vocabulary,
};
use kavak_bot::message::View;
use serde_json::{Value, json};

pub(crate) struct TeaShop {
    offers: Offers,
    globals: Value,
}

impl TeaShop {
    /// The shop under another name.
    pub(crate) fn called(name: &str) -> Self {
        let globals = json!({"shop": {"name": name, "phone": "+52 55 1234 5678"}});
        Self { offers: offers(), globals }
    }
}

impl Default for TeaShop {
    fn default() -> Self {
        Self::called("Té y Té")
    }
}

fn offers() -> Offers {
    let kind = TypeOffer::default();
    Offers {
        types: vec![
            TypeOffer {
                name: "tea",
                fields: &["name", "price"],
                refusals: &["sold_out"],
                listens: true,
                ..kind.clone()
            },
            TypeOffer {
                name: "cups",
                params: &[("max", false), ("of", false)],
                base: Some("of"),
                param_values: &[("max", &["pot", "tray"])],
                refusals: &["too_many"],
                bare_numbers: Some(1..=12),
                ..kind.clone()
            },
            TypeOffer {
                name: "choice",
                params: &[("values", true), ("words", false)],
                phrases: &["words"],
                ..kind.clone()
            },
            TypeOffer { name: "bill", ..kind },
        ],
        lists: vec![
            ListOffer {
                name: "teas",
                inputs: &[("size", "choice", true)],
                fills: Some("tea"),
                fields: &["name", "price"],
                keys: None,
                max_rows: None,
            },
            ListOffer {
                name: "sizes",
                inputs: &[],
                fills: None,
                fields: &["name"],
                keys: None,
                max_rows: Some(2),
            },
        ],
        actions: vec![ActionOffer {
            name: "brew",
            inputs: &[("tea", "tea", true), ("cups", "cups", true), ("size", "choice", false)],
            outcomes: &[("ready", &[("bill", "bill")]), ("closed", &[])],
            ..ActionOffer::default()
        }],
        globals: vec!["shop.name", "shop.phone"],
        filters: FilterOffer {
            names: &["money"],
            install: |environment| {
                environment.add_filter("money", |pesos: i64| format!("${pesos}.00"));
            },
        },
    }
}

impl Vocabulary for TeaShop {
    type Message = ();

    fn offers(&self) -> &Offers {
        &self.offers
    }

    fn understand(&self, _: &str) {}

    fn kind_of(&self, _: &str) -> PartKind {
        PartKind::Matter
    }

    fn question(&self, (): &(), _: Scene<'_>) -> Option<String> {
        None
    }

    fn read(&self, _: &Slot, _: Attention, (): &(), _: Scene<'_>) -> Vec<Value> {
        Vec::new()
    }

    fn phrased(&self, (): &()) -> Vec<String> {
        Vec::new()
    }

    fn admit(&self, _: &Slot, value: &Value, _: &Slots) -> Admission {
        Admission::Taken(value.clone())
    }

    fn pick(&self, (): &(), _: &[Option<&Value>], _: Scene<'_>) -> Option<usize> {
        None
    }

    fn list(&self, _: &str, _: &Slots, _: &[Value], _: usize) -> Page {
        Page::default()
    }

    fn act(&self, _: &str, _: &Slots, _: Timestamp) -> Acted {
        Acted { outcome: "closed", outputs: Slots::new() }
    }

    fn refresh(&self, _: &Slot, _: &Value) -> Freshness {
        Freshness::Fresh
    }

    fn present(&self, _: &Slot, value: &Value) -> Seen {
        seen(value.clone())
    }

    fn globals(&self) -> &Value {
        &self.globals
    }

    fn view(&self, _: Scene<'_>) -> View {
        View::of(&())
    }

    fn shown_on_sale(&self, _: Scene<'_>) -> usize {
        0
    }

    fn sample(&self, slot: &Slot, size: Sample) -> Value {
        match slot.kind.as_str() {
            "tea" => tea(size),
            "cups" => json!(12),
            "choice" => json!("large"),
            _ => json!(1_250),
        }
    }

    fn sample_rows(&self, _: &str, size: Sample, limit: usize) -> Vec<Item> {
        let row = Item { value: tea(size), fields: seen(tea(size)), key: None };
        vec![row; limit]
    }

    fn sample_refusal(&self, _: &Slot, reason: &str, _: Sample) -> Value {
        match reason {
            "sold_out" => json!({"name": "Manzanilla"}),
            _ => json!({"left": 12}),
        }
    }
}

fn tea(size: Sample) -> Value {
    let name = match size {
        Sample::Typical => "Manzanilla",
        Sample::Longest => "Manzanilla con flor de azahar, miel de agave y canela de Ceilán",
    };
    json!({"name": name, "price": 80})
}
