//! `pace`: how fast messages leave, and what waits for its turn.

use clap::Args;
use regulars_engine::pace::{To, WarmUpStage};
use regulars_server::clock;
use regulars_server::pacing::{pace_json, queues};
use regulars_server::writer::stored_program;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::Print;

/// Tell how fast messages leave, by the shop's limits, and what waits for its turn; works beside a
/// running server. Limits are set in the shop's definition, and on the page Channels.
#[derive(Debug, Args)]
pub(crate) struct ShowPace {
    #[command(flatten)]
    dir: DataDir,
}

impl ShowPace {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (shop, now) = (stored_program(&reader)?.shop, clock::now());
        let queues = queues(&reader, &shop, now)?;
        print.result(&pace_json(&shop, &queues, now), || {
            let mut lines: Vec<String> = Vec::new();
            for rate in &shop.pace.rates {
                lines.push(format!("{}: {}", rate.channel.word(), rate.told()));
            }
            for plan in &shop.pace.warm_ups {
                let state = match plan.stage(&shop, now) {
                    WarmUpStage::InForce => plan.told(&To::Others, &shop, now).to_string(),
                    WarmUpStage::OfAnother => "mail comes from another domain".to_owned(),
                    WarmUpStage::Ahead => format!("begins on {}", plan.since),
                    WarmUpStage::Over => "over: the domain is warm".to_owned(),
                };
                lines.push(format!("warm-up of {}: {state}", plan.domain));
            }
            if lines.is_empty() {
                lines.push(
                    "nothing is limited: state \"pace\" or \"warm up\" of the shop".to_owned(),
                );
            }
            for queue in &queues {
                let count = queue.persons;
                let wait = if count == 1 { "message waits" } else { "messages wait" };
                let mut parts: Vec<String> = queue.rules.iter().map(ToString::to_string).collect();
                parts.push(format!("the next from {}", queue.next));
                let channel = queue.waits.channel.word();
                lines.push(format!("{count} {wait} by {channel}: {}", parts.join("; ")));
            }
            lines.join("\n")
        })?;
        Ok(Ending::Well)
    }
}
