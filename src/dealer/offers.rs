//! What the dealer offers flows by name.

use super::present;
use crate::engine::vocabulary::{ActionOffer, ListOffer, Offers, TypeOffer};

/// What a template may ask of a car that is recommended.
const RECOMMENDED_FIELDS: &[&str] = &[
    "id",
    "name",
    "title",
    "make",
    "model",
    "year",
    "version",
    "price",
    "km",
    "details",
    "min_down_payment",
    "max_down_payment",
    "reason",
];

/// What a template may ask of any car: the same without the reason.
const CAR_FIELDS: &[&str] = match RECOMMENDED_FIELDS.split_last() {
    Some((_reason, fields)) => fields,
    None => &[],
};

/// What a template may ask of an amount that a policy bounds.
const MONEY_FIELDS: &[&str] =
    &["amount", "percent", "as_percent", "said", "minimum", "min_down", "max_down"];

/// What a template may ask of a term in a list.
const TERM_FIELDS: &[&str] =
    &["count", "years", "monthly_payment", "last_payment", "total_interest", "total_paid"];

/// Everything, for the checker and for authors.
#[must_use]
pub fn offers() -> Offers {
    Offers {
        types: types(),
        lists: lists(),
        actions: [search_actions(), credit_actions()].concat(),
        globals: vec![
            "dealer.name",
            "dealer.phone",
            "dealer.hours",
            "dealer.address",
            "dealer.branches",
            "dealer.privacy_url",
            "dealer.retention_days",
            "policy.rate_percent",
            "policy.min_down_percent",
            "policy.max_down_percent",
            "policy.terms",
        ],
        filters: present::FILTERS,
    }
}

fn types() -> Vec<TypeOffer> {
    vec![
        TypeOffer {
            name: "search",
            params: &[("closed_by", false)],
            fields: &["summary", "filters", "stated", "missing"],
            refusals: &["foreign"],
            listens: true,
            ..TypeOffer::default()
        },
        TypeOffer { name: "car", fields: CAR_FIELDS, listens: true, ..TypeOffer::default() },
        TypeOffer {
            name: "choice",
            params: &[("values", true), ("words", false), ("says", false), ("of", false)],
            phrases: &["words", "says"],
            base: Some("of"),
            listens: true,
            ..TypeOffer::default()
        },
        TypeOffer {
            name: "money",
            params: &[("percent_of", false), ("announced_by", true)],
            param_values: &[("announced_by", &["down_payment", "price"])],
            fields: MONEY_FIELDS,
            refusals: &["too_low", "too_high", "foreign"],
            base: Some("percent_of"),
            early_refusals: &["foreign"],
            bare_numbers: Some(4..=999_999_999),
            listens: true,
            bounded: true,
            ..TypeOffer::default()
        },
        TypeOffer {
            name: "months",
            params: &[("with", true)],
            fields: &["count", "years"],
            refusals: &["not_offered"],
            base: Some("with"),
            bare_numbers: Some(1..=600),
            listens: true,
            bounded: true,
            ..TypeOffer::default()
        },
        TypeOffer {
            name: "plan",
            fields: &[
                "months",
                "monthly_payment",
                "last_payment",
                "total_interest",
                "total_paid",
                "total_with_down_payment",
                "rate_percent",
            ],
            ..TypeOffer::default()
        },
        TypeOffer {
            name: "quote_request",
            fields: &["price", "down_payment", "other_terms"],
            listens: true,
            ..TypeOffer::default()
        },
        TypeOffer { name: "text", ..TypeOffer::default() },
    ]
}

