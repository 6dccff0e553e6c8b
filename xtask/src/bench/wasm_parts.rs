//! What a compiled wasm is made of: the bytes of its functions by the module that they come from, and of the rest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

/// The library as it is called in the names of functions.
const LIBRARY: &str = "leptos_live::";
/// Whose they are, their names do not say.
const CLOSURES: &str = "closures";
const UNKNOWN: &str = "functions of no module";
const DATA: &str = "texts and tables";
const REST: &str = "names of what is imported, types and lists";

/// Bytes by part.
#[derive(Debug, Default)]
pub(super) struct Parts(BTreeMap<String, usize>);

impl Parts {
    /// Those of a file as the compiler has left it, with the names of its functions.
    pub(super) fn of(file: &Path) -> Result<Self> {
        let read = || format!("reading {}", file.display());
        let bytes = fs::read(file).with_context(read)?;
        Self::read(&bytes).with_context(read)
    }

    fn read(bytes: &[u8]) -> Result<Self> {
        let (mut parts, mut sizes, mut names) = (Self::default(), Vec::new(), BTreeMap::new());
        let mut imported = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(imports) => {
                    parts.add(REST, imports.range().len());
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        imported += u32::from(is_function);
                    }
                }
                Payload::CodeSectionEntry(body) => sizes.push(body.range().len()),
                Payload::DataSection(data) => parts.add(DATA, data.range().len()),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(section) = section.as_known() {
                        names = function_names(section)?;
                    }
                }
                other => {
                    let section = other
                        .as_section()
                        .filter(|_| !matches!(other, Payload::CodeSectionStart { .. }));
                    parts.add(REST, section.map_or(0, |(_, range)| range.len()));
                }
            }
        }
        for (index, size) in (imported..).zip(sizes) {
            parts.add(&part_of(names.get(&index).map_or("", |name| name)), size);
        }
        Ok(parts)
    }

    fn add(&mut self, part: &str, bytes: usize) {
        *self.0.entry(part.to_owned()).or_default() += bytes;
    }

    /// What is more here than in another one, as a table; what is less than a fiftieth of it is one row.
    pub(super) fn table_beyond(&self, less: &Self) -> String {
        let more = self.0.iter().map(|(part, bytes)| {
            let known = less.0.get(part).copied().unwrap_or_default();
            (part.as_str(), bytes.saturating_sub(known))
        });
        let mut more: Vec<_> = more.collect();
        more.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        let all: usize = more.iter().map(|(_, bytes)| bytes).sum();
        let (large, small): (Vec<_>, Vec<_>) = more.into_iter().partition(|(_, bytes)| bytes * 50 >= all);
        let rest = small.iter().map(|(_, bytes)| bytes).sum();
        let rows = large.into_iter().chain([("parts of less than 2 % each", rest)]);
        let rows = rows.map(|(part, bytes)| {
            let share = (bytes * 100 + all / 2) / all.max(1);
            format!(
                "| {part} | {}.{} kB | {share} % |\n",
                bytes / 1000,
                bytes % 1000 / 100
            )
        });
        ["| part | bytes more | share |\n| --- | ---: | ---: |\n".to_owned()]
            .into_iter()
            .chain(rows)
            .collect()
    }
}

fn function_names(section: NameSectionReader<'_>) -> Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    for name in section {
        if let Name::Function(functions) = name? {
            for function in functions {
                let function = function?;
                names.insert(function.index, format!("{:#}", demangle(function.name)));
            }
        }
    }
    Ok(names)
}

/// The module of the library that a function's name speaks of, its own or that of what it is made for; else its crate.
fn part_of(name: &str) -> String {
    let Some((_, path)) = name.split_once(LIBRARY) else {
        let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        return match name.split_once("::") {
            Some(_) if name.starts_with("core::ops::function::Fn") => CLOSURES.to_owned(),
            Some((other, _)) => format!("crate {other}"),
            None => UNKNOWN.to_owned(),
        };
    };
    let is_name = |segment: &&str| segment.starts_with(|c: char| c.is_ascii_lowercase());
    let segments = path
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
        .next();
    let segments: Vec<_> = segments
        .unwrap_or_default()
        .split("::")
        .take(2)
        .take_while(is_name)
        .collect();
    format!("`{}`", segments.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_module_that_its_name_speaks_of() {
        for (name, expected) in [
            (
                "leptos_live::browser::swap::settle::settle_due::h0123456789abcdef",
                "`browser::swap`",
            ),
            (
                "core::ptr::drop_in_place<leptos_live::grammar::SwapSpec>::h01",
                "`grammar`",
            ),
            (
                "<leptos_live::wire::position::Position as core::fmt::Display>::fmt",
                "`wire::position`",
            ),
            ("core::fmt::write", "crate core"),
            ("<alloc::vec::Vec<T> as core::fmt::Debug>::fmt", "crate alloc"),
            (
                "core::ops::function::FnOnce::call_once{{vtable.shim}}::h01",
                CLOSURES,
            ),
            ("__rust_alloc", UNKNOWN),
            ("", UNKNOWN),
        ] {
            assert_eq!(part_of(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_more_is_listed_and_little_is_one_row() {
        let parts = |list: &[(&str, usize)]| {
            Parts(
                list.iter()
                    .map(|(part, bytes)| ((*part).to_owned(), *bytes))
                    .collect(),
            )
        };
        let less = parts(&[("a", 1_000)]);
        let more = parts(&[("a", 1_500), ("b", 60_000), ("c", 800), ("d", 700)]);
        assert_eq!(
            more.table_beyond(&less),
            "| part | bytes more | share |\n| --- | ---: | ---: |\n| b | 60.0 kB | 97 % |\n\
             | parts of less than 2 % each | 2.0 kB | 3 % |\n"
        );
    }

    #[test]
    fn a_module_is_taken_apart() {
        // Two functions of four bytes each, one of them imported; what there is besides is the rest.
        let module = [
            b"\0asm\x01\0\0\0".as_slice(),
            b"\x01\x04\x01\x60\0\0",
            b"\x02\x07\x01\x01a\x01b\0\0",
            b"\x03\x02\x01\0",
            b"\x0a\x04\x01\x02\0\x0b",
            b"\0\x1e\x04name\x01\x17\x01\x01\x14leptos_live::wire::x",
        ]
        .concat();
        let parts = Parts::read(&module).unwrap();
        assert_eq!(parts.0["`wire::x`"], 2);
        assert_eq!(parts.0[REST], 4 + 7 + 2);
    }
}
