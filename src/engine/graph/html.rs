//! What every page that draws flows is made of.

use std::fmt::Write as _;

use super::chart::Chart;
use super::svg;
use crate::engine::landmark::Landmark;
use crate::engine::trace::Way;

/// How such a page looks, by day and by night.
pub const STYLE: &str = include_str!("style.css");

impl Chart {
    /// One flow, for a page in Spanish that carries [`STYLE`]: a heading, the graph, and the list of
    /// its ways. Steps and ways of which `times` says how often they were taken are marked with it.
    #[must_use]
    pub fn section(&self, flow: &str, times: &dyn Fn(&Landmark) -> Option<usize>) -> String {
        let mut page = format!("<h2>Flujo {}</h2>\n", escaped(flow));
        svg::draw(&mut page, self, flow, times);
        self.list(&mut page, flow, times);
        page
    }

    /// The ways that begin in a flow, and those from every question that lead into it.
    fn list(&self, page: &mut String, flow: &str, times: &dyn Fn(&Landmark) -> Option<usize>) {
        let is_of = |name: &str| self.step(name).is_some_and(|step| step.flow == flow);
        let ways = self.ways.iter().filter(|way| is_of(way.from.as_deref().unwrap_or(&way.to)));
        let counted: Vec<(&Way, Option<usize>)> =
            ways.map(|way| (way, times(&Landmark::Way(way.clone())))).collect();
        let is_marked = counted.iter().any(|(_, times)| times.is_some());
        let _ = writeln!(
            page,
            "<details><summary>Transiciones</summary>\n<div class=\"wide\"><table>\n\
             <tr><th>De<th>A<th>Cuándo{}",
            if is_marked { "<th>Veces" } else { "" },
        );
        for (way, times) in counted {
            let from = way.from.as_deref().unwrap_or("cualquier pregunta");
            let (from, to, why) = (escaped(from), escaped(&way.to), escaped(&way.why));
            let times_cell = times.map(|times| format!("<td class=\"n\">{times}"));
            let _ = writeln!(
                page,
                "<tr class=\"{}\"><td>{from}<td>{to}<td>{why}{}",
                class(times),
                times_cell.unwrap_or_default(),
            );
        }
        page.push_str("</table></div></details>\n");
    }
}

/// How something is marked that was taken so often.
pub(super) const fn class(times: Option<usize>) -> &'static str {
    match times {
        None => "plain",
        Some(0) => "not",
        Some(_) => "yes",
    }
}

/// A way or a step with its count.
pub(super) fn told(name: &str, times: Option<usize>) -> String {
    times.map_or_else(|| name.to_owned(), |times| format!("{name}: {times}"))
}

/// What a link to a step is called: its name, with what has no place in an address as numbers.
pub(super) fn anchor(step: &str) -> String {
    let mut anchor = "step-".to_owned();
    for character in step.chars() {
        if character.is_ascii_alphanumeric() || character == '.' {
            anchor.push(character);
        } else {
            let _ = write!(anchor, "_{:x}_", u32::from(character));
        }
    }
    anchor
}

/// `text` between tags or quotes.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