fn lists() -> Vec<ListOffer> {
    let cars = |name, max_rows| ListOffer {
        name,
        inputs: &[("search", "search", true)],
        fills: Some("car"),
        fields: CAR_FIELDS,
        max_rows,
        ..ListOffer::default()
    };
    let wishes = |name, max_rows| ListOffer {
        name,
        fills: Some("search"),
        fields: &["name", "count"],
        max_rows,
        ..ListOffer::default()
    };
    let amounts = |name, inputs, max_rows| ListOffer {
        name,
        inputs,
        fills: Some("money"),
        fields: MONEY_FIELDS,
        max_rows: Some(max_rows),
        ..ListOffer::default()
    };
    vec![
        cars("results", None),
        cars("nearest", Some(3)),
        ListOffer { fields: RECOMMENDED_FIELDS, ..cars("recommended", Some(3)) },
        ListOffer { inputs: &[("search", "search", true)], ..wishes("popular", Some(8)) },
        wishes("bodies", Some(8)),
        wishes("price_bands", Some(6)),
        wishes("makes", None),
        amounts("down_payment_options", &[("car", "car", true)], 3),
        amounts("quote_down_payment_options", &[("quote_price", "money", true)], 3),
        amounts("down_payment_bound", &[("refused", "refused", true)], 1),
        ListOffer {
            name: "terms",
            inputs: &[("car", "car", true), ("down_payment", "money", true)],
            fills: Some("months"),
            fields: TERM_FIELDS,
            keys: Some(1..=50),
            max_rows: Some(12),
        },
        ListOffer {
            name: "quote_terms",
            inputs: &[("request", "quote_request", true)],
            fields: TERM_FIELDS,
            max_rows: Some(12),
            ..ListOffer::default()
        },
        ListOffer {
            name: "plan_years",
            inputs: &[("plan", "plan", true)],
            fields: &["year", "paid", "interest", "principal", "balance"],
            ..ListOffer::default()
        },
        ListOffer {
            name: "plan_months",
            inputs: &[("plan", "plan", true)],
            fields: &["month", "payment", "interest", "principal", "balance"],
            ..ListOffer::default()
        },
    ]
}

fn search_actions() -> Vec<ActionOffer> {
    vec![
        ActionOffer {
            name: "search",
            inputs: &[("search", "search", true)],
            outcomes: &[("found", &[]), ("none", &[("loosen", "text")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "compare_search",
            inputs: &[("search", "search", true)],
            outcomes: &[("lost", &[("search", "search"), ("lost", "search")]), ("same", &[])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "advise",
            inputs: &[("search", "search", true)],
            outcomes: &[("list", &[]), ("recommended", &[]), ("popular", &[])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "show_all",
            inputs: &[("search", "search", true)],
            outcomes: &[("done", &[("search", "search")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "loosen",
            inputs: &[("search", "search", true)],
            outcomes: &[("done", &[("search", "search")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "other_cars",
            inputs: &[("search", "search", true), ("car", "car", false)],
            outcomes: &[("some", &[("search", "search")]), ("none", &[("search", "search")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "close_search",
            outcomes: &[("done", &[("closed", "text")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "cheaper",
            inputs: &[("refused", "refused", true)],
            outcomes: &[("found", &[("search", "search")]), ("none", &[])],
            // Where nothing is that cheap, the cheapest is found.
            guards: &["none"],
        },
    ]
}

fn credit_actions() -> Vec<ActionOffer> {
    vec![
        ActionOffer {
            name: "quote",
            inputs: &[
                ("car", "car", true),
                ("down_payment", "money", true),
                ("months", "months", true),
            ],
            outcomes: &[("quoted", &[("plan", "plan")]), ("incomplete", &[])],
            // A car, a down payment and a term that were taken always make a plan.
            guards: &["incomplete"],
        },
        ActionOffer {
            name: "make_quote",
            inputs: &[
                ("price", "money", true),
                ("down_payment", "money", true),
                ("request", "quote_request", false),
            ],
            outcomes: &[("made", &[("request", "quote_request")])],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "check_quote",
            inputs: &[("request", "quote_request", true)],
            outcomes: &[
                ("fits", &[("price", "money"), ("down_payment", "money")]),
                ("unfit", &[("price", "money"), ("down_payment", "money")]),
            ],
            ..ActionOffer::default()
        },
        ActionOffer {
            name: "search_by_price",
            inputs: &[("request", "quote_request", true)],
            outcomes: &[("done", &[("search", "search")])],
            ..ActionOffer::default()
        },
    ]
}
