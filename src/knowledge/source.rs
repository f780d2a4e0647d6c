//! The `fuente:` line: pages, each with its date.
//!
//! `kavak.com/mx/garantia (nota), 2025-03-01; elpais.com, sin fecha`

use jiff::civil::Date;

/// A page's address as `fuente:` has it: host and path, without what does not tell pages apart
/// (`https://www.`, a slash at the end), nor what would end it there.
#[must_use]
pub fn address(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = url.find('/').map_or((url, ""), |slash| url.split_at(slash));
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let address = format!("{host}{}", path.trim_end_matches('/'));
    address.replace(',', "%2C").replace(';', "%3B")
}

/// Whether the value of a `fuente:` line names one of `addresses`.
pub(super) fn names(value: &str, addresses: &[String]) -> bool {
    value.split(';').any(|part| is_of(part, addresses))
}

/// Whether the value of a `fuente:` line names `addresses` alone.
pub(super) fn names_only(value: &str, addresses: &[String]) -> bool {
    value.split(';').all(|part| is_of(part, addresses))
}

/// A `fuente:` line (or its value) with `date` where it names one of `addresses`; all else as it is.
pub(super) fn dated(line: &str, addresses: &[String], date: Date) -> String {
    let (key, value) = line.split_once(':').map_or(("", line), |(key, rest)| (key, rest));
    let parts = value.split(';').map(|part| {
        if !is_of(part, addresses) {
            return part.to_owned();
        }
        let end = part.trim_end();
        format!("{}, {date}{}", undated(end), &part[end.len()..])
    });
    let value = parts.collect::<Vec<_>>().join(";");
    if key.is_empty() { value } else { format!("{key}:{value}") }
}

/// Whether a part of a `fuente:` line names one of `addresses`, and no other page beside it.
fn is_of(part: &str, addresses: &[String]) -> bool {
    // A note in brackets may follow; "y" joins a second page, which has the same date.
    let mut words = undated(part.trim()).split_whitespace();
    let is_named = words.next().is_some_and(|word| addresses.contains(&address(word)));
    is_named && words.next() != Some("y")
}

/// A part without its date, which stands after the last comma that is in no brackets.
fn undated(part: &str) -> &str {
    match part.rsplit_once(',') {
        Some((named, date)) if !date.contains(')') => named,
        _ => part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: Date = jiff::civil::date(2026, 11, 29);

    #[test]
    fn an_address_is_host_and_path() {
        for url in ["https://www.Kavak.com/mx/a/", "http://kavak.com/mx/a#b", "kavak.com/mx/a"] {
            assert_eq!(address(url), "kavak.com/mx/a");
        }
        assert_eq!(address("https://a.mx/"), "a.mx");
        assert_eq!(address("http://127.0.0.1:80/A?b=1,2;3"), "127.0.0.1:80/A?b=1%2C2%3B3");
    }

    #[test]
    fn the_date_of_one_page_is_renewed_alone() {
        let ours = ["a.mx/b".to_owned()];
        for (line, expected) in [
            ("fuente: a.mx/b, sin fecha", "fuente: a.mx/b, 2026-11-29"),
            ("fuente: a.mx/b\r\n", "fuente: a.mx/b, 2026-11-29\r\n"),
            (
                "Fuente:  www.a.mx/b/ (x, y), 2025 ; c.mx, 2024\n",
                "Fuente:  www.a.mx/b/ (x, y), 2026-11-29 ; c.mx, 2024\n",
            ),
            ("fuente: c.mx, 2024; a.mx/b, 2025", "fuente: c.mx, 2024; a.mx/b, 2026-11-29"),
            ("fuente: a.mx/b y c.mx, 2025", "fuente: a.mx/b y c.mx, 2025"),
            ("fuente: a.mx/b (x, y)", "fuente: a.mx/b (x, y), 2026-11-29"),
            ("fuente: a.mx/bc, 2025", "fuente: a.mx/bc, 2025"),
        ] {
            assert_eq!(dated(line, &ours, DATE), expected);
        }
    }

    #[test]
    fn a_page_among_others_is_named_but_not_alone() {
        let ours = ["a.mx/b".to_owned()];
        let both = "a.mx/b, 2025; c.mx, 2024";
        assert!(names(both, &ours) && !names_only(both, &ours));
        assert!(names_only("a.mx/b (nota), 2025", &ours));
        assert!(!names("regla de este proyecto", &ours));
    }
}
