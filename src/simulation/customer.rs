//! A customer: a goal, a temper, and what is said next.

use jiff::SignedDuration;

use super::cast::{CAST, Goal, Pays, Persona, Words};
use super::chance::Chance;
use super::moves::Move;
use super::phrase::{Subject, phrase};
use super::typo::mistyped;
use crate::catalog::Car;
use crate::dealer::Dealer;
use crate::engine::flow::Ask;
use crate::message::{Answer, Choice, Media};
use crate::money::Money;

/// What somebody sends who has a goal, before giving up.
const PATIENCE: usize = 40;

/// What somebody sends who has reached the goal, before leaving.
const MAX_MORE: usize = 12;

/// Silences, in minutes: a moment, a night, over a day, a week, longer than anybody is remembered.
const SILENCES: [i64; 6] = [3, 90, 600, 1_500, 10_080, 60 * 24 * 40];

/// A simulated customer.
pub(super) struct Customer<'a> {
    dealer: &'a Dealer,
    chance: Chance,
    goal: &'static Goal,
    persona: &'static Persona,
    wanted: Car<'a>,
    /// The commands that the bot's help and flows teach.
    orders: &'a [&'a str],
    sent: usize,
    /// Messages that will be sent after the goal is reached.
    more: usize,
    has_goal: bool,
    was_event: bool,
}

impl<'a> Customer<'a> {
    /// Somebody who wants one of the dealer's cars, or something else.
    pub(super) fn new(dealer: &'a Dealer, orders: &'a [&'a str], mut chance: Chance) -> Self {
        let goal = chance.by_share(&CAST.goals, |goal| goal.share);
        let persona = chance.by_share(&CAST.personas, |persona| persona.share);
        let wanted = any_car(dealer, &mut chance);
        let more = chance.below(MAX_MORE);
        let (sent, has_goal, was_event) = (0, false, false);
        Self { dealer, chance, goal, persona, wanted, orders, sent, more, has_goal, was_event }
    }

    pub(super) fn goal(&self) -> &'static Goal {
        self.goal
    }

