//! A message cut into tokens that remember where they stood.

use std::ops::Range;

use super::fold::fold_into;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// Decimal digits.
    Digits,
    /// One character of anything else that is no blank.
    Symbol,
}

/// A run of letters, a run of digits, or one symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded text: lower case, no accents, no letters held down.
    pub text: String,
    /// What it is made of.
    pub kind: TokenKind,
    /// Where it starts in the message, in Unicode scalar values.
    pub start: usize,
    /// Where it ends (exclusive), in Unicode scalar values.
    pub end: usize,
    /// No blank stands between the token before and this one: `300` and `mil` in `300mil`.
    pub glued: bool,
    /// Where it stands in the message, in bytes: what [`Text::spelled`] cuts out.
    bytes: Range<usize>,
}

/// The same letter this often in a row was held down on purpose: no word has it so.
const STRETCHED: usize = 3;

/// Letters that words double: held down they stand for two.
const DOUBLED: [char; 2] = ['l', 'r'];

impl Token {
    /// Lets go of letters that were held down: `graciasss`, `holaaa`, `carrrro`. A word of one
    /// letter alone (`mmmm`) is a sound, and keeps three.
    fn unstretch(&mut self) {
        if self.kind != TokenKind::Word || !has_stretch(&self.text) {
            return;
        }
        let is_sound = self.text.chars().all(|letter| self.text.starts_with(letter));
        let mut text = String::with_capacity(self.text.len());
        let mut letters = self.text.chars().peekable();
        while let Some(letter) = letters.next() {
            let mut run = 1;
            while letters.next_if_eq(&letter).is_some() {
                run += 1;
            }
            let kept = match run {
                STRETCHED.. if is_sound => STRETCHED,
                STRETCHED.. if DOUBLED.contains(&letter) => 2,
                STRETCHED.. => 1,
                _ => run,
            };
            text.extend(std::iter::repeat_n(letter, kept));
        }
        self.text = text;
    }
}

/// Whether a letter of our alphabet stands [`STRETCHED`] times in a row.
fn has_stretch(word: &str) -> bool {
    word.as_bytes().windows(STRETCHED).any(|run| run.iter().all(|byte| *byte == run[0]))
}

/// A message with its tokens.
#[derive(Debug, Clone)]
pub struct Text {
    original: String,
    tokens: Vec<Token>,
}

impl Text {
    /// Cuts `original` into tokens.
    #[must_use]
    pub fn new(original: &str) -> Self {
        let mut cutter = Cutter::default();
        let mut folded = String::new();
        for (position, (byte, character)) in original.char_indices().enumerate() {
            folded.clear();
            fold_into(character, &mut folded);
            let place = Place { position, bytes: byte..byte + character.len_utf8() };
            if folded.is_empty() {
                cutter.extend(&place);
            } else if folded.contains(FRACTION_SLASH) {
                cutter.open = false;
            }
            for part in folded.chars() {
                cutter.take(part, &place);
            }
        }
        for token in &mut cutter.tokens {
            token.unstretch();
        }
        Self { original: original.to_owned(), tokens: cutter.tokens }
    }

    /// The message as it was given.
    #[must_use]
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The tokens in order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// A token of this message as it was written, with its capitals and accents.
    ///
    /// # Panics
    ///
    /// May panic when the token comes from another message.
    #[must_use]
    pub fn spelled(&self, token: &Token) -> &str {
        &self.original[token.bytes.clone()]
    }

    /// The part of the message that some tokens stand in, from the first of them to the last, as it
    /// was written.
    ///
    /// # Panics
    ///
    /// When there are no such tokens.
    #[must_use]
    pub fn written(&self, tokens: &Range<usize>) -> &str {
        let tokens = &self.tokens[tokens.clone()];
        &self.original[tokens[0].bytes.start..tokens[tokens.len() - 1].bytes.end]
    }

    /// Where a token of this message stands, in bytes.
    #[must_use]
    pub fn place(&self, token: &Token) -> Range<usize> {
        token.bytes.clone()
    }

    /// The part of the message from `start` to `end`, in Unicode scalar values. It counts them from
    /// the first one: what stands in tokens is [`Text::written`].
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> &str {
        let at = |position| {
            self.original.char_indices().nth(position).map_or(self.original.len(), |(byte, _)| byte)
        };
        &self.original[at(start)..at(end)]
    }

