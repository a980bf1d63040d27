import NIOCore
import NIOHTTP2

/// What an HTTP/2 connection may ask for (RFC 9113 §10.5). A connection that asks for more is ended with `ENHANCE_YOUR_CALM`.
public struct HTTP2Limits: Sendable {
    /// Whether HTTP/2 is spoken at all: on TLS by ALPN, without TLS to clients that begin with it. Default: yes.
    public var isEnabled = true
    /// The most streams at a time. Default: 1,000, so that hundreds of event streams share a connection.
    public var maximumStreams = 1_000
    /// The most streams that a client may reset within `window`, against rapid resets. Default: 1,000.
    public var maximumResets = 1_000
    /// The most broken streams within `window`. Default: 200.
    public var maximumStreamErrors = 200
    /// The most PING, SETTINGS and PRIORITY frames within `window`. Default: 200.
    public var maximumControlFrames = 200
    /// The time in which the three above are counted. Default: 30 seconds.
    public var window: Duration = .seconds(30)
    /// The most CONTINUATION frames of one head. Default: 5.
    public var maximumContinuations = 5
    /// The most empty DATA frames one after another. Default: 1.
    public var maximumEmptyFrames = 1
    /// The most answers to PING and SETTINGS that wait for the client to read them, in frames. Default: 1,000.
    public var maximumBufferedControlFrames = 1_000
    /// How many bytes of a stream may wait for its window before the stream counts as full. Default: 64 KiB.
    public var streamBufferBytes = 64 << 10

    /// The defaults.
    public init() {}
}

extension HTTP2Limits {
    func connectionConfiguration(headBytes: Int) -> NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headBytes),
            // RFC 8441 §3
            HTTP2Setting(parameter: .enableConnectProtocol, value: 1),
        ]
        configuration.maximumSequentialEmptyDataFrames = maximumEmptyFrames
        configuration.maximumBufferedControlFrames = maximumBufferedControlFrames
        configuration.maximumSequentialContinuationFrames = maximumContinuations
        configuration.controlFrameRateLimit.maximumCount = maximumControlFrames
        configuration.controlFrameRateLimit.windowLength = TimeAmount(window)
        return configuration
    }

    var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.outboundBufferSizeHighWatermark = streamBufferBytes
        configuration.outboundBufferSizeLowWatermark = streamBufferBytes / 2
        configuration.streamResetFrameRateLimit.maximumCount = maximumResets
        configuration.streamResetFrameRateLimit.windowLength = TimeAmount(window)
        configuration.streamErrorRateLimit.maximumCount = maximumStreamErrors
        configuration.streamErrorRateLimit.windowLength = TimeAmount(window)
        return configuration
    }
}
