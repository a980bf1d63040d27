package import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A camera that sees swifts over a town in the evening: one picture a call, the same for the same frame and time.
package struct CameraScene: Sendable {
    package static let width = 320
    package static let height = 180

    /// A place in the sky and the way through it: two rounds of different length, so that paths never look closed.
    private struct Swift {
        var centreX: Double
        var centreY: Double
        var reachX: Double
        var reachY: Double
        var pace: Double
        var phase: Double
        var size: Double

        func position(_ time: Double) -> (x: Double, y: Double) {
            let angle = time * pace + phase
            return (
                centreX + reachX * cos(angle) + reachX * 0.3 * sin(angle * 0.37),
                centreY + reachY * sin(angle * 1.6) + reachY * 0.4 * cos(angle * 0.53)
            )
        }
    }

    private let swifts: [Swift]
    /// The height of each column's roof or hill above the lower edge, in pixels.
    private let hills: [Int]
    private let town: [Int]

    /// A scene by its seed.
    package init(seed: UInt64) {
        var random = DemoRandom(seed: seed)
        swifts = (0..<7).map { index in
            Swift(
                centreX: Double(Self.width) * Double.random(in: 0.3...0.7, using: &random),
                centreY: Double(Self.height) * Double.random(in: 0.25...0.45, using: &random),
                reachX: Double.random(in: 70...140, using: &random),
                reachY: Double.random(in: 18...36, using: &random),
                pace: Double.random(in: 0.35...0.6, using: &random) * (index % 2 == 0 ? 1 : -1),
                phase: Double.random(in: 0...6.28, using: &random),
                size: Double.random(in: 6...12, using: &random)
            )
        }
        hills = (0..<Self.width).map { x in
            let x = Double(x)
            return Int(34 + 9 * sin(x / 47) + 5 * sin(x / 19 + 1))
        }
        town = Self.town(using: &random)
    }

    /// Draws a frame.
    ///
    /// - Parameters:
    ///   - frame: its number, for the stamp.
    ///   - time: milliseconds since 1970; the birds fly by it.
    package func picture(frame: Int, time: Int64) -> ByteBuffer {
        PNGWriter.write(canvas(frame: frame, time: time))
    }

    func canvas(frame: Int, time: Int64) -> Canvas {
        var canvas = Canvas(width: Self.width, height: Self.height)
        drawSky(on: &canvas)
        drawGround(on: &canvas)
        // Within a day, sines keep their precision.
        let seconds = Double(time % 86_400_000) / 1000
        for swift in swifts { draw(swift, at: seconds, on: &canvas) }
        drawStamp("\(CalendarTime(milliseconds: time).stamp)  #\(CalendarTime.padded(frame, 6))", on: &canvas)
        return canvas
    }

    // MARK: - The still parts

    private static let zenith = Canvas.Colour(38, 44, 92)
    private static let middle = Canvas.Colour(150, 86, 128)
    private static let horizon = Canvas.Colour(255, 178, 102)

    private func drawSky(on canvas: inout Canvas) {
        for y in 0..<Self.height {
            let share = min(1, Double(y) / Double(Self.height - 34))
            let colour =
                share < 0.55
                ? Self.zenith.mixed(with: Self.middle, share / 0.55)
                : Self.middle.mixed(with: Self.horizon, (share - 0.55) / 0.45)
            canvas.fillLine(colour, y: y)
        }
        for (radius, coverage) in [(46.0, 0.10), (34.0, 0.14), (25.0, 0.2)] {
            drawGlow(radius: radius, coverage: coverage, on: &canvas)
        }
        canvas.fillDisc(Canvas.Colour(255, 236, 190), x: 226, y: 133, radius: 17)
    }

    private func drawGlow(radius: Double, coverage: Double, on canvas: inout Canvas) {
        for y in Int(133 - radius)...Int(133 + radius) {
            for x in Int(226 - radius)...Int(226 + radius) {
                let (dx, dy) = (Double(x) + 0.5 - 226, Double(y) + 0.5 - 133)
                let edge = min(1, radius + 0.5 - (dx * dx + dy * dy).squareRoot())
                canvas.blend(Canvas.Colour(255, 214, 150), x: x, y: y, coverage: edge * coverage)
            }
        }
    }

    private func drawGround(on canvas: inout Canvas) {
        for x in 0..<Self.width {
            for y in Self.height - hills[x]..<Self.height { canvas.blend(Canvas.Colour(94, 58, 92), x: x, y: y) }
            for y in Self.height - town[x]..<Self.height { canvas.blend(Canvas.Colour(36, 28, 54), x: x, y: y) }
        }
        // Windows: a lit one for every few houses.
        for x in stride(from: 7, to: Self.width - 2, by: 23) where x % 3 != 0 {
            for dx in 0...1 {
                for dy in 0...2 {
                    canvas.blend(Canvas.Colour(255, 206, 120), x: x + dx, y: Self.height - 8 - x % 5 + dy - 3)
                }
            }
        }
    }

    /// Gabled houses in a row, and a church among them.
    private static func town(using random: inout DemoRandom) -> [Int] {
        var heights = [Int](repeating: 0, count: width)
        var start = 0
        while start < width {
            let breadth = Int.random(in: 14...26, using: &random)
            let wall = Int.random(in: 12...18, using: &random)
            for x in start..<min(width, start + breadth) {
                let fromEdge = min(x - start, start + breadth - 1 - x)
                heights[x] = wall + fromEdge * 2 / 3
            }
            start += breadth
        }
        for x in 62..<76 { heights[x] = max(heights[x], 34) }
        for x in 62..<76 { heights[x] = max(heights[x], 34 + min(x - 62, 75 - x) * 5) }
        return heights
    }

    // MARK: - What moves

    /// A swift from below: two wings like a sickle, a slim body, a forked tail.
    private func draw(_ swift: Swift, at time: Double, on canvas: inout Canvas) {
        let (x, y) = swift.position(time)
        let (nextX, nextY) = swift.position(time + 0.05)
        let length = max(0.001, ((nextX - x) * (nextX - x) + (nextY - y) * (nextY - y)).squareRoot())
        let (alongX, alongY) = ((nextX - x) / length, (nextY - y) / length)
        // Swifts glide between short bursts of beats.
        let beat = sin(time * 0.9 + swift.phase) > 0.2 ? 0.75 + 0.25 * sin(time * 21 + swift.phase) : 0.95
        var shape = Canvas.Shape()
        func add(forward: Double, side: Double, radius: Double) {
            shape.add(
                x: x + (alongX * forward - alongY * side) * swift.size,
                y: y + (alongY * forward + alongX * side) * swift.size,
                radius: radius * swift.size
            )
        }
        for step in 0...14 {
            let share = Double(step) / 14
            let radius = 0.13 * (1 - share) + 0.012
            for side in [-1.0, 1.0] {
                add(
                    forward: 0.22 + 0.22 * sin(share * 2.2) - 0.85 * share * share,
                    side: side * share * 1.25 * beat,
                    radius: radius
                )
            }
            add(forward: 0.45 - 1.0 * share, side: 0, radius: 0.13 * (1 - share * share) + 0.03)
        }
        for step in 0...4 {
            let share = Double(step) / 4
            for side in [-1.0, 1.0] { add(forward: -0.5 - 0.3 * share, side: side * 0.13 * share, radius: 0.035) }
        }
        canvas.fill(Canvas.Colour(24, 20, 36), shape)
    }

    private func drawStamp(_ text: String, on canvas: inout Canvas) {
        let (left, top) = (8, 8)
        for (place, character) in text.enumerated() {
            guard let lines = PixelFont.lines(of: character) else { continue }
            for (row, bits) in lines.enumerated() {
                for column in 0..<PixelFont.width where bits >> UInt8(PixelFont.width - 1 - column) & 1 == 1 {
                    let (x, y) = (left + place * (PixelFont.width + 1) + column, top + row)
                    canvas.blend(Canvas.Colour(20, 20, 40), x: x + 1, y: y + 1, coverage: 0.6)
                    canvas.blend(Canvas.Colour(255, 248, 230), x: x, y: y)
                }
            }
        }
    }
}
