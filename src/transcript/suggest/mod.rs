//! The shortest transcripts that walk what no transcript walks yet.
//!
//! `explore` searches the talks that `alphabet` can bring about; here they are joined to transcripts,
//! one for each step and kind of landmark: they read as one story, `en este paso, cada comando`. What
//! is written has no replies: `--bless` fills them in, and somebody reads them.

mod alphabet;
mod explore;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::draft::Draft;
use super::setting::default_clock;
use crate::engine::Engine;
use crate::engine::landmark::{Kind, Landmark};
use crate::engine::vocabulary::Vocabulary;
use alphabet::{Act, Alphabet};
use explore::{Map, Moment, silence};

/// Messages of one transcript from which on the next thing to walk gets one of its own.
const MANY_TURNS: usize = 14;

/// Messages that lead from one thing to walk to the next, at most; further away, a new transcript
/// begins.
const LONGEST_DETOUR: usize = 4;

/// Ways that turn out otherwise than the search thought, at most, before a transcript ends.
const MAX_DEAD_ENDS: usize = 40;

/// What could be suggested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Transcripts without replies.
    pub transcripts: Vec<Suggestion>,
    /// What no conversation that was tried walks.
    pub unreached: Vec<Landmark>,
}

/// A transcript without replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its file's name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What one transcript is about.
type Subject = (Kind, String);

/// Suggests transcripts that walk the `missing` landmarks; `scene` is the
/// line that sets theirs.
pub fn suggest<'m, V: Vocabulary>(
    engine: &Engine<V>,
    missing: impl IntoIterator<Item = &'m Landmark>,
    scene: &str,
) -> Suggestions {
    let now = default_clock();
    let mut wanted: BTreeSet<Landmark> = missing.into_iter().cloned().collect();
    let alphabet = Alphabet::of(engine, &wanted);
    let map = Map::explore(engine, &alphabet, &wanted, now);
    let mut suggestions = Suggestions::default();
    let subjects: BTreeSet<Subject> = wanted.iter().map(subject).collect();
    for about in subjects {
        let mut number = 0;
        loop {
            let walk = Walk::about(
                &about,
                Stage { engine, alphabet: &alphabet, map: &map },
                &mut wanted,
                now,
            );
            if walk.acts.is_empty() {
                break;
            }
            number += 1;
            suggestions.transcripts.push(draft(&about, number, &walk, engine, scene));
        }
    }
    suggestions.unreached = wanted.into_iter().collect();
    suggestions
}

/// What a transcript that walks a landmark is about: the step, most often.
fn subject(landmark: &Landmark) -> Subject {
    let about = match landmark {
        Landmark::Step(name) | Landmark::Text(name) => name.split('.').next().unwrap_or(name),
        Landmark::Way(way) => way.from.as_deref().unwrap_or("anywhere"),
        Landmark::Rung(step, _) | Landmark::Command(_, step) => step,
        Landmark::Bound(slot, _) => slot,
        Landmark::Inbound(_) => "any",
    };
    (landmark.kind(), about.to_owned())
}

/// What conversations are looked for with.
struct Stage<'s, V: Vocabulary> {
    engine: &'s Engine<V>,
    alphabet: &'s Alphabet<V::Message>,
    map: &'s Map,
}

impl<V: Vocabulary> Clone for Stage<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: Vocabulary> Copy for Stage<'_, V> {}

/// A conversation that walks something new.
struct Walk {
    /// Each act with what it walks that was wanted.
    acts: Vec<(Act, Vec<Landmark>)>,
    moment: Moment,
}

impl Walk {
    /// Walks what is wanted of `about` until it is all walked, too far away or long enough.
    fn about<V: Vocabulary>(
        about: &Subject,
        stage: Stage<'_, V>,
        wanted: &mut BTreeSet<Landmark>,
        now: Timestamp,
    ) -> Self {
        let mut walk = Self { acts: Vec::new(), moment: Moment::first(now) };
        let mut dead = BTreeSet::new();
        while walk.acts.len() < MANY_TURNS && dead.len() < MAX_DEAD_ENDS {
            let is_wanted = |mark: &Landmark| wanted.contains(mark) && subject(mark) == *about;
            let found = if walk.acts.is_empty() {
                from_the_start(stage.map, &dead, is_wanted)
            } else {
                let here = stage.map.like(stage.engine.flows(), &walk.moment.session);
                here.and_then(|here| stage.map.way(here, LONGEST_DETOUR, &dead, is_wanted))
            };
            let Some((acts, branch)) = found else { break };
            if !walk.try_on(acts, stage, about, wanted) {
                dead.insert(branch);
            }
        }
        walk
    }

    /// Does `acts`, unless they walk nothing that is wanted of `about`.
    fn try_on<V: Vocabulary>(
        &mut self,
        acts: Vec<Act>,
        stage: Stage<'_, V>,
        about: &Subject,
        wanted: &mut BTreeSet<Landmark>,
    ) -> bool {
        let mut moment = self.moment.clone();
        let mut done = Vec::new();
        let mut new = BTreeSet::new();
        for act in acts {
            let (next, touched) = moment.after(&act, stage.engine, stage.alphabet);
            moment = next;
            let touched: Vec<Landmark> = touched
                .into_iter()
                .filter(|mark| wanted.contains(mark) && new.insert(mark.clone()))
                .collect();
            done.push((act, touched));
        }
        let hits = new.iter().any(|mark| subject(mark) == *about);
        if hits {
            wanted.retain(|mark| !new.contains(mark));
            self.acts.extend(done);
            self.moment = moment;
        }
        hits
    }
}

/// The shortest way from the first message; the talks of a map come with theirs, so it is exact.
fn from_the_start(
    map: &Map,
    dead: &BTreeSet<(usize, usize)>,
    is_wanted: impl Fn(&Landmark) -> bool,
) -> Option<(Vec<Act>, (usize, usize))> {
    map.talks.iter().enumerate().find_map(|(index, talk)| {
        let mut branches = talk.branches.iter().enumerate();
        let (number, branch) = branches.find(|(number, branch)| {
            branch.touched.iter().any(&is_wanted) && !dead.contains(&(index, *number))
        })?;
        let way = talk.way.iter().cloned().chain([branch.act.clone()]).collect();
        Some((way, (index, number)))
    })
}

fn draft<V: Vocabulary>(
    (kind, about): &Subject,
    number: usize,
    walk: &Walk,
    engine: &Engine<V>,
    scene: &str,
) -> Suggestion {
    let kind = kind.as_str().replace(' ', "_");
    let name = format!("{kind}.{about}.{number}.chat");
    let title = format!("{about}: {}", kind.replace('_', " "));
    let mut draft = Draft::new(&title, default_clock());
    draft.line(scene);
    for (act, touched) in &walk.acts {
        for landmark in touched {
            draft.note(&format!("covers {landmark}"));
        }
        if act.silence {
            draft.wait(silence(engine.flows()).as_mins());
        }
        draft.line(&format!("> {}", act.message.written()));
    }
    Suggestion { name, text: draft.finish() }
}
