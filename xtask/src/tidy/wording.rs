//! Files speak of the project alone: no folder of one machine, no host of a package registry.

use super::report::Breach;
use crate::repository::SourceFile;

/// Folders of somebody's machine; pieced together, so that this file does not break its own rule.
const FOLDERS: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers\\"),
];
const HOSTS: [&str; 4] = [
    concat!("registry.npm", "js.org"),
    concat!("files.python", "hosted.org"),
    concat!("pypi.org/", "simple"),
    concat!("index.cra", "tes.io"),
];

pub(super) fn machine_bound(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files {
        for (number, line) in file.lines() {
            let folder = FOLDERS.iter().find(|folder| names_folder(line, folder));
            let host = HOSTS.iter().find(|host| line.contains(**host));
            if let Some(word) = folder.or(host) {
                breaches.push(Breach::at(
                    file,
                    number,
                    format!("\"{word}\" means one machine or one place"),
                    "use a relative path, an environment variable, or the tool's own configuration",
                ));
            }
        }
    }
    breaches
}

/// Whether the folder stands at the start of a path; `https://shop.example/home/` is an address.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/}$".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(text: &str) -> usize {
        machine_bound(&[SourceFile { path: "docs/a.md".to_owned(), text: text.to_owned() }]).len()
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        assert_eq!(breaches(concat!("run /wo", "rk/main/x\nsee (/ho", "me/ana/x)")), 2);
        assert_eq!(breaches(concat!("from https://registry.npm", "js.org/x")), 1);
    }

    #[test]
    fn an_address_or_a_relative_path_is_fine() {
        assert_eq!(breaches("https://shop.example/home/decor\ncrates/work/x"), 0);
    }
}
