//! What this site answers to a question: a few sentences, drawn by the question itself, so that the same question gets
//! the same answer, whether it comes word by word or with the next page.

const OPENINGS: [&str; 6] = [
    "That is a good question, and not the first of its kind today.",
    "The short answer is yes, and the long one is still on its way.",
    "Nobody here knows for certain, but the signs are friendly.",
    "It depends on the weather, as most things on this coast do.",
    "I have looked it up in two books, and for once they agree.",
    "You would think so, and as it happens you would be right.",
];
const REMARKS: [&str; 6] = [
    "Words leave the server one at a time, so you can begin to read before I have finished thinking.",
    "Every word is a message of the same response, and the request is under way until the last.",
    "If you stop me now, what you have read stays, and nothing more will come.",
    "Ask something else meanwhile, and this sentence will not see its full stop.",
    "A line that breaks is not mended by itself, since an answer belongs to whoever asked.",
    "The bar below travels with each word, and finds its own place.",
];
const ENDINGS: [&str; 4] = [
    "Ask again whenever you like.",
    "That is all there is to say about it.",
    "Give my regards to the ducks.",
    "The rest is left to the reader.",
];

/// The answer.
pub fn reply(question: &str) -> String {
    let mut draw = hash(question);
    let mut next = |sentences: &[&'static str]| {
        let count = sentences.len() as u64;
        let found = sentences.get((draw % count.max(1)) as usize).copied();
        draw /= count.max(1);
        found.unwrap_or_default()
    };
    let (opening, ending) = (next(&OPENINGS), next(&ENDINGS));
    let (early, late) = REMARKS.split_at(REMARKS.len() / 2);
    [opening, next(early), next(late), ending].join(" ")
}

/// FNV-1a: the same on both sides, and nothing here is a secret.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_gets_the_same_answer_and_another_one_another() {
        assert_eq!(reply("Why?"), reply("Why?"));
        assert_ne!(reply("Why?"), reply("When?"));
        for question in ["", "a", "Will it rain on Sunday?"] {
            assert!(
                reply(question).split_whitespace().count() > 30,
                "{}",
                reply(question)
            );
        }
    }
}
