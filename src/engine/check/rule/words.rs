//! `same-words` and `no-words`: what a customer writes means one choice, once case, accents and
//! punctuation are gone.

use std::collections::HashMap;

use crate::engine::check::subject::{Subject, WrittenChoice};
use crate::engine::check::wording::Wording;
use crate::engine::flow::Choice;
use crate::engine::problem::Problem;

pub(super) fn check(subject: &Subject<'_>, wording: &Wording, problems: &mut Vec<Problem>) {
    let commands = subject.commands();
    let mut global = Taken::new();
    for written in &commands {
        claim(wording, written, &mut global, problems);
    }
    global.retain(|_, (_, command)| command.urgent);
    let mut answers = Taken::new();
    for written in &subject.answers() {
        claim(wording, written, &mut answers, problems);
    }
    for (_, step, ask) in subject.questions() {
        // An urgent command is heard before any choice of a step, so none may have its words. Those
        // of another are the step's to take.
        let mut taken = global.clone();
        for written in &subject.options(step, ask) {
            claim(wording, written, &mut taken, problems);
        }
    }
    check_form(subject, problems);
}

/// Words in plain form, with the choice that they make and its name.
type Taken<'a> = HashMap<String, (String, &'a Choice)>;

/// Notes the words of a choice; those that another choice has already are a problem.
fn claim<'a>(
    wording: &Wording,
    written: &WrittenChoice<'a>,
    taken: &mut Taken<'a>,
    problems: &mut Vec<Problem>,
) {
    let patterns = written.choice.phrases.iter().enumerate();
    let phrases = patterns
        .flat_map(|(index, phrases)| phrases.iter().map(move |words| (words.clone(), Some(index))));
    let labels = written.choice.label.iter().flat_map(|label| wording.plain_labels(label));
    let mut own = Vec::new();
    for (words, phrase) in phrases.chain(labels.map(|words| (words, None))) {
        let place = match phrase {
            Some(index) => written.place.join("phrases").join(index),
            None => written.place.join("label"),
        };
        if words.is_empty() {
            let message = "nothing is left of these words without punctuation";
            problems.push(place.problem("no-words", message));
        } else if let Some((other, choice)) = taken.get(&words) {
            // A label may well be the words of the command that does the same.
            if choice.act == written.choice.act {
                continue;
            }
            let message = format!("“{words}” already means {other}");
            let problem = place.problem("same-words", message);
            problems.push(problem.hint("case, accents and punctuation do not count; keep one"));
        } else {
            own.push(words);
        }
    }
    for words in own {
        taken.insert(words, (written.name.clone(), written.choice));
    }
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
