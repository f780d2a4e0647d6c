//! Cars as the file that they are read from.

use super::row::COLUMNS;
use super::{Car, Feature};
use crate::money::Money;

/// The text of a catalogue with these cars, which loads as them.
///
/// # Panics
///
/// Never: a file in memory takes what it is given.
#[must_use]
pub fn written<'a>(cars: impl IntoIterator<Item = Car<'a>>) -> String {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(COLUMNS).expect("memory takes it");
    for car in cars {
        file.write_record(fields(car)).expect("memory takes it");
    }
    let bytes = file.into_inner().expect("memory takes it");
    String::from_utf8(bytes).expect("made of text")
}

/// The fields of a car in the order of the columns.
fn fields(car: Car<'_>) -> [String; COLUMNS.len()] {
    let has = |feature| if car.has(feature) { "Sí".to_owned() } else { String::new() };
    let length = |length: Option<u16>| length.map(|length| length.to_string()).unwrap_or_default();
    [
        car.stock_id().to_string(),
        car.km().to_string(),
        pesos(car.price()),
        car.make().to_owned(),
        car.model().to_owned(),
        car.year().to_string(),
        car.version().to_owned(),
        has(Feature::Bluetooth),
        length(car.length_mm()),
        length(car.width_mm()),
        length(car.height_mm()),
        has(Feature::CarPlay),
    ]
}

/// `218999`, `218999.50`.
fn pesos(price: Money) -> String {
    match (price.cents() / 100, price.cents() % 100) {
        (pesos, 0) => pesos.to_string(),
        (pesos, cents) => format!("{pesos}.{cents:02}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::{Catalog, Words};

    #[test]
    fn what_is_written_loads_as_the_same_cars() {
        for file in ["data/catalog.csv", "tests/fixtures/small.csv"] {
            let catalog = Catalog::load(Path::new(file), Words::built_in()).unwrap().catalog;
            let copy = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(copy.path(), written(catalog.cars())).unwrap();
            let loaded = Catalog::load(copy.path(), Words::built_in()).unwrap();
            assert!(loaded.rejected.is_empty(), "{:?}", loaded.rejected);
            let all = |catalog: &Catalog| catalog.cars().map(fields).collect::<Vec<_>>();
            assert_eq!(all(&loaded.catalog), all(&catalog));
        }
    }
}
