//! How much memory there is left for work that is faster with more of it.

use std::fs;
use std::path::Path;

/// Where cgroup v2 stands.
const GROUPS: &str = "/sys/fs/cgroup";

/// Bytes that this program may still take: what the machine can spare, and no more than the group it runs
/// in, and those around it, are allowed. `None`: the system does not tell.
pub(crate) fn available() -> Option<u64> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let of_machine = figure(&told, "MemAvailable:")?.saturating_mul(1_024);
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let of_groups = of_groups(Path::new(GROUPS), &groups);
    Some(of_groups.map_or(of_machine, |groups| groups.min(of_machine)))
}

/// The least that the group of a program, which the system tells as `0::/system.slice/shop.service`, and
/// those around it may still take. In a container its own is the root.
fn of_groups(root: &Path, told: &str) -> Option<u64> {
    let own = told.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
    Path::new(own).ancestors().filter_map(|group| of_group(&root.join(group))).min()
}

/// What the group of a program may still take, by cgroup v2; files that are merely kept at hand give way.
fn of_group(dir: &Path) -> Option<u64> {
    let read = |name: &str| fs::read_to_string(dir.join(name)).ok();
    let most: u64 = read("memory.max")?.trim().parse().ok()?;
    let current: u64 = read("memory.current")?.trim().parse().ok()?;
    let gives_way = read("memory.stat").and_then(|told| figure(&told, "inactive_file"));
    Some(most.saturating_sub(current.saturating_sub(gives_way.unwrap_or(0))))
}

/// The figure behind a name, in lines of names and figures.
fn figure(told: &str, name: &str) -> Option<u64> {
    let mut lines = told.lines().map(str::split_whitespace);
    lines.find_map(|mut words| (words.next() == Some(name)).then(|| words.next()?.parse().ok())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_behind_its_name() {
        let told = "MemTotal: 24000 kB\nMemFree: 1 kB\nMemAvailable:   12000 kB\n";
        assert_eq!(figure(told, "MemAvailable:"), Some(12_000));
        assert_eq!(figure(told, "Mem"), None);
    }

    #[test]
    fn a_group_may_take_what_it_has_left_and_what_gives_way() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(of_group(dir.path()), None, "without a group the machine decides");
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        write("memory.max", "1000\n");
        write("memory.current", "700\n");
        write("memory.stat", "anon 500\ninactive_file 150\n");
        assert_eq!(of_group(dir.path()), Some(450));
        write("memory.max", "max\n");
        assert_eq!(of_group(dir.path()), None);
    }

    #[test]
    fn a_group_may_take_no_more_than_those_around_it() {
        let dir = tempfile::tempdir().unwrap();
        let write = |group: &str, most: u64| {
            let group = dir.path().join(group);
            fs::create_dir_all(&group).unwrap();
            fs::write(group.join("memory.max"), most.to_string()).unwrap();
            fs::write(group.join("memory.current"), "0").unwrap();
        };
        write("slice/shop.service", 3_000);
        write("slice", 2_000);
        assert_eq!(of_groups(dir.path(), "0::/slice/shop.service\n"), Some(2_000));
        write("slice/shop.service", 1_000);
        assert_eq!(of_groups(dir.path(), "0::/slice/shop.service\n"), Some(1_000));
        assert_eq!(of_groups(dir.path(), "0::/\n"), None, "the root has no limit");
        write("", 500);
        assert_eq!(of_groups(dir.path(), "0::/not/seen/from/here\n"), Some(500));
    }
}
