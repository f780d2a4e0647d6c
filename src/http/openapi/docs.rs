//! The document as a page that people read: no script, nothing from elsewhere.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::http::html::{Html, PALETTE, escaped};

const HTML: &str = include_str!("../assets/docs.html");
const STYLE: &str = include_str!("../assets/docs.css");

/// How deep a schema is shown; ours end before.
const MAX_DEPTH: usize = 8;

/// The page of `document`.
pub(super) fn page(document: &Value) -> Html {
    let style = style();
    let text = HTML.replace("{{style}}", &style).replace("{{content}}", &content(document));
    Html::new(text, &style, None)
}

fn style() -> String {
    [PALETTE, STYLE].concat()
}

fn content(document: &Value) -> String {
    let info = &document["info"];
    let mut page =
        format!("<h1>{} <small>{}</small></h1>\n", told(&info["title"]), told(&info["version"]));
    for paragraph in words(&info["description"]).split("\n\n") {
        let _ = writeln!(page, "<p>{}</p>", escaped(paragraph));
    }
    page += "<p class=\"soft\">For machines: <a href=\"/openapi.json\">/openapi.json</a></p>\n<nav><ul>\n";
    for tag in list(&document["tags"]) {
        let (name, about) = (told(&tag["name"]), told(&tag["description"]));
        let _ = writeln!(page, "<li><a href=\"#{name}\">{about}</a></li>");
    }
    page += "<li><a href=\"#shapes\">Shapes</a></li>\n</ul></nav>\n";
    for tag in list(&document["tags"]) {
        let (name, about) = (told(&tag["name"]), told(&tag["description"]));
        let _ = writeln!(page, "<h2 id=\"{name}\">{about}</h2>");
        for (path, methods) in entries(&document["paths"]) {
            for (method, operation) in entries(methods) {
                if operation["tags"][0] == tag["name"] {
                    page += &door(document, path, method, operation);
                }
            }
        }
    }
    page += "<h2 id=\"shapes\">Shapes</h2>\n";
    for (name, schema) in entries(&document["components"]["schemas"]) {
        let name = escaped(name);
        let _ = writeln!(
            page,
            "<section class=\"door\" id=\"shape-{name}\"><h3>{name}</h3>{}</section>",
            shape(schema, 0),
        );
    }
    page
}

/// One method of one path.
fn door(document: &Value, path: &str, method: &str, operation: &Value) -> String {
    let mut door = format!(
        "<section class=\"door\" id=\"{}\">\n<h3><span class=\"method\">{}</span> <code>{}</code> \
         · {}</h3>\n<p>{}</p>\n",
        told(&operation["operationId"]),
        escaped(&method.to_uppercase()),
        escaped(path),
        told(&operation["summary"]),
        told(&operation["description"]),
    );
    for scheme in list(&operation["security"]).flat_map(entries) {
        let about = &document["components"]["securitySchemes"][scheme.0]["description"];
        let _ = writeln!(door, "<p class=\"soft\">Secret: {}</p>", told(about));
    }
    let parameters: Vec<String> = list(&operation["parameters"])
        .map(|parameter| field(words(&parameter["name"]), &parameter["schema"], true, 0))
        .collect();
    if !parameters.is_empty() {
        let _ =
            writeln!(door, "<h4>Parameters</h4><ul class=\"fields\">{}</ul>", parameters.concat());
    }
    for (media, content) in entries(&operation["requestBody"]["content"]) {
        let _ = writeln!(
            door,
            "<h4>Body · {}</h4>{}<pre>{}</pre>",
            escaped(media),
            shape(&content["schema"], 0),
            escaped(&content["example"].to_string()),
        );
    }
    door += "<h4>Answers</h4><ul class=\"fields\">\n";
    for (status, response) in entries(&operation["responses"]) {
        door += &answer(document, status, response);
    }
    door += "</ul></section>\n";
    door
}

