import ApusCore
package import ApusHub
import ApusWire
import HTTPTypes
package import Logging
package import NIOCore

/// What all connections of one event loop share. Belongs to that loop.
package final class ServerLoop {
    package let shard: Shard
    package let context: ServerContext
    private var httpDate = HTTPDate()
    private var deflaters: [Int: Deflater] = [:]
    private var sharedInflater: Inflater?
    private var connections: [ObjectIdentifier: any ServerConnection] = [:]

    package init(shard: Shard, context: ServerContext) {
        self.shard = shard
        self.context = context
    }

    package var eventLoop: any EventLoop { shard.eventLoop }
    package var hub: Hub { context.hub }
    package var configuration: ServerConfiguration { context.configuration }
    package var logger: Logger { context.logger }

    // MARK: Shared between connections

    /// What compresses for every WebSocket with such a window; nil, so that nothing is compressed, if zlib has no memory.
    func deflater(windowBits: Int) -> Deflater? {
        if let deflater = deflaters[windowBits] { return deflater }
        let deflater = try? Deflater(windowBits: windowBits)
        deflaters[windowBits] = deflater
        return deflater
    }

    /// What inflates for every WebSocket whose client keeps no context between messages.
    func inflater() throws(DeflateFailure) -> Inflater {
        if let sharedInflater { return sharedInflater }
        let inflater = try Inflater()
        sharedInflater = inflater
        return inflater
    }

    // MARK: Targets

    /// What the latest targets mean; a thousand clients that follow a channel ask for it in the same words.
    private var parsedTargets: [String: ParsedTarget] = [:]
    /// How many targets are remembered before all are forgotten.
    private static let maximumParsedTargets = 128

    /// Takes a target apart.
    ///
    /// - Throws: `ApusError` with code `badRequest`.
    func parse(_ text: String) throws(ApusError) -> ParsedTarget {
        if let parsed = parsedTargets[text] { return parsed }
        let parsed = try ParsedTarget(text, channelLimit: configuration.hub.channelsPerSubscriber)
        if parsedTargets.count >= Self.maximumParsedTargets { parsedTargets = [:] }
        parsedTargets[text] = parsed
        return parsed
    }

    // MARK: Origins

    /// The last decision on who may use the server; connections of one page ask the same thing again and again.
    private var lastOrigin: (scheme: String?, host: String?, origin: String?, decision: OriginPolicy.Decision)?

    /// Decides whether a request may be answered, by the names that it came for and from.
    func decide(_ request: HTTPRequest, target: RequestTarget) -> OriginPolicy.Decision {
        guard target.authority == nil else { return context.origins.decide(request, target: target) }
        let origin = request.headerFields[.origin]
        if let last = lastOrigin, last.host == request.authority, last.origin == origin,
            last.scheme == request.scheme
        {
            return last.decision
        }
        let decision = context.origins.decide(request, target: target)
        lastOrigin = (request.scheme, request.authority, origin, decision)
        return decision
    }

    // MARK: Connections

    /// The `Date` field's value now.
    func date() -> String { httpDate.text(at: context.time()) }

    /// How many connections this loop has.
    package var connectionCount: Int { connections.count }

    func opened(_ connection: any ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func closed(_ connection: any ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Lets every connection end: idle ones at once, others when they have answered.
    func stop() {
        for connection in Array(connections.values) { connection.stop() }
    }

    /// Ends every connection now.
    func closeAll() {
        for connection in Array(connections.values) { connection.closeNow() }
    }
}

/// A connection that can be told to end. Belongs to one event loop.
protocol ServerConnection: AnyObject {
    /// The server stops: end as soon as what is under way is answered.
    func stop()
    /// End now.
    func closeNow()
}
