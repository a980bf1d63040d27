import ApusCore
import ApusServer
import ArgumentParser
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `apus serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server, with its pages.",
        discussion: """
            Listens on 127.0.0.1:8000 unless told otherwise, needs no configuration file, and stops cleanly on SIGINT and SIGTERM. \
            Every option can also come from the environment: --port from APUS_PORT, --allow-origin from APUS_ALLOW_ORIGIN \
            (several separated by commas). An option on the command line counts before the environment.

            Anybody who can reach the server can publish and read: there are no rights yet. On an address other than loopback \
            it says so.
            """
    )

    @Option(help: ArgumentHelp("The address to listen on (default: 127.0.0.1).", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("The TCP port; 0 lets the system choose (default: 8000).", valueName: "number"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may use the server, or * for all. May be repeated.",
            valueName: "origin"
        )
    )
    var allowOrigin: [String] = []

    @Option(help: ArgumentHelp("A name to answer to, and to no others. May be repeated.", valueName: "host"))
    var allowHost: [String] = []

    @Option(help: ArgumentHelp("Serve pages from this folder instead of the built-in ones.", valueName: "folder"))
    var pages: String?

    @Option(
        help: ArgumentHelp(
            "A certificate in PEM, with its chain, for https and wss. May be repeated, with as many --tls-key.",
            valueName: "file"
        )
    )
    var tlsCert: [String] = []

    @Option(help: ArgumentHelp("The private key in PEM that belongs to --tls-cert.", valueName: "file"))
    var tlsKey: [String] = []

    @Flag(help: "Make a certificate for https and wss at the start, for development.")
    var tlsSelfSigned = false

    @Option(help: ArgumentHelp("The TCP port for TLS; 0 lets the system choose (default: 8443).", valueName: "number"))
    var tlsPort: Int?

    @Option(help: ArgumentHelp("The oldest TLS that is spoken, 1.2 or 1.3 (default: 1.2).", valueName: "version"))
    var tlsMinimum: String?

    @Flag(help: "Send every request without TLS to the port with it.")
    var tlsRedirect = false

    @Flag(help: "Publish quotes, weather, tickets and camera pictures for the pages to show.")
    var demo = false

    @Option(help: ArgumentHelp("Messages that a channel keeps (default: 1000).", valueName: "count"))
    var historyMessages: Int?

    @Option(help: ArgumentHelp("Bytes that a channel keeps (default: 4194304).", valueName: "bytes"))
    var historyBytes: Int?

    @Option(help: ArgumentHelp("Seconds for which a channel keeps a message (default: 3600).", valueName: "seconds"))
    var historyAge: Int?

    @Option(help: ArgumentHelp("The largest message (default: 1048576).", valueName: "bytes"))
    var messageBytes: Int?

    @Option(help: ArgumentHelp("Event loops to run (default: one for each core).", valueName: "count"))
    var loops: Int?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning or error (default: info).", valueName: "level"))
    var logLevel: String?

    func run() async throws {
        let settings = try ServeSettings(self)
        var logger = Logger(label: "apus")
        logger.logLevel = settings.logLevel
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.loops)
        let server: Server
        do {
            server = try await Server.start(settings.server, group: group, logger: logger)
        } catch {
            try await group.shutdownGracefully()
            throw ServeFailure(error, settings: settings.server)
        }
        Self.announce(server, settings: settings.server, logger: logger)
        let services = ServiceGroup(
            services: [ServerService(server: server)],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        try await services.run()
        try await group.shutdownGracefully()
    }

    private static func announce(_ server: Server, settings: ServerConfiguration, logger: Logger) {
        let address = server.address.webAddress
        print(
            """
            Apus listens on \(address)
              transports  \(address)/
              chat        \(address)/chat
              board       \(address)/board
              examples    \(address)/examples/
              a channel   \(address)/channels/news
            Stop it with Ctrl-C.
            """
        )
        if let secure = server.secureAddress {
            print("With TLS: \(secure.webAddress(scheme: "https"))/")
        }
        // A pipe or a file gets the lines at once too, since scripts wait for them.
        fflush(nil)
        if !server.address.isLoopback {
            logger.warning(
                "everybody who reaches this address can publish and read",
                metadata: ["address": "\(server.address)"]
            )
        }
    }
}

/// Runs a server until it is told to stop.
struct ServerService: Service {
    let server: Server

    func run() async throws {
        try await gracefulShutdown()
        await server.stop()
    }
}

/// Why the server could not start, in words that say what to do.
struct ServeFailure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error, settings: ServerConfiguration) {
        description =
            switch error {
            case let error as ApusError: error.message
            case let error as IOError where error.errnoCode == EADDRINUSE:
                "Port \(settings.port) on \(settings.host) is taken by another program; choose one with --port."
            case let error as IOError where error.errnoCode == EACCES:
                "Port \(settings.port) on \(settings.host) is not for this user; choose one above 1023 with --port."
            case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
                "\(settings.host) is no address of this machine; choose another with --host."
            default: "Cannot listen on \(settings.host):\(settings.port): \(error)"
            }
    }
}
