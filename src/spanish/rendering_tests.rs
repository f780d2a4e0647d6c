//! Every way to write an amount reads back to it, and its span is what was written, whatever stands
//! around it.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::text::fold;

/// What may stand before an amount.
const BEFORE: &[&str] = &[
    "",
    "doy ",
    "Hola, tengo ",
    "¡Órale! 👍🏽 ",
    "pues mire,\u{a0}\u{a0}",
    "de\u{2009}",
    "el 2 con ",
    "en 2019 di ",
    "(",
    "\n\t",
];

/// What may stand behind it.
const AFTER: &[&str] = &[
    "",
    " de enganche",
    ", ¿va?",
    "!!",
    " porfa 🙏🏽",
    "\u{a0}\u{a0}gracias",
    ")",
    "...",
    " a crédito",
    " a 48 meses",
    " 48 meses",
    " y el resto a 4 años",
    " el 2",
];

/// The blanks that people and telephones put between words.
const BLANKS: &[&str] = &[" ", "  ", "\u{a0}", "\u{2009}", "\u{3000}", "\n", " \u{200b}"];

/// The ways to write so many pesos that are as long as the number allows.
fn renderings(pesos: u32) -> Vec<String> {
    let amount = Money::from_pesos(i64::from(pesos));
    let (short, exact) = (amount.short(), amount.exact());
    let digits = short.trim_start_matches('$');
    let words = words(pesos);
    let mut renderings = vec![
        format!("${pesos}"),
        format!("{pesos} pesos"),
        format!("{pesos}$"),
        format!("mxn {pesos}"),
        format!("{digits} varos"),
        format!("${digits}.00 m.n."),
        format!("${}", digits.replace(',', " ")),
        format!("${}", digits.replace(',', ".")),
        format!("{words} pesos"),
        format!("{} PESITOS", words.to_uppercase()),
        format!("{} pesos mexicanos", fold(&words)),
        full_width(&format!("{digits} pesos")),
        short,
        exact,
    ];
    renderings.extend(in_parts(pesos));
    renderings
}

/// `1 millón 250 mil 500`, `250 mil`, `250k`, `1.25 mdp`: with its scales in words, where it has any.
fn in_parts(pesos: u32) -> Vec<String> {
    let (millions, thousands, rest) = (pesos / 1_000_000, pesos / 1000 % 1000, pesos % 1000);
    let mut parts = Vec::new();
    match millions {
        0 => {}
        1 => parts.push("1 millón".to_owned()),
        _ => parts.push(format!("{millions} millones")),
    }
    if thousands > 0 {
        parts.push(format!("{thousands} mil"));
    }
    if rest > 0 {
        parts.push(rest.to_string());
    }
    let mut renderings = Vec::new();
    // After thousands, fewer than three digits stand for something else: "200 mil 5".
    if pesos >= 1000 && (rest == 0 || rest >= 100) {
        renderings.push(parts.join(" "));
    }
    if rest == 0 && pesos < 10_000_000 {
        let thousands = pesos / 1000;
        let scales = ["k", "K", " k", "mil", " mil", " MIL pesos", "milpas"];
        renderings.extend(scales.map(|scale| format!("{thousands}{scale}")));
    }
    if pesos % 1_000_000 == 500_000 {
        renderings.extend(match millions {
            0 => ["medio millón".to_owned(), "½ millón".to_owned()],
            1 => ["un millón y medio".to_owned(), "1 millón y medio".to_owned()],
            _ => [
                format!("{} millones y medio", words(millions)),
                format!("{millions} y medio millones"),
            ],
        });
    }
    if millions > 0 {
        renderings.push(format!("${millions}'{thousands:03},{rest:03}"));
    }
    if pesos.is_multiple_of(10_000) {
        let millions = Decimal::new(i64::from(pesos / 10_000), 2).normalize();
        let scales = [" mdp", " millones", "M", " melones"];
        renderings.extend(scales.map(|scale| format!("{millions}{scale}")));
    }
    renderings
}

fn full_width(text: &str) -> String {
    let wide = |character: char| match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character),
        _ => character,
    };
    text.chars().map(wide).collect()
}

