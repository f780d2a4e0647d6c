//! The coverage as a page, in Spanish, that needs no network and no script: a table, each flow as a
//! graph, and the list of what nobody walks.

use std::fmt::Write as _;

use super::layers::{Place, arrange};
use super::{Coverage, Drawn, Shape, Share};
use crate::engine::landmark::{Kind, Landmark};
use crate::engine::trace::Way;

/// The size of a step and the room around it, in pixels.
const WIDTH: usize = 190;
const HEIGHT: usize = 36;
const GAP_X: usize = 30;
const GAP_Y: usize = 54;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1100px;\
padding:0 1rem;color:#222}table{border-collapse:collapse}td,th{padding:.2rem .8rem;\
border-bottom:1px solid #ddd;text-align:left}.n{text-align:right}.no{color:#b00020}\
.svg{overflow-x:auto;border:1px solid #ddd;border-radius:6px;margin:1rem 0}\
text{font:12px system-ui,sans-serif}.yes rect{fill:#e6f4ea;stroke:#1e8e3e}\
.not rect{fill:#fce8e6;stroke:#b00020;stroke-dasharray:4 3}path{fill:none;stroke:#1e8e3e;\
opacity:.7}path.not{stroke:#b00020;stroke-dasharray:4 3}";

/// The page.
pub(super) fn page(coverage: &Coverage) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"es-MX\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Cobertura de los flujos</title>\n<style>{STYLE}</style>\n\
         <h1>Cobertura de los flujos</h1>\n\
         <p>Qué parte de los flujos recorren las conversaciones de prueba que pasan. Lo verde ya se \
         recorre, con el número de veces; lo rojo y punteado todavía no lo recorre ninguna.</p>\n"
    );
    table(&mut page, coverage);
    let mut flows: Vec<&str> = coverage.steps.iter().map(|step| step.flow.as_str()).collect();
    flows.dedup();
    for flow in flows {
        let _ = writeln!(page, "<h2>Flujo {}</h2>", escape(flow));
        drawing(&mut page, coverage, flow);
        ways(&mut page, coverage, flow);
    }
    missing(&mut page, coverage);
    page.push_str("</html>\n");
    page
}

fn table(page: &mut String, coverage: &Coverage) {
    page.push_str("<table>\n<tr><th>Qué<th>Cubierto<th>Total<th>%\n");
    for kind in Kind::ALL {
        let share = coverage.share(kind);
        let Share { covered, total } = share;
        let _ = writeln!(
            page,
            "<tr><td>{}<td class=\"n\">{covered}<td class=\"n\">{total}<td class=\"n\">{:.1}",
            in_spanish(kind),
            share.percent(),
        );
    }
    page.push_str("</table>\n");
}

const fn in_spanish(kind: Kind) -> &'static str {
    match kind {
        Kind::Steps => "Pasos",
        Kind::Transitions => "Transiciones",
        Kind::Rungs => "Respuestas a lo que no se entiende",
        Kind::Bounds => "Límites de los datos",
        Kind::Commands => "Comandos en cada pregunta",
        Kind::Texts => "Textos",
        Kind::Inbound => "Tipos de mensaje",
    }
}

/// One flow as a graph; what leads to other flows is in the list below it.
fn drawing(page: &mut String, coverage: &Coverage, flow: &str) {
    let steps: Vec<&Drawn> = coverage.steps.iter().filter(|step| step.flow == flow).collect();
    let index = |name: &str| steps.iter().position(|step| step.name == name);
    let ways: Vec<(usize, usize, &Way, usize)> = all_ways(coverage)
        .filter_map(|(way, times)| {
            Some((index(way.from.as_deref()?)?, index(&way.to)?, way, times))
        })
        .collect();
    let joined: Vec<(usize, usize)> = ways.iter().map(|(from, to, ..)| (*from, *to)).collect();
    let places = arrange(steps.len(), &joined);
    let columns = places.iter().map(|place| place.column + 1).max().unwrap_or(1);
    let layers = places.iter().map(|place| place.layer + 1).max().unwrap_or(1);
    let (width, height) = (columns * (WIDTH + GAP_X) + GAP_X, layers * (HEIGHT + GAP_Y));
    let _ = writeln!(
        page,
        "<div class=\"svg\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"{}\">",
        escape(flow),
    );
    for (from, to, way, times) in ways {
        arrow(page, places[from], places[to], way, times);
    }
    for (step, place) in steps.iter().zip(places) {
        node(page, step, place, times_of(coverage, &Landmark::Step(step.name.clone())));
    }
    page.push_str("</svg></div>\n");
}

