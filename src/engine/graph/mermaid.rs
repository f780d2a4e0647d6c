//! The flows as a Mermaid flowchart, for people who would rather see them than read them.
//!
//! A box for each flow; in it questions as stadiums, texts as rectangles, branches as diamonds,
//! actions as rectangles with double sides. What can happen at every question (commands, slots
//! that are overheard) comes out of one node of its own.

use std::fmt::Write as _;

use crate::engine::edge::{Edge, Why, edges, everywhere};
use crate::engine::flow::{Flows, Step, StepId, StepKind};

/// The flows as a Mermaid flowchart. The same flows give the same text.
#[must_use]
pub fn mermaid(flows: &Flows) -> String {
    let mut chart = String::from("flowchart TD\n");
    for flow in flows.flows.keys() {
        let _ = writeln!(chart, "  subgraph {}[\"{}\"]", safe_id(flow), escape(flow));
        for (id, step) in flows.steps().filter(|(_, step)| step.flow == *flow) {
            let _ = writeln!(chart, "    {}", node(id, step));
        }
        chart.push_str("  end\n");
    }
    let _ = writeln!(chart, "  start((\"start\")) --> s{}", flows.bot.start.0);
    for (id, step) in flows.steps() {
        for edge in merged(edges(step)) {
            let _ = writeln!(chart, "  s{} {edge}", id.0);
        }
    }
    chart.push_str("  anywhere{{\"at every question\"}}\n");
    for edge in merged(everywhere(flows)) {
        let _ = writeln!(chart, "  anywhere {edge}");
    }
    chart
}

fn node(id: StepId, step: &Step) -> String {
    let name = step.name.strip_prefix(&step.flow).unwrap_or(&step.name);
    let name = escape(name.trim_start_matches('.'));
    let number = id.0;
    match &step.kind {
        StepKind::Ask(_) => format!("s{number}([\"{name}\"])"),
        StepKind::Say { .. } => format!("s{number}[\"{name}\"]"),
        StepKind::Branch(branch) => format!("s{number}{{\"{name}: {}?\"}}", escape(&branch.on)),
        StepKind::Do(action) => format!("s{number}[[\"{name}: {}\"]]", escape(&action.action)),
    }
}

/// Arrows to the same step as one, with all their labels.
fn merged(edges: Vec<Edge<'_>>) -> Vec<String> {
    let mut targets: Vec<(StepId, Vec<String>)> = Vec::new();
    for edge in edges {
        let index = targets.iter().position(|(to, _)| *to == edge.to).unwrap_or_else(|| {
            targets.push((edge.to, Vec::new()));
            targets.len() - 1
        });
        let labels = &mut targets[index].1;
        let label = label(edge.why);
        if !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }
    let arrow = |(to, labels): (StepId, Vec<String>)| match labels[..] {
        [] => format!("--> s{}", to.0),
        _ => format!("-->|\"{}\"| s{}", labels.join("<br>"), to.0),
    };
    targets.into_iter().map(arrow).collect()
}

fn label(why: Why<'_>) -> String {
    match why {
        Why::Next => String::new(),
        Why::Filled(slot) => escape(slot),
        Why::Choice(choice) => {
            let label = choice.label.as_ref().map(|label| escape(label.as_str()));
            let phrase = || choice.phrases().next().map(|phrase| format!("“{}”", escape(phrase)));
            label.or_else(phrase).unwrap_or_default()
        }
        Why::Refused { reason, .. } => format!("refused: {}", escape(reason)),
        Why::Ladder => "not understood".to_owned(),
        Why::Case { case, .. } => escape(case),
        Why::Else => "else".to_owned(),
        Why::Outcome(outcome) => escape(outcome),
        Why::Heard(slot) => format!("heard: {}", escape(slot)),
        Why::Silence => "after a long silence".to_owned(),
    }
}

/// Text that ends neither a label nor the chart: Mermaid reads entities with `#` in front.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '|' => escaped.push_str("#124;"),
            '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A name that Mermaid takes for an id and not for a keyword of its own (`end`).
fn safe_id(flow: &str) -> String {
    let safe = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    format!("flow_{}", flow.chars().map(safe).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn labels_cannot_end_early() {
        assert_eq!(escape("a \"b\" | #c\n<d>"), "a #quot;b#quot; #124; #35;c #lt;d#gt;");
    }
}
