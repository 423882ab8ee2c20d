//! Questions and answers of the DNS as bytes (RFC 1035), as far as they are needed.

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordType {
    Address,
    Mail,
    Text,
}

impl RecordType {
    const fn number(self) -> u16 {
        match self {
            Self::Address => 1,
            Self::Mail => 15,
            Self::Text => 16,
        }
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// There is an address.
    Address,
    /// A mail server; empty: no mail is taken (RFC 7505).
    Mail(String),
    /// A text, its pieces put together.
    Text(String),
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether there is more than fitted into a packet.
    pub(super) cut: bool,
    /// Whether the server could answer; that a name does not exist is an answer.
    pub(super) answered: bool,
    /// The records of the type that was asked for.
    pub(super) said: Vec<Said>,
}

const HEADER: usize = 12;
/// Labels that point to earlier ones: more than this is a circle.
const JUMPS_MAX: usize = 32;
/// The largest packet that is asked for: no path breaks it (DNS flag day 2020).
const PACKET_MAX: u16 = 1_232;

/// The packet of a question; `None` if `name` is no name of the DNS.
pub(super) fn question(id: u16, name: &str, of: RecordType) -> Option<Vec<u8>> {
    let mut packet = Vec::with_capacity(64);
    packet.extend(id.to_be_bytes());
    // A standard question that wants the server to ask further; one question, one addition.
    packet.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    let name = name.trim_end_matches('.');
    if name.is_empty() || name.len() > 253 {
        return None;
    }
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length))?;
        if !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return None;
        }
        packet.push(length);
        packet.extend(label.bytes().map(|byte| byte.to_ascii_lowercase()));
    }
    packet.push(0);
    packet.extend(of.number().to_be_bytes());
    packet.extend([0, 1]);
    // EDNS (RFC 6891): the root's name, its type, how much a packet may hold, no flags, no options.
    packet.extend([0, 0, 41]);
    packet.extend(PACKET_MAX.to_be_bytes());
    packet.extend([0; 6]);
    Some(packet)
}

/// Reads what came back for a question; `None` if it is no answer to it.
pub(super) fn answer(packet: &[u8], question: &[u8], of: RecordType) -> Option<Answer> {
    let asked = question.get(HEADER..question.len() - 11)?;
    let echoed = packet.get(HEADER..HEADER + asked.len())?;
    let same_id = packet.get(..2)? == question.get(..2)?;
    let flags = (*packet.get(2)?, *packet.get(3)?);
    if !same_id || flags.0 & 0x80 == 0 || !echoed.eq_ignore_ascii_case(asked) {
        return None;
    }
    let count = u16::from_be_bytes([*packet.get(6)?, *packet.get(7)?]);
    let mut at = HEADER + asked.len();
    let mut said = Vec::new();
    for _ in 0..count {
        // What is broken from here on was cut.
        let Some(next) = record(packet, at, of, &mut said) else { break };
        at = next;
    }
    // 0: there is an answer; 3: there is no such name.
    let answered = matches!(flags.1 & 0x0f, 0 | 3);
    Some(Answer { cut: flags.0 & 2 != 0, answered, said })
}

/// Reads the record at a place; returns where the next one begins.
fn record(packet: &[u8], at: usize, of: RecordType, said: &mut Vec<Said>) -> Option<usize> {
    let (_, at) = name(packet, at)?;
    let head = packet.get(at..at + 10)?;
    let number = u16::from_be_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_be_bytes([head[8], head[9]]));
    let begin = at + 10;
    let data = packet.get(begin..begin + length)?;
    if number == of.number() {
        said.push(match of {
            RecordType::Address => Said::Address,
            RecordType::Mail => Said::Mail(name(packet, begin + 2)?.0),
            RecordType::Text => Said::Text(text(data)),
        });
    }
    Some(begin + length)
}

fn text(mut data: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(data.len());
    while let Some((length, rest)) = data.split_first() {
        let length = usize::from(*length).min(rest.len());
        bytes.extend(&rest[..length]);
        data = &rest[length..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A name, and where what follows it begins.
fn name(packet: &[u8], mut at: usize) -> Option<(String, usize)> {
    let (mut labels, mut after, mut jumps): (Vec<String>, _, _) = (Vec::new(), None, 0);
    loop {
        let length = usize::from(*packet.get(at)?);
        match length {
            0 => return Some((labels.join("."), after.unwrap_or(at + 1))),
            1..64 => {
                let label = packet.get(at + 1..at + 1 + length)?;
                labels.push(String::from_utf8_lossy(label).to_lowercase());
                at += 1 + length;
            }
            _ => {
                jumps += 1;
                if length < 0xc0 || jumps > JUMPS_MAX {
                    return None;
                }
                after = after.or(Some(at + 2));
                at = (length & 0x3f) << 8 | usize::from(*packet.get(at + 1)?);
            }
        }
        if labels.len() > 128 {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question_of(name: &str) -> Vec<u8> {
        question(7, name, RecordType::Text).unwrap()
    }

    /// The answer of a server with one text of two pieces, its owner a pointer to the question.
    fn reply(question: &[u8]) -> Vec<u8> {
        let mut packet = question[..question.len() - 11].to_vec();
        packet[2] = 0x81;
        packet[3] = 0x80;
        packet[7] = 1;
        packet[11] = 0;
        packet.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 8]);
        packet.extend(b"\x03v=s\x03pf1");
        packet
    }

    #[test]
    fn a_text_is_put_together_from_its_pieces() {
        let question = question_of("Shop.example.");
        let answer = answer(&reply(&question), &question, RecordType::Text).unwrap();
        assert!(answer.answered && !answer.cut);
        assert_eq!(answer.said, [Said::Text("v=spf1".to_owned())]);
    }

    #[test]
    fn what_answers_another_question_does_not_count() {
        let question = question_of("shop.example");
        let told = |reply: &[u8]| answer(reply, &question, RecordType::Text);
        assert_eq!(told(&reply(&question_of("shop.examples"))), None);
        let mut other = reply(&question);
        other[1] = 8;
        assert_eq!(told(&other), None, "another number");
        assert_eq!(told(&question), None, "a question is no answer");
        let mut circle = reply(&question);
        let at = circle.len() - 20;
        circle[at..at + 2].copy_from_slice(&[0xc0, u8::try_from(at).unwrap()]);
        assert_eq!(told(&circle).unwrap().said, [], "a name that points to itself");
    }

    #[test]
    fn what_is_no_name_is_not_asked() {
        for name in ["", ".", "a..b", "a b", "ä.example", &"a".repeat(64), &"a.".repeat(200)] {
            assert_eq!(question(1, name, RecordType::Mail), None, "{name}");
        }
    }

    proptest! {
        /// Whatever a server sends is read or left, and never breaks the program.
        #[test]
        fn no_packet_breaks_the_reader(tail in proptest::collection::vec(any::<u8>(), 0..200), flips in proptest::collection::vec((0_usize..60, any::<u8>()), 0..8)) {
            let question = question_of("shop.example");
            let mut packet = reply(&question);
            packet.extend(tail);
            for (at, byte) in flips {
                if let Some(place) = packet.get_mut(at) { *place = byte; }
            }
            for of in [RecordType::Text, RecordType::Mail, RecordType::Address] {
                let _ = answer(&packet, &question, of);
            }
        }
    }
}
