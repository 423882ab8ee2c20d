//! The tree of a journey that is being written, with a "+" on every edge.

use maud::{Markup, html};

use super::words;
use crate::ui::context::Ctx;
use crate::ui::model::{EditorFocus, EditorModel, EditorStep, EditorWay, Panel, Tone, WayName};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, icon, sign};

/// What all parts of the tree need to know.
struct Tree<'t> {
    ctx: &'t Ctx,
    /// The step that is open, or for which a place is chosen.
    chosen: Option<&'t str>,
    /// The place that something is added at.
    adding: Option<&'t str>,
    /// Whether a place is being chosen.
    placing: bool,
    focus: bool,
}

/// All steps, from the entry to the end.
pub(super) fn tree(ctx: &Ctx, model: &EditorModel) -> Markup {
    let (mut chosen, mut adding, mut placing, mut rules) = (None, None, false, false);
    match &model.panel {
        Panel::Nothing => {}
        Panel::Fields(fields) => {
            chosen = fields.at.as_deref();
            rules = fields.at.is_none();
        }
        Panel::Add(at) => adding = Some(at.as_str()),
        Panel::Place { from, .. } => (chosen, placing) = (Some(from.as_str()), true),
    }
    let focus = model.focus == EditorFocus::Tree;
    let tree = Tree { ctx, chosen, adding, placing, focus };
    html! {
        div .tree .editor-tree data-rows {
            div .tree-card .tree-rules .chosen[rules] .faulty[model.rules_faults > 0] data-row {
                a #rules .tree-open href="?at=rules#panel" aria-current=[rules.then_some("true")] data-focus[rules && focus] {
                    (icon("entered")) span { (ctx.t("edit-rules")) }
                }
                (faults(ctx, model.rules_faults))
                dl .editor-rules {
                    @for (path, text) in &model.rules {
                        div { dt { (words::field(ctx, path)) } dd { (words::word(ctx, path, text)) } }
                    }
                }
            }
            (tree.block(&model.steps, &model.end))
            p .tree-end { (icon("done")) span { (ctx.t("journey-end")) } }
        }
    }
}

impl Tree<'_> {
    fn block(&self, steps: &[EditorStep], end: &str) -> Markup {
        html! {
            ol .tree-block {
                @for one in steps { (self.step(one)) }
                li .tree-last { (self.edge(end, None)) }
            }
        }
    }

    /// The edge that leads to a place.
    fn edge(&self, at: &str, before: Option<&EditorStep>) -> Markup {
        let ctx = self.ctx;
        let what = before.map(|step| self.said(step));
        let label = |before: &str, last: &str| match &what {
            Some(step) => ctx.tf(before, &[("step", Arg::from(step))]),
            None => ctx.t(last),
        };
        let id = format!("add-{}", at.replace('.', "-"));
        html! {
            @if self.placing {
                button id=(id) .tree-add type="submit" form="placing" name="to" value=(at)
                    aria-label=(label("edit-put-before", "edit-put-last")) { (icon("arrow-right")) }
            } @else {
                a id=(id) .tree-add href=(format!("?add={at}#panel")) aria-current=[(self.adding == Some(at)).then_some("true")]
                    aria-label=(label("edit-add-before", "edit-add-last")) { (icon("plus")) }
            }
        }
    }

    fn said(&self, step: &EditorStep) -> String {
        format!("{} {}", words::kind(self.ctx, &step.kind), step.label)
    }

    fn step(&self, step: &EditorStep) -> Markup {
        let chosen = self.chosen == Some(step.at.as_str());
        let id = format!("step-{}", step.at.replace('.', "-"));
        html! {
            li .tree-step {
                (self.edge(&step.at, Some(step)))
                div .tree-card .chosen[chosen] .faulty[step.faults > 0] data-row {
                    a id=(id) .tree-open href=(format!("?at={}#panel", step.at)) aria-current=[chosen.then_some("true")]
                        data-step=(step.at) data-focus[chosen && self.focus] {
                        (icon(words::kind_icon(&step.kind)))
                        span { span .quiet { (words::kind(self.ctx, &step.kind)) } " " (step.label) }
                    }
                    (faults(self.ctx, step.faults))
                }
                @if !step.ways.is_empty() {
                    ul .tree-ways { @for way in &step.ways { (self.way(way)) } }
                }
            }
        }
    }

    fn way(&self, way: &EditorWay) -> Markup {
        let ctx = self.ctx;
        html! {
            li .tree-way {
                p .tree-label {
                    @match &way.name {
                        WayName::Then => { (ctx.t("way-then")) }
                        WayName::Else => { (ctx.t("way-else")) }
                        WayName::TimeIsUp => { (ctx.t("way-time-is-up")) }
                        WayName::Drawn(name, share) => { strong { (name) } @if let Some(share) = share { " " (share) } }
                    }
                }
                (self.block(&way.steps, &way.end))
                @if way.steps.is_empty() { p .quiet .small { (ctx.t("way-goes-on")) } }
            }
        }
    }
}

fn faults(ctx: &Ctx, number: usize) -> Markup {
    html! { @if number > 0 { " " (badge(Tone::Bad, "bad", &ctx.tf("edit-faults", &[("count", Arg::from(number))]))) } }
}

/// Whether everything could be published.
pub(super) fn verdict(ctx: &Ctx, model: &EditorModel) -> Markup {
    match model.faults.len() {
        0 => sign(Tone::Good, "good", &ctx.t("edit-right")),
        number => sign(Tone::Bad, "bad", &ctx.tf("edit-faults", &[("count", Arg::from(number))])),
    }
}
