//! A condition that somebody is writing: read, and checked against what the shop has defined.

use regulars_engine::condition::{Aggregates, Condition, Names, Problem};
use regulars_engine::program::Program;
use serde_json::{Value, json};

/// A condition that can be asked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The condition.
    pub condition: Condition,
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What cures it.
    pub cure: String,
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Self {
        let Problem { at, message, cure } = problem;
        Self { start: at.start, end: at.end, message, cure }
    }
}

impl Wrong {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "start": self.start,
            "end": self.end,
            "message": self.message,
            "cure": self.cure,
        })
    }
}

impl Draft {
    /// Reads a text as the condition of a segment.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str, program: &Program) -> Result<Self, Vec<Wrong>> {
        let mut condition = Condition::parse(text)
            .map_err(|problems| problems.into_iter().map(Wrong::from).collect::<Vec<_>>())?;
        condition.take_traits(&program.traits);
        let reads = condition.reads_through(&program.segments);
        let mut wrong = Vec::new();
        for name in condition.reads().segments {
            if !program.segments.contains_key(&name) {
                let cure = "define it first, or choose one that there is";
                wrong.push(named(text, &name, format!("there is no segment \"{name}\""), cure));
            }
        }
        for id in condition.reads().products {
            if !program.catalogue.is_empty() && !program.catalogue.iter().any(|p| p.id == id) {
                let cure = "write the id of a product of the catalogue";
                wrong.push(named(text, &id, format!("there is no product \"{id}\""), cure));
            }
        }
        if reads.entry {
            let start = text.to_lowercase().find("since").unwrap_or(0);
            wrong.push(Wrong {
                start,
                end: text.len().min(start + "since entry".len()),
                message: "\"since entry\" has no meaning here: nobody has entered yet".to_owned(),
                cure: "write a length of time: in the last 7 days".to_owned(),
            });
        }
        let lacking = program.aggregates.lack(&Aggregates::of([&condition]));
        if program.aggregates.len() + lacking > Aggregates::COUNT_MAX {
            wrong.push(Wrong {
                start: 0,
                end: text.len(),
                message: format!(
                    "profiles keep {} of at most {} different filters and figures of events, and \
                     this asks for {lacking} more",
                    program.aggregates.len(),
                    Aggregates::COUNT_MAX
                ),
                cure: "ask with the same events, filters and fields as other conditions, or take \
                       away what nobody uses"
                    .to_owned(),
            });
        }
        if wrong.is_empty() { Ok(Self { condition }) } else { Err(wrong) }
    }

    /// Names in the text it was read from that nobody knows, where one that is known is near.
    #[must_use]
    pub fn notices(&self, text: &str, names: &Names) -> Vec<Wrong> {
        self.condition.unfamiliar(text, names).into_iter().map(Wrong::from).collect()
    }
}

fn named(text: &str, name: &str, message: String, cure: &str) -> Wrong {
    let start = text.find(&format!("\"{name}\"")).unwrap_or(0);
    let end = text.len().min(start + name.len() + 2);
    Wrong { start, end, message, cure: cure.to_owned() }
}