/// A whole number below 10⁹ in Spanish words.
fn words(number: u32) -> String {
    const SMALL: [&str; 30] = [
        "cero",
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ];
    const TENS: [&str; 7] =
        ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
    const HUNDREDS: [&str; 9] = [
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];
    let index = |digit: u32| usize::try_from(digit).expect("a digit");
    let with_rest = |head: String, rest: u32, link: &str| match rest {
        0 => head,
        _ => format!("{head}{link}{}", words(rest)),
    };
    match number {
        0..=29 => SMALL[index(number)].to_owned(),
        30..=99 => with_rest(TENS[index(number / 10 - 3)].to_owned(), number % 10, " y "),
        100 => "cien".to_owned(),
        101..=999 => with_rest(HUNDREDS[index(number / 100 - 1)].to_owned(), number % 100, " "),
        1_000..=1_999 => with_rest("mil".to_owned(), number % 1_000, " "),
        2_000..=999_999 => with_rest(format!("{} mil", words(number / 1_000)), number % 1_000, " "),
        1_000_000..=1_999_999 => with_rest("un millón".to_owned(), number % 1_000_000, " "),
        _ => with_rest(format!("{} millones", words(number / 1_000_000)), number % 1_000_000, " "),
    }
}

fn amounts_in(message: &str) -> Vec<(Money, String)> {
    let text = Text::new(message);
    let found = extract(&text).into_iter().filter_map(|found| match found.value {
        Value::Money(amount) => Some((amount.money, text.slice(found.start, found.end).to_owned())),
        _ => None,
    });
    found.collect()
}

/// Amounts as people say them: mostly round.
fn pesos() -> impl Strategy<Value = u32> {
    prop_oneof![
        1_u32..1_000_000_000,
        1_u32..1_000_000,
        1_u32..1_000,
        (1_u32..1_000_000).prop_map(|thousands| thousands * 1000),
        (1_u32..1_000).prop_map(|thousands| thousands * 1000),
        (1_u32..100_000).prop_map(|tens| tens * 10_000),
        (0_u32..10).prop_map(|millions| millions * 1_000_000 + 500_000),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_rendering_reads_back_with_its_span(
        pesos in pesos(),
        before in select(BEFORE),
        after in select(AFTER),
        blank in select(BLANKS),
    ) {
        let amount = Money::from_pesos(i64::from(pesos));
        for rendering in renderings(pesos) {
            let rendering = rendering.replace(' ', blank);
            let message = format!("{before}{rendering}{after}");
            prop_assert_eq!(amounts_in(&message), vec![(amount, rendering)], "{:?}", message);
        }
    }

    #[test]
    fn cents_read_back(cents in 1_i64..100_000_000_000) {
        let amount = Money::from_cents(cents);
        for rendering in [amount.exact(), format!("{amount} pesos"), format!("MXN {amount}")] {
            prop_assert_eq!(amounts_in(&rendering), vec![(amount, rendering.clone())]);
        }
    }

    #[test]
    fn decomposed_accents_change_nothing(pesos in pesos()) {
        let words = words(pesos);
        let decomposed: String = words.chars().map(decomposed).collect();
        let amount = Money::from_pesos(i64::from(pesos));
        let rendering = format!("{decomposed} pesos");
        prop_assert_eq!(amounts_in(&rendering), vec![(amount, rendering.clone())]);
    }

    #[test]
    fn percentages_read_back(percent in 1_u32..100) {
        let words = words(percent);
        for rendering in [
            format!("{percent}%"), format!("{percent} %"), format!("{percent} por ciento"), format!("{percent}porciento"),
            format!("{words} por ciento"), format!("{words}%"), fold(&words).to_uppercase() + " PORCIENTO",
        ] {
            let text = Text::new(&rendering);
            let found: Vec<_> = extract(&text).into_iter().filter(|found| matches!(found.value, Value::Percent(_))).collect();
            prop_assert_eq!(found.len(), 1, "{}", rendering);
            prop_assert_eq!(&found[0].value, &Value::Percent(Decimal::from(percent)), "{}", rendering);
            prop_assert_eq!(text.slice(found[0].start, found[0].end), rendering.as_str());
        }
    }

    #[test]
    fn terms_read_back(years in 1_u32..10) {
        for rendering in [
            format!("{years} años"), format!("{} añitos", words(years)), format!("{} meses", years * 12),
            format!("{} mensualidades", words(years * 12)), format!("{}meses", years * 12),
        ] {
            let text = Text::new(&format!("a {rendering}, por favor"));
            let months = extract(&text).into_iter().find_map(|found| match found.value {
                Value::Months(months) => Some((months, text.slice(found.start, found.end).to_owned())),
                _ => None,
            });
            prop_assert_eq!(months, Some((years * 12, rendering)));
        }
    }
}

/// An accented letter as a letter and its accent.
fn decomposed(letter: char) -> String {
    match letter {
        'á' => "a\u{301}".to_owned(),
        'é' => "e\u{301}".to_owned(),
        'í' => "i\u{301}".to_owned(),
        'ó' => "o\u{301}".to_owned(),
        other => other.to_string(),
    }
}
