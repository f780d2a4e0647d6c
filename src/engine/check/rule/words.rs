//! `same-words` and `no-words`: what a customer writes means one choice, once case, accents and
//! punctuation are gone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use crate::engine::check::subject::{Subject, WrittenChoice};
use crate::engine::problem::Problem;
use crate::engine::wording::Wording;

pub(super) fn check(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    let wording = &subject.flows.wording;
    let mut global = claim_all(wording, subject.commands(), &Taken::new(), problems);
    global.retain(|_, command| command.choice.urgent);
    claim_all(wording, subject.answers(), &Taken::new(), problems);
    for (_, step, ask) in subject.questions() {
        // An urgent command is heard before any choice of a step, so none may have its words. Those
        // of another are the step's to take.
        claim_all(wording, subject.options(step, ask), &global, problems);
    }
    check_form(subject, problems);
}

/// Words in plain form, with the choice that they make.
type Taken<'a> = HashMap<Cow<'a, str>, Rc<WrittenChoice<'a>>>;

/// The words of `choices`; those that another choice has, of these or of `others`, are a problem.
fn claim_all<'a>(
    wording: &Wording,
    choices: Vec<WrittenChoice<'a>>,
    others: &Taken<'a>,
    problems: &mut Vec<Problem>,
) -> Taken<'a> {
    let mut taken = Taken::new();
    for written in choices {
        let own = claim(wording, &written, [&taken, others], problems);
        let written = Rc::new(written);
        taken.extend(own.into_iter().map(|words| (words, Rc::clone(&written))));
    }
    taken
}

/// The words of a choice that no other has; words that another has already are a problem.
fn claim<'a>(
    wording: &Wording,
    written: &WrittenChoice<'a>,
    taken: [&Taken<'a>; 2],
    problems: &mut Vec<Problem>,
) -> Vec<Cow<'a, str>> {
    let choice = written.choice;
    let patterns = choice.phrases.iter().enumerate();
    let phrases = patterns.flat_map(|(index, phrases)| {
        phrases.iter().map(move |words| (Cow::Borrowed(words.as_str()), Some(index)))
    });
    let labels = choice.label.iter().flat_map(|label| wording.plain_labels(label));
    let labels = labels.map(|words| (Cow::Owned(words), None));
    let mut own = Vec::new();
    for (words, phrase) in phrases.chain(labels) {
        let place = || match phrase {
            Some(index) => written.place.join("phrases").join(index),
            None => written.place.join("label"),
        };
        if words.is_empty() {
            let message = "nothing is left of these words without punctuation";
            problems.push(place().problem("no-words", message));
        } else if let Some(other) = taken.iter().find_map(|taken| taken.get(&words)) {
            // A label may well be the words of the command that does the same.
            if other.choice.act == choice.act {
                continue;
            }
            let message = format!("“{words}” already means {}", other.name);
            let problem = place().problem("same-words", message);
            problems.push(problem.hint("case, accents and punctuation do not count; keep one"));
        } else {
            own.push(words);
        }
    }
    own
}

/// A choice can be made somehow.
fn check_form(subject: &Subject<'_>, problems: &mut Vec<Problem>) {
    for written in subject.all_choices() {
        let choice = written.choice;
        if choice.label.is_none() && choice.phrases.is_empty() && choice.contains.is_empty() {
            let message = "nobody can make this choice: it has neither a label nor phrases";
            problems.push(written.place.problem_at_key("no-words", message));
        }
    }
}