    pub(super) fn persona(&self) -> &'static Persona {
        self.persona
    }

    pub(super) fn has_goal(&self) -> bool {
        self.has_goal
    }

    /// What happens after `answer`, which asks `ask`; nothing where the customer leaves.
    pub(super) fn next(&mut self, answer: Option<&Answer>, ask: Option<&Ask>) -> Option<Move> {
        self.has_goal |= answer.is_some_and(|answer| self.goal.reaches.contains(&answer.state));
        if self.sent >= PATIENCE || self.has_goal && self.more == 0 {
            return None;
        }
        if let Some(event) = self.event(answer.is_some()) {
            return Some(event);
        }
        self.was_event = false;
        self.sent += 1;
        self.more -= usize::from(self.has_goal);
        Some(self.message(answer, ask))
    }

    /// What is said at the end, so that every talk ends with a proof that one can get away.
    pub(super) fn farewell(&mut self) -> Vec<Move> {
        let words = self.chance.one_of(&CAST.words.farewells);
        words.iter().map(|words| Move::say(words)).collect()
    }

    /// Something that happens instead of a message; never twice in a row.
    fn event(&mut self, has_answer: bool) -> Option<Move> {
        let Persona { silent, repeats, restarts, .. } = self.persona;
        let event = if self.chance.is(*silent) {
            Move::Wait(SignedDuration::from_mins(*self.chance.one_of(&SILENCES)))
        } else if self.chance.is(*repeats) && has_answer {
            Move::Duplicate
        } else if self.chance.is(*restarts) {
            Move::Restart
        } else {
            return None;
        };
        let is_first = !std::mem::replace(&mut self.was_event, true);
        is_first.then_some(event)
    }

    fn message(&mut self, answer: Option<&Answer>, ask: Option<&Ask>) -> Move {
        let Some(answer) = answer else { return self.write(&self.goal.opens, None) };
        let words: &'static Words = &CAST.words;
        let Persona { media, babbles, orders, digresses, wavers, taps, .. } = *self.persona;
        let screen = answer.replies.last().map_or(&[][..], |reply| &reply.choices);
        if self.chance.is(media) {
            let kind = *self.chance.one_of(&Media::ALL);
            let caption = self.phrase(&words.captions, Some(answer));
            return Move::send(kind, &caption);
        }
        if self.chance.is(taps)
            && let Some(choice) = self.choice(screen)
        {
            return Move::Tap(choice.id.clone());
        }
        if self.chance.is(orders / 2) && !self.orders.is_empty() {
            let order: &&str = self.chance.one_of(self.orders);
            return Move::say(order);
        }
        let said = [
            (babbles, &words.babble),
            (orders, &words.orders),
            (digresses, &words.digressions),
            (wavers, &words.changes),
        ];
        for (permille, phrases) in said {
            if self.chance.is(permille) {
                return self.write(phrases, Some(answer));
            }
        }
        let phrases = self.reply(ask, screen);
        self.write(phrases, Some(answer))
    }

    /// What answers the question.
    fn reply(&mut self, ask: Option<&Ask>, screen: &[Choice]) -> &'static [String] {
        let words: &'static Words = &CAST.words;
        let by_number = !screen.is_empty() && self.chance.is(350);
        match ask.and_then(Ask::slot) {
            Some("car") => match self.chance.below(10) {
                0 => &words.more,
                1 => &words.refines,
                2 => &words.searches,
                _ => &words.picks,
            },
            Some("payment") if self.goal.pays == Pays::Credit => &words.credit,
            Some("payment") => &words.cash,
            Some(_) if by_number => &words.picks,
            Some("search") => &words.searches,
            Some("down_payment" | "quote_down_payment") => &words.down_payments,
            Some("months") => &words.months,
            Some("quote_price") => &words.prices,
            _ if screen.is_empty() || self.chance.is(400) => &self.goal.insists,
            _ => &words.picks,
        }
    }

    fn write(&mut self, phrases: &[String], answer: Option<&Answer>) -> Move {
        let words = self.phrase(phrases, answer);
        if self.chance.is(self.persona.typos) {
            return Move::say(&mistyped(&words, &mut self.chance));
        }
        Move::say(&words)
    }

    fn phrase(&mut self, phrases: &[String], answer: Option<&Answer>) -> String {
        let screen = answer.and_then(|answer| answer.replies.last());
        let screen = screen.map_or(&[][..], |reply| &reply.choices);
        let choice = self.choice(screen);
        let (number, label) = choice.map_or(("1", ""), |choice| (&choice.id, &choice.title));
        let subject = Subject {
            dealer: self.dealer,
            wanted: self.wanted,
            other: any_car(self.dealer, &mut self.chance),
            amount: self.amount(answer),
            number,
            label,
        };
        phrase(phrases, &subject, &mut self.chance)
    }

    /// An amount that fits the moment: part of the chosen car's price, else a whole price.
    fn amount(&mut self, answer: Option<&Answer>) -> Money {
        let chosen =
            answer.and_then(|answer| super::deal::amount(&answer.session.value()["price"]));
        let percent = i64::try_from(self.chance.between(5, 95)).unwrap_or(20);
        match chosen {
            Some(price) => price.scaled(percent, 100),
            None => self.wanted.price().scaled(percent + 50, 100),
        }
    }

    fn choice<'c>(&mut self, screen: &'c [Choice]) -> Option<&'c Choice> {
        (!screen.is_empty()).then(|| self.chance.one_of(screen))
    }
}

fn any_car<'a>(dealer: &'a Dealer, chance: &mut Chance) -> Car<'a> {
    let place = chance.below(dealer.catalog().len());
    dealer.catalog().cars().nth(place).expect("a place below the length")
}
