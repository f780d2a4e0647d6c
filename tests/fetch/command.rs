//! `kavak-bot knowledge fetch`, the real binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::site::{Site, html, status};

const FILE: &str = "// nota\n# Kavak\n\n## garantia/basica: Garantía\nfuente: ADDRESS/g, sin fecha\n\
    preguntas: ¿Qué garantía dan?\nDan 3 meses.\n";

const PAGE: &str = "<title>G</title><main><h2>Garantía</h2><p>Dan 6 meses.</p><h2>Devolución</h2>\
    <p>Puedes devolverlo en siete días o trescientos kilómetros.</p></main>";

/// A folder with a context file, and a site whose `/g` is its source.
struct Desk {
    folder: tempfile::TempDir,
    site: Site,
    before: String,
}

impl Desk {
    async fn new() -> Self {
        let site = Site::start("127.0.0.1", |path| match path {
            "/g" => html(PAGE),
            _ => status(404),
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let before = FILE.replace("ADDRESS", &site.address.to_string());
        fs::write(folder.path().join("c.txt"), &before).unwrap();
        Self { folder, site, before }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("c.txt")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// The files beside the context file.
    fn beside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| *path != self.path()).collect()
    }

    /// Runs the command here, with an environment that would lead it to a proxy.
    async fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = kavak_bot(self.folder.path());
        command.args(["knowledge", "fetch", "--context", "c.txt"]).args(arguments);
        let output: Output =
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let told = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), told(output.stdout), told(output.stderr))
    }
}

fn kavak_bot(folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
    command.current_dir(folder).env_clear().env("http_proxy", "http://127.0.0.1:1");
    command
}

#[tokio::test]
async fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let desk = Desk::new().await;
    let (code, out, err) = desk.run(&["--allow-private", &desk.site.url("/g")]).await;
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for line in [
        "--- c.txt\n+++ c.txt\n@@",
        "\n-Dan 3 meses.\n",
        "\n+Dan 6 meses.\n",
        "\n+## 127-0-0-1",
        "garantia/basica: has its section's words now\n",
        "not written; call again with --write\n",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    assert_eq!(desk.text(), desk.before);
    assert_eq!(desk.beside(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn what_is_written_keeps_the_previous_version_and_is_stable() {
    let desk = Desk::new().await;
    let url = desk.site.url("/g");
    let arguments = ["--allow-private", "--write", "--theme", "Kavak", &url];
    let (code, out, err) = desk.run(&arguments).await;
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let after = desk.text();
    assert!(after.contains("preguntas: ¿Qué garantía dan?\nDan 6 meses.\n"), "{after}");
    assert!(after.contains("\n## kavak/devolucion: Devolución\n"), "{after}");
    let kept = desk.beside();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].to_str().unwrap().contains("c.txt.20"), "{kept:?}");
    assert_eq!(fs::read_to_string(&kept[0]).unwrap(), desk.before);

    let (code, out, err) = desk.run(&arguments).await;
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with("c.txt: nothing changes\n"), "{out}");
    assert_eq!((desk.text(), desk.beside()), (after, kept));
}

#[tokio::test]
async fn one_page_that_cannot_be_read_keeps_all_from_being_written() {
    let desk = Desk::new().await;
    let (good, gone) = (desk.site.url("/g"), desk.site.url("/gone"));
    let (code, out, err) = desk.run(&["--allow-private", "--write", &gone, &good]).await;
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("+Dan 6 meses."), "the others go on: {out}");
    assert!(err.contains("/gone: the server answers with status 404\n"), "{err}");
    assert!(err.ends_with("nothing is written: 1 of 2 pages could be read\n"), "{err}");
    assert_eq!(desk.text(), desk.before);
    assert_eq!(desk.beside(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn this_machine_is_refused_and_the_flag_named() {
    let desk = Desk::new().await;
    let (code, _, err) = desk.run(&["--write", &desk.site.url("/g")]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("127.0.0.1 is this machine itself; only public pages are read"), "{err}");
    assert!(err.contains("--allow-private"), "{err}");
    assert_eq!(desk.site.paths(), [""; 0]);
    assert_eq!(desk.text(), desk.before);
}

#[tokio::test]
async fn without_a_network_the_file_stands() {
    let desk = Desk::new().await;
    let (code, _, err) = desk.run(&["--write", "http://no-such-name.invalid/a"]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("it cannot be reached ("), "{err}");
    assert_eq!(desk.text(), desk.before);
}

#[tokio::test]
async fn a_file_with_mistakes_is_not_written() {
    let desk = Desk::new().await;
    let broken = desk.before.replace("preguntas:", "pregunta:");
    fs::write(desk.path(), &broken).unwrap();
    let (code, _, err) = desk.run(&["--allow-private", "--write", &desk.site.url("/g")]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("did you mean `preguntas:`?"), "{err}");
    assert_eq!(desk.text(), broken);
}

#[tokio::test]
async fn a_wrong_call_is_told() {
    let desk = Desk::new().await;
    for arguments in [
        &[][..],
        &["kavak.com/mx"],
        &["ftp://kavak.com/"],
        &["https://kavak.com/", "--theme", "¿?"],
    ] {
        let (code, _, err) = desk.run(arguments).await;
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
    }
    let (code, out, _) = desk.run(&["--help"]).await;
    assert_eq!(code, Some(0));
    assert!(out.contains("Example: kavak-bot knowledge fetch https://"), "{out}");
}
