use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::catalog::{StockId, Transmission, Words};
use crate::money::Money;

fn catalog() -> Catalog {
    let csv = include_bytes!("../../tests/fixtures/small.csv");
    Catalog::parse(csv, Path::new("small.csv"), Words::built_in()).unwrap().catalog
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn ids(found: &Found<'_>) -> Vec<String> {
    found.cars.iter().map(|car| car.stock_id().to_string()).collect()
}

fn found(query: &Query) -> Vec<String> {
    ids(&catalog().search(query, 0, 100))
}

fn up_to(pesos: i64) -> Bounds<Money> {
    Bounds { min: None, max: Some(Money::from_pesos(pesos)) }
}

#[test]
fn names_are_found_however_spelled() {
    let query = Query { models: names(&["mazda3", "cx 5"]), ..Query::default() };
    assert_eq!(found(&query), ["100309", "100311", "100310"]);
    let query = Query { makes: names(&["kia"]), ..Query::default() };
    assert_eq!(found(&query), ["100318"]);
    let query = Query { makes: names(&["Ferrari"]), ..Query::default() };
    assert_eq!(found(&query), Vec::<String>::new());
}

#[test]
fn a_make_stands_for_its_named_models() {
    let query =
        Query { makes: names(&["Nissan", "Honda"]), models: names(&["Versa"]), ..Query::default() };
    assert_eq!(found(&query), ["100313", "100302", "100312", "100234", "100301"]);
    let query = Query { not_models: names(&["versa"]), ..query };
    assert_eq!(found(&query), ["100313", "100312"]);
}

#[test]
fn what_is_ruled_out_is_not_shown() {
    let query = Query {
        not_makes: names(&["NISSAN", "Volkswagen"]),
        not_bodies: vec![Body::Sedan, Body::Suv, Body::Pickup],
        ..Query::default()
    };
    assert_eq!(found(&query), ["100320", "100321", "100310", "100323", "100322"]);
}

#[test]
fn conditions_narrow_together() {
    let query = Query {
        bodies: vec![Body::Suv, Body::Pickup],
        price: up_to(429_999),
        year: Bounds { min: Some(2019), max: None },
        transmission: Some(Transmission::Automatic),
        features: vec![Feature::Bluetooth, Feature::CarPlay],
        length_mm: Bounds { min: None, max: Some(4586) },
        sort: Some(Sort::PriceAsc),
        ..Query::default()
    };
    assert_eq!(found(&query), ["100304", "100311", "100312"]);
}

#[test]
fn a_model_that_is_not_on_sale_stands_for_no_other_of_its_make() {
    let named = |makes: &[&str], models: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        found(&Query { makes: owned(makes), models: owned(models), ..Query::default() })
    };
    assert_eq!(named(&["Nissan"], &["Pathfinder"]), [""; 0]);
    assert_eq!(named(&["Nissan"], &["Wrangler"]), named(&["Nissan"], &[]));
}

#[test]
fn pages_follow_each_other() {
    let catalog = catalog();
    let query = Query { sort: Some(Sort::KmAsc), ..Query::default() };
    let whole = ids(&catalog.search(&query, 0, 100));
    assert_eq!(whole.len(), 24);
    let pages: Vec<String> =
        (0..5).flat_map(|page| ids(&catalog.search(&query, page * 5, 5))).collect();
    assert_eq!(pages, whole);
    let past = catalog.search(&query, 24, 5);
    assert_eq!((past.cars.len(), past.total), (0, 24));
    assert_eq!(catalog.search(&query, usize::MAX, usize::MAX).cars.len(), 0);
}

#[test]
fn the_nearest_give_up_the_condition_that_leaves_most() {
    let catalog = catalog();
    let query = Query { models: names(&["Versa"]), price: up_to(150_000), ..Query::default() };
    assert_eq!(catalog.search(&query, 0, 5).total, 0);
    let nearest = catalog.nearest(&query, 2).unwrap();
    assert_eq!(nearest.dropped, [Condition::Price]);
    assert_eq!((ids(&nearest.found), nearest.found.total), (names(&["100301", "100234"]), 3));

    let year = Bounds { min: Some(2017), max: Some(2017) };
    let of_a_year = Query { price: Bounds::OPEN, year, ..query.clone() };
    let nearest = catalog.nearest(&of_a_year, 3).unwrap();
    assert_eq!(ids(&nearest.found), names(&["100301", "100234", "100302"]), "by years away");

    let year = Bounds { min: Some(2030), max: None };
    let makes = names(&["Ferrari"]);
    let far = Query { makes, year, ..query };
    let nearest = catalog.nearest(&far, 2).unwrap();
    assert_eq!(nearest.dropped, [Condition::Year, Condition::Price]);
    let hopeless =
        Query { not_makes: catalog.makes().map(|make| make.make.to_owned()).collect(), ..far };
    assert!(catalog.nearest(&hopeless, 2).is_none());
}

#[test]
fn the_directory_counts_what_is_on_sale() {
    let catalog = catalog();
    assert_eq!(catalog.makes().map(|make| make.cars).sum::<usize>(), catalog.len());
    assert_eq!(catalog.models().map(|model| model.cars).sum::<usize>(), catalog.len());
    let nissan: Vec<&str> = catalog.models_of("nissan").map(|model| model.model).collect();
    assert_eq!(nissan, ["Kicks", "March", "NP300", "Versa"]);
    assert_eq!(catalog.models_of("Ferrari").count(), 0);
}