fn all_ways(coverage: &Coverage) -> impl Iterator<Item = (&Way, usize)> {
    coverage.times.iter().filter_map(|(landmark, times)| match landmark {
        Landmark::Way(way) => Some((way, *times)),
        _ => None,
    })
}

fn times_of(coverage: &Coverage, landmark: &Landmark) -> usize {
    coverage.times.get(landmark).copied().unwrap_or_default()
}

/// The upper left corner of a step.
fn corner(place: Place) -> (usize, usize) {
    (GAP_X + place.column * (WIDTH + GAP_X), GAP_Y / 2 + place.layer * (HEIGHT + GAP_Y))
}

fn node(page: &mut String, step: &Drawn, place: Place, times: usize) {
    let (x, y) = corner(place);
    let class = if times > 0 { "yes" } else { "not" };
    let round = match step.shape {
        Shape::Question => HEIGHT / 2,
        Shape::Text => 0,
        Shape::Branch | Shape::Action => 6,
    };
    let mark = match step.shape {
        Shape::Question => "",
        Shape::Text => "“ ",
        Shape::Branch => "◇ ",
        Shape::Action => "⚙ ",
    };
    let name = step.name.strip_prefix(&step.flow).unwrap_or(&step.name);
    let name = escape(name.trim_start_matches('.'));
    let _ = writeln!(
        page,
        "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         rx=\"{round}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{mark}{name} · {times}\
         </text></g>",
        x + WIDTH / 2,
        y + HEIGHT / 2 + 4,
    );
}

/// A way down leaves below and arrives above; any other goes round on the right.
fn arrow(page: &mut String, from: Place, to: Place, way: &Way, times: usize) {
    let ((x1, y1), (x2, y2)) = (corner(from), corner(to));
    let path = if from.layer < to.layer {
        let (x1, x2, y1) = (x1 + WIDTH / 2, x2 + WIDTH / 2, y1 + HEIGHT);
        format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + GAP_Y / 2, y2 - GAP_Y / 2)
    } else {
        let (x1, x2) = (x1 + WIDTH, x2 + WIDTH);
        let (y1, y2, out) = (y1 + HEIGHT / 2, y2 + HEIGHT / 2 + 6, x1.max(x2) + GAP_X);
        format!("M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}")
    };
    let class = if times > 0 { "yes" } else { "not" };
    // One more pixel for each time ten times as often.
    let width = 1 + times.checked_ilog10().map_or(0, |tens| tens + 1);
    let told = escape(&format!("{way}: {times}"));
    let _ = writeln!(
        page,
        "<path class=\"{class}\" d=\"{path}\" stroke-width=\"{width}\"><title>{told}</title></path>",
    );
}

fn ways(page: &mut String, coverage: &Coverage, flow: &str) {
    page.push_str(
        "<details><summary>Transiciones</summary>\n<table>\n<tr><th>De<th>A<th>Cuándo<th>Veces\n",
    );
    let is_of = |way: &Way| {
        let name = way.from.as_deref().unwrap_or(&way.to);
        name.split('.').next() == Some(flow)
    };
    for (way, times) in all_ways(coverage).filter(|(way, _)| is_of(way)) {
        let class = if times > 0 { "yes" } else { "no" };
        let from = escape(way.from.as_deref().unwrap_or("cualquier pregunta"));
        let (to, why) = (escape(&way.to), escape(&way.why));
        let _ = writeln!(
            page,
            "<tr class=\"{class}\"><td>{from}<td>{to}<td>{why}<td class=\"n\">{times}"
        );
    }
    page.push_str("</table></details>\n");
}

fn missing(page: &mut String, coverage: &Coverage) {
    page.push_str("<h2>Falta por recorrer</h2>\n");
    for kind in Kind::ALL {
        let mut missing = coverage.missing().filter(|landmark| landmark.kind() == kind).peekable();
        if missing.peek().is_none() {
            continue;
        }
        let _ = writeln!(page, "<h3>{}</h3>\n<ul class=\"no\">", in_spanish(kind));
        for landmark in missing {
            let _ = writeln!(page, "<li>{}", escape(&landmark.to_string()));
        }
        page.push_str("</ul>\n");
    }
    if coverage.missing().next().is_none() {
        page.push_str("<p>Nada: todo se recorre al menos una vez.</p>\n");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
