//! What the dealer reads out of messages, on a small catalogue.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Dealer, Profile};
use crate::catalog::{Body, Catalog, Feature, Transmission, Words};
use crate::credit::Policy;
use crate::engine::Listing;
use crate::engine::flow::{Phrases, Slot};
use crate::engine::vocabulary::{Admission, Attention, Scene, Slots, Vocabulary};

fn dealer() -> Dealer {
    let loaded = Catalog::load(Path::new("tests/fixtures/small.csv"), Words::built_in());
    let policy = Policy::load(Path::new("data/credit_policy.toml")).expect("the policy reads");
    let profile = Profile::load(Path::new("data/dealer.toml")).expect("the dealer file reads");
    Dealer::new(Arc::new(loaded.expect("the catalogue reads").catalog), policy, &profile)
}

fn slot(name: &str, kind: &str, params: &Value) -> Slot {
    let params = params.as_object().expect("an object").clone().into_iter().collect();
    Slot {
        name: name.to_owned(),
        kind: kind.to_owned(),
        params,
        phrases: Phrases::new(),
        noted: None,
        clarify: None,
        gone: None,
        changed: None,
    }
}

fn down_payment() -> Slot {
    let params = json!({"percent_of": "car", "announced_by": "down_payment"});
    slot("down_payment", "money", &params)
}

fn read(
    dealer: &Dealer,
    slot: &Slot,
    attention: Attention,
    words: &str,
    slots: &Slots,
) -> Vec<Value> {
    let listings: BTreeMap<String, Listing> = BTreeMap::new();
    let scene = Scene {
        asked: None,
        slots,
        pending: &Slots::new(),
        listings: &listings,
        question: "",
        numbers: 0,
        unclear: None,
    };
    dealer.read(slot, attention, &dealer.understand(words), scene)
}

/// What a first message asks to be searched, as the chat API shows it.
fn search(dealer: &Dealer, words: &str) -> Value {
    let slot = slot("search", "search", &json!({}));
    let read = read(dealer, &slot, Attention::Overheard, words, &Slots::new());
    let Some(change) = read.first() else { return Value::Null };
    let Admission::Taken(wish) = dealer.admit(&slot, change, &Slots::new()) else {
        panic!("a search is always taken");
    };
    let (slots, listings) = (Slots::from([("search".to_owned(), wish)]), BTreeMap::new());
    let pending = Slots::new();
    let scene = Scene {
        asked: None,
        slots: &slots,
        pending: &pending,
        listings: &listings,
        question: "",
        numbers: 0,
        unclear: None,
    };
    let mut view = dealer.view(scene).value()["search"].clone();
    let nothing = |value: &Value| {
        value.is_null() || *value == json!([]) || *value == json!({"min": null, "max": null})
    };
    view.as_object_mut().expect("an object").retain(|_, value| !nothing(value));
    view
}

#[test]
fn searches_are_read_as_they_are_meant() {
    let dealer = dealer();
    let cases = [
        ("busco un Versa", json!({"models": ["Versa"]})),
        ("busco un verza", json!({"models": ["Versa"]})),
        (
            "tienes vw jetta 2019 en adelante?",
            json!({"makes": ["Volkswagen"], "models": ["Jetta"], "year": {"min": 2019, "max": null}}),
        ),
        (
            "camioneta de menos de 300 mil",
            json!({"bodies": ["suv", "pickup", "van"], "price": {"min": null, "max": "300000.00"}}),
        ),
        (
            "quiero un sedan automatico con carplay entre 200 y 300 mil",
            json!({"bodies": ["sedan"], "features": ["car_play"], "transmission": "automatic",
                "price": {"min": "200000.00", "max": "300000.00"}}),
        ),
        (
            "busco suv con menos de 80 mil km",
            json!({"bodies": ["suv"], "km": {"min": null, "max": 80000}}),
        ),
        ("algo barato", json!({"sort": "price_asc"})),
        (
            "busco un versa de menos de 300 mil y doy 20%",
            json!({"models": ["Versa"], "price": {"min": null, "max": "300000.00"}}),
        ),
        ("busco auto que me quede en 6 mil al mes", json!({"monthly_payment": "6000.00"})),
        ("quiero un tesla", json!({"makes": ["Tesla"]})),
    ];
    for (words, expected) in cases {
        assert_eq!(search(&dealer, words), expected, "{words}");
    }
}

#[test]
fn what_is_no_search_is_left_alone() {
    let dealer = dealer();
    for words in [
        "hola",
        "¿la garantía cubre el motor?",
        "vi el gol de ayer",
        "doy 60 mil de enganche",
        "a 48 meses",
        "El coche cuesta 280000 y tengo 60000 de enganche",
        "nos vemos en marzo",
    ] {
        assert_eq!(search(&dealer, words), Value::Null, "{words}");
    }
}

