//! Flows that are read, and checked as far as their files alone go: the part of checking that is
//! the same for every vocabulary with the same offers, whatever it has to show.

use std::path::Path;
use std::sync::Arc;

use super::facts::Known;
use super::resolve::resolve;
use super::set::FlowSet;
use super::subject::Subject;
use super::tried::Tried;
use super::{CheckError, Sources, rule};
use crate::cores::both;
use crate::engine::flow::Flows;
use crate::engine::problem::Problem;
use crate::engine::vocabulary::{Offers, Vocabulary};

/// Flows of which only the wording is still to be checked.
#[derive(Debug)]
pub struct Blueprint {
    /// None where there is no graph at all.
    graph: Option<Graph>,
    /// What is wrong with the files.
    problems: Vec<Problem>,
}

/// The graph, what its author wrote, and what is sure at each of its steps.
#[derive(Debug)]
struct Graph {
    set: FlowSet,
    flows: Arc<Flows>,
    offers: Offers,
    known: Known,
}

impl Blueprint {
    /// Reads the flows of a folder, for vocabularies that offer this.
    ///
    /// # Errors
    ///
    /// A folder or a file that cannot be read. What is wrong with what they say is told by
    /// [`Self::check`].
    pub fn read(folder: &Path, offers: &Offers) -> Result<Self, CheckError> {
        Ok(Self::of(&Sources::read(folder)?, offers))
    }

    /// The same of files that are in memory. Pure.
    #[must_use]
    pub fn of(sources: &Sources, offers: &Offers) -> Self {
        let mut problems = Vec::new();
        let set = FlowSet::read(sources, &mut problems);
        let graph = set.and_then(|set| {
            let flows = Arc::new(resolve(&set, offers, &mut problems)?);
            let subject = Subject { set: &set, flows: &flows, offers };
            let check = || rule::apply_to_graph(&subject, &mut problems);
            let (known, ()) = both(|| Known::find(&subject), check);
            Some(Graph { set, flows, offers: offers.clone(), known })
        });
        Self { graph, problems }
    }

    /// The flows, once their wording is checked with what `vocabulary` has to show. Pure.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn check(&self, vocabulary: &impl Vocabulary) -> Result<Arc<Flows>, Vec<Problem>> {
        self.check_untried(vocabulary, &mut Tried::default())
    }

    /// The same of flows of which some wording may have been `tried` with this vocabulary before; what
    /// is right now is noted there.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn check_untried(
        &self,
        vocabulary: &impl Vocabulary,
        tried: &mut Tried,
    ) -> Result<Arc<Flows>, Vec<Problem>> {
        let mut problems = self.problems.clone();
        let Some(Graph { set, flows, offers, known }) = &self.graph else { return Err(problems) };
        let subject = Subject { set, flows, offers };
        rule::apply_to_wording(&subject, known, vocabulary, tried, &mut problems);
        if problems.is_empty() { Ok(Arc::clone(flows)) } else { Err(problems) }
    }
}
