//! The waterfall of a comparison: from what is known before, step by step, to the answer.

use std::fmt::Write;

use super::pair::Comparison;

const ROW: f32 = 28.0;
const WORDS_WIDTH: f32 = 330.0;
const BARS_WIDTH: f32 = 420.0;

impl Comparison {
    /// The waterfall as lines of text: bits, what was compared, what was found.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut total = 0.0;
        for part in &self.parts {
            total += part.bits;
            let bar = "#".repeat(part.bits.abs().round().clamp(0.0, 30.0) as usize);
            let _ = writeln!(
                text,
                "{:>+7.1}  {:>+7.1}  {:<20} {:<46} {bar}",
                part.bits, total, part.what, part.found
            );
        }
        let _ = write!(text, "{:>+7.1}  in bits: {}", self.weight_bits, self.verdict());
        text
    }

    /// The answer in words: "99.98 % likely one person".
    #[must_use]
    pub fn verdict(&self) -> String {
        let percent = self.probability * 100.0;
        match percent {
            99.995.. => "almost certainly one person".to_owned(),
            ..0.005 => "almost certainly two people".to_owned(),
            _ => format!("{percent:.2} % likely one person"),
        }
    }

    /// The waterfall as a picture: a bar a step, from where the last one ended.
    #[must_use]
    pub fn svg(&self) -> String {
        self.svg_in(&str::to_owned, &self.verdict())
    }

    /// The same in other words: `words` says what was found in another language, `verdict` the answer.
    /// Neither holds signs of markup.
    #[must_use]
    pub fn svg_in(&self, words: &dyn Fn(&'static str) -> String, verdict: &str) -> String {
        let mut ends = vec![0.0_f32];
        for part in &self.parts {
            ends.push(ends[ends.len() - 1] + part.bits);
        }
        let low = ends.iter().copied().fold(0.0_f32, f32::min);
        let high = ends.iter().copied().fold(0.0_f32, f32::max);
        let scale = BARS_WIDTH / (high - low).max(1.0);
        let x = |bits: f32| WORDS_WIDTH + (bits - low) * scale;
        let width = WORDS_WIDTH + BARS_WIDTH + 80.0;
        let height = ROW * (self.parts.len() + 2) as f32;
        let mut svg = String::new();
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">"
        );
        let _ = writeln!(svg, "<title>{verdict}</title>");
        let _ = writeln!(
            svg,
            "<line x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"0\" y2=\"{height}\" stroke=\"#888\"/>",
            x(0.0)
        );
        for (at, part) in self.parts.iter().enumerate() {
            let (from, to) = (ends[at], ends[at + 1]);
            let y = ROW * at as f32;
            let color = if part.bits < 0.0 { "#b3403a" } else { "#2f7d5b" };
            let found = words(part.found);
            let _ = writeln!(svg, "<text x=\"4\" y=\"{:.1}\">{found}</text>", y + 18.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\" fill=\"{color}\"/><text x=\"{:.1}\" y=\"{:.1}\">{:+.1}</text>",
                x(from.min(to)),
                y + 5.0,
                ((to - from).abs() * scale).max(1.0),
                x(from.max(to)) + 4.0,
                y + 18.0,
                part.bits
            );
        }
        let y = ROW * self.parts.len() as f32 + 22.0;
        let _ = writeln!(
            svg,
            "<text x=\"4\" y=\"{y:.1}\" font-weight=\"bold\">{verdict}</text>\n</svg>"
        );
        svg
    }
}
