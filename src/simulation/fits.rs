//! Whether a car is what was asked for: by its row, without the index that found it.

use serde_json::Value;

use super::deal::amount;
use crate::catalog::Car;
use crate::text::fold;

/// What the `search` of a session asks for and `car` is not; nothing where it fits.
pub(super) fn misfit(car: Car<'_>, search: &Value) -> Option<&'static str> {
    let price = car.price();
    let year = u64::from(car.year());
    let km = u64::from(car.km());
    let all = |name: &str| search[name].as_array().into_iter().flatten();
    let has = |name: &str, value: &str| {
        let key = |name: &str| fold(name).replace(|letter: char| !letter.is_alphanumeric(), "");
        all(name).filter_map(Value::as_str).any(|named| key(named) == key(value))
    };
    let is_named = ["makes", "models"].iter().any(|name| all(name).next().is_some());
    // Nissan, Honda and Versa are the Versa and every Honda.
    let is_one = !is_named || has("makes", car.make()) || has("models", car.model());
    let is =
        |value: Option<Value>, wanted: &Value| wanted.is_null() || value.as_ref() == Some(wanted);
    let body = serde_json::to_value(car.body()).ok();
    let features: Vec<Value> =
        car.features().filter_map(|feature| serde_json::to_value(feature).ok()).collect();
    let rules = [
        ("makes", is_one),
        ("price", within(&search["price"], |end| amount(end).map(|end| price.cmp(&end)))),
        ("year", within(&search["year"], |end| end.as_u64().map(|end| year.cmp(&end)))),
        ("km", within(&search["km"], |end| end.as_u64().map(|end| km.cmp(&end)))),
        (
            "bodies",
            all("bodies").next().is_none() || all("bodies").any(|kind| body.as_ref() == Some(kind)),
        ),
        ("features", all("features").all(|feature| features.contains(feature))),
        (
            "transmission",
            is(serde_json::to_value(car.transmission()).ok(), &search["transmission"]),
        ),
    ];
    rules.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
}

/// Whether something lies between both ends, where there are any; `compared` tells on which side of
/// an end it lies.
fn within(bounds: &Value, compared: impl Fn(&Value) -> Option<std::cmp::Ordering>) -> bool {
    compared(&bounds["min"]).is_none_or(std::cmp::Ordering::is_ge)
        && compared(&bounds["max"]).is_none_or(std::cmp::Ordering::is_le)
}
