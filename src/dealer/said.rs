//! What customers may say for a slot: `data/dealer/said.toml`, with the bounds that hold filled in.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::Dealer;
use super::limits::LIMITS;
use crate::engine::flow::Slot;
use crate::money::Money;

/// See the file's own notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    search: Vec<String>,
    car: Vec<String>,
    down_payment: Vec<String>,
    price: Vec<String>,
    months: Vec<String>,
    quote_request: Vec<String>,
}

static SAID: LazyLock<Said> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dealer/said.toml"))
        .expect("data/dealer/said.toml is well formed: a test reads it")
});

/// Values on each side of the bounds of a slot.
#[derive(Default)]
struct Figures {
    below: String,
    min: String,
    mid: String,
    max: String,
    above: String,
}

impl Figures {
    fn fill(&self, templates: &[String]) -> Vec<String> {
        let named = [
            ("{below}", &self.below),
            ("{min}", &self.min),
            ("{mid}", &self.mid),
            ("{max}", &self.max),
            ("{above}", &self.above),
        ];
        let fill = |template: &String| {
            named.iter().fold(template.clone(), |text, (name, value)| text.replace(name, value))
        };
        templates.iter().map(fill).collect()
    }
}

impl Dealer {
    /// Messages that say something about `slot`, one for each way in which that can be taken.
    pub(super) fn messages_about(&self, slot: &Slot) -> Vec<String> {
        match slot.kind.as_str() {
            "search" => SAID.search.clone(),
            "car" => self.stock_figures().fill(&SAID.car),
            "money" if slot.params.contains_key("percent_of") => {
                self.percents().fill(&SAID.down_payment)
            }
            "money" => prices().fill(&SAID.price),
            "months" => self.term_figures().fill(&SAID.months),
            "quote_request" => SAID.quote_request.clone(),
            "choice" => choice_words(slot),
            _ => Vec::new(),
        }
    }

    /// The first car and the last.
    fn stock_figures(&self) -> Figures {
        let ids: Vec<&str> = self.catalog.cars().map(|car| car.stock_id().as_str()).collect();
        let id = |id: Option<&&str>| id.map(|id| (*id).to_owned()).unwrap_or_default();
        Figures { min: id(ids.first()), max: id(ids.last()), ..Figures::default() }
    }

    fn percents(&self) -> Figures {
        // Of a hundred pesos, an amount is its own percentage.
        let (min, max) = self.policy.limits(Money::from_pesos(100));
        let percent = |money: Money| Decimal::new(money.cents(), 2);
        let said = |percent: Decimal| percent.round_dp(2).normalize().to_string();
        let (min, max) = (percent(min), percent(max));
        Figures {
            below: said(min / Decimal::TWO),
            min: said(min),
            mid: said((min + min + max) / Decimal::from(3)),
            max: said(max),
            above: said((max + Decimal::ONE_HUNDRED) / Decimal::TWO),
        }
    }

    fn term_figures(&self) -> Figures {
        let terms: Vec<u16> = self.policy.terms().iter().map(|term| term.get()).collect();
        let (min, max) = (terms.first().copied(), terms.last().copied());
        let said = |term: Option<u16>| term.map(|term| term.to_string()).unwrap_or_default();
        Figures {
            below: said(min.map(|term| term - 1)),
            min: said(min),
            mid: said(terms.get(1).copied()),
            max: said(max),
            above: said(max.map(|term| term + 1)),
        }
    }
}

fn prices() -> Figures {
    let said = |money: Money| money.short().trim_start_matches('$').to_owned();
    let (min, max) = (LIMITS.least_quoted_price, LIMITS.most_quoted_price);
    let peso = Money::from_pesos(1).cents();
    let pesos = |cents: i64| said(Money::from_pesos(cents / peso));
    Figures {
        below: pesos(min.cents() - peso),
        min: said(min),
        mid: pesos(min.cents() * 10),
        max: said(max),
        above: pesos(max.cents() + peso),
    }
}

/// For each value of a choice, its first phrase.
fn choice_words(slot: &Slot) -> Vec<String> {
    let lists = slot.phrases.values().flat_map(|by_value| by_value.values());
    lists.filter_map(|phrases| phrases.first().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_read_and_are_filled_in() {
        let prices = prices().fill(&SAID.price);
        assert!(prices.iter().all(|message| !message.contains('{')), "{prices:?}");
        assert!(SAID.months.iter().any(|message| message.contains("{above}")));
    }
}
