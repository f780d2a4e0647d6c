//! Starting the server and ending it, gently or not.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::{panicking, sleep};
use std::time::Duration;

use super::Connection;

/// The pause between two looks at a server that is to be ready, or to have ended.
const PAUSE: Duration = Duration::from_millis(1);

/// Looks before a server counts as one that does not get ready: 30 s, as tests run side by side.
const LOOKS_FOR_READY: u32 = 30_000;

/// Looks before a server counts as one that does not end: 10 s, after which containers are killed.
const LOOKS_FOR_END: u32 = 10_000;

const SIGKILL: i32 = 9;

/// What a server runs on: a folder of its own for its data and its log, the project's own files
/// for everything else.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    /// Settings besides those that every server here gets.
    settings: Vec<(&'static str, PathBuf)>,
}

/// A running server; it is killed where it is dropped.
pub(crate) struct Server {
    child: Child,
    /// Kept open: a server whose standard output is closed breaks at its next line.
    stdout: BufReader<ChildStdout>,
}

/// The limit on the files of a server.
pub(crate) struct FileLimit {
    process: u32,
}

impl Place {
    /// A place with no data yet.
    pub(crate) fn new(settings: &[(&'static str, PathBuf)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, settings: settings.to_vec() }
    }

    /// The folder of the server's data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("var")
    }

    /// `kavak-bot` with `arguments`, with the settings of this place and nothing of the
    /// environment, nor of a `.env` file, around this test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_kavak-bot"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("BIND", "127.0.0.1:0")
            .env("LOG_LEVEL", "warn")
            .env("DATA_DIR", self.data())
            .env("CATALOG_PATH", project.join("data/catalog.csv"))
            .env("CONTEXT_PATH", project.join("kavak_context.txt"))
            .env("DEALER_PATH", project.join("data/dealer.toml"))
            .env("FLOWS_DIR", project.join("flows"))
            .env("POLICY_PATH", project.join("data/credit_policy.toml"))
            // Customers in here write faster than any, all day long.
            .env("MAX_MESSAGES_PER_MINUTE", "1000000")
            .env("MAX_REPLIES_PER_USER_PER_DAY", "1000000")
            .env("MAX_REPLIES_PER_DAY", "1000000")
            .env("MAX_NEW_USERS_PER_MINUTE", "1000000")
            .env("MAX_PAGES_PER_HOUR", "1000000")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts a server here, which need not come to be ready.
    pub(crate) fn start(&self) -> Server {
        self.start_as(self.command(&["serve"]))
    }

    /// Starts a server here that takes up changes of its files, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// The log of one that does not get there.
    pub(crate) fn serve_watching(&self) -> Result<(Server, SocketAddr), String> {
        self.until_ready(self.start_as(self.command(&["serve", "--watch"])))
    }

    /// Starts a server here, waits until it is ready, and lets the size of its files be limited
    /// later: what is over the limit is an error to it then, not a signal to die of.
    ///
    /// # Errors
    ///
    /// The log of one that does not get there.
    pub(crate) fn serve_limitable(&self) -> Result<(Server, SocketAddr), String> {
        let serve = self.command(&["serve"]);
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(serve.get_program())
            .args(serve.get_args())
            .env_clear()
            .envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.folder.path());
        self.until_ready(self.start_as(command))
    }

    fn start_as(&self, mut command: Command) -> Server {
        let log = File::options().append(true).create(true).open(self.log_path()).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Server { child, stdout }
    }

    /// Starts a server here and waits until it is ready.
    ///
    /// # Errors
    ///
    /// The log of one that does not get there.
    pub(crate) fn serve(&self) -> Result<(Server, SocketAddr), String> {
        self.until_ready(self.start())
    }

    /// Waits until a server is ready.
    ///
    /// # Errors
    ///
    /// The log of one that does not get there.
    fn until_ready(&self, mut server: Server) -> Result<(Server, SocketAddr), String> {
        let address = server.address().ok_or_else(|| self.log())?;
        for _ in 0..LOOKS_FOR_READY {
            let answer = Connection::open(address).and_then(|mut open| open.get("/ready"));
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok((server, address));
            }
            sleep(PAUSE);
        }
        Err(self.log())
    }

    /// What the servers wrote into their log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// A test that fails leaves data and log where they are, to be looked at.
impl Drop for Place {
    fn drop(&mut self) {
        if panicking() {
            self.folder.disable_cleanup(true);
            println!("data and log: {}\n{}", self.folder.path().display(), self.log());
        }
    }
}

impl Server {
    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How large its files may become, once it is started so that they can be limited.
    pub(crate) fn limit(&self) -> FileLimit {
        FileLimit { process: self.id() }
    }

    /// Ends it as the system does when it must: SIGKILL.
    ///
    /// # Errors
    ///
    /// How it ended by itself before.
    pub(crate) fn kill(mut self) -> Result<(), ExitStatus> {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        if status.signal() == Some(SIGKILL) { Ok(()) } else { Err(status) }
    }

    /// Asks it to end, and how it did, none where it goes on: SIGTERM.
    pub(crate) fn stop(mut self) -> Option<ExitStatus> {
        let asked = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.id())).status();
        assert!(asked.unwrap().success());
        (0..LOOKS_FOR_END).find_map(|_| {
            sleep(PAUSE);
            self.child.try_wait().unwrap()
        })
    }

    /// Where it listens, as it says in its first line; none where it ended before.
    fn address(&mut self) -> Option<SocketAddr> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        let (_, address) = line.split_once("http://")?;
        address.split_whitespace().next()?.parse().ok()
    }
}

impl FileLimit {
    /// No file may grow over so many bytes; none is no limit.
    pub(crate) fn set(&self, bytes: Option<u64>) {
        let soft = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let mut set = Command::new("prlimit");
        set.args(["--pid", &self.process.to_string(), &format!("--fsize={soft}:")]);
        assert!(set.status().expect("prlimit of util-linux").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
