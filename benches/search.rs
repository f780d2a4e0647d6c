//! Searching 100,000 cars.

use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use kavak_bot::catalog::{Body, Bounds, Catalog, Feature, Query, Sort, Transmission, Words};
use kavak_bot::money::Money;

#[path = "../examples/generate_catalog/generator.rs"]
mod generator;

/// Our own catalogue, many times over.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let csv = generator::catalog(include_str!("../data/catalog/models.toml"), 121).expect("a CSV");
    let path = Path::new("generated.csv");
    let loaded = Catalog::parse(&csv, path, Words::built_in()).expect("a catalogue");
    assert!(loaded.catalog.len() >= 100_000, "{}", loaded.catalog.len());
    loaded.catalog
});

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, query: &Query) {
    let catalog = &*CATALOG;
    bencher.bench(|| catalog.search(black_box(query), 0, 5).total);
}

fn up_to(pesos: i64) -> Bounds<Money> {
    Bounds { min: None, max: Some(Money::from_pesos(pesos)) }
}

#[divan::bench]
fn make_and_price(bencher: Bencher<'_, '_>) {
    let makes = vec!["Nissan".to_owned()];
    run(bencher, &Query { makes, price: up_to(300_000), ..Query::default() });
}

#[divan::bench]
fn model(bencher: Bencher<'_, '_>) {
    run(bencher, &Query { models: vec!["mazda3".to_owned()], ..Query::default() });
}

#[divan::bench]
fn body_and_price_sorted(bencher: Bencher<'_, '_>) {
    let query = Query {
        bodies: vec![Body::Suv],
        price: up_to(400_000),
        sort: Some(Sort::PriceAsc),
        ..Query::default()
    };
    run(bencher, &query);
}

#[divan::bench]
fn every_condition(bencher: Bencher<'_, '_>) {
    let query = Query {
        not_makes: vec!["Nissan".to_owned()],
        year: Bounds { min: Some(2016), max: Some(2023) },
        price: up_to(500_000),
        km: Bounds { min: None, max: Some(90_000) },
        bodies: vec![Body::Suv, Body::Sedan],
        not_bodies: vec![Body::Sedan],
        features: vec![Feature::Bluetooth, Feature::CarPlay],
        transmission: Some(Transmission::Automatic),
        length_mm: Bounds { min: None, max: Some(4_500) },
        sort: Some(Sort::KmAsc),
        ..Query::default()
    };
    run(bencher, &query);
}

#[divan::bench]
fn no_condition(bencher: Bencher<'_, '_>) {
    run(bencher, &Query::default());
}

#[divan::bench]
fn no_condition_sorted(bencher: Bencher<'_, '_>) {
    run(bencher, &Query { sort: Some(Sort::PriceDesc), ..Query::default() });
}

#[divan::bench]
fn nothing_found_and_the_nearest(bencher: Bencher<'_, '_>) {
    let query = Query {
        models: vec!["Versa".to_owned()],
        bodies: vec![Body::Pickup],
        price: up_to(50_000),
        ..Query::default()
    };
    let catalog = &*CATALOG;
    bencher.bench(|| catalog.nearest(black_box(&query), 5).map(|nearest| nearest.found.total));
}

#[divan::bench(sample_count = 10)]
fn load(bencher: Bencher<'_, '_>) {
    let csv = generator::catalog(include_str!("../data/catalog/models.toml"), 121).expect("a CSV");
    bencher.bench(|| Catalog::parse(&csv, Path::new("generated.csv"), Words::built_in()).is_ok());
}
