//! Reading the steps that ask chance: `split`, `test` and `holdout`.

use super::fields::{Fields, Read};
use super::form::Form;
use super::mistake::quoted;
use super::steps::Reader;
use super::units::{line, name};
use super::yaml::{Node, Sheet, Value, not_a};
use crate::journey::{Draw, DrawPurpose, DrawnWay, StepKind};

/// So many ways at most: more would tell nothing apart.
const WAYS_MAX: usize = 20;
/// A share is counted in tenths of a percent; all of them are the whole.
const WHOLE: u32 = 1_000;

/// A way as it is read: where it stands, its name, its share if one is stated, where it begins.
struct Way {
    at: usize,
    name: Option<String>,
    share: Option<u32>,
    stated: bool,
    to: u32,
    /// The jump from its end to what follows all ways.
    join: Option<usize>,
}

impl Reader<'_> {
    pub(super) fn split(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        self.draw(fields, DrawPurpose::Split, ("split", "ways", "way"))
    }

    pub(super) fn test(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        self.draw(fields, DrawPurpose::Test, ("test", "variants", "variant"))
    }

    /// `holdout: control`, `share: 10 %`: so many are kept out, the others go on.
    pub(super) fn holdout(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("holdout");
        let step_name = fields.optional("holdout", name);
        let kept_out = fields.required("share", "10 %", share);
        let (step_name, kept_out) = step_name.zip(kept_out)?;
        if kept_out == WHOLE {
            let message = "everybody would be kept out";
            self.sheet.wrong(fields.place_of_value("share"), message, "write less than 100 %");
            return None;
        }
        let next = self.next() + 1;
        let way = |name: &str, weight, to| DrawnWay { name: name.to_owned(), weight, to };
        let ways =
            vec![way("kept out", kept_out, None), way("goes on", WHOLE - kept_out, Some(next))];
        let draw = Draw { purpose: DrawPurpose::Holdout, ways };
        self.push(Some(step_name), at, StepKind::Draw(draw));
        Some(())
    }

    fn draw(
        &mut self,
        fields: &mut Fields<'_>,
        purpose: DrawPurpose,
        (key, list, item): (&'static str, &'static str, &'static str),
    ) -> Option<()> {
        let at = fields.place_of(key);
        let step_name = fields.optional(key, name);
        if !fields.has(list) {
            fields.missing(list, &format!("[ {{ {item}: a, steps: [...] }}, {{ {item}: b }} ]"));
        }
        let node = fields.node(list)?;
        let Value::List(items) = &node.value else {
            not_a(self.sheet, node, "a list of ways", &format!("- {item}: a"));
            return None;
        };
        // The draw stands before its ways; where they begin is known once they are read.
        let draw = self.push(step_name.clone(), at, StepKind::Exit);
        let (mut ways, mut forms) = (Vec::new(), Vec::new());
        for (number, node) in items.iter().enumerate() {
            let (way, form) = self.way(node, item, number + 1 == items.len())?;
            ways.push(way);
            forms.push(form);
        }
        fields.write(list, Form::List(forms));
        for join in ways.iter().filter_map(|way| way.join) {
            self.join_here(join);
        }
        let weights = self.weights(node, &ways, item)?;
        let drawn = |(way, weight): (Way, u32)| {
            Some(DrawnWay { name: way.name?, weight, to: Some(way.to) })
        };
        let ways: Vec<DrawnWay> =
            ways.into_iter().zip(weights).map(drawn).collect::<Option<_>>()?;
        step_name?;
        self.drafts[draw].kind = StepKind::Draw(Draw { purpose, ways });
        Some(())
    }

    /// One way: its name, its share, its steps; the last one needs no jump over others.
    fn way(&mut self, node: &Node, item: &'static str, last: bool) -> Option<(Way, Form)> {
        let mut fields = Fields::of(self.sheet, node, "the way", &format!("{item}: a"))?;
        let at = node.at.start;
        let way_name = fields.required(item, "a", name);
        let stated = fields.has("share");
        let share = fields.optional("share", share);
        let to = self.next();
        if let Some(steps) = fields.node("steps") {
            let form = self.block(steps);
            fields.write("steps", form);
        }
        let begins = usize::try_from(to).expect("steps are counted in usize");
        let join = (!last && self.goes_on(begins)).then(|| self.join(at));
        Some((Way { at, name: way_name, share, stated, to, join }, fields.done()))
    }

    /// The weights of the ways: their shares, which make 100 %, or equal ones where none is stated.
    fn weights(&self, node: &Node, ways: &[Way], item: &str) -> Option<Vec<u32>> {
        let sheet = self.sheet;
        if !(2..=WAYS_MAX).contains(&ways.len()) {
            let message =
                format!("chance chooses between 2 and {WAYS_MAX} ways, not {}", ways.len());
            sheet.wrong(node.at.start, message, format!("add one: - {item}: b"));
            return None;
        }
        for (number, way) in ways.iter().enumerate() {
            let same = ways[..number].iter().any(|other| other.name == way.name);
            if let (true, Some(name)) = (same, &way.name) {
                let message = format!("two ways are named {}", quoted(name));
                sheet.wrong(way.at, message, "name them apart: people are counted by way");
                return None;
            }
        }
        if ways.iter().all(|way| !way.stated) {
            return Some(vec![1; ways.len()]);
        }
        if let Some(without) = ways.iter().find(|way| !way.stated) {
            let message = "this way has no share, and others have one";
            sheet.wrong(without.at, message, "give every way a share, or none: then all are equal");
            return None;
        }
        let shares: Vec<u32> = ways.iter().map(|way| way.share).collect::<Option<_>>()?;
        let sum: u32 = shares.iter().sum();
        if sum != WHOLE {
            let message = format!("the shares make {}", print_share(sum));
            sheet.wrong(node.at.start, message, "make them 100 % together");
            return None;
        }
        Some(shares)
    }
}

/// A share of people: `10 %`, `12.5 %`; more than nothing, in tenths of a percent.
pub(super) fn share(sheet: &Sheet<'_>, node: &Node) -> Read<u32> {
    let (text, _) = line(sheet, node)?;
    let Some(tenths) = parse_share(&text) else {
        let message = format!("{} is no share of people", quoted(&text));
        sheet.wrong(node.at.start, message, "write a percentage from 0.1 % to 100 %, such as 10 %");
        return None;
    };
    Some((tenths, Form::Text(print_share(tenths))))
}

fn parse_share(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?.trim();
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && text.len() <= 3;
    if !digits(whole) || whole.is_empty() || !digits(tenth) || tenth.len() != 1 {
        return None;
    }
    let tenths = whole.parse::<u32>().ok()? * 10 + tenth.parse::<u32>().ok()?;
    (1..=WHOLE).contains(&tenths).then_some(tenths)
}

fn print_share(tenths: u32) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} %"),
        (whole, tenth) => format!("{whole}.{tenth} %"),
    }
}
