import ApusTestSupport
import Foundation
import Glibc
import Synchronization

/// A headless browser as a process group of its own, which talks over one socket pair and surely ends.
///
/// It ends when it is asked to, when the asking takes too long, and when this process dies: then its end of the socket
/// pair is closed, and `--remote-debugging-pipe` makes that the browser's end too.
final class BrowserProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Our end of the socket pair.
    let socket: Int32
    /// Gets one value when the whole process group is gone.
    let ended = EventBox<Void>()
    private let pid: pid_t
    let profile: ProfileFolder
    /// Whether the process is reaped: from then on its number may be another's.
    private let isReaped = Mutex(false)

    private static let arguments = [
        "--headless=new", "--remote-debugging-pipe",
        // Containers: no user namespaces, a small /dev/shm, root.
        "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
        // No welcome pages, questions, key rings, sound, crash reports.
        "--no-first-run", "--no-default-browser-check", "--disable-default-apps", "--disable-extensions",
        "--password-store=basic", "--use-mock-keychain", "--mute-audio", "--disable-breakpad",
        "--disable-crash-reporter",
        // Nothing leaves this machine.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost", "--no-proxy-server",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-client-side-phishing-detection", "--disable-domain-reliability", "--no-pings",
        "--disable-features=OptimizationHints,MediaRouter,Translate,InterestFeedContentSuggestions",
        // A page that is not in front runs like one that is.
        "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--window-size=1280,800", "--force-color-profile=srgb", "--hide-scrollbars",
    ]

    /// Starts the browser. It has its own folder for everything that it writes, its home included.
    static func start() throws -> BrowserProcess {
        let executable = try BrowserExecutable.find()
        let profile = try ProfileFolder()
        do {
            return try BrowserProcess(executable: executable, profile: profile)
        } catch {
            try? profile.remove()
            throw error
        }
    }

    private init(executable: String, profile: ProfileFolder) throws {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw Failure(description: "no socket pair: \(String(cString: strerror(errno)))")
        }
        // The child's end must not be one of the numbers that it is copied to.
        let theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10)
        close(pair[1])
        guard theirs >= 0 else {
            close(pair[0])
            throw Failure(description: "no descriptor: \(String(cString: strerror(errno)))")
        }
        defer { close(theirs) }
        let command = [executable] + Self.arguments + ["--user-data-dir=\(profile.path)/profile", "about:blank"]
        let environment = [
            "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")", "HOME=\(profile.path)",
            "TMPDIR=\(profile.path)", "LANG=C.UTF-8",
        ]
        do {
            pid = try Self.spawn(
                command,
                environment: environment,
                socket: theirs,
                errorFile: "\(profile.path)/stderr"
            )
        } catch {
            close(pair[0])
            throw error
        }
        socket = pair[0]
        self.profile = profile
        Thread.detachNewThread { [self] in awaitEnd() }
    }

    /// What the browser wrote to its standard error last, to explain why it did not start.
    var lastWords: String {
        let bytes = FileManager.default.contents(atPath: "\(profile.path)/stderr") ?? Data()
        return String(decoding: bytes.suffix(2000), as: UTF8.self)
    }

    /// Ends the whole process group now.
    func kill() {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Glibc.kill(-pid, SIGKILL) }
        }
    }

    /// Removes what the browser wrote. Its last processes may still be about to die, hence the second try.
    func removeProfile() async throws {
        do {
            try profile.remove()
        } catch {
            try await Task.sleep(for: .milliseconds(200))
            try profile.remove()
        }
    }

    /// Waits for the browser's first process and ends the rest of its group, on a thread of its own.
    private func awaitEnd() {
        var information = siginfo_t()
        // Seen, but not yet reaped: as long as it is a zombie, the number of its group is nobody else's.
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        isReaped.withLock { isReaped in
            _ = Glibc.kill(-pid, SIGKILL)
            while waitpid(pid, nil, 0) == -1, errno == EINTR {}
            isReaped = true
        }
        ended.send(())
        ended.finish()
    }

    private static func spawn(
        _ command: [String],
        environment: [String],
        socket: Int32,
        errorFile: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // The browser reads commands from 3 and writes answers to 4.
        posix_spawn_file_actions_adddup2(&actions, socket, 3)
        posix_spawn_file_actions_adddup2(&actions, socket, 4)
        // What is not marked to be closed (listening sockets, say) must not live on in the browser.
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            if let descriptor = Int32(name), descriptor > 4, descriptor != socket {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)

        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for string in arguments + variables { free(string) } }
        var pid = pid_t()
        let error = posix_spawn(&pid, command[0], &actions, &attributes, &arguments, &variables)
        guard error == 0 else {
            throw Failure(description: "cannot start \(command[0]): \(String(cString: strerror(error)))")
        }
        return pid
    }
}
