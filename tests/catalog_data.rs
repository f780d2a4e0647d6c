//! The catalogue we ship: made by its generator, whole, and believable.

use std::collections::HashMap;
use std::path::Path;

use kavak_bot::catalog::{Catalog, Feature, Loaded, Query, StockId, Words};
use kavak_bot::money::Money;

#[path = "../examples/generate_catalog/generator.rs"]
mod generator;

const CSV: &str = include_str!("../data/catalog.csv");
const MODELS: &str = include_str!("../data/catalog/models.toml");

fn ours() -> Catalog {
    let path = Path::new("data/catalog.csv");
    let Loaded { catalog, rejected } =
        Catalog::parse(CSV.as_bytes(), path, Words::built_in()).expect("our own catalogue");
    assert_eq!(rejected, []);
    catalog
}

#[test]
fn the_generator_makes_the_committed_file() {
    let made = generator::catalog(MODELS, 1).unwrap();
    assert!(made == CSV.as_bytes(), "run `cargo run --example generate_catalog`");
}

#[test]
fn the_cars_that_documents_name_are_there() {
    let catalog = ours();
    assert!(catalog.len() >= 650, "{}", catalog.len());
    let id: StockId = "100234".parse().unwrap();
    let versa = catalog.car(&id).unwrap();
    assert_eq!(
        format!("{versa:?}"),
        "100234 Nissan Versa 2019 1.6 ADVANCE AUTO $218999.00 58400 km"
    );
    assert_eq!((versa.length_mm(), versa.features().count()), (Some(4490), 2));
    let older = catalog.car(&"100235".parse().unwrap()).unwrap();
    assert_eq!(
        (older.year(), older.price(), older.km()),
        (2018, Money::from_pesos(199_999), 71_250)
    );
}

#[test]
fn the_usual_models_are_on_sale() {
    let catalog = ours();
    let models = [
        "Jetta", "Sentra", "March", "Aveo", "Onix", "Mazda 3", "CX-5", "CR-V", "Civic", "Corolla",
        "Hilux", "Ranger", "NP300", "Tiguan", "Rio", "Forte", "Swift", "Ibiza", "Kicks", "HR-V",
        "RAV4", "Duster", "Yaris", "Serie 3", "Clase C", "A3", "Cooper",
    ];
    let on_sale = |model: &str| {
        let query = Query { models: vec![model.to_owned()], ..Query::default() };
        catalog.search(&query, 0, 0).total
    };
    for model in models {
        assert!(on_sale(model) >= 5, "{model}: {}", on_sale(model));
    }
    assert!(on_sale("Versa") >= 12);
    assert_eq!(catalog.models_of("Tesla").count(), 0);
}

#[test]
fn every_car_is_understood_and_believable() {
    for car in ours().cars() {
        assert!(car.body().is_some(), "{car:?} has no body");
        assert!(car.transmission().is_some(), "{car:?} has no gearbox");
        assert!(car.length_mm().is_some() && car.width_mm().is_some() && car.height_mm().is_some());
        assert!((2012..=2026).contains(&car.year()), "{car:?}");
        assert_eq!(car.price().cents() % 100_000, 99_900, "{car:?}");
        assert!((6_000_000..=180_000_000).contains(&car.price().cents()), "{car:?}");
        assert!(!car.has(Feature::CarPlay) || car.has(Feature::Bluetooth), "{car:?}");
    }
}

#[test]
fn prices_fall_and_kilometres_grow_with_age() {
    let mut years: HashMap<u16, Vec<(i64, u32)>> = HashMap::new();
    let catalog = ours();
    for car in catalog.cars().filter(|car| car.make() == "Nissan") {
        years.entry(car.year() / 5).or_default().push((car.price().cents(), car.km()));
    }
    let mean = |lustrum: u16| {
        let cars = &years[&lustrum];
        let count = i64::try_from(cars.len()).unwrap();
        let price: i64 = cars.iter().map(|car| car.0).sum();
        let km: i64 = cars.iter().map(|car| i64::from(car.1)).sum();
        (price / count, km / count)
    };
    let (old, middle, new) = (mean(2012 / 5), mean(2017 / 5), mean(2022 / 5));
    assert!(old.0 < middle.0 && middle.0 < new.0, "{old:?} {middle:?} {new:?}");
    assert!(old.1 > middle.1 && middle.1 > new.1, "{old:?} {middle:?} {new:?}");
}
