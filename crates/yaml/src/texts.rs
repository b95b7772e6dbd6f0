//! Texts for tests: YAML as people might write it, and YAML with mistakes in it.

/// A small reproducible source of choices.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, options: &[&'a T]) -> &'a T {
        options[self.roll(options.len())]
    }
}

const PLAIN: [&str; 40] = [
    "a",
    "b c",
    "1",
    "-1",
    "0644",
    "1e3",
    "true",
    "yes",
    "null",
    "~",
    "x:y",
    "http://a.b/c?d=e#f",
    "a#b",
    "é",
    "\u{e000}",
    "\u{e001}x",
    "1.5",
    "1:20",
    "2001-12-14",
    "-x",
    "--flag",
    "a, b",
    "a - b",
    "it's",
    "say \"x\"",
    "100m",
    "64Mi",
    "a[0]",
    "x{y}",
    "$(A)",
    "=",
    "<<",
    "0x1F",
    ".5",
    "no way",
    "a :b",
    "-:x",
    "ü ß",
    "..",
    "a*b&c!d|e>f%g@h`i",
];
const KEYS: [&str; 16] = [
    "a",
    "b",
    "c",
    "name",
    "app.kubernetes.io/name",
    "8080",
    "yes",
    "true",
    "1.10",
    "\"q\"",
    "'s'",
    "\"a: b\"",
    "é",
    "x y",
    "a:b",
    "on",
];
const QUOTED: [&str; 14] = [
    "\"\"",
    "''",
    "\"a\"",
    "'it''s'",
    "\"a\\nb\"",
    "\"\\u00e9\\x41\\U0001F600\"",
    "\"# no\"",
    "': '",
    "\"a\\\"b\\\\\"",
    "'- x'",
    "\"\u{e000}\"",
    "\" a \"",
    "\"\\e\"",
    "'\t'",
];
const COMMENTS: [&str; 8] = ["", "", "", "", "", " # c", "  # c: d", "   "];
const LINES: [&str; 12] = [
    "x",
    "x y",
    " indented",
    "# no comment",
    "a: b",
    "- x",
    "\ttab",
    "",
    "",
    "trailing ",
    "é\u{e000}",
    "---",
];

/// Writes a random document, as valid as chance allows: some of what is picked is wrong where it lands.
pub(crate) fn document(dice: &mut Dice) -> String {
    let mut out = String::new();
    for _ in 0..=dice.roll(8) / 6 {
        if dice.roll(4) == 0 {
            out.push_str(dice.pick(&[
                "---\n",
                "--- # c\n",
                "# c\n",
                "\n",
                "---\n# c\n",
                "\u{feff}",
                "%YAML 1.2\n---\n",
            ]));
        }
        let depth = dice.roll(5);
        match dice.roll(8) {
            0 => {
                out.push_str(&inline(dice));
                line_end(dice, &mut out);
            }
            1 | 2 => list(dice, &mut out, 0, depth),
            _ => map(dice, &mut out, 0, depth),
        }
    }
    match dice.roll(12) {
        0 => out.replace('\n', "\r\n"),
        1 => out.trim_end().to_owned(),
        _ => out,
    }
}

