package import ApusCore
import NIOCore

/// What a server with nothing else to say publishes: a board of quotes, weather and tickets, and a camera.
///
/// The same seed and times give the same messages.
package struct DemoFeed: Sendable {
    /// How often each kind comes, in milliseconds; quotes come with every tick.
    private enum Pause {
        static let weather: Int64 = 3_000
        static let ticket: Int64 = 5_000
        static let camera: Int64 = 1_000
    }

    private static let quotesPerTick = 3

    private let board: ChannelName
    private let camera: ChannelName
    private let scene: CameraScene
    private var random: DemoRandom
    private var quotes: QuoteWalk
    private var weather: WeatherWalk
    private var tickets: TicketDesk
    private var frame = 0
    private var nextWeather = Int64.min
    private var nextTicket = Int64.min
    private var nextFrame = Int64.min

    /// Begins a feed.
    ///
    /// - Throws: never in fact; the names are fixed and allowed.
    package init(seed: UInt64) throws(ApusError) {
        board = try ChannelName("board")
        camera = try ChannelName("camera")
        scene = CameraScene(seed: seed)
        random = DemoRandom(seed: seed)
        quotes = QuoteWalk()
        weather = WeatherWalk()
        tickets = TicketDesk()
    }

    /// What is due at a time, in milliseconds since 1970. Call it about four times a second.
    ///
    /// - Throws: never in fact; the event names are fixed and allowed.
    package mutating func tick(time: Int64) throws(ApusError) -> [(channel: ChannelName, message: Message)] {
        var due: [(channel: ChannelName, message: Message)] = []
        for json in quotes.next(Self.quotesPerTick, time: time, using: &random) {
            due.append((board, try Self.message("quote", json)))
        }
        if time >= nextWeather {
            nextWeather = time + Pause.weather
            due.append((board, try Self.message("weather", weather.next(using: &random))))
        }
        if time >= nextTicket {
            nextTicket = time + Pause.ticket
            due.append((board, try Self.message("ticket", tickets.next(using: &random))))
        }
        if time >= nextFrame {
            nextFrame = time + Pause.camera
            frame += 1
            let picture = scene.picture(frame: frame, time: time)
            due.append((camera, try Message(data: picture, contentType: ContentType("image/png"), event: "frame")))
        }
        return due
    }

    private static func message(_ event: String, _ json: String) throws(ApusError) -> Message {
        try Message(data: ByteBuffer(string: json), contentType: .json, event: event)
    }
}