#[test]
fn what_is_ruled_out_does_not_come() {
    let dealer = dealer();
    let query = dealer.query("un auto que no sea nissan").expect("a search");
    let found = dealer.catalog().search(&query, 0, 100);
    assert!(found.total > 0);
    assert!(found.cars.iter().all(|car| car.make() != "Nissan"));
}

#[test]
fn nothing_that_was_ruled_out_is_shown() {
    let dealer = dealer();
    let found = |words: &str| {
        let query = dealer.query(words).expect("a search");
        let cars = dealer.catalog().search(&query, 0, 100).cars;
        assert!(!cars.is_empty(), "{words}");
        (query, cars)
    };
    let (_, cars) = found("camioneta que no sea pickup");
    assert!(cars.iter().all(|car| car.body() != Some(Body::Pickup)));
    let (_, cars) = found("un auto sin bluetooth");
    assert!(cars.iter().all(|car| !car.has(Feature::Bluetooth)));
    let (query, cars) = found("un auto que no sea automático");
    assert!(cars.iter().all(|car| car.transmission() != Some(Transmission::Automatic)));
    assert_eq!(query.transmission, None, "what is wanted was not said");
}

#[test]
fn an_amount_is_read_by_what_its_words_say_it_is_for() {
    let dealer = dealer();
    let nobody = Slots::new();
    let overheard = |words| read(&dealer, &down_payment(), Attention::Overheard, words, &nobody);
    assert_eq!(overheard("doy 60 mil"), [json!({"amount": "60000.00"})]);
    assert_eq!(overheard("60 mil de enganche"), [json!({"amount": "60000.00"})]);
    assert_eq!(overheard("cambia el enganche a 80 mil"), [json!({"amount": "80000.00"})]);
    assert_eq!(overheard("con el 20% de enganche"), [json!({"percent": "20"})]);
    assert_eq!(overheard("busco uno de 250 mil"), [] as [Value; 0]);
    assert_eq!(overheard("que me quede en 6 mil al mes"), [] as [Value; 0]);
    let asked = |words| read(&dealer, &down_payment(), Attention::Asked, words, &nobody);
    assert_eq!(asked("unos 50 mil"), [json!({"amount": "50000.00"})]);
    assert_eq!(asked("5 mil dólares"), [json!({"foreign": "USD"})]);
    assert_eq!(asked("lo normal"), [] as [Value; 0]);
    let bare = asked("20");
    assert_eq!(bare[0], json!({"percent": "20"}));
    assert_eq!(bare[1], json!({"amount": "20000.00"}));
}

#[test]
fn a_limit_is_no_amount() {
    let dealer = dealer();
    let nobody = Slots::new();
    let car = Slots::from([("car".to_owned(), json!({"id": "100319", "price": "379999.00"}))]);
    let nothing = [] as [Value; 0];
    let asked = |words| read(&dealer, &down_payment(), Attention::Asked, words, &nobody);
    let overheard = |words| read(&dealer, &down_payment(), Attention::Overheard, words, &car);
    for words in ["algo de menos de 20 mil", "más de 60 mil"] {
        assert_eq!(asked(words), nothing, "{words}");
        assert_eq!(overheard(words), nothing, "{words}");
    }
    assert_eq!(asked("menos de 20 mil"), [json!({"amount": "20000.00"})], "no car costs that");
    assert_eq!(asked("menos de 300 mil"), nothing);
    // Whoever is asked for pesos is told that these are none.
    let dollars = "menos de 10 mil dólares";
    assert_eq!(asked(dollars), [json!({"foreign": "USD"})]);
    assert_eq!(overheard(dollars), nothing);
    for words in
        ["hasta 60 mil", "unos 60 mil", "doy hasta 60 mil", "máximo 60 mil", "60 mil o más"]
    {
        assert_eq!(asked(words), [json!({"amount": "60000.00"})], "{words}");
    }
    assert_eq!(asked("algo de hasta 60 mil"), nothing);
    let either = [json!({"amount": "40000.00"}), json!({"amount": "50000.00"})];
    assert_eq!(asked("entre 40 y 50 mil"), either, "which one is asked");
    let early = |words| read(&dealer, &down_payment(), Attention::Overheard, words, &nobody);
    assert_eq!(early("quiero un versa, tengo 30 mil"), [json!({"amount": "30000.00"})]);
    assert_eq!(early("quiero un versa, tengo 300 mil"), nothing);
}

#[test]
fn a_percentage_is_no_price_and_a_down_payment_neither() {
    let dealer = dealer();
    let price = slot("quote_price", "money", &json!({"announced_by": "price"}));
    let nobody = Slots::new();
    let asked = |words| read(&dealer, &price, Attention::Asked, words, &nobody);
    for words in ["36.67%", "5%", "5%, creo", "doy 60 mil", "2 mil al mes"] {
        assert_eq!(asked(words), [] as [Value; 0], "{words}");
    }
    for words in ["280 mil", "280", "precio de 280 mil", "280 mil, creo"] {
        assert_eq!(asked(words)[0], json!({"amount": "280000.00"}), "{words}");
    }
}

