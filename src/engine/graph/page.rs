//! The flows as a page, in Spanish, that needs no network and no script: each flow as a graph, with
//! the texts of its steps.

use std::fmt::Write as _;

use super::chart::Chart;
use super::html::{STYLE, anchor, escaped};
use crate::engine::flow::Flows;

/// The page. The same flows give the same text.
#[must_use]
pub fn page(flows: &Flows) -> String {
    let chart = Chart::of(flows);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"es-MX\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Los flujos</title>\n<style>{STYLE}</style>\n<h1>Los flujos</h1>\n\
         <p>Así va la conversación, de arriba abajo. Lo redondeado pregunta y espera; “ dice algo y \
         sigue; ◇ decide según lo que ya se sabe; ⚙ hace algo. El punto marca dónde empieza un \
         cliente nuevo. Una flecha corta por la izquierda llega desde cualquier pregunta. El nombre \
         con ↳ debajo de un paso es de otro flujo: tócalo para ir a él. Deja el cursor sobre un paso o \
         una flecha para ver qué dice o cuándo se toma.</p>\n"
    );
    for flow in chart.flows() {
        page.push_str(&chart.section(flow, &|_| None));
        texts(&mut page, &chart, flows, flow);
    }
    page.push_str("</html>\n");
    page
}

/// What the steps of a flow say, each text in the first of its wordings.
fn texts(page: &mut String, chart: &Chart, flows: &Flows, flow: &str) {
    page.push_str(
        "<details><summary>Textos</summary>\n<div class=\"wide\"><table>\n\
         <tr><th>Paso<th>Texto<th>Dice\n",
    );
    for step in chart.steps.iter().filter(|step| step.flow == flow) {
        for key in &step.texts {
            let wording = flows.texts.get(key).and_then(|variants| variants.first());
            let wording = wording.map_or("", |variant| variant.template.as_str());
            let _ = writeln!(
                page,
                "<tr><td><a href=\"#{}\">{}</a><td>{}<td class=\"text\">{}",
                anchor(&step.name),
                escaped(step.short_name()),
                escaped(key),
                escaped(wording.trim_end()),
            );
        }
    }
    page.push_str("</table></div></details>\n");
}
