//! As much of JSON Schema as the document uses, and nothing of it overlooked: a word that is not
//! known here is a mistake, and so is a key of an answer that its schema does not name.

use serde_json::Value;

/// A document, whose parts refer to each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document<'d>(pub(crate) &'d Value);

impl<'d> Document<'d> {
    /// What a reference leads to, or the part itself.
    pub(crate) fn follow(self, part: &'d Value) -> &'d Value {
        match part.get("$ref").and_then(Value::as_str) {
            Some(place) => {
                let place = place.strip_prefix('#').unwrap();
                self.0.pointer(place).unwrap_or_else(|| panic!("nothing stands at \"{place}\""))
            }
            None => part,
        }
    }

    /// Everything in which `value`, which stands at `place`, is not as `schema` says.
    pub(crate) fn mistakes(self, schema: &'d Value, value: &Value, place: &str) -> Vec<String> {
        let schema = self.follow(schema);
        if let Some(ways) = schema.get("anyOf").and_then(Value::as_array) {
            let tried: Vec<Vec<String>> =
                ways.iter().map(|way| self.mistakes(way, value, place)).collect();
            let fits = tried.iter().any(Vec::is_empty);
            return if fits { Vec::new() } else { tried.concat() };
        }
        let mut found = Vec::new();
        for (word, said) in schema.as_object().unwrap() {
            let holds = match word.as_str() {
                "description" => true,
                "type" => has_type(said, value),
                "enum" => said.as_array().unwrap().contains(value),
                "minimum" => value.as_i64().is_none_or(|number| number >= said.as_i64().unwrap()),
                "maximum" => value.as_i64().is_none_or(|number| number <= said.as_i64().unwrap()),
                "minLength" => {
                    value.as_str().is_none_or(|text| text.len() as u64 >= said.as_u64().unwrap())
                }
                "maxLength" => {
                    value.as_str().is_none_or(|text| text.len() as u64 <= said.as_u64().unwrap())
                }
                "format" => {
                    assert_eq!(said, "date-time");
                    value.as_str().is_none_or(|text| text.parse::<jiff::Timestamp>().is_ok())
                }
                // It binds objects only: where null is allowed too, null has no keys to lack.
                "required" => value.as_object().is_none_or(|object| {
                    said.as_array()
                        .unwrap()
                        .iter()
                        .all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        found.extend(self.mistakes(said, item, &format!("{place}/{number}")));
                    }
                    true
                }
                "properties" | "additionalProperties" => true,
                other => panic!("the document says \"{other}\", which this test does not know"),
            };
            if !holds {
                found.push(format!("{place}: {value} is not as {word} {said} says"));
            }
        }
        for (name, part) in value.as_object().into_iter().flatten() {
            let place = format!("{place}/{name}");
            match schema.get("properties").and_then(|known| known.get(name)) {
                Some(known) => found.extend(self.mistakes(known, part, &place)),
                None => match schema.get("additionalProperties") {
                    Some(Value::Bool(true)) => {}
                    Some(other) => found.extend(self.mistakes(other, part, &place)),
                    None => found.push(format!("{place} is not in the document")),
                },
            }
        }
        found
    }
}

fn has_type(said: &Value, value: &Value) -> bool {
    let one = |word: &Value| match word.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the document says type \"{other}\", which this test does not know"),
    };
    said.as_array().map_or_else(|| one(said), |words| words.iter().any(one))
}
