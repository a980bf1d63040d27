package import ApusCore
package import HTTPTypes

/// What a request's path names.
package enum Route: Hashable, Sendable {
    /// `/channels/a` or `/channels/a,b`: reading; with one name also publishing and dropping.
    case channels(ChannelList)
    /// `/channels/a/history`
    case history(ChannelName)
    /// `/echo`, a WebSocket that sends everything back.
    case echo
    /// `/wire/head`: tells the size of the request head that asked, for pages that count bytes.
    case wireHead
    /// `*`, the server as a whole: only `OPTIONS` asks for it (RFC 9110 §9.3.7).
    case server
    /// Anything else that may be a page.
    case page(PagePath)

    /// Reads a path.
    ///
    /// - Parameter limit: how many channels one request may name.
    /// - Throws: `ApusError` with code `invalidChannel` for names below `/channels/`, `notFound` for paths that nothing
    ///   can have.
    package init(_ target: RequestTarget, limit: Int = ChannelList.defaultLimit) throws(ApusError) {
        let path = target.path
        switch path {
        case "*":
            self = .server
            return
        case "/echo":
            self = .echo
            return
        case "/wire/head":
            self = .wireHead
            return
        default: break
        }
        let segments = path.dropFirst().split(atByte: UInt8(ascii: "/"), maxSplits: 3)
        if segments.first == "channels" {
            self = try Self.belowChannels(segments.dropFirst(), path: path, limit: limit)
            return
        }
        guard let page = PagePath(path) else { throw Self.notFound(path) }
        self = .page(page)
    }

    private static func belowChannels(
        _ segments: ArraySlice<Substring>,
        path: Substring,
        limit: Int
    ) throws(ApusError) -> Route {
        guard let names = segments.first, !names.isEmpty else { throw notFound(path) }
        if segments.count == 1 { return .channels(try ChannelList(segment: names, limit: limit)) }
        guard segments.count == 2, segments.last == "history" else { throw notFound(path) }
        guard let name = try ChannelList(segment: names, limit: limit).single else {
            throw ApusError(.invalidChannel, "History is of one channel; ask for each on its own.")
        }
        return .history(name)
    }

    private static func notFound(_ path: Substring) -> ApusError {
        ApusError(
            .notFound,
            "Nothing is at '\(path.prefix(64))'; channels are at /channels/{name}, their history at /channels/{name}/history."
        )
    }

    /// The methods that the resource answers to, in the order in which `Allow` names them (RFC 9110 §10.2.1).
    package var methods: [HTTPRequest.Method] {
        switch self {
        case .channels(let list): list.single == nil ? [.get, .options] : [.get, .head, .post, .delete, .options]
        case .history, .echo, .wireHead: [.get, .options]
        case .server: [.options]
        case .page: [.get, .head, .options]
        }
    }

    /// Refuses a method that the resource does not have.
    ///
    /// - Throws: `ApusError` with code `methodNotAllowed`; the answer needs `methods` for its `Allow`.
    package func check(_ method: HTTPRequest.Method) throws(ApusError) {
        guard !methods.contains(method) else { return }
        let allowed = methods.lazy.map(\.rawValue).joined(separator: ", ")
        throw ApusError(.methodNotAllowed, "\(method.rawValue.prefix(32)) is not for this resource; it has \(allowed).")
    }
}