    /// The words and digits with one blank between them, symbols left out: the form in which whole
    /// messages are compared. Runs that stood glued stay glued (`cx5`). A message of symbols alone
    /// is its signs (`👍`), without punctuation.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut plain = String::with_capacity(self.original.len());
        let mut glue = false;
        for token in &self.tokens {
            if token.kind == TokenKind::Symbol {
                glue = false;
                continue;
            }
            let joined = token.glued && glue;
            if !plain.is_empty() && !joined {
                plain.push(' ');
            }
            plain.push_str(&token.text);
            glue = true;
        }
        if plain.is_empty() {
            let signs = self.tokens.iter().map(|token| token.text.as_str());
            plain.extend(signs.filter(|sign| !sign.chars().any(is_punctuation)));
        }
        plain
    }
}

/// The plain form of `words`, as [`Text::plain`] gives it.
#[must_use]
pub fn plain(words: &str) -> String {
    plain_letters(words).unwrap_or_else(|| Text::new(words).plain())
}

/// Whether `plain` is the plain form of `words`.
#[must_use]
pub fn is_plain(plain: &str, words: &str) -> bool {
    // Most differ in their first letter or digit already, which is cheap to see in ASCII.
    let first = words.chars().find(|first| !first.is_ascii() || first.is_ascii_alphanumeric());
    let first = first.filter(char::is_ascii);
    let differs = first.is_some_and(|first| !plain.starts_with(first.to_ascii_lowercase()));
    !differs && !starts_with_another_number(plain, words) && self::plain(words) == plain
}

/// Whether `words` begin with digits that are not those which `plain` begins with.
fn starts_with_another_number(plain: &str, words: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let length = digits(words);
    // What is beyond ASCII may fold into one more digit.
    let is_whole = length > 0 && words.as_bytes().get(length).is_none_or(u8::is_ascii);
    is_whole && (digits(plain) != length || plain[..length] != words[..length])
}

