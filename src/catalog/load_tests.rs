use super::*;

const HEADER: &str =
    "stock_id,km,price,make,model,year,version,bluetooth,largo,ancho,altura,car_play\n";
const VERSA: &str = "100234,58400,218999.0,Nissan,Versa,2019,1.6 ADVANCE AUTO,Sí,4490.0,,1475,Sí\n";

fn parse(csv: impl AsRef<[u8]>) -> Result<Loaded, LoadError> {
    Catalog::parse(csv.as_ref(), Path::new("cars.csv"), Words::built_in())
}

fn problems(csv: &str) -> Vec<RowProblem> {
    match parse(csv).unwrap_err() {
        LoadError::Refused { problems, .. } => problems,
        other => panic!("{other}"),
    }
}

#[test]
fn a_row_becomes_a_car() {
    let loaded = parse(format!("{HEADER}{VERSA}")).unwrap();
    assert_eq!(loaded.rejected, []);
    let id: StockId = "100234".parse().unwrap();
    let car = loaded.catalog.car(&id).unwrap();
    assert_eq!(format!("{car:?}"), "100234 Nissan Versa 2019 1.6 ADVANCE AUTO $218999.00 58400 km");
    assert_eq!((car.length_mm(), car.width_mm(), car.height_mm()), (Some(4490), None, Some(1475)));
    assert_eq!(car.features().count(), 2);
    assert_eq!(car.body(), Some(crate::catalog::Body::Sedan));
    assert_eq!(car.transmission(), Some(crate::catalog::Transmission::Automatic));
    assert!(loaded.catalog.car(&"100235".parse().unwrap()).is_none());
}

#[test]
fn spreadsheets_may_do_as_they_like() {
    let csv = "\u{feff}Price,extra, STOCK_ID ,km,make,model,year,version,bluetooth,largo,ancho,\
               altura,car_play\r\n\r\n\"218999.00\",\"a, \"\"b\"\"\",1,10,Nissan,Versa,2019.0,\
               1.6,si,,0,,NO\r\n,,,,,,,,,,,,\r\n\r\n";
    let loaded = parse(csv).unwrap();
    assert_eq!(loaded.rejected, []);
    let car = loaded.catalog.cars().next().unwrap();
    assert_eq!((car.year(), car.width_mm(), car.features().count()), (2019, None, 1));
}

#[test]
fn bad_rows_are_left_out_and_told_with_their_line() {
    let csv = include_bytes!("../../tests/fixtures/bad_rows.csv");
    let loaded = parse(csv).unwrap();
    assert_eq!(loaded.catalog.len(), 1);
    let told: Vec<String> = loaded.rejected.iter().map(RowProblem::to_string).collect();
    let expected = [
        "line 3: km: `71250 km` is no distance from 0 to 2000000 km; write it like 58400",
        "line 5: price: `$259,999` is no price up to 100000000.00; write it like 218999 or 218999.00",
        "line 5: year: `21` is no model year from 1950 to 2100; write it like 2019",
        "line 6: make: empty; every car needs one",
        "line 6: bluetooth: `tal vez` is neither `Sí` nor empty",
        "line 7: 5 fields where the header has 12; look for a comma or a quote that is missing or \
         too many",
    ];
    assert_eq!(told, expected);
}

#[test]
fn lines_are_counted_through_crlf_blanks_and_quoted_breaks() {
    let bad = "7,x,1,Nissan,Versa,2019,1.6,,,,,";
    let quoted = "8,1,1,Nissan,\"Ver\r\nsa\",2019,1.6,,,,,";
    let csv = format!("{HEADER}\n{VERSA}\n\n{bad}\n{quoted}\n{bad}").replace('\n', "\r\n");
    let Err(LoadError::Refused { problems, .. }) = parse(csv) else { panic!("7 stands twice") };
    let lines: Vec<u64> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [6, 7, 9, 9]);
}

#[test]
fn a_stock_id_twice_stops_the_load() {
    let told = problems(&format!("{HEADER}{VERSA}\n{VERSA}"));
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].to_string(),
        "line 4: stock_id: 100234 stands on line 2 too; keep one of the two"
    );
}

#[test]
fn every_missing_column_is_named() {
    let csv = HEADER.replace("price", "prices").replace("car_play", "x").replace("km", "year");
    let told = problems(&format!("{csv}{VERSA}"));
    let told: Vec<String> = told.iter().map(RowProblem::to_string).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[1].contains("`price` is missing; did `prices` mean it?"), "{told:?}");
    assert!(told[2].contains("`year` stands twice"), "{told:?}");
    let semicolons = problems(&HEADER.replace(',', ";"));
    assert!(semicolons[0].what.contains("by commas"), "{semicolons:?}");
}

#[test]
fn a_file_without_a_good_row_stops_the_load() {
    for csv in ["", "\n\n", HEADER, &format!("{HEADER}1,2\n")] {
        assert!(matches!(parse(csv), Err(LoadError::Refused { .. })), "{csv:?} was taken");
    }
    let report = parse(format!("{HEADER}1,2\n")).unwrap_err().to_string();
    assert!(
        report.starts_with("the catalogue cars.csv cannot be used:\n  line 2: 2 fields"),
        "{report}"
    );
}

#[test]
fn a_comma_too_many_is_no_other_car() {
    let trailing = format!("{HEADER}{},\n", VERSA.trim_end());
    assert_eq!(parse(trailing).unwrap().rejected, [], "an empty field at the end is no surplus");
    let shifted = format!("{HEADER}{VERSA}7,1,2,Nissan,Versa,2019,1.6, AUTO,Sí,,,,Sí\n");
    let rejected = parse(shifted).unwrap().rejected;
    assert_eq!(rejected.len(), 1);
    assert!(rejected[0].what.starts_with("13 fields where the header has 12"), "{rejected:?}");
}

#[test]
fn bytes_that_are_no_text_are_a_bad_row() {
    let latin = b"1,2,3,Nissan,Versa,2019,1.6,S\xed,,,,\n";
    let csv = [HEADER.as_bytes(), VERSA.as_bytes(), latin].concat();
    let loaded = parse(csv).unwrap();
    assert_eq!(loaded.rejected.len(), 1);
    assert!(loaded.rejected[0].what.starts_with("bluetooth: not UTF-8"));
}

#[test]
fn values_out_of_bounds_are_refused() {
    let good = ["1", "2", "3", "Nissan", "Versa", "2019", "1.6", "", "", "", "", ""];
    let long = "x".repeat(101);
    let wrong = [
        (0, "a b"),
        (0, ""),
        (0, &long),
        (1, "-5"),
        (1, "2000001"),
        (1, "1e5"),
        (1, "10.5"),
        (2, "0"),
        (2, "-1"),
        (2, "100000000.01"),
        (2, "NaN"),
        (3, &long),
        (4, "\u{7}"),
        (5, "1949"),
        (5, "2101"),
        (6, &long),
        (7, "1"),
        (8, "20001"),
        (9, "wide"),
    ];
    for (column, value) in wrong {
        let mut fields = good;
        fields[column] = value;
        let csv = format!("{HEADER}{VERSA}{}\n", fields.join(","));
        let loaded = parse(csv).unwrap();
        assert_eq!((loaded.catalog.len(), loaded.rejected.len()), (1, 1), "{column} {value:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = Catalog::load(Path::new("nowhere.csv"), Words::built_in()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read the catalogue nowhere.csv: "), "{error}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_the_loader(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = parse(&bytes);
        let _ = parse([HEADER.as_bytes(), &bytes].concat());
    }
}
