//! The texts that were read, and places in them.
//!
//! Contract: every value that comes from a file keeps its [`Span`]; [`Sources`] turns it back into file, line and
//! column. Files are read once, whole, and are never written.

use std::fmt;
use std::ops::Range;

/// The largest file that is read, in bytes. Kubernetes objects are at most about 1.5 MiB (the request limit of etcd), so
/// a larger file is a mistake and not a manifest.
pub const MAX_FILE_BYTES: usize = 16 << 20;

/// How standard input is called in every message.
pub const STDIN: &str = "<stdin>";

/// A file among [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(u32);

/// A place: bytes `start..end` of one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }

    /// The byte range, for slicing the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Line and column of a place, both from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Every file that was read, by the name the user would call it.
#[derive(Clone, Default, Debug)]
pub struct Sources {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    text: String,
}

impl Sources {
    /// No file yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a text under the name the user would call it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(File { name: name.into(), text: text.into() });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file's name, as the user wrote it.
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |f| &f.name)
    }

    /// The file's whole text.
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |f| &f.text)
    }

    /// The text at a place, as written.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Line and column where a place begins.
    pub fn position(&self, span: Span) -> Position {
        let text = self.text(span.file);
        let before = text.get(..span.start as usize).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Position {
            line: before.bytes().filter(|&b| b == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// `file:line:column`, as editors and compilers write it.
    pub fn place(&self, span: Span) -> String {
        let Position { line, column } = self.position(span);
        format!("{}:{line}:{column}", self.name(span.file))
    }

    /// Every file in the order it was read.
    pub fn files(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len() as u32).map(FileId)
    }
}

/// Why bytes are no text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotText {
    /// Larger than [`MAX_FILE_BYTES`]; the size in bytes.
    TooLarge(u64),
    /// Neither UTF-8 nor UTF-16 with a byte order mark; the offset of the first bad byte.
    Encoding(usize),
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotText::TooLarge(bytes) => write!(
                f,
                "the file has {} MiB; leasehold reads files of up to {} MiB",
                bytes.div_ceil(1 << 20),
                MAX_FILE_BYTES >> 20
            ),
            NotText::Encoding(offset) => write!(f, "not a text: byte {offset} is neither UTF-8 nor UTF-16"),
        }
    }
}

/// The text of a file as the Go reader sees it: UTF-8, or UTF-16 behind a byte order mark; the mark is dropped
/// (kubernetes-sigs/yaml:goyaml.v2/readerc.go `yaml_parser_determine_encoding`).
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(NotText::TooLarge(bytes.len() as u64));
    }
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks(2).map(|c| unit([c[0], *c.get(1).unwrap_or(&0)])).collect();
        String::from_utf16(&units).map_err(|_| NotText::Encoding(0))
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => utf16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => utf16(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => Ok(text.to_string()),
            Err(error) => Err(NotText::Encoding(error.valid_up_to() + 3)),
        },
        _ => String::from_utf8(bytes).map_err(|error| NotText::Encoding(error.utf8_error().valid_up_to())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_from_one_and_columns_in_characters() {
        let mut sources = Sources::new();
        let file = sources.add("a.yaml", "a: ä\nb: ö c\n");
        let span = Span::new(file, 12..13);
        assert_eq!((sources.slice(span), sources.place(span).as_str()), ("c", "a.yaml:2:6"));
        assert_eq!(sources.position(Span::new(file, 999..999)).line, 3);
    }

    #[test]
    fn byte_order_marks_are_read_as_go_reads_them() {
        assert_eq!(decode(b"\xEF\xBB\xBFa: b".to_vec()).unwrap(), "a: b");
        assert_eq!(decode(b"\xFF\xFEa\0:\0 \0b\0".to_vec()).unwrap(), "a: b");
        assert_eq!(decode(b"\xFE\xFF\0a\0:\0 \0b".to_vec()).unwrap(), "a: b");
        assert_eq!(decode(b"a: \xFF".to_vec()), Err(NotText::Encoding(3)));
        assert_eq!(decode(vec![b' '; MAX_FILE_BYTES + 1]), Err(NotText::TooLarge(16777217)));
    }
}
