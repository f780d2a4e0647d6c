//! The disk fills up under load: the server turns not ready and says so politely, and goes on by
//! itself, in the same process, once there is room.
//!
//! Twice: on a real file system of some megabytes, which takes root to mount, and with a limit on
//! the size of files, which takes util-linux.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::Duration;

use kavak_bot::message::{Channel, UserId};
use kavak_bot::store::{SledStore, Store as _};
use serde_json::json;

use crate::process::{Connection, Failure, Place, Server};

const CUSTOMERS: usize = 4;

/// Rounds of filling up and making room.
const ROUNDS: usize = 3;

/// What a server is given to come back: it looks every three seconds.
const LOOKS_FOR_READY: u32 = 300;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The room of the file system that is filled up. The store must fit in it with all that is said in
/// every round, some 8 KB a turn, or there is nothing to make room with.
const DISK: &str = "size=128m";

/// Twilio's customers are asked to say it again.
const APOLOGY: &str = "otra vez";

/// A disk that can be filled and emptied.
struct Disk<'a> {
    fill: &'a dyn Fn(),
    empty: &'a dyn Fn(),
}

/// What a customer was answered, turn by turn.
type Diary = Vec<String>;

#[test]
#[ignore = "takes half a minute: make torture"]
fn a_full_disk_is_survived() {
    let Some(mount) = Mount::new() else {
        println!("skipped: only root can mount a file system; a limit on files stands for it");
        return;
    };
    let store = mount.path.join("data");
    let place = Place::new(&[("DATA_DIR", store.clone())]);
    let (server, address) = place.serve().unwrap();
    let filler = mount.path.join("filler");
    let disk = Disk {
        fill: &|| {
            let mut file = fs::File::options().append(true).create(true).open(&filler).unwrap();
            while file.write_all(&[7; 16 * 1024]).is_ok() {}
        },
        empty: &|| fs::remove_file(&filler).unwrap(),
    };
    survive(&place, server, address, &disk, &store);
}

#[test]
#[ignore = "takes half a minute: make torture"]
fn a_limit_on_files_is_survived() {
    let place = Place::new(&[]);
    let (server, address) = place.serve_limitable().unwrap();
    let log = place.data().join("store/db");
    let limit = server.limit();
    let disk = Disk {
        fill: &|| limit.set(Some(fs::metadata(&log).unwrap().len())),
        empty: &|| limit.set(None),
    };
    survive(&place, server, address, &disk, &place.data());
}

fn survive(place: &Place, server: Server, address: SocketAddr, disk: &Disk, data: &Path) {
    let mut diaries: [Diary; CUSTOMERS] = Default::default();
    for round in 0..ROUNDS {
        let over = AtomicBool::new(false);
        scope(|scope| {
            let end = End(&over);
            for (number, diary) in diaries.iter_mut().enumerate() {
                let over = &over;
                scope.spawn(move || talk(address, number, diary, over));
            }
            sleep(Duration::from_millis(500));
            (disk.fill)();
            is_ready(address, false);
            is_polite(address);
            // Some tries to open the store again find no room.
            sleep(Duration::from_secs(4));
            is_ready(address, false);
            (disk.empty)();
            is_ready(address, true);
            sleep(Duration::from_millis(500));
            drop(end);
        });
        let turns: Vec<usize> = diaries.iter().map(Vec::len).collect();
        println!("round {round}: turns acknowledged so far {turns:?}");
    }
    let mut connection = Connection::open(address).unwrap();
    for (number, diary) in diaries.iter().enumerate() {
        for (turn, answer) in diary.iter().enumerate() {
            let again = say(&mut connection, number, turn).unwrap();
            assert_eq!(again, Some(answer.clone()), "customer {number}, turn {turn}");
        }
    }
    assert!(server.stop().unwrap().success(), "{}", place.log());
    is_whole(&data.join("store"), &diaries);
}

/// The end of a round for those who talk, also where the round fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Says one thing after the other, each until it is answered.
fn talk(address: SocketAddr, number: usize, diary: &mut Diary, over: &AtomicBool) {
    let mut connection = Connection::open(address).unwrap();
    while !over.load(Ordering::SeqCst) {
        match say(&mut connection, number, diary.len()).unwrap() {
            Some(answer) => diary.push(answer),
            None => sleep(Duration::from_millis(20)),
        }
    }
}

/// What is answered to the message of a turn; nothing where it is to be sent again.
fn say(connection: &mut Connection, number: usize, turn: usize) -> Result<Option<String>, Failure> {
    let words = ["busco un Versa", "más", "hola"][turn % 3];
    let body = json!({"user_id": user(number), "message": words, "message_id": id(turn)});
    let answer = connection.post("/chat", "application/json", &body.to_string())?;
    match answer.status {
        200 => Ok(Some(answer.body)),
        503 => Ok(None),
        status => panic!("{status}: {}", answer.body),
    }
}

fn user(number: usize) -> String {
    format!("c{number}")
}

fn id(turn: usize) -> String {
    format!("m{turn}")
}

/// Waits until `/ready` says so, or says no.
fn is_ready(address: SocketAddr, ready: bool) {
    let status = if ready { 200 } else { 503 };
    for _ in 0..LOOKS_FOR_READY {
        let mut connection = Connection::open(address).unwrap();
        if connection.get("/ready").unwrap().status == status {
            return;
        }
        sleep(LOOK_AGAIN);
    }
    panic!("/ready never answers {status}");
}

/// Twilio hands a 503 to nobody.
fn is_polite(address: SocketAddr) {
    let form =
        "From=whatsapp%3A%2B5215512345678&To=whatsapp%3A%2B525500000000&Body=hola&MessageSid=SMx";
    let mut connection = Connection::open(address).unwrap();
    let kind = "application/x-www-form-urlencoded";
    let answer = connection.post("/webhook/whatsapp", kind, form).unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(APOLOGY), "{}", answer.body);
    assert_eq!(connection.get("/health").unwrap().status, 200);
}

/// Each turn is there once, in order.
fn is_whole(folder: &Path, diaries: &[Diary]) {
    let store = SledStore::open(folder).unwrap();
    for (number, diary) in diaries.iter().enumerate() {
        let user = UserId::new(Channel::Chat, &user(number)).unwrap();
        let history = store.history(&user, usize::MAX).unwrap();
        let found: Vec<_> =
            history.turns.iter().filter_map(|turn| turn.inbound.id.clone()).collect();
        assert!(found.len() >= diary.len() && diary.len() > 1, "customer {number}");
        assert!(found.len() <= diary.len() + 1, "one more may have been under way");
        for (turn, id) in found.iter().enumerate() {
            assert_eq!(id.as_str(), self::id(turn), "customer {number}");
        }
    }
}

/// A small file system in memory; it goes where this is dropped.
struct Mount {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Mount {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", DISK, "none"]).arg(&path).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self { path, _folder: folder })
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // A server that a failed test left behind keeps it busy: it goes with that one.
        let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}