#[test]
fn equals_stand_by_stock_id() {
    let row = |id: &str| format!("{id},1,2,Nissan,Versa,2019,1.6,,,,,\n");
    let header = include_str!("../../tests/fixtures/small.csv").lines().next().unwrap();
    let csv = format!("{header}\n{}{}{}", row("300"), row("100"), row("200"));
    let catalog =
        Catalog::parse(csv.as_bytes(), Path::new("equal.csv"), Words::built_in()).unwrap().catalog;
    let sorts = [Sort::PriceAsc, Sort::PriceDesc, Sort::Newest, Sort::Oldest, Sort::KmAsc];
    for sort in sorts.map(Some).into_iter().chain([None]) {
        let query = Query { sort, ..Query::default() };
        assert_eq!(ids(&catalog.search(&query, 0, 9)), ["100", "200", "300"], "{sort:?}");
    }
}

/// The same search, said in the plainest way.
fn fits(query: &Query, car: Car<'_>) -> bool {
    fn inside<T: PartialOrd>(bounds: &Bounds<T>, value: &T) -> bool {
        bounds.min.as_ref().is_none_or(|min| value >= min)
            && bounds.max.as_ref().is_none_or(|max| value <= max)
    }
    inside(&query.price, &car.price())
        && inside(&query.year, &car.year())
        && inside(&query.km, &car.km())
        && (query.makes.is_empty() || query.makes.iter().any(|make| make == car.make()))
        && !query.not_models.iter().any(|model| model == car.model())
        && (query.bodies.is_empty() || car.body().is_some_and(|body| query.bodies.contains(&body)))
        && !car.body().is_some_and(|body| query.not_bodies.contains(&body))
        && query.transmission.is_none_or(|wanted| car.transmission() == Some(wanted))
        && query.not_transmission.is_none_or(|not| car.transmission() != Some(not))
        && query.features.iter().all(|feature| car.has(*feature))
        && !query.not_features.iter().any(|feature| car.has(*feature))
        && (query.length_mm.is_open()
            || car.length_mm().is_some_and(|length| query.length_mm.holds(length.into())))
}

/// Where a car stands in the order of `sort`.
fn place(sort: Option<Sort>, car: Car<'_>) -> ([i64; 3], StockId) {
    let (year, km, price) = (i64::from(car.year()), i64::from(car.km()), car.price().cents());
    let place = match sort {
        None => [-year, km, price],
        Some(Sort::PriceAsc) => [price, 0, 0],
        Some(Sort::PriceDesc) => [-price, 0, 0],
        Some(Sort::Newest) => [-year, 0, 0],
        Some(Sort::Oldest) => [year, 0, 0],
        Some(Sort::KmAsc) => [km, 0, 0],
    };
    (place, car.stock_id().clone())
}

fn any_query() -> impl Strategy<Value = Query> {
    let make = prop::sample::select(vec!["Nissan", "Mazda", "Volkswagen", "KIA"]);
    let model = prop::sample::select(vec!["Versa", "Jetta", "Mazda 3"]);
    let body = || prop::sample::select(vec![Body::Sedan, Body::Suv, Body::Hatchback, Body::Van]);
    let feature = prop::sample::select(Feature::ALL.to_vec());
    let transmission = prop::sample::select(vec![Transmission::Automatic, Transmission::Manual]);
    let sort = prop::sample::select(vec![
        Sort::PriceAsc,
        Sort::PriceDesc,
        Sort::Newest,
        Sort::Oldest,
        Sort::KmAsc,
    ]);
    let few = 0..3_usize;
    (
        (
            prop::collection::vec(make.prop_map(str::to_owned), few.clone()),
            prop::collection::vec(model.prop_map(str::to_owned), few.clone()),
            prop::option::of(100_000_i64..600_000),
            prop::option::of(100_000_i64..600_000),
            prop::option::of(2014_u16..2024),
            prop::option::of(10_000_u32..120_000),
        ),
        (
            prop::collection::vec(body(), few.clone()),
            prop::collection::vec(body(), few.clone()),
            prop::collection::vec(feature.clone(), few.clone()),
            prop::collection::vec(feature, few),
            prop::option::of(transmission.clone()),
            prop::option::of(transmission),
            (prop::option::of(3_800_u32..4_600), prop::option::of(4_200_u32..5_400)),
            prop::option::of(sort),
        ),
    )
        .prop_map(|((makes, not_models, least, most, year, km), rest)| Query {
            makes,
            not_models,
            price: Bounds { min: least.map(Money::from_pesos), max: most.map(Money::from_pesos) },
            year: Bounds { min: year, max: None },
            km: Bounds { min: None, max: km },
            bodies: rest.0,
            not_bodies: rest.1,
            features: rest.2,
            not_features: rest.3,
            transmission: rest.4,
            not_transmission: rest.5,
            length_mm: Bounds { min: rest.6.0, max: rest.6.1 },
            sort: rest.7,
            ..Query::default()
        })
}

proptest! {
    #[test]
    fn a_search_is_a_filter_and_a_sort(query in any_query(), skip in 0..6_usize, limit in 0..6_usize) {
        let catalog = catalog();
        let mut expected: Vec<Car<'_>> = catalog.cars().filter(|car| fits(&query, *car)).collect();
        expected.sort_by_key(|car| place(query.sort, *car));
        let found = catalog.search(&query, skip, limit);
        prop_assert_eq!(found.total, expected.len());
        let page: Vec<&StockId> =
            expected.iter().skip(skip).take(limit).map(|car| car.stock_id()).collect();
        let got: Vec<&StockId> = found.cars.iter().map(|car| car.stock_id()).collect();
        prop_assert_eq!(got, page);
    }

    #[test]
    fn a_query_reads_back_from_json(query in any_query()) {
        let json = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    }
}
