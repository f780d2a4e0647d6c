//! How long a text is to a provider, and a text in parts that are short enough.

/// The characters of a text: UTF-16 units. Providers do not say what they count, and of the two
/// usual ways this gives the greater number, so what fits here fits there.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text in parts of at most `limit` characters, cut at the end of a line, else at a blank, else
/// anywhere. Blank parts are left out: they are refused.
pub(super) fn parts(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, next) = rest.split_at(cut(rest, limit));
        if !part.trim().is_empty() {
            parts.push(part.trim_end());
        }
        rest = next;
    }
    parts
}

/// Where the first part ends: after at least one character.
fn cut(text: &str, limit: usize) -> usize {
    let mut units = 0;
    let fits = |(at, c): (usize, char)| {
        units += c.len_utf16();
        (units <= limit || at == 0).then_some(at + c.len_utf8())
    };
    let end = text.char_indices().map_while(fits).last().unwrap_or_default();
    if end == text.len() {
        return end;
    }
    let after = |blank: char| text[..end].rfind(blank).map(|at| at + blank.len_utf8());
    after('\n').or_else(|| after(' ')).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_fits_is_one_part() {
        assert_eq!(parts("hola\nadiós", 10), ["hola\nadiós"]);
        assert_eq!(parts("", 10), Vec::<&str>::new());
        assert_eq!(parts(" \n ", 10), Vec::<&str>::new());
    }

    #[test]
    fn a_long_text_is_cut_at_lines_then_at_blanks_then_anywhere() {
        assert_eq!(parts("uno dos\ntres cuatro", 13), ["uno dos", "tres cuatro"]);
        assert_eq!(parts("uno dos tres", 9), ["uno dos", "tres"]);
        assert_eq!(parts("unodostres", 4), ["unod", "ostr", "es"]);
        assert_eq!(parts("🚗🚗🚗", 3), ["🚗", "🚗", "🚗"]);
    }

    proptest! {
        #[test]
        fn no_part_is_too_long_and_no_word_is_lost(
            text in "[a-z🚗ñ \n]{0,40}",
            limit in 2..12_usize,
        ) {
            let parts = parts(&text, limit);
            prop_assert!(parts.iter().all(|part| length(part) <= limit && !part.trim().is_empty()));
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(parts.iter().map(|part| bare(part)).collect::<String>(), bare(&text));
        }
    }
}