/// The plain form of letters with single blanks between them, which need no tokens.
fn plain_letters(words: &str) -> Option<String> {
    let mut plain = String::with_capacity(words.len());
    for character in words.chars() {
        let from = plain.len();
        match character {
            ' ' if plain.is_empty() || plain.ends_with(' ') => return None,
            ' ' => plain.push(' '),
            letter if letter.is_alphabetic() => {
                fold_into(letter, &mut plain);
                let folded = &plain[from..];
                if folded.is_empty() || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    (!plain.is_empty() && !plain.ends_with(' ') && !has_stretch(&plain)).then_some(plain)
}

/// Marks that carry nothing by themselves: ASCII's, Spanish ones, and Unicode's general punctuation.
fn is_punctuation(character: char) -> bool {
    character.is_ascii()
        || matches!(character, '¡' | '¿' | '«' | '»' | '·' | '\u{2010}'..='\u{206f}')
}

/// What `½` and its like fold to, between their digits: such a character begins a token of its own,
/// so that `1½` does not become eleven halves.
const FRACTION_SLASH: char = '\u{2044}';

/// Where a character stands.
struct Place {
    position: usize,
    bytes: Range<usize>,
}

/// Builds tokens character by character.
#[derive(Default)]
struct Cutter {
    tokens: Vec<Token>,
    open: bool,
    blank_before: bool,
}

impl Cutter {
    fn take(&mut self, character: char, place: &Place) {
        let kind = match character {
            _ if character.is_whitespace() => {
                self.open = false;
                self.blank_before = true;
                return;
            }
            _ if character.is_ascii_digit() => TokenKind::Digits,
            _ if character.is_alphabetic() => TokenKind::Word,
            _ => TokenKind::Symbol,
        };
        let glued = !self.blank_before && !self.tokens.is_empty();
        self.blank_before = false;
        if let Some(last) = self.tokens.last_mut()
            && self.open
            && last.kind == kind
            && kind != TokenKind::Symbol
        {
            last.end = place.position + 1;
            last.bytes.end = place.bytes.end;
            last.text.push(character);
            return;
        }
        self.open = true;
        self.tokens.push(Token {
            text: character.to_string(),
            kind,
            start: place.position,
            end: place.position + 1,
            glued,
            bytes: place.bytes.clone(),
        });
    }

    /// Marks that fold away (a keycap, a skin tone) belong to the token before them.
    fn extend(&mut self, place: &Place) {
        if let Some(last) = self.tokens.last_mut()
            && !self.blank_before
        {
            last.end = place.position + 1;
            last.bytes.end = place.bytes.end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_to_a_plain_form_leads_to_the_same(
            words in "[a-záñÑüºﬁ A-Z0-9$.,¿👍™½e\u{301}]{0,12}", other in "[a-c ]{0,3}",
        ) {
            let long = Text::new(&words).plain();
            prop_assert_eq!(plain(&words), long.clone());
            prop_assert!(is_plain(&long, &words));
            prop_assert_eq!(is_plain(&other, &words), other == long);
        }

        #[test]
        fn words_are_plain_together_as_each_is_alone(
            words in proptest::collection::vec("[a-záñÑ A-Z0-9$.,¿%/-]{0,5}", 0..4),
        ) {
            let alone = words.iter().map(|word| plain(word)).filter(|word| !word.is_empty());
            prop_assert_eq!(alone.collect::<Vec<_>>().join(" "), plain(&words.join(" ")));
        }
    }

    fn texts(message: &str) -> Vec<String> {
        Text::new(message).tokens().iter().map(|token| token.text.clone()).collect()
    }

    #[test]
    fn letters_digits_and_symbols_part() {
        assert_eq!(texts("Dame 300mil, ¡órale!"), ["dame", "300", "mil", ",", "¡", "orale", "!"]);
        assert_eq!(texts("  \u{a0} "), Vec::<String>::new());
    }

    #[test]
    fn spans_point_into_the_original() {
        let text = Text::new("sí, el ２º año");
        let year = text.tokens().last().expect("a token");
        assert_eq!(text.slice(year.start, year.end), "año");
        assert_eq!(text.written(&(2..5)), "el ２º");
        assert!(Text::new("300mil").tokens()[1].glued);
    }

    #[test]
    fn tokens_keep_their_spelling_and_their_marks() {
        let text = Text::new("Sí, 2\u{fe0f}\u{20e3} y 3M");
        let spelled: Vec<_> = text.tokens().iter().map(|token| text.spelled(token)).collect();
        assert_eq!(spelled, ["Sí", ",", "2\u{fe0f}\u{20e3}", "y", "3", "M"]);
        assert_eq!((text.tokens()[2].start, text.tokens()[2].end), (4, 7));
        assert_eq!(texts("1½ año"), ["1", "1", "\u{2044}", "2", "ano"]);
    }

    #[test]
    fn letters_held_down_are_let_go_of() {
        assert_eq!(texts("Graciasss holaaaa siiii"), ["gracias", "hola", "si"]);
        assert_eq!(texts("carrrro bellllo"), ["carro", "bello"]);
        assert_eq!(texts("mm mmm mmmmm"), ["mm", "mmm", "mmm"]);
        assert_eq!(texts("leer 1000"), ["leer", "1000"]);
        let text = Text::new("ese quieroooo ya");
        let held = &text.tokens()[1];
        assert_eq!(text.slice(held.start, held.end), "quieroooo");
    }

    #[test]
    fn the_plain_form_drops_symbols_only() {
        assert_eq!(Text::new("¿Atrás, por favor?").plain(), "atras por favor");
        assert_eq!(Text::new("CX5").plain(), "cx5");
        assert_eq!(Text::new("cx-5").plain(), "cx 5");
        assert_eq!(Text::new("👍🏽 👍").plain(), "👍👍");
        assert_eq!(Text::new("¿?… —").plain(), "");
    }

    proptest! {
        #[test]
        fn tokens_are_ordered_and_inside(message in "\\PC{0,60}") {
            let text = Text::new(&message);
            let length = message.chars().count();
            let mut last = 0;
            for token in text.tokens() {
                prop_assert!(token.start <= token.end && token.end <= length);
                prop_assert!(token.start + 1 >= last);
                last = token.end;
            }
        }
    }
}
