//! One record of the file, checked field by field.

use std::fmt;
use std::num::NonZeroU16;
use std::ops::RangeInclusive;

use csv::ByteRecord;

use crate::money::Money;
use crate::text::{closest, fold};

use super::{Feature, StockId};

/// The columns that the file must have, in any order.
pub(super) const COLUMNS: [&str; 12] = [
    "stock_id",
    "km",
    "price",
    "make",
    "model",
    "year",
    "version",
    "bluetooth",
    "largo",
    "ancho",
    "altura",
    "car_play",
];

/// The longest make or model: it has to fit a line on a telephone.
const MAX_NAME_CHARS: usize = 40;
/// The longest version.
const MAX_VERSION_CHARS: usize = 100;
/// No car has driven further; over it a digit slipped in.
const MAX_KM: u32 = 2_000_000;
/// The dearest car taken; prices in cents stay under 2³⁴.
pub(super) const MAX_PRICE: Money = Money::from_pesos(100_000_000);
/// Model years taken.
const YEARS: RangeInclusive<u16> = 1950..=2100;
/// The longest vehicle on a road, in millimetres.
const MAX_MM: u16 = 20_000;
/// How much of a wrong value is shown.
const SHOWN_CHARS: usize = 40;

/// Something wrong in the file: where, what, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line where the row starts, counted from 1.
    pub line: u64,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for RowProblem {
    /// `line 7: price: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A row whose fields all passed.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) stock_id: StockId,
    pub(super) km: u32,
    pub(super) price: Money,
    pub(super) make: String,
    pub(super) model: String,
    pub(super) year: u16,
    pub(super) version: String,
    pub(super) features: u8,
    pub(super) length_mm: Option<NonZeroU16>,
    pub(super) width_mm: Option<NonZeroU16>,
    pub(super) height_mm: Option<NonZeroU16>,
}

/// Where each column stands in this file.
#[derive(Debug)]
pub(super) struct Header {
    places: [usize; COLUMNS.len()],
    /// How many columns there are, ours and others.
    width: usize,
}

impl Header {
    /// Finds the columns by name, whatever their order, case and accents.
    pub(super) fn find(record: &ByteRecord) -> Result<Self, Vec<String>> {
        let names: Vec<String> =
            record.iter().map(|name| fold(String::from_utf8_lossy(name).trim())).collect();
        let mut places = [0; COLUMNS.len()];
        let mut problems = Vec::new();
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let mut found = (0..names.len()).filter(|index| names[*index] == column);
            match (found.next(), found.next()) {
                (Some(index), None) => *place = index,
                (Some(_), Some(_)) => problems.push(format!("the column `{column}` stands twice")),
                (None, _) => problems.push(missing(column, &names)),
            }
        }
        if problems.is_empty() { Ok(Self { places, width: names.len() }) } else { Err(problems) }
    }

    /// The row in `record`, or everything that is wrong with it.
    pub(super) fn read(&self, record: &ByteRecord) -> Result<Draft, Vec<String>> {
        // With a comma too many or too few, fields would be read from their neighbours.
        let surplus = record.iter().skip(self.width).any(|field| !field.trim_ascii().is_empty());
        if record.len() < self.width || surplus {
            return Err(vec![format!(
                "{} fields where the header has {}; look for a comma or a quote that is missing \
                 or too many",
                record.len(),
                self.width
            )]);
        }
        let mut fields = Fields { header: self, record, problems: Vec::new() };
        let stock_id = fields
            .take("stock_id", |text| text.parse::<StockId>().map_err(|error| error.to_string()));
        let km = fields.take("km", km);
        let price = fields.take("price", price);
        let make = fields.take("make", |text| name(text, MAX_NAME_CHARS));
        let model = fields.take("model", |text| name(text, MAX_NAME_CHARS));
        let year = fields.take("year", year);
        let version = fields.take("version", |text| name(text, MAX_VERSION_CHARS));
        let bluetooth = fields.take("bluetooth", |text| yes(text, Feature::Bluetooth));
        let car_play = fields.take("car_play", |text| yes(text, Feature::CarPlay));
        let length_mm = fields.take("largo", millimetres);
        let width_mm = fields.take("ancho", millimetres);
        let height_mm = fields.take("altura", millimetres);
        let problems = fields.problems;
        let draft = || {
            Some(Draft {
                stock_id: stock_id?,
                km: km?,
                price: price?,
                make: make?,
                model: model?,
                year: year?,
                version: version?,
                features: bluetooth? | car_play?,
                length_mm: length_mm?,
                width_mm: width_mm?,
                height_mm: height_mm?,
            })
        };
        draft().ok_or(problems)
    }

    /// The field of `column`, trimmed, as far as it can be read.
    pub(super) fn field<'r>(&self, record: &'r ByteRecord, column: &str) -> Option<&'r str> {
        let index = COLUMNS.iter().position(|known| *known == column)?;
        let field = record.get(self.places[index])?;
        std::str::from_utf8(field).ok().map(str::trim)
    }
}

