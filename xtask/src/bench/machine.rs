//! On what a run was made: without it figures cannot be compared.

use std::fs;
use std::thread::available_parallelism;

use crate::process::Process;

/// One line: processor, memory, system and compiler, as far as this machine tells.
pub(super) fn description() -> String {
    let known = [
        processor(),
        memory(),
        answer("uname", "-sr"),
        answer("rustc", "--version"),
        day(),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    format!("Machine: {}.", known.join("; "))
}

fn processor() -> Option<String> {
    let cores = available_parallelism().ok()?;
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    Some(format!("{cores} cores of {model}"))
}

fn memory() -> Option<String> {
    let size = field("/proc/meminfo", "MemTotal")?;
    let kib: u64 = size.split_whitespace().next()?.parse().ok()?;
    Some(format!("{} GiB of memory", (kib + (1 << 19)) >> 20))
}

fn day() -> Option<String> {
    answer("date", "+%F")
}

fn answer(program: &str, argument: &str) -> Option<String> {
    let answer = Process::new(program).argument(argument).answer()?;
    Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty())
}

/// What stands after a name and a colon in a file of the system's.
fn field(file: &str, name: &str) -> Option<String> {
    value_of(&fs::read_to_string(file).ok()?, name)
}

fn value_of(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(found, _)| found.trim() == name)?;
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_of_a_name() {
        let text = "processor\t: 0\nmodel name\t: Fast One\nprocessor\t: 1\nmodel name\t: Fast Two\n";
        assert_eq!(value_of(text, "model name").as_deref(), Some("Fast One"));
        assert_eq!(value_of(text, "model"), None);
    }
}
