//! The private server survives whatever happens to it: every crash case of the design is a test.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tenantry::postgres::{Embedded, Error, Options};

/// Set for the process that plays the other program: the folder that it shall own.
const FOLDER: &str = "TENANTRY_TEST_FOLDER";

/// A folder for one server, whose remains are removed at the end.
struct Place {
    root: PathBuf,
    _dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // As root the server runs as another user, who must get in.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { root: dir.path().join("tenantry"), _dir: dir }
    }

    /// Without fsync, which only a power cut would miss.
    async fn start(&self) -> Result<Embedded, Error> {
        Embedded::start(&self.root, Options { durable: false, ..Options::default() }).await
    }

    /// A folder with data in it and no server running.
    async fn with_data() -> Self {
        let place = Self::new();
        place.start().await.unwrap().stop().await.unwrap();
        place
    }

    fn pid_file(&self) -> PathBuf {
        self.root.join("data/postmaster.pid")
    }

    fn server(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.pid_file()).ok()?;
        Pid::from_raw(text.lines().next()?.parse().ok()?)
    }

    fn unfinished(&self) -> bool {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("data.new-"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(pid) = self.server() else { return };
        let ours = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == self.root.join("data"));
        if ours {
            kill_process(pid, Signal::QUIT).unwrap();
            wait_until(|| !self.pid_file().exists());
        }
    }
}

