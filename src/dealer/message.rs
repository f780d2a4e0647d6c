//! What is understood of one message, whatever the step.

use std::ops::Range;

use rust_decimal::Decimal;

use super::cue::Cue;
use super::lexicon::{self, Meaning, Said};
use super::marks::Marks;
use super::names::{Named, Names};
use super::value::{QuoteRequest, SaidAmount};
use crate::credit::Policy;
use crate::money::Money;
use crate::spanish::{self, Found, Value};
use crate::text::{Text, TokenKind};

/// Tokens between a cue and the value it announces, at most.
const REACH: usize = 3;

/// The least and the most that can be paid at once.
const EXTREMES: [Cue; 2] = [Cue::MinimumDown, Cue::MaximumDown];

/// What an amount can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Paid at once: `doy 60 mil`, `60 mil de enganche`.
    DownPayment,
    /// Paid each month: `6 mil al mes`.
    MonthlyPayment,
    /// The price of a car that is not ours: `cuesta 280 mil`.
    QuotedPrice,
}

impl Purpose {
    /// The cues that announce it, and those that follow it.
    const fn cues(self) -> (Cue, &'static [Cue]) {
        match self {
            Self::DownPayment => (Cue::DownPaymentBefore, &[Cue::DownPaymentAfter]),
            Self::MonthlyPayment => {
                let after = &[Cue::MonthlyAfter, Cue::FortnightlyAfter, Cue::WeeklyAfter];
                (Cue::MonthlyBefore, after)
            }
            Self::QuotedPrice => (Cue::QuotePrice, &[]),
        }
    }
}

/// What is understood of one message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its tokens.
    pub(super) text: Text,
    /// Numbers, amounts, terms, ranges, picks: those that are meant, in order.
    pub(super) found: Vec<Found>,
    /// All of them, also those that the message takes back.
    pub(super) all_found: Vec<Found>,
    /// The tokens of the values that take the place of another.
    pub(super) corrections: Vec<Range<usize>>,
    /// By token, whether the message takes it back; up to the last one that it does.
    pub(super) taken_back: Vec<bool>,
    /// What the word lists know, in order.
    pub(super) said: Vec<Said>,
    /// The same by token.
    marks: Marks,
    /// By token, whether what starts there is ruled out by what stands before it.
    pub(super) ruled_out: Vec<bool>,
    /// What tells something, once what carries nothing is gone, in order.
    telling: Vec<usize>,
    /// Makes and models that have the support they need.
    pub(super) names: Vec<Named>,
    /// All of them, also those that may be common words: for cars that are on the screen anyway.
    pub(super) all_names: Vec<Named>,
    /// It reads like a question.
    pub(super) is_question: bool,
    /// A quote for a car that is not ours.
    pub(super) quote: Option<QuoteRequest>,
    /// The price of a car that is not ours, without a down payment.
    pub(super) quote_price: Option<SaidAmount>,
}

impl Message {
    /// Understands `original`.
    pub(super) fn new(original: &str, names: &Names, policy: &Policy) -> Self {
        let mut message = Self::words_of(original);
        message.all_found = spanish::extract(&message.text);
        message.all_names = names.read(&message.text);
        message.is_question = spanish::is_question(&message.text);
        message.rule_out();
        message.take_back();
        let content = message.content().iter().copied();
        message.telling = content.filter(|index| !message.carries_nothing(*index)).collect();
        message.support_names();
        message.read_quote(policy);
        message
    }

    /// Only the words of `original`, without what they mean.
    pub(super) fn words_of(original: &str) -> Self {
        let text = Text::new(original);
        let said = lexicon::read(&text);
        Self {
            found: Vec::new(),
            all_found: Vec::new(),
            corrections: Vec::new(),
            taken_back: Vec::new(),
            marks: Marks::of(&text, &said),
            said,
            ruled_out: Vec::new(),
            telling: Vec::new(),
            names: Vec::new(),
            all_names: Vec::new(),
            is_question: false,
            quote: None,
            quote_price: None,
            text,
        }
    }

