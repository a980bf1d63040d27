import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL

extension ServerLoop {
    /// Makes an accepted socket a connection, or turns it away if there are too many.
    ///
    /// - Parameter tls: What encrypts it; nil for a plain one.
    func accept(_ channel: any NIOCore.Channel, tls: NIOSSLContext? = nil) throws {
        let count = context.metrics.accepted()
        let metrics = context.metrics
        channel.closeFuture.whenComplete { _ in metrics.released() }
        let pipeline = channel.pipeline.syncOperations
        guard count <= configuration.maximumConnections else {
            // With TLS the answer would cost a handshake, and handshakes are what there are too many of.
            guard tls == nil else {
                channel.close(promise: nil)
                return
            }
            try pipeline.addHandler(ConnectionRefusal(loop: self))
            return
        }
        if let tls {
            try pipeline.addHandler(NIOSSLServerHandler(context: tls))
            try pipeline.addHandler(HTTPVersionDetector(loop: self, evidence: .negotiation))
        } else if configuration.http2.isEnabled {
            try pipeline.addHandler(HTTPVersionDetector(loop: self, evidence: .firstBytes))
        } else {
            try addHTTP1(to: channel, isEncrypted: false)
        }
    }

    /// Lets a connection speak HTTP/1.1 from now on.
    @discardableResult
    func addHTTP1(to channel: any NIOCore.Channel, isEncrypted: Bool) throws -> HTTP1Connection {
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes,
                limitConfiguration: NIOHTTPDecoderLimitConfiguration(configuration)
            )
        )
        let connection = HTTP1Connection(loop: self, decoder: decoder, isEncrypted: isEncrypted)
        try channel.pipeline.syncOperations.addHandler(decoder)
        try channel.pipeline.syncOperations.addHandler(connection)
        return connection
    }

    /// Lets a connection speak HTTP/2 from now on.
    func addHTTP2(to channel: any NIOCore.Channel, isEncrypted: Bool) throws {
        let pipeline = channel.pipeline.syncOperations
        // The sockets' defaults are for one answer at a time.
        try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: 128 << 10, high: 512 << 10))
        let management = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: eventLoop,
            configuration: .init(
                maxIdleTime: TimeAmount(configuration.idleTimeout),
                maxAge: nil,
                maxGraceTime: nil,
                keepalive: nil
            )
        )
        let connection = HTTP2Connection(loop: self)
        let bound = NIOLoopBound((loop: self, connection: connection), eventLoop: eventLoop)
        let http2 = NIOHTTP2Handler(
            mode: .server,
            eventLoop: eventLoop,
            connectionConfiguration: configuration.http2.connectionConfiguration(
                headBytes: configuration.maximumHeadBytes
            ),
            streamConfiguration: configuration.http2.streamConfiguration,
            streamDelegate: management.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (loop, connection) = bound.value
                let handler = HTTP2Stream(loop: loop, connection: connection, isEncrypted: isEncrypted)
                try stream.pipeline.syncOperations.addHandler(handler)
            }
        }
        try pipeline.addHandler(WriteGatherer())
        try pipeline.addHandler(http2)
        try pipeline.addHandler(management)
        try pipeline.addHandler(connection)
        // The connection was active before its version was known; the idle time begins now.
        management.channelActive(context: try pipeline.context(handler: management))
    }
}

extension NIOHTTPDecoderLimitConfiguration {
    fileprivate init(_ configuration: ServerConfiguration) {
        self.init()
        maxHeaderFieldSize = configuration.maximumHeadBytes
        maxHeaderListSize = configuration.maximumHeadBytes
        maxHeaderFieldCount = configuration.maximumHeadFields
    }
}