fn wait_until(done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Another program that owns the server of a folder until it is killed.
struct OtherProgram {
    process: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl OtherProgram {
    fn begin(place: &Place, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "embedded::the_other_program", "--nocapture"]);
        command.env(FOLDER, &place.root).envs(variables.iter().copied());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        Self { process, said }
    }

    /// Waits until the server is up; the answer is the id of a child process of the program's own.
    fn until_up(mut self) -> (Self, Pid) {
        let mut line = String::new();
        while !line.contains("child=") {
            line.clear();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "the other program ended");
        }
        let pid = line.rsplit('=').next().unwrap().trim().parse().unwrap();
        (self, Pid::from_raw(pid).unwrap())
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// No test: what the other program does.
#[tokio::test]
async fn the_other_program() {
    let Some(root) = std::env::var_os(FOLDER) else { return };
    let server = Embedded::start(Path::new(&root), Options::default()).await.unwrap();
    let mut child = Command::new("sleep").arg("60").stdout(Stdio::null()).spawn().unwrap();
    writeln!(std::io::stdout(), "\nchild={}", child.id()).unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
    drop(server);
    child.wait().unwrap();
}

async fn run(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn ask(url: &str, sql: &'static str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
}

/// The address of a server that another process of the test holds.
fn url(place: &Place) -> String {
    format!("postgres://bot@localhost:5432/tenantry?host={}", place.root.join("run").display())
}

#[tokio::test]
async fn a_first_start_makes_a_private_durable_server_and_stop_ends_it() {
    let place = Place::new();
    let server = Embedded::start(&place.root, Options::default()).await.unwrap();
    assert!(server.is_owner());
    for (name, value) in [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("max_connections", "50"),
        ("shared_buffers", "64MB"),
        ("timezone", "UTC"),
    ] {
        let mut connection = PgConnection::connect(server.url()).await.unwrap();
        let query = sqlx::query_scalar("select current_setting($1)").bind(name);
        assert_eq!(query.fetch_one(&mut connection).await.map(|v: String| v).unwrap(), value, "{name}");
    }
    let mode = |path: &str| place.root.join(path).metadata().unwrap().mode() & 0o777;
    assert_eq!((mode("run"), mode("data")), (0o700, 0o700));
    run(server.url(), "create table kept as select 7 as n").await;
    server.stop().await.unwrap();
    assert!(!place.pid_file().exists());

    let begun = Instant::now();
    let server = Embedded::start(&place.root, Options::default()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "ready within 2 s: {:?}", begun.elapsed());
    assert_eq!(ask(server.url(), "select n::text from kept").await, "7");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn program_killed_and_server_alive_is_adopted() {
    let place = Place::new();
    let (program, child) = OtherProgram::begin(&place, &[]).until_up();
    run(&url(&place), "create table kept as select 7 as n").await;
    let before = place.server().unwrap();
    program.kill();
    // A child of the dead program lives on, and must not live on with the lock.
    let server = place.start().await.unwrap();
    assert!(server.is_owner());
    assert_eq!(place.server(), Some(before), "the same server");
    assert_eq!(ask(server.url(), "select n::text from kept").await, "7");
    server.stop().await.unwrap();
    kill_process(child, Signal::KILL).unwrap();
}

#[tokio::test]
async fn program_and_server_killed_loses_nothing() {
    let place = Place::new();
    let (program, child) = OtherProgram::begin(&place, &[]).until_up();
    run(&url(&place), "create table kept as select 7 as n").await;
    kill_process(place.server().unwrap(), Signal::KILL).unwrap();
    program.kill();
    assert!(place.pid_file().exists());
    let server = place.start().await.unwrap();
    assert_eq!(ask(server.url(), "select n::text from kept").await, "7");
    server.stop().await.unwrap();
    kill_process(child, Signal::KILL).unwrap();
}

/// Writes both lock files of a server that is gone, with the id of another process in them.
fn leave_locks(place: &Place, pid: u32) {
    let owner = place.root.join("data").metadata().unwrap();
    for file in [place.pid_file(), place.root.join("run/.s.PGSQL.5432.lock")] {
        fs::write(&file, format!("{pid}\n{}\n", place.root.join("data").display())).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
}

/// A command that runs as the user whose server this is: only their processes keep a server from starting.
fn as_server_user(place: &Place, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let owner = place.root.join("data").metadata().unwrap();
    let mut command = Command::new(program);
    if geteuid().is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command
}

#[tokio::test]
async fn a_pid_that_is_a_zombie_is_stale() {
    let place = Place::with_data().await;
    let postgres = place.root.join("postgres");
    fs::copy("/bin/true", &postgres).unwrap();
    let mut zombie = as_server_user(&place, &postgres).spawn().unwrap();
    let stat = format!("/proc/{}/stat", zombie.id());
    wait_until(|| fs::read_to_string(&stat).unwrap().contains("(postgres) Z"));
    leave_locks(&place, zombie.id());
    place.start().await.unwrap().stop().await.unwrap();
    zombie.wait().unwrap();
}

#[tokio::test]
async fn a_pid_that_another_program_was_given_is_stale() {
    let place = Place::with_data().await;
    let mut stranger = as_server_user(&place, "sleep").arg("60").current_dir("/").spawn().unwrap();
    leave_locks(&place, stranger.id());
    place.start().await.unwrap().stop().await.unwrap();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger is left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[tokio::test]
async fn a_pid_of_the_server_of_another_folder_is_stale() {
    let (place, other) = (Place::with_data().await, Place::new());
    let neighbour = other.start().await.unwrap();
    leave_locks(&place, u32::try_from(other.server().unwrap().as_raw_nonzero().get()).unwrap());
    place.start().await.unwrap().stop().await.unwrap();
    assert_eq!(ask(neighbour.url(), "select 'alive'").await, "alive");
    neighbour.stop().await.unwrap();
}

#[tokio::test]
async fn a_living_server_that_lost_its_socket_is_restarted_not_robbed() {
    let place = Place::new();
    let server = place.start().await.unwrap();
    run(server.url(), "create table kept as select 7 as n").await;
    let before = place.server().unwrap();
    drop(server);
    fs::remove_file(place.root.join("run/.s.PGSQL.5432")).unwrap();
    let server = place.start().await.unwrap();
    assert_ne!(place.server(), Some(before));
    assert_eq!(ask(server.url(), "select n::text from kept").await, "7");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn backends_that_outlive_their_postmaster_are_waited_for() {
    let place = Place::new();
    let server = place.start().await.unwrap();
    let mut connection = PgConnection::connect(server.url()).await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
    let backend = Pid::from_raw(pid).unwrap();
    // Stopped, it does not notice that its postmaster dies.
    kill_process(backend, Signal::STOP).unwrap();
    kill_process(place.server().unwrap(), Signal::KILL).unwrap();
    drop(server);
    let begun = Instant::now();
    let starting = place.start();
    let waking = async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        kill_process(backend, Signal::CONT).unwrap();
    };
    let (server, ()) = tokio::join!(starting, waking);
    assert!(begun.elapsed() > Duration::from_millis(1500));
    server.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn killed_inside_initdb_leaves_nothing_under_the_real_name() {
    let place = Place::new();
    let program = OtherProgram::begin(&place, &[]);
    wait_until(|| place.unfinished());
    program.kill();
    assert!(!place.root.join("data").exists());
    fs::create_dir(place.root.join("data.new-0badcafe")).unwrap();
    fs::write(place.root.join("data.new-0badcafe/PG_VERSION"), "15\n").unwrap();
    place.start().await.unwrap().stop().await.unwrap();
    // The orphaned initdb may have been writing while its folder was removed; it does not last.
    place.start().await.unwrap().stop().await.unwrap();
    assert!(!place.unfinished());
}

#[tokio::test]
async fn a_second_program_cannot_take_over_and_short_commands_attach() {
    let place = Place::new();
    let (program, child) = OtherProgram::begin(&place, &[]).until_up();
    let error = place.start().await.unwrap_err().to_string();
    assert!(error.ends_with(&format!("is in use by process {}", program.process.id())), "{error}");

    let guest = Embedded::attach(&place.root, Options::default()).await.unwrap();
    assert!(!guest.is_owner());
    assert_eq!(ask(guest.url(), "select 'here'").await, "here");
    guest.stop().await.unwrap();
    assert_eq!(ask(&url(&place), "select 'still here'").await, "still here");
    program.kill();
    kill_process(child, Signal::KILL).unwrap();
}

#[tokio::test]
async fn a_short_command_waits_for_an_owner_that_is_still_starting() {
    let place = Place::new();
    let program = OtherProgram::begin(&place, &[]);
    wait_until(|| place.unfinished());
    let guest = Embedded::attach(&place.root, Options::default()).await.unwrap();
    assert!(!guest.is_owner());
    assert_eq!(ask(guest.url(), "select current_database()::text").await, "tenantry");
    let (program, child) = program.until_up();
    program.kill();
    kill_process(child, Signal::KILL).unwrap();
}

#[tokio::test]
async fn a_short_command_alone_owns_the_server_and_stops_it() {
    let place = Place::new();
    let server = Embedded::attach(&place.root, Options::default()).await.unwrap();
    assert!(server.is_owner());
    server.stop().await.unwrap();
    assert!(!place.pid_file().exists());
}

#[tokio::test]
async fn wrong_permissions_are_told_with_the_words_of_the_log() {
    let place = Place::with_data().await;
    fs::set_permissions(place.root.join("data"), fs::Permissions::from_mode(0o755)).unwrap();
    let error = place.start().await.unwrap_err().to_string();
    assert!(error.contains("invalid permissions") && error.contains("server.log"), "{error}");
    if geteuid().is_root() {
        chown(place.root.join("data"), Some(0), Some(0)).unwrap();
        let error = place.start().await.unwrap_err().to_string();
        assert!(error.contains("could not") || error.contains("wrong ownership"), "{error}");
    }
}

/// Programs like the real ones, but for one that says a line and fails.
fn programs_with(broken: &str, says: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["initdb", "pg_ctl", "postgres"] {
        let script = match name {
            "postgres" => "#!/bin/sh\necho 'postgres (PostgreSQL) 17.1'\n".to_owned(),
            name if name == broken => format!("#!/bin/sh\necho '{says}' >&2\nexit 1\n"),
            _ => "#!/bin/sh\n".to_owned(),
        };
        let path = folder.path().join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

#[tokio::test]
async fn a_full_disk_is_told_with_the_words_of_the_server() {
    let says = "FATAL: could not write: No space left on device";
    for broken in ["initdb", "pg_ctl"] {
        let (place, programs) = (Place::new(), programs_with(broken, says));
        let options = Options { bin_dir: Some(programs.path().to_owned()), ..Options::default() };
        let error = Embedded::start(&place.root, options).await.unwrap_err().to_string();
        assert!(error.contains(says), "{broken}: {error}");
        assert!(!place.unfinished(), "{broken}");
    }
}

#[tokio::test]
async fn data_of_another_release_is_told_by_name() {
    let place = Place::with_data().await;
    fs::write(place.root.join("data/PG_VERSION"), "99\n").unwrap();
    let error = place.start().await.unwrap_err();
    assert!(matches!(error, Error::OtherMajor { major: 99, .. }), "{error}");
    assert!(error.to_string().contains("made by PostgreSQL 99"), "{error}");
}

#[tokio::test]
async fn deep_and_odd_paths_work() {
    let mut place = Place::new();
    place.root = place.root.join("it's a, folder").join("deep".repeat(30));
    let server = place.start().await.unwrap();
    assert_eq!(ask(server.url(), "select 'here'").await, "here");
    let socket = PathBuf::from(
        ask(server.url(), "select current_setting('unix_socket_directories')").await.trim_matches('"'),
    );
    assert_eq!(socket.metadata().unwrap().mode() & 0o777, 0o700);
    server.stop().await.unwrap();
    fs::remove_dir_all(socket).unwrap();

    place.root = place.root.join("$(id)");
    assert!(matches!(place.start().await, Err(Error::BadPath { .. })));
}

#[tokio::test]
async fn a_closed_parent_is_named() {
    if !geteuid().is_root() {
        return;
    }
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let error = Embedded::start(&closed.path().join("a/b"), Options::default()).await.unwrap_err();
    let Error::Closed { closed: named, .. } = error else { panic!("{error}") };
    assert_eq!(named, closed.path());
}

#[tokio::test]
async fn sr_g5_the_server_inherits_neither_our_secrets_nor_a_stray_setting() {
    let place = Place::new();
    let stray =
        [("CLIENT_SECRET", "hush-hush"), ("PGDATA", "/nowhere"), ("PGHOST", "/nowhere"), ("PGPORT", "1")];
    let (program, child) = OtherProgram::begin(&place, &stray).until_up();
    let environment = fs::read(format!("/proc/{}/environ", place.server().unwrap())).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    assert!(environment.contains("LC_ALL=") && !environment.contains("hush-hush"), "{environment}");
    program.kill();
    kill_process(child, Signal::KILL).unwrap();
}