/// Takes one field after the other, and notes what is wrong.
struct Fields<'r> {
    header: &'r Header,
    record: &'r ByteRecord,
    problems: Vec<String>,
}

impl Fields<'_> {
    fn take<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let field = self.header.field(self.record, column);
        let value =
            field.map_or_else(|| Err("not UTF-8; save the file as CSV in UTF-8".to_owned()), read);
        value.map_err(|what| self.problems.push(format!("{column}: {what}"))).ok()
    }
}

fn missing(column: &str, names: &[String]) -> String {
    let strangers = names.iter().map(String::as_str).filter(|name| !COLUMNS.contains(name));
    match closest(column, strangers, 0.6) {
        Some(near) => format!("the column `{column}` is missing; did `{near}` mean it?"),
        None if names.iter().any(|name| name.contains(';')) => {
            format!("the column `{column}` is missing; separate columns by commas, not by `;`")
        }
        None => format!("the column `{column}` is missing; the file needs {}", COLUMNS.join(",")),
    }
}

fn name(text: &str, limit: usize) -> Result<String, String> {
    match text.chars().count() {
        0 => Err("empty; every car needs one".to_owned()),
        count if count > limit => Err(format!("{count} characters; at most {limit} fit")),
        _ if text.chars().any(char::is_control) => {
            Err(format!("{} holds a line break or a control character", shown(text)))
        }
        _ => Ok(text.to_owned()),
    }
}

fn price(text: &str) -> Result<Money, String> {
    let amount = text.parse::<Money>().ok();
    amount.filter(|amount| *amount > Money::ZERO && *amount <= MAX_PRICE).ok_or_else(|| {
        format!("{} is no price up to {MAX_PRICE}; write it like 218999 or 218999.00", shown(text))
    })
}

fn km(text: &str) -> Result<u32, String> {
    whole(text).filter(|km| *km <= MAX_KM).ok_or_else(|| {
        format!("{} is no distance from 0 to {MAX_KM} km; write it like 58400", shown(text))
    })
}

fn year(text: &str) -> Result<u16, String> {
    let year = whole(text).and_then(|year| u16::try_from(year).ok());
    year.filter(|year| YEARS.contains(year)).ok_or_else(|| {
        let (first, last) = (YEARS.start(), YEARS.end());
        format!("{} is no model year from {first} to {last}; write it like 2019", shown(text))
    })
}

/// Empty and 0 both mean that nobody measured.
fn millimetres(text: &str) -> Result<Option<NonZeroU16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let length = whole(text).and_then(|length| u16::try_from(length).ok());
    length.filter(|length| *length <= MAX_MM).map(NonZeroU16::new).ok_or_else(|| {
        format!(
            "{} is no length up to {MAX_MM} mm; write it like 4490, or leave it empty",
            shown(text)
        )
    })
}

fn yes(text: &str, feature: Feature) -> Result<u8, String> {
    match fold(text).as_str() {
        "si" => Ok(feature.bit()),
        "" | "no" => Ok(0),
        _ => Err(format!("{} is neither `Sí` nor empty", shown(text))),
    }
}

/// A whole number, as spreadsheets write it too: `4490.0`.
fn whole(text: &str) -> Option<u32> {
    let (digits, places) = text.split_once('.').unwrap_or((text, ""));
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let even = places.bytes().all(|byte| byte == b'0');
    if plain && even { digits.parse().ok() } else { None }
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let start: String = text.chars().take(SHOWN_CHARS).collect();
    format!("`{}`", start.escape_debug())
}
