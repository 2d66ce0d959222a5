//! Where the bytes of a text are in the user's files, when the text is itself a string inside one of them.

use crate::source::{FileId, Sources, Span};

use super::Node;

/// Maps offsets of a text to places in a file.
pub(super) enum Origin {
    /// The text is the file.
    File(FileId),
    /// The text is a literal block: for each of its lines, the offset in the text and the offset in the file.
    Lines { file: FileId, lines: Vec<(usize, usize)> },
    /// The text is written in a way that moves its bytes (quotes, folding): every place is the whole string.
    Whole(Span),
}

impl Origin {
    /// The origin of the text of `string`.
    pub fn of_string(sources: &Sources, string: &Node) -> Origin {
        let Some(text) = string.as_str() else { return Origin::Whole(string.span) };
        match literal_lines(sources.text(string.span.file), string.span, text) {
            Some(lines) => Origin::Lines { file: string.span.file, lines },
            None => Origin::Whole(string.span),
        }
    }

    /// The place of bytes `start..end` of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        match self {
            Origin::File(file) => Span::new(*file, start..end),
            Origin::Whole(span) => *span,
            Origin::Lines { file, lines } => {
                let locate = |offset: usize| {
                    let line = lines.partition_point(|&(text, _)| text <= offset).saturating_sub(1);
                    lines.get(line).map_or(0, |&(text, source)| source + offset.saturating_sub(text))
                };
                let from = locate(start);
                Span::new(*file, from..if end > start { locate(end - 1) + 1 } else { from })
            }
        }
    }
}

/// For each line of a literal block, where it begins in the text and in the file; `None` if the block does not contain
/// the text line by line.
fn literal_lines(source: &str, span: Span, text: &str) -> Option<Vec<(usize, usize)>> {
    // The parser's span may or may not include the header (`|-`); find the first content line after it.
    let mut at = span.start as usize;
    let raw = source.get(span.range())?;
    if raw.trim_start().starts_with('|') {
        at += raw.find('\n')? + 1;
    } else {
        at = source.get(..at)?.rfind('\n').map_or(0, |i| i + 1);
    }
    let mut lines = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let rest = source.get(at..)?;
        let end = rest.find('\n').map_or(rest.len(), |i| i + 1);
        let raw = rest[..end].trim_end_matches(['\n', '\r']);
        let indent = raw.len().checked_sub(content.len())?;
        if !content.is_empty() && (!raw.ends_with(content) || !raw[..indent].bytes().all(|b| b == b' ')) {
            return None;
        }
        lines.push((offset, at + indent));
        offset += line.len();
        at += end;
    }
    Some(lines)
}
