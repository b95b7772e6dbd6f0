//! Our words for what the parser found wrong.

use granit_parser::ErrorKind;

/// Says what is wrong: lower case, no full stop.
pub(crate) fn words(kind: &ErrorKind) -> String {
    let words = match kind {
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return format!("`{open}` is closed by `{close}`");
        }
        ErrorKind::UnclosedFlowCollection { open } => return format!("`{open}` is never closed"),
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("unexpected character `{}`", character.escape_default());
        }
        kind => fixed(kind),
    };
    words.to_owned()
}

/// Returns whether the error is a tab that should be spaces.
pub(crate) fn is_about_tab(kind: &ErrorKind) -> bool {
    fixed(kind) == TAB
}

const TAB: &str = "a tab is not allowed here";

fn fixed(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnexpectedEofFlowSequence => "a `[` is never closed",
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            "a `{` is never closed"
        }
        ErrorKind::UnexpectedEof
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping => "the text ends too early",
        ErrorKind::MisplacedFlowCollectionEnd => "a closing bracket without an opening one",
        ErrorKind::ExpectedFlowMappingSeparator => "expected `,` or `}`",
        ErrorKind::ExpectedFlowSequenceSeparator => "expected `,` or `]`",
        ErrorKind::ExpectedBlockSequenceEntry => "expected `- ` in the column of the list",
        ErrorKind::ExpectedBlockMappingKey => "expected a key in the column of the map",
        ErrorKind::ExpectedDocumentStart => "expected the end of the document",
        ErrorKind::ExpectedNodeContent => "expected a value",
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => "expected `:` behind the key",
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "`: ` is not allowed here: no map can start in this place"
        }
        ErrorKind::MappingKeyNotAllowed => "a key is not allowed here",
        ErrorKind::InvalidMappingValueWhitespace => "expected a space behind `:`",
        ErrorKind::FlowMappingValueAdjacentCollection => "expected a space between `:` and the bracket",
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            "a list item is not allowed here"
        }
        ErrorKind::InvalidBlockEntryWhitespace => "expected a space behind `-`",
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => "text cannot start with `-` and a bracket",
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => "the line is not indented as its neighbours",
        ErrorKind::InvalidQuotedScalarIndent => "a quote is never closed, or its next lines are not indented",
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => TAB,
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "a quote is never closed"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "unexpected text behind the closing quote"
        }
        other => rare(other),
    }
}

fn rare(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnknownQuotedScalarEscape => "unknown escape in double quotes",
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => "the escape names no character",
        ErrorKind::ZeroBlockScalarIndent | ErrorKind::InvalidBlockScalarHeader => {
            "expected the end of the line behind `|` or `>`"
        }
        ErrorKind::CommentInterceptedScalar => "a comment within text of several lines",
        ErrorKind::CommentNotSeparated => "expected a space before `#`",
        ErrorKind::ExpectedWhitespace | ErrorKind::UnexpectedEndOfPlainScalar => "expected white space",
        ErrorKind::InvalidDocumentEnd => "unexpected text behind `...`",
        ErrorKind::MissingDocumentEndBeforeDirective => "expected `...` before the directive",
        ErrorKind::BomInsideDocument => "character U+FEFF is not allowed",
        ErrorKind::MissingAnchorOrAliasName => "expected a name behind `&` or `*`",
        ErrorKind::UndeclaredTagHandle => "the prefix of the tag is not declared",
        ErrorKind::UnsupportedYamlMajorVersion => "only YAML 1 can be read",
        ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape
        | ErrorKind::InvalidTagUtf8LeadingByte
        | ErrorKind::InvalidTagUtf8TrailingByte
        | ErrorKind::InvalidTagUtf8 => "not a valid tag",
        _ => "not a valid directive",
    }
}