fn answer(document: &Value, status: &str, response: &Value) -> String {
    let response = resolved(document, response);
    let mut answer = format!(
        "<li><span class=\"status\">{}</span> {}",
        escaped(status),
        told(&response["description"]),
    );
    for (media, content) in entries(&response["content"]) {
        let schema = &content["schema"];
        let codes: Vec<&str> =
            list(&schema["properties"]["error"]["properties"]["code"]["enum"]).map(words).collect();
        let shape = if codes.is_empty() {
            shape(schema, 0)
        } else {
            format!(" · {}", escaped(&codes.join(", ")))
        };
        let _ = write!(answer, " <span class=\"soft\">{}</span>{shape}", escaped(media));
    }
    answer + "</li>\n"
}

/// What a value looks like.
fn shape(schema: &Value, depth: usize) -> String {
    if let Some(name) = words(&schema["$ref"]).strip_prefix("#/components/schemas/") {
        let name = escaped(name);
        return format!(" <a href=\"#shape-{name}\">{name}</a>");
    }
    let mut shape = format!(" <span class=\"soft\">{}</span>", escaped(&kind(schema)));
    if let Some(about) = schema["description"].as_str() {
        let _ = write!(shape, " {}", escaped(about));
    }
    if depth >= MAX_DEPTH {
        return shape;
    }
    if schema["items"].is_object() {
        let _ = write!(shape, " of{}", self::shape(&schema["items"], depth + 1));
    }
    for choice in list(&schema["anyOf"]).filter(|choice| choice["type"] != "null") {
        shape += &self::shape(choice, depth + 1);
    }
    let fields: String = entries(&schema["properties"])
        .map(|(name, schema_of_field)| {
            let required = list(&schema["required"]).any(|required| required == name);
            field(name, schema_of_field, required, depth + 1)
        })
        .collect();
    if !fields.is_empty() {
        let _ = write!(shape, "<ul class=\"fields\">{fields}</ul>");
    }
    shape
}

fn field(name: &str, schema: &Value, required: bool, depth: usize) -> String {
    let optional = if required { "" } else { " <span class=\"soft\">optional</span>" };
    format!("<li><code>{}</code>{optional}{}</li>", escaped(name), shape(schema, depth))
}

/// Type and limits in some words.
fn kind(schema: &Value) -> String {
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().map(words).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let mut kind = types.join(" or ");
    if list(&schema["anyOf"]).any(|choice| choice["type"] == "null") {
        kind += "null or";
    }
    let constants = list(&schema["oneOf"]).map(|choice| &choice["const"]);
    let values: Vec<&str> =
        constants.chain(list(&schema["enum"])).filter_map(Value::as_str).collect();
    if !values.is_empty() {
        let _ = write!(kind, " {}", values.join(" | "));
    }
    for (key, said) in [
        ("format", ""),
        ("minLength", "at least "),
        ("maxLength", "at most "),
        ("minItems", "at least "),
        ("pattern", "like "),
    ] {
        match &schema[key] {
            Value::Null => {}
            Value::String(limit) => {
                let _ = write!(kind, " {said}{limit}");
            }
            limit => {
                let _ = write!(kind, " {said}{limit}");
            }
        }
    }
    kind.trim().to_owned()
}

/// What a reference points to.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let pointer = words(&value["$ref"]).strip_prefix('#');
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn told(value: &Value) -> String {
    escaped(words(value))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = value.as_object().into_iter().flat_map(Map::iter);
    entries.map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole_and_tells_every_door() {
        let document = super::super::document(&serde_json::json!({"type": "object"}));
        let page = page(&document);
        page.is_whole(&[("style", &style())]);
        for (path, _) in entries(&document["paths"]) {
            assert!(page.text().contains(&format!("<code>{path}</code>")), "{path}");
        }
        for foreign in ["http://", "https://", "src=", "@import", "url(", "<script"] {
            assert!(!page.text().contains(foreign), "{foreign}");
        }
    }
}
