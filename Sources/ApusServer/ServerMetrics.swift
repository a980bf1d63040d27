import ApusWire
import Metrics
import Synchronization

/// Every metric of the server, under the names `apus_<noun>_<unit>`.
package final class ServerMetrics: Sendable {
    private let transports: [TransportName: TransportMetrics]
    private let httpConnections = Recorder(label: "apus_http_connections", aggregate: false)
    private let httpConnectionCount = Atomic<Int>(0)

    private final class TransportMetrics: Sendable {
        let current = Atomic<Int>(0)
        let gauge: Recorder
        let opened: Counter

        init(_ name: TransportName) {
            let dimensions = [("transport", name.rawValue)]
            gauge = Recorder(label: "apus_connections", dimensions: dimensions, aggregate: false)
            opened = Counter(label: "apus_connections_total", dimensions: dimensions)
        }
    }

    package init() {
        transports = Dictionary(uniqueKeysWithValues: TransportName.allCases.map { ($0, TransportMetrics($0)) })
    }

    /// A stream or a WebSocket has begun.
    func connected(_ transport: TransportName) {
        guard let metrics = transports[transport] else { return }
        metrics.opened.increment()
        metrics.gauge.record(metrics.current.add(1, ordering: .relaxed).newValue)
    }

    func disconnected(_ transport: TransportName) {
        guard let metrics = transports[transport] else { return }
        metrics.gauge.record(metrics.current.subtract(1, ordering: .relaxed).newValue)
    }

    /// A polling request has come.
    func polled(_ transport: TransportName) {
        transports[transport]?.opened.increment()
    }

    /// How many streams or WebSockets of a kind there are.
    package func connections(_ transport: TransportName) -> Int {
        transports[transport]?.current.load(ordering: .relaxed) ?? 0
    }

    /// A WebSocket's client broke the protocol.
    func violated(_ code: WebSocketCloseCode) {
        Counter(label: "apus_websocket_violations_total", dimensions: [("code", "\(code.rawValue)")]).increment()
    }

    /// A TCP connection was accepted; returns how many there are.
    func accepted() -> Int {
        let count = httpConnectionCount.add(1, ordering: .relaxed).newValue
        httpConnections.record(count)
        return count
    }

    func released() {
        httpConnections.record(httpConnectionCount.subtract(1, ordering: .relaxed).newValue)
    }
}
