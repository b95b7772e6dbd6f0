//! Plain text on the screen: paragraphs wrapped, tables aligned.

/// Wraps Markdown to a width: paragraphs are filled, list items keep their indent, indented and fenced lines stay.
pub(crate) fn wrap(markdown: &str, width: usize) -> String {
    let mut out = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        let fence = line.trim_start().starts_with("```");
        let verbatim = fenced || fence || line.starts_with("    ") || line.trim().is_empty();
        let item = line.starts_with("- ") || line.starts_with("* ");
        if verbatim || item {
            fill(&std::mem::take(&mut paragraph), width, &mut out);
        }
        if fence {
            fenced = !fenced;
        }
        if verbatim {
            out.push(line.trim_end().to_owned());
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    fill(&paragraph, width, &mut out);
    out.join("\n")
}

/// Breaks one paragraph into lines; those after the first of a list item are indented.
fn fill(paragraph: &str, width: usize, out: &mut Vec<String>) {
    let indent = if paragraph.starts_with("- ") || paragraph.starts_with("* ") { "  " } else { "" };
    let mut line = String::new();
    for word in paragraph.split_whitespace() {
        let fits = line.chars().count() + 1 + word.chars().count() <= width;
        if !line.trim().is_empty() && !fits && !is_command(word) {
            out.push(std::mem::replace(&mut line, indent.to_owned()));
            line.push_str(word);
        } else {
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    if !line.trim().is_empty() {
        out.push(line);
    }
}

/// Whether a word would be a command to the log of a CI system, were it the first of its line.
fn is_command(word: &str) -> bool {
    word.starts_with("::") || word.starts_with("##[")
}

/// Aligns rows in columns, two blanks between them; the first row is the head.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let widest = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
            let blanks = widest.unwrap_or(0) - cell.chars().count() + 2;
            line.push_str(cell);
            line.push_str(&" ".repeat(blanks));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A Markdown table; the first row is the head. Nothing in a cell can end it.
pub(crate) fn markdown_table(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| markdown(cell)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|{}\n", " --- |".repeat(row.len())));
        }
    }
    out
}

/// Text that Markdown shows as it is.
fn markdown(text: &str) -> String {
    let special =
        |character: char| character.is_ascii_punctuation() && !matches!(character, '-' | '.' | ',' | '/');
    text.chars().fold(String::new(), |mut out, character| {
        match character {
            '@' => out.push_str("&#64;"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            other if special(other) => out.extend(['\\', other]),
            other => out.push(other),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_filled_and_code_is_left_alone() {
        let text = "one two three\nfour five\n\n- a list item\n  of two lines\n\n    code   stays\n";
        assert_eq!(
            wrap(text, 12),
            "one two\nthree four\nfive\n\n- a list\n  item of\n  two lines\n\n    code   stays"
        );
    }

    #[test]
    fn no_wrapped_line_is_a_command_to_a_log() {
        assert_eq!(wrap("one two ::error::three ##[four] five", 8), "one two ::error::three ##[four]\nfive");
    }

    #[test]
    fn columns_line_up_without_trailing_blanks() {
        let rows = [vec!["A".into(), "B".into()], vec!["long".into(), "x".into()]];
        assert_eq!(table(&rows), "A     B\nlong  x\n");
    }

    #[test]
    fn a_markdown_cell_stays_a_cell() {
        let rows = [vec!["a".into()], vec!["x|y @all <img> `z`".into()]];
        assert_eq!(markdown_table(&rows), "| a |\n| --- |\n| x\\|y &#64;all &lt;img\\> \\`z\\` |\n");
    }
}