fn line_end(dice: &mut Dice, out: &mut String) {
    out.push_str(dice.pick(&COMMENTS));
    out.push('\n');
    match dice.roll(24) {
        0 => out.push('\n'),
        1 => out.push_str("# c\n"),
        2 => out.push_str("      # c\n"),
        3 => out.push_str("   \n"),
        _ => {}
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn map(dice: &mut Dice, out: &mut String, indent: usize, depth: usize) {
    for index in 0..=dice.roll(4) {
        if index > 0 {
            pad(out, indent);
        }
        out.push_str(dice.pick(&KEYS));
        if dice.roll(200) == 0 {
            out.extend(std::iter::repeat_n('k', 900 + dice.roll(200)));
        }
        if dice.roll(3) > 0 {
            out.push_str(&index.to_string());
        }
        out.push_str(dice.pick(&[":", ":", ":", ":", ":", " :", "  :"]));
        match dice.roll(if depth == 0 { 6 } else { 9 }) {
            0 => line_end(dice, out),
            1 => {
                out.push(' ');
                block(dice, out, indent);
            }
            2..6 => {
                out.push_str(dice.pick(&[" ", " ", " ", "  "]));
                out.push_str(&inline(dice));
                line_end(dice, out);
            }
            6 => {
                line_end(dice, out);
                let inner = indent + [0, 0, 2, 2, 4][dice.roll(5)];
                pad(out, inner);
                list(dice, out, inner, depth - 1);
            }
            _ => {
                line_end(dice, out);
                let inner = indent + [1, 2, 2, 2, 4][dice.roll(5)];
                pad(out, inner);
                map(dice, out, inner, depth - 1);
            }
        }
    }
}

fn list(dice: &mut Dice, out: &mut String, indent: usize, depth: usize) {
    for index in 0..=dice.roll(3) {
        if index > 0 {
            pad(out, indent);
        }
        out.push('-');
        let gap = [1, 1, 1, 2, 3][dice.roll(5)];
        match dice.roll(if depth == 0 { 5 } else { 9 }) {
            0 => line_end(dice, out),
            1 => {
                out.push(' ');
                block(dice, out, indent);
            }
            2..5 => {
                pad(out, gap);
                out.push_str(&inline(dice));
                line_end(dice, out);
            }
            5 => {
                pad(out, gap);
                list(dice, out, indent + 1 + gap, depth - 1);
            }
            6 => {
                line_end(dice, out);
                pad(out, indent + 2);
                map(dice, out, indent + 2, depth - 1);
            }
            _ => {
                pad(out, gap);
                map(dice, out, indent + 1 + gap, depth - 1);
            }
        }
    }
}

fn inline(dice: &mut Dice) -> String {
    match dice.roll(12) {
        0..6 => dice.pick(&PLAIN).to_owned(),
        6..9 => dice.pick(&QUOTED).to_owned(),
        9 => {
            dice.pick(&["*a", "&a b", "!!str 1", "!!int 1", "!x y", "&a [*a]", "!!map {}", "? a"]).to_owned()
        }
        _ => flow(dice, 3),
    }
}

fn flow(dice: &mut Dice, depth: usize) -> String {
    let space = dice.pick(&["", "", " "]);
    let is_map = dice.roll(2) == 0;
    let count = dice.roll(4);
    let mut items = Vec::new();
    for index in 0..count {
        let value = match dice.roll(if depth == 0 { 6 } else { 8 }) {
            0..4 => dice.pick(&PLAIN).to_owned(),
            4 | 5 => dice.pick(&QUOTED).to_owned(),
            _ => flow(dice, depth - 1),
        };
        let colon = dice.pick(&[": ", ": ", ": ", ":", ":  ", " : "]);
        let key = match dice.roll(200) {
            0 => "k".repeat(900 + dice.roll(200)),
            _ => dice.pick(&KEYS).to_owned(),
        };
        items.push(match is_map {
            true => format!("{key}{index}{colon}{value}").replace("\"0", "0\"").replace("\"1", "1\""),
            false => value,
        });
    }
    let comma = dice.pick(&[", ", ", ", ",", " , "]);
    let tail = dice.pick(&["", "", "", "", ","]);
    let inner = items.join(comma);
    match is_map {
        true => format!("{{{space}{inner}{tail}{space}}}"),
        false => format!("[{space}{inner}{tail}{space}]"),
    }
}

fn block(dice: &mut Dice, out: &mut String, indent: usize) {
    out.push_str(dice.pick(&["|", "|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|-1", "|4"]));
    out.push_str(dice.pick(&["", "", "", "", " # c", " "]));
    out.push('\n');
    let inner = indent + [1, 2, 2, 2, 4, 0][dice.roll(6)];
    for _ in 0..dice.roll(6) {
        let line = dice.pick(&LINES);
        if !line.is_empty() {
            pad(out, inner);
        } else if dice.roll(3) == 0 {
            pad(out, dice.roll(6));
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// Makes a few random mistakes in a text.
pub(crate) fn mutate(dice: &mut Dice, text: &str) -> String {
    const PIECES: [&str; 48] = [
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        ":",
        ": ",
        "-",
        "- ",
        "#",
        " #",
        "'",
        "\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        "?",
        "? ",
        "&a ",
        "*a",
        "!",
        "!!str ",
        "|",
        ">",
        "%",
        "@",
        "`",
        "---\n",
        "...\n",
        "\r",
        "\r\n",
        "\u{feff}",
        "é",
        "\u{e000}",
        "\\",
        "\\n",
        "<<",
        "=",
        "~",
        "x",
        "1",
        "+",
        ".",
        "_",
        "\n ",
        "\u{10ffff}",
    ];
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(characters.len() + 1);
        let until = characters.len().min(at + dice.roll(4));
        match dice.roll(5) {
            0 => drop(characters.drain(at..until)),
            1 => {
                let copy: Vec<char> = characters[at..until].to_vec();
                let target = dice.roll(characters.len() + 1);
                characters.splice(target..target, copy);
            }
            2 => {
                let line_start = characters[..at].iter().rposition(|c| *c == '\n').map_or(0, |i| i + 1);
                characters.splice(line_start..line_start, dice.pick(&PIECES).chars());
            }
            _ => drop(characters.splice(at..at, dice.pick(&PIECES).chars())),
        }
    }
    characters.into_iter().collect()
}
