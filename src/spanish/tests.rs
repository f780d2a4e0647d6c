//! What people write and what it says: one line a message, in the shape of [`shown`].

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// The values of one message, bare numbers and articles left out unless nothing else was found.
fn shown(message: &str) -> String {
    let text = Text::new(message);
    let found = extract(&text);
    let shown = |found: &Found| match &found.value {
        Value::Number(_) => None,
        Value::Money(Amount { money, currency: Currency::Mxn }) => Some(money.short()),
        Value::Money(Amount { money, currency }) => {
            Some(format!("{} {}", money.short(), currency.as_str()))
        }
        Value::Percent(percent) => Some(format!("{}%", percent.round_dp(2).normalize())),
        Value::Months(months) => Some(format!("{months} months")),
        Value::Ordinal(Ordinal::Nth(nth)) => Some(format!("#{nth}")),
        Value::Ordinal(Ordinal::Last) => Some("#last".to_owned()),
        Value::Ordinal(Ordinal::BeforeLast(back)) => Some(format!("#last-{back}")),
        Value::Ordinal(Ordinal::Middle) => Some("#middle".to_owned()),
        Value::YesNo(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Range(Bounds { min, max, .. }) => {
            let end =
                |end: Option<Decimal>| end.map(|e| e.normalize().to_string()).unwrap_or_default();
            Some(format!("[{}..{}]", end(*min), end(*max)))
        }
        Value::Year(year) => Some(format!("year {year}")),
        Value::Km(km) => Some(format!("{km} km")),
    };
    let values: Vec<_> = found.iter().filter_map(shown).collect();
    if !values.is_empty() {
        return values.join(" ");
    }
    let numbers = found.iter().filter(|found| !found.is_article(&text));
    let numbers = numbers.filter_map(|found| match found.value {
        Value::Number(number) => Some(number.normalize().to_string()),
        _ => None,
    });
    numbers.collect::<Vec<_>>().join(" ")
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(message, expected)| shown(message) != *expected)
        .map(|(message, expected)| format!("{message}: {} and not {expected}", shown(message)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn amounts() {
    check(&[
        ("300 mil", "$300,000"),
        ("300mil", "$300,000"),
        ("$300,000.00", "$300,000"),
        ("300k", "$300,000"),
        ("trescientos mil", "$300,000"),
        ("trecientos mil", "$300,000"),
        ("medio millón", "$500,000"),
        ("un millón y medio", "$1,500,000"),
        ("un millón y doscientos mil", "$1,200,000"),
        ("2 y medio millones", "$2,500,000"),
        ("0.3 millones", "$300,000"),
        ("4 millones 2 mil 3", "$4,002,003"),
        ("1'500,000", "$1,500,000"),
        ("1´500,000", "$1,500,000"),
        ("250,000 mil pesos", "$250,000"),
        ("300 000 mil", "$300,000"),
        ("2 250 mil", "$250,000"),
        ("millón y cuarto", "$1,250,000"),
        ("$250.000", "$250,000"),
        ("300 000", "$300,000"),
        ("３００ mil", "$300,000"),
        ("300\u{a0}mil pesos", "$300,000"),
        ("cincuentamil pesos", "$50,000"),
        ("treintaicinco mil", "$35,000"),
        ("un tostón", "$50,000"),
        ("medio melón", "$500,000"),
        ("300 milpas", "$300,000"),
        ("80 mil de lana", "$80,000"),
        ("300 varos", "$300"),
        ("tengo una lana", ""),
        ("cuarto de millón", "$250,000"),
        ("doscientos cincuentamil", "$250,000"),
        ("tres cincuenta", "350"),
        ("el 2 con medio millón", "#2 $500,000"),
        ("$1 001", "$1,001"),
        ("$1 000 48 meses", "$1,000 48 months"),
        ("tres cincuenta mil", "$350,000"),
        ("el dos veinte mil", "#2 $20,000"),
        ("$300 000.00", "$300,000"),
        ("$300,000.00 M.N.", "$300,000"),
        ("50 mil pesos m.n.", "$50,000"),
        ("$1.5 M", "$1,500,000"),
        ("2,75 dólares", "$2.75 USD"),
        ("dos mil quinientos con cincuenta pesos", "$2,500.50"),
        ("dos mil quinientos con cuarenta y ocho meses", "$2,500 48 months"),
        ("uno sobre 300", "[270..330]"),
        ("dos coma mil quinientos", "2.15"),
        ("$8,50", "$8.50"),
        ("300😀mil", "$300,000"),
        ("300 mil 💸 pesos", "$300,000"),
        ("2 🎉 mil gracias", "2"),
        ("https://autos.mx/2020/150000?p=20%", ""),
        ("3M", "$3,000,000"),
        ("4.5m", "4.5"),
        ("15 pesos con 50 centavos", "$15.50"),
        ("5 mil dólares", "$5,000 USD"),
        ("US$ 5,000", "$5,000 USD"),
        ("€500", "$500 EUR"),
        ("300", "300"),
        ("mil gracias", ""),
        ("folio 100234", "100234"),
        ("5512345678", "5512345678"),
        ("mazda3, cx5, f-150 y 320i", ""),
    ]);
}

#[test]
fn percentages_and_terms() {
    check(&[
        ("veinte por ciento", "20%"),
        ("20 %", "20%"),
        ("%20", "20%"),
        ("veinteporciento", "20%"),
        ("20 x ciento", "20%"),
        ("12,5%", "12.5%"),
        ("10 o 20%", "10% 20%"),
        ("la mitad", "50%"),
        ("una cuarta parte", "25%"),
        ("un tercio", "33.33%"),
        ("¾", "75%"),
        ("48 meses", "48 months"),
        ("a 4 años", "48 months"),
        ("dos años y medio", "30 months"),
        ("2 años y 6 meses", "30 months"),
        ("año y medio", "18 months"),
        ("a 3,4,5 y 6 años", "36 months 48 months 60 months 72 months"),
        ("3 o 4 años", "36 months 48 months"),
        ("36,48,60 meses", "36 months 48 months 60 months"),
        ("a 4", "4"),
        ("doy 20 a 48 meses", "48 months"),
        ("50 mil 48 meses", "$50,000 48 months"),
    ]);
}

#[test]
fn ranges() {
    check(&[
        ("menos de 300 mil", "[..300000] $300,000"),
        ("entre 200 y 300 mil", "[200000..300000] $200,000 $300,000"),
        ("de 200 a 300 mil", "[200000..300000] $200,000 $300,000"),
        ("entre 200 o 300 mil", "[200000..300000] $200,000 $300,000"),
        ("200-300 mil", "[200000..300000] $200,000 $300,000"),
        ("de 100 mil a 150", "[100000..150000] $100,000 $150,000"),
        ("de 800 a 1.2 millones", "[800000..1200000] $800,000 $1,200,000"),
        ("más de 200 y menos de 300 mil", "[200000..300000] $300,000"),
        ("más de 200 mil pero menos de 300", "[200000..300000] $200,000"),
        ("ni más de 300 ni menos de 200", "[200..300]"),
        ("no quiero gastar más de 300", "[..300]"),
        ("no me gustaría pagar más de 7 mil", "[..7000] $7,000"),
        ("no, quiero más de 200", "no [200..]"),
        ("200k-300k", "[200000..300000] $200,000 $300,000"),
        ("hasta 250", "[..250]"),
        ("máximo 250 mil", "[..250000] $250,000"),
        ("250 mil máximo", "[..250000] $250,000"),
        ("por lo menos 20%", "[20..] 20%"),
        ("que no pase de los 200", "[..200]"),
        ("no me quiero pasar de 200 mil", "[..200000] $200,000"),
        ("unos 250 mil", "[225000..275000] $250,000"),
        ("doscientos y pico mil", "[180000..220000] $200,000"),
        ("300 y tantos", "[270..330]"),
        ("más de 300 y pico", "[300..]"),
        ("max. 300 mil", "[..300000] $300,000"),
        ("30 por lo menos", "[30..]"),
        ("alrededor de 500 o más", "[500..]"),
        ("2020 pa' arriba", "[2020..] year 2020"),
        ("de 2020 a la fecha", "[2020..] year 2020"),
        ("200/300", "[200..300]"),
        ("2018/2021", "[2018..2021] year 2018 year 2021"),
        ("36/48 meses", "36 months 48 months"),
        ("12/05/2024", "year 2024"),
        ("entre la segunda y la cuarta", "[2..4] #2 #4"),
        ("más o menos 300 mil", "[270000..330000] $300,000"),
        ("2020 en adelante", "[2020..] year 2020"),
        ("de 2020 para arriba", "[2020..] year 2020"),
        ("2020 o más nuevo", "[2020..] year 2020"),
        ("modelo superior a 2020", "[2020..] year 2020"),
        ("del 18 al 21", "[2018..2021] year 2018 year 2021"),
        ("menos de 80 mil km", "[..80000] 80000 km"),
        ("que no tenga más de 80 mil km", "[..80000] 80000 km"),
        ("kilometraje menor a 50 mil", "[..50000] 50000 km"),
        ("doy 50 mil a 48 meses", "$50,000 48 months"),
        ("a 48 mses", "48 months"),
        ("60 mesess porfa", "60 months"),
        ("50 mil kilometors", "50000 km"),
        ("4 mesas", "4"),
        ("55-1234-5678", "55 1234 5678"),
    ]);
}

#[test]
fn picks() {
    check(&[
        ("el 2", "#2"),
        ("la segunda", "#2"),
        ("opción tres", "#3"),
        ("el número 3", "#3"),
        ("#4", "#4"),
        ("2️⃣", "#2"),
        ("🔟", "#10"),
        ("el último", "#last"),
        ("el penúltimo", "#last-1"),
        ("el de hasta abajo", "#last"),
        ("el del principio", "#1"),
        ("no. 2", "#2"),
        ("opcion2", "#2"),
        ("No. 2 años", "no 24 months"),
        ("primero dime si hay", ""),
        ("el de en medio", "#middle"),
        ("vigésimo primero", "#21"),
        ("el 2 o el 3", "#2 #3"),
        ("quiero el 2 con 20% de enganche a 48 meses", "#2 20% 48 months"),
        ("quiero 1 camioneta", "1"),
        ("un Jetta 2020", "year 2020"),
        ("el 20 de enganche", "20"),
        ("el 4 de julio", "4"),
        ("el segndo", "#2"),
        ("ese no, la tecera", "no #3"),
        ("primreo", "#1"),
        ("lo uso seguido", ""),
        ("el seguido", ""),
        ("la carta", ""),
        ("el octavia", ""),
        ("segndo piso", ""),
        ("a la 1 de la tarde", "1"),
        ("segunda mano", ""),
    ]);
}

#[test]
fn yes_and_no() {
    check(&[
        ("simón", "yes"),
        ("va", "yes"),
        ("siii", "yes"),
        ("ok 👍", "yes"),
        ("nel", "no"),
        ("mejor no", "no"),
        ("ahorita no", "no"),
        ("noooo", "no"),
        ("👎🏽", "no"),
        ("no, mejor sí", "yes"),
        ("¡Dije que NO, en vez de sí!", "no"),
        ("me dijo \"no\" pero yo digo que sí", "yes"),
        ("sí. dije que no", "yes"),
        ("ya te dije que no", "no"),
        ("no, por favor", "no"),
        ("por favor", "yes"),
        ("sí, nada más", "yes"),
        ("no está bien", "no"),
        ("va a 48 meses", "yes 48 months"),
        ("va a entrar a la universidad", ""),
        ("si tienes jetta", ""),
        ("que no sea nissan", ""),
        ("no más de 300 mil", "[..300000] $300,000"),
        ("¿está bien si doy 20?", "20"),
        ("no sé", ""),
    ]);
}

#[test]
fn spans_count_characters_of_the_message() {
    let text = Text::new("¡Órale! 👍🏽 menos de ３００ mil");
    let found = extract(&text);
    let range = found.iter().find(|found| matches!(found.value, Value::Range(_)));
    let range = range.expect("a range");
    assert_eq!(text.slice(range.start, range.end), "menos de ３００ mil");
    assert_eq!(range.start, 11);
}

const YES: &[&str] =
    &["sí", "si", "simón", "va", "dale", "órale", "claro que sí", "sale", "ok", "👍", "arre"];
const NO: &[&str] =
    &["no", "nel", "nop", "mejor no", "ahorita no", "claro que no", "para nada", "👎", "ya no"];

#[test]
fn a_flood_of_numbers_is_read_in_part() {
    let found = extract(&Text::new(&"½ 1, ".repeat(2_000)));
    let numbers = found.iter().filter(|found| matches!(found.value, Value::Number(_))).count();
    assert_eq!(numbers, 500);
}

/// The answer of a message.
fn answer(message: &str) -> Option<bool> {
    extract(&Text::new(message)).into_iter().find_map(|found| match found.value {
        Value::YesNo(yes) => Some(yes),
        _ => None,
    })
}

proptest! {
    #[test]
    fn an_answer_stands_fillers_capitals_and_marks(
        (list, yes) in select(vec![(YES, true), (NO, false)]),
        pick in 0_usize..9,
        before in select(vec!["", "pues ", "mmm, ", "¡", "¿Qué tal?  ", "bueno, "]),
        after in select(vec!["", " gracias", ", porfa", "!!!", " 🙏🏽", " señorita", "..."]),
        shout: bool,
    ) {
        let message = format!("{before}{}{after}", list[pick]);
        let message = if shout { message.to_uppercase() } else { message };
        prop_assert_eq!(answer(&message), Some(yes), "{}", message);
    }

    #[test]
    fn the_last_answer_wins(
        yes in select(YES),
        no in select(NO),
        between in select(vec![", ", ". ", "... ", ", bueno, "]),
    ) {
        let (changed, kept) = (format!("{yes}{between}{no}"), format!("{no}{between}{yes}"));
        prop_assert_eq!(answer(&changed), Some(false), "{}", changed);
        prop_assert_eq!(answer(&kept), Some(true), "{}", kept);
        let quoted = format!("ella dijo \"{yes}\" pero yo no, {no}");
        prop_assert_eq!(answer(&quoted), Some(false), "{}", quoted);
    }

    #[test]
    fn no_message_panics_and_spans_stay_inside(message in "(\\PC{0,8}|[0-9.,$%/ -]{0,6}|(mil|y|de|a|entre|no|millones|medio|con|el|%|años)[ ]?){0,12}") {
        let text = Text::new(&message);
        let length = message.chars().count();
        let mut last = 0;
        for found in extract(&text) {
            prop_assert!(found.start <= found.end && found.end <= length);
            prop_assert!(found.start >= last && found.tokens.end <= text.tokens().len());
            last = found.start;
        }
        let _ = is_question(&text);
    }
}
