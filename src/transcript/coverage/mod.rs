//! What passing transcripts walk of the flows, and what nobody has walked yet.
//!
//! `page` draws it: each flow as a graph.

mod page;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::report::{Case, Verdict};
use crate::engine::Engine;
use crate::engine::graph::Chart;
use crate::engine::landmark::{Kind, Landmark, landmarks};
use crate::engine::vocabulary::Vocabulary;

/// What passing transcripts cover.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// How often each landmark of the flows was touched.
    pub times: BTreeMap<Landmark, usize>,
    /// The flows, to be drawn with it.
    chart: Chart,
}

/// The landmarks of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many were touched.
    pub covered: usize,
    /// How many there are.
    pub total: usize,
}

impl Share {
    /// In percent; all of nothing is everything.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no flow has 2^52 steps")]
    pub fn percent(self) -> f64 {
        if self.total == 0 { 100.0 } else { self.covered as f64 * 100.0 / self.total as f64 }
    }
}

impl Coverage {
    /// What the passing ones of `cases` cover of the flows of `engine`.
    pub(super) fn of<V: Vocabulary>(engine: &Engine<V>, cases: &[Case]) -> Self {
        let flows = engine.flows();
        let all = landmarks(flows, engine.vocabulary().offers());
        let mut times: BTreeMap<Landmark, usize> = all.into_iter().map(|mark| (mark, 0)).collect();
        let passed = cases.iter().filter(|case| case.verdict == Verdict::Passed);
        for landmark in passed.flat_map(|case| &case.walked) {
            if let Some(times) = times.get_mut(landmark) {
                *times += 1;
            }
        }
        Self { times, chart: Chart::of(flows) }
    }

    /// How many of a kind are covered.
    #[must_use]
    pub fn share(&self, kind: Kind) -> Share {
        let of_kind = || self.times.iter().filter(|(landmark, _)| landmark.kind() == kind);
        Share {
            covered: of_kind().filter(|(_, times)| **times > 0).count(),
            total: of_kind().count(),
        }
    }

    /// What nobody touched.
    pub fn missing(&self) -> impl Iterator<Item = &Landmark> {
        self.times.iter().filter(|(_, times)| **times == 0).map(|(landmark, _)| landmark)
    }

    /// As JSON: for each kind the counts, and how often each landmark was touched.
    #[must_use]
    pub fn json(&self) -> Value {
        let kinds = Kind::ALL.map(|kind| {
            let Share { covered, total } = self.share(kind);
            let times = self.times.iter().filter(|(landmark, _)| landmark.kind() == kind);
            let times: BTreeMap<String, usize> =
                times.map(|(landmark, times)| (landmark.to_string(), *times)).collect();
            json!({"kind": kind, "covered": covered, "total": total, "times": times})
        });
        json!({ "coverage": kinds })
    }

    /// As a page that can be read without a network: see `page`.
    #[must_use]
    pub fn html(&self) -> String {
        page::page(self)
    }
}

impl fmt::Display for Coverage {
    /// A table, then the names of what is not covered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "coverage by passing transcripts")?;
        for kind in Kind::ALL {
            let share = self.share(kind);
            let Share { covered, total } = share;
            let percent = share.percent();
            write!(f, "\n  {:<18}{covered:>5}/{total:<5}{percent:>6.1} %", kind.as_str())?;
        }
        for kind in Kind::ALL {
            let mut missing = self.missing().filter(|landmark| landmark.kind() == kind).peekable();
            if missing.peek().is_some() {
                write!(f, "\nnot covered, {}:", kind.as_str())?;
            }
            for landmark in missing {
                write!(f, "\n  {landmark}")?;
            }
        }
        Ok(())
    }
}