    /// Whether a cue of this list stands anywhere.
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.marks.has(cue)
    }

    /// Whether the words beside the value in `tokens` say what it is for.
    pub(super) fn is_for(&self, purpose: Purpose, tokens: &Range<usize>) -> bool {
        let (before, after) = purpose.cues();
        let told = || {
            self.announced_before(before, tokens)
                || after.iter().any(|cue| self.told_after(*cue, tokens))
                || purpose == Purpose::MonthlyPayment && self.follows_the_month(tokens)
        };
        !self.is_year_of_a_car(tokens) && told()
    }

    /// Whether a cue of this list stands before `tokens`, up to [`REACH`] tokens away.
    pub(super) fn announced_before(&self, cue: Cue, tokens: &Range<usize>) -> bool {
        let mut reached = tokens.start.saturating_sub(REACH - 1)..=tokens.start;
        reached.any(|end| self.ends_at(cue, end) && !self.amount_between(end, tokens.start))
    }

    /// Whether a cue of this list stands after `tokens`, up to [`REACH`] tokens away.
    pub(super) fn told_after(&self, cue: Cue, tokens: &Range<usize>) -> bool {
        let reached = self.said_from(tokens.end, tokens.end + REACH + 1).iter();
        reached.filter(|said| said.meaning == Meaning::Cue(cue)).any(|said| {
            let start = said.tokens.start;
            !self.lies_in(Cue::NoDown, start)
                && !self.amount_between(tokens.end, start)
                && !self.clause_ends_within(tokens.end, start)
                && !self.announces_another(said)
        })
    }

    /// Whether a comma or a full stop stands between two tokens.
    fn clause_ends_within(&self, start: usize, end: usize) -> bool {
        self.text.tokens()[start..end]
            .iter()
            .any(|token| matches!(token.text.as_str(), "," | "." | ";"))
    }

    /// Whether another amount follows `said`, so that it announces that one: `enganche de 80 mil`.
    fn announces_another(&self, said: &Said) -> bool {
        let Range { start, end } = said.tokens;
        let before = [Cue::DownPaymentBefore, Cue::MonthlyBefore, Cue::QuotePrice];
        let announces =
            |said: &Said| said.tokens.end == end && before.iter().any(|cue| said.is(*cue));
        self.said_from(start, start + 1).iter().any(announces)
            && self.found_from(end, end + REACH).iter().any(|found| {
                matches!(found.value, Value::Money(_) | Value::Percent(_))
                    && !self.clause_ends_within(end, found.tokens.start)
                    // `80 mil de enganche con 50 mil…`.
                    && !self.ends_at(Cue::With, found.tokens.start)
            })
    }

    /// Where a cue of this list stands.
    pub(super) fn of(&self, cue: Cue) -> impl Iterator<Item = &Said> {
        let said = if self.has(cue) { &*self.said } else { &[] };
        said.iter().filter(move |said| said.meaning == Meaning::Cue(cue))
    }

    /// What the word lists know of what begins from token `start` on, before token `end`.
    pub(super) fn said_from(&self, start: usize, end: usize) -> &[Said] {
        starting(&self.said, start..end, |said| said.tokens.start)
    }

    /// The values that begin from token `start` on, before token `end`.
    pub(super) fn found_from(&self, start: usize, end: usize) -> &[Found] {
        starting(&self.found, start..end, |found| found.tokens.start)
    }

    fn amount_between(&self, start: usize, end: usize) -> bool {
        self.found_from(start, end).iter().any(|found| {
            matches!(found.value, Value::Number(_))
                && !found.is_article(&self.text)
                && found.tokens.end <= end
        })
    }

    /// Whether a cue of this list ends right before the token at `start`.
    pub(super) fn ends_at(&self, cue: Cue, start: usize) -> bool {
        self.marks.ends_at(cue, start)
    }

    /// Whether the token at `index` belongs to a cue of this list.
    pub(super) fn lies_in(&self, cue: Cue, index: usize) -> bool {
        self.marks.lies_in(cue, index)
    }

    /// The tokens that carry something once marks and fillers are gone, in order.
    pub(super) fn content(&self) -> &[usize] {
        self.marks.content()
    }

    /// Whether the token at `index` is filler, or opens or corrects an answer.
    pub(super) fn carries_nothing(&self, index: usize) -> bool {
        self.is_taken_back(index)
            || spanish::is_filler(&self.text.tokens()[index].text)
            || self.lies_in(Cue::Lead, index)
            || self.lies_in(Cue::Correction, index)
    }

    /// Whether the token at `index` belongs to what the message takes back, or takes it back.
    fn is_taken_back(&self, index: usize) -> bool {
        let taken = self.taken_back.get(index).is_some_and(|taken| *taken);
        taken
            || !self.taken_back.is_empty() && self.lies_in(Cue::Not, index)
            || index < self.taken_back.len() && self.lies_in(Cue::NotThrough, index)
    }

    /// Whether nothing but filler stands besides `tokens`, or what corrects an earlier answer: `no,
    /// perdón, 60 mil`.
    pub(super) fn is_all(&self, tokens: &Range<usize>) -> bool {
        let (first, last) = (self.telling.first(), self.telling.last());
        first.is_none_or(|first| tokens.start <= *first)
            && last.is_none_or(|last| *last < tokens.end)
    }

    /// Whether a cue of this list is all that is said.
    pub(super) fn says_only(&self, cue: Cue) -> bool {
        self.of(cue).any(|said| self.is_all(&said.tokens))
    }

    /// The parts of the message that ask nothing, in plain form.
    pub(super) fn statements(&self) -> String {
        if !self.is_question {
            return self.text.plain();
        }
        let original = self.text.original();
        let mut told = String::new();
        let mut rest = original;
        while let Some(end) = rest.find([',', '.', ';', '\n', '?', '!']) {
            let part = &rest[..end];
            let text = Text::new(part);
            if !rest[end..].starts_with('?') && !spanish::is_question(&text) {
                told.push_str(&text.plain());
                told.push(' ');
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        let text = Text::new(rest);
        if !spanish::is_question(&text) {
            told.push_str(&text.plain());
        }
        told
    }

    /// Whether a part of the message says no more than `ese`, besides values: `ese con cien mil de
    /// enganche`.
    pub(super) fn points_at_the_only_one(&self) -> bool {
        let cues = [
            Cue::ThatOne,
            Cue::With,
            Cue::Term,
            Cue::Connecting,
            Cue::DownPaymentBefore,
            Cue::DownPaymentAfter,
        ];
        let says_no_more = |index: &usize| {
            let valued = self.found.iter().any(|found| found.tokens.contains(index));
            valued || cues.iter().any(|cue| self.lies_in(*cue, *index))
        };
        let tokens = self.text.tokens();
        let parts = self.telling.chunk_by(|left, right| {
            tokens[*left..*right].iter().all(|token| token.kind != TokenKind::Symbol)
        });
        let points = |part: &[usize]| part.iter().any(|index| self.lies_in(Cue::ThatOne, *index));
        parts.into_iter().any(|part| points(part) && part.iter().all(says_no_more))
    }

    /// Whether nothing but values is said: `15 mil a 36 meses`.
    pub(super) fn is_all_values(&self) -> bool {
        let mut values = self.found.iter().map(|found| &found.tokens).peekable();
        let mut valued_until = 0;
        self.telling.iter().all(|index| {
            while let Some(tokens) = values.next_if(|tokens| tokens.start <= *index) {
                valued_until = valued_until.max(tokens.end);
            }
            *index < valued_until || self.lies_in(Cue::Term, *index)
        })
    }

    /// Whether the value in `tokens` takes the place of another of the message.
    pub(super) fn corrects_to(&self, tokens: &Range<usize>) -> bool {
        self.corrections.iter().any(|value| value.start <= tokens.start && tokens.end <= value.end)
    }

    /// Whether a car is to be sold to us, and none is looked for.
    pub(super) fn only_sells(&self) -> bool {
        let looks = !self.names.is_empty() && (self.has(Cue::Fresh) || self.is_question);
        self.has(Cue::Selling) && !looks && !self.trades()
    }

    /// Whether what is looked for is named as what another car is given for: `dejo mi Vento a cuenta
    /// por un Sentra`, `a cuenta de una SUV`.
    fn trades(&self) -> bool {
        let kinds = self.said.iter().filter(|said| !matches!(said.meaning, Meaning::Cue(_)));
        let named = self.names.iter().map(|named| &named.tokens);
        let mut wanted = named.chain(kinds.map(|said| &said.tokens));
        wanted.any(|tokens| self.ends_at(Cue::TradedFor, tokens.start))
    }

    /// Whether it is a topic with an article: `y la garantía`.
    pub(super) fn is_only_a_topic(&self) -> bool {
        let of_topic = |index: &usize| {
            self.lies_in(Cue::Topic, *index) || self.lies_in(Cue::NotThrough, *index)
        };
        // A part of its own may begin with the word that parted it: `pero estoy en buró`, `i la
        // garantía`.
        let parted = |index: &&usize| {
            let word = &self.text.tokens()[**index].text;
            spanish::is_parting(word) || spanish::is_joint(word)
        };
        let mut content = self.content().iter().skip_while(parted);
        self.has(Cue::Topic) && content.all(of_topic)
    }

    /// Whether it only asks, and changes nothing: `¿cuánto es el mínimo?`, unlike `¿y si doy el
    /// mínimo?`.
    pub(super) fn only_asks(&self) -> bool {
        self.is_question && !self.has(Cue::Supposing)
    }

    /// Whether it tells that there is no down payment, naming it and no figure: `quiero un carro pero
    /// no tengo enganche`, unlike `nada` and unlike `¿se puede sin enganche?`.
    pub(super) fn refuses_down_payment(&self) -> bool {
        let mut named = self.of(Cue::DownPaymentAfter);
        named.any(|said| self.lies_in(Cue::NoDown, said.tokens.start))
            && !self.only_asks()
            && self.amounts().next().is_none()
    }

    /// Whether it is nothing but the least or the most to go on with: `con el mínimo`. A term would
    /// be `al mínimo`.
    pub(super) fn comes_with_an_extreme(&self) -> bool {
        let with = |said: &Said| self.ends_at(Cue::With, said.tokens.start);
        EXTREMES.iter().any(|cue| self.says_only(*cue) && self.of(*cue).any(with))
    }

    /// Whether it is nothing but the least or the most: `lo mínimo`.
    pub(super) fn is_an_extreme(&self) -> bool {
        EXTREMES.iter().any(|cue| self.says_only(*cue))
    }

    /// Whether it speaks of other cars: by name, by kind, by what is special about them.
    pub(super) fn describes_cars(&self) -> bool {
        let kind = |said: &Said| !matches!(said.meaning, Meaning::Cue(_) | Meaning::Release(_));
        !self.names.is_empty() || self.said.iter().any(kind)
    }

    /// The message without the words that carry nothing, at its start and anywhere.
    pub(super) fn gist(&self) -> String {
        let content = self.content();
        let leads = content.iter().take_while(|index| self.lies_in(Cue::Lead, **index)).count();
        let tokens = self.text.tokens();
        let rest = &content[if leads == content.len() { 0 } else { leads }..];
        let words = rest.iter().map(|index| tokens[*index].text.as_str());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Those of `ordered` that begin within `tokens`; they are ordered by where they begin.
pub(super) fn starting<T>(
    ordered: &[T],
    tokens: Range<usize>,
    start: impl Fn(&T) -> usize,
) -> &[T] {
    let from = ordered.partition_point(|one| start(one) < tokens.start);
    let length = ordered[from..].partition_point(|one| start(one) < tokens.end);
    &ordered[from..from + length]
}

/// A plain figure as thousands of pesos, where it is too small to be a price.
pub(super) fn as_price(figure: Decimal) -> Option<Money> {
    let thousands = Decimal::from(1_000);
    let pesos = if figure < thousands { figure * thousands } else { figure };
    pesos_of(pesos)
}

/// A figure in pesos.
pub(super) fn pesos_of(figure: Decimal) -> Option<Money> {
    let cents = (figure.checked_mul(Decimal::ONE_HUNDRED)?).round();
    i64::try_from(cents).ok().map(Money::from_cents)
}