#[test]
fn no_limit_that_was_said_is_dropped() {
    let dealer = dealer();
    let max = |words: &str| search(&dealer, words)["price"]["max"].take();
    assert_eq!(max("algo de menos de 20 mil"), "20000.00");
    assert_eq!(max("un versa de 15 mil"), "15000.00");
    assert_eq!(max("busco algo de 250 pesos"), "250000.00");
}

#[test]
fn the_policy_decides_between_the_readings_of_a_bare_number() {
    let dealer = dealer();
    let slot = down_payment();
    let admitted = |price: &str, value: &Value| {
        let car = json!({"id": "x", "price": price});
        let slots = Slots::from([("car".to_owned(), car)]);
        matches!(dealer.admit(&slot, value, &slots), Admission::Taken(_))
    };
    let (percent, thousands) = (json!({"percent": "20"}), json!({"amount": "20000.00"}));
    assert!(admitted("218999.00", &percent) && !admitted("218999.00", &thousands));
    assert!(admitted("150000.00", &percent) && admitted("150000.00", &thousands));
    assert_eq!(dealer.admit(&slot, &percent, &Slots::new()), Admission::Later);
}

#[test]
fn terms_are_years_or_months() {
    let dealer = dealer();
    let months = slot("months", "months", &json!({}));
    let nobody = Slots::new();
    let asked = |words| read(&dealer, &months, Attention::Asked, words, &nobody);
    for (words, count) in [
        ("4", 48),
        ("48", 48),
        ("cuatro años", 48),
        ("a 5 años", 60),
        ("72 meses", 72),
        ("7", 84),
        ("el más largo", 72),
    ] {
        assert_eq!(asked(words), [json!(count)], "{words}");
    }
    for words in [
        "15 mil",
        "algo de menos de 20 mil",
        "de 20 mil",
        "240",
        "menos de 48 meses",
        "entre 36 y 48 meses",
    ] {
        assert_eq!(asked(words), [] as [Value; 0], "{words}");
    }
    assert_eq!(asked("a 20 años"), [json!(240)]);
    assert_eq!(asked("máximo 48 meses"), [json!(48)]);
    let overheard = |words| read(&dealer, &months, Attention::Overheard, words, &nobody);
    assert_eq!(overheard("mejor a 60"), [json!(60)]);
    assert_eq!(overheard("¿la garantía es de 3 meses?"), [] as [Value; 0]);
    assert_eq!(overheard("20"), [] as [Value; 0]);
}

#[test]
fn a_one_message_quote_takes_price_down_payment_and_terms() {
    let dealer = dealer();
    let request = slot("quote_request", "quote_request", &json!({}));
    let words = "El coche cuesta 280000 y tengo 60000 de enganche. Cotiza a 3,4,5 y 6 años";
    let read = read(&dealer, &request, Attention::Overheard, words, &Slots::new());
    assert_eq!(read[0]["price"], "280000.00");
    assert_eq!(read[0]["down_payment"], "60000.00");
    assert_eq!(read[0]["months"], json!([36, 48, 60, 72]));
}

#[test]
fn cars_on_the_screen_are_picked_by_ordinal_and_by_name() {
    let dealer = dealer();
    let values: Vec<Value> = dealer
        .catalog()
        .search(&dealer.query("autos").unwrap_or_default(), 0, 5)
        .cars
        .iter()
        .map(|car| Value::from(car.stock_id().as_str()))
        .collect();
    let choices: Vec<Option<&Value>> = values.iter().map(Some).collect();
    let (slots, listings) = (Slots::new(), BTreeMap::new());
    let scene = Scene {
        asked: None,
        slots: &slots,
        pending: &slots,
        listings: &listings,
        question: "",
        numbers: 0,
        unclear: None,
    };
    let pick = |words: &str| dealer.pick(&dealer.understand(words), &choices, scene);
    assert_eq!(pick("el 2"), Some(1));
    assert_eq!(pick("la tercera"), Some(2));
    assert_eq!(pick("el último"), Some(4));
    assert_eq!(pick("el 2 de la lista"), Some(1));
    assert_eq!(pick("el 9"), None);
    assert_eq!(pick("quiero 1 camioneta"), None);
    let last = dealer.catalog().car(&values[4].as_str().unwrap().parse().unwrap()).unwrap();
    assert_eq!(pick(&format!("el {} {}", last.model(), last.year())), Some(4));
}

#[test]
fn the_settings_that_hold_phrases_are_settings() {
    for offer in super::offers::offers().types {
        let names: Vec<&str> = offer.params.iter().map(|(name, _)| *name).collect();
        assert!(offer.phrases.iter().all(|phrases| names.contains(phrases)), "{}", offer.name);
    }
}
