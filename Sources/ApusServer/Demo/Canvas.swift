/// A picture in memory: red, green and blue, a byte each, line after line.
struct Canvas {
    /// A colour; each part from 0 to 255.
    struct Colour: Hashable {
        var red: Double
        var green: Double
        var blue: Double

        init(_ red: Double, _ green: Double, _ blue: Double) {
            self.red = red
            self.green = green
            self.blue = blue
        }

        /// What lies between two, 0 being this one and 1 the other.
        func mixed(with other: Colour, _ share: Double) -> Colour {
            Colour(
                red + (other.red - red) * share,
                green + (other.green - green) * share,
                blue + (other.blue - blue) * share
            )
        }
    }

    let width: Int
    let height: Int
    private(set) var bytes: [UInt8]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        bytes = [UInt8](repeating: 0, count: width * height * 3)
    }

    /// Lays a colour over one pixel; outside the picture nothing happens.
    mutating func blend(_ colour: Colour, x: Int, y: Int, coverage: Double = 1) {
        guard (0..<width).contains(x), (0..<height).contains(y), coverage > 0 else { return }
        let index = (y * width + x) * 3
        let share = min(1, coverage)
        bytes[index] = Self.mixed(bytes[index], colour.red, share)
        bytes[index + 1] = Self.mixed(bytes[index + 1], colour.green, share)
        bytes[index + 2] = Self.mixed(bytes[index + 2], colour.blue, share)
    }

    /// Fills a line.
    mutating func fillLine(_ colour: Colour, y: Int) {
        for x in 0..<width { blend(colour, x: x, y: y) }
    }

    /// A disc with a soft edge of one pixel.
    mutating func fillDisc(_ colour: Colour, x: Double, y: Double, radius: Double) {
        var shape = Shape()
        shape.add(x: x, y: y, radius: radius)
        fill(colour, shape)
    }

    /// A shape of many discs, without darker places where they overlap.
    mutating func fill(_ colour: Colour, _ shape: Shape) {
        guard let box = shape.box(width: width, height: height) else { return }
        var coverage = [Double](repeating: 0, count: box.x.count * box.y.count)
        for disc in shape.discs {
            let reach = disc.radius + 1
            for y in box.y.clamped(to: Shape.range(disc.y, reach)) {
                for x in box.x.clamped(to: Shape.range(disc.x, reach)) {
                    let (dx, dy) = (Double(x) + 0.5 - disc.x, Double(y) + 0.5 - disc.y)
                    let value = disc.radius + 0.5 - (dx * dx + dy * dy).squareRoot()
                    let index = (y - box.y.lowerBound) * box.x.count + x - box.x.lowerBound
                    coverage[index] = max(coverage[index], min(1, value))
                }
            }
        }
        var index = 0
        for y in box.y {
            for x in box.x {
                blend(colour, x: x, y: y, coverage: coverage[index])
                index += 1
            }
        }
    }

    private static func mixed(_ below: UInt8, _ above: Double, _ share: Double) -> UInt8 {
        UInt8(max(0, min(255, Double(below) + (above - Double(below)) * share)))
    }

    /// Discs that are drawn as one.
    struct Shape {
        struct Disc {
            var x: Double
            var y: Double
            var radius: Double
        }

        private(set) var discs: [Disc] = []

        mutating func add(x: Double, y: Double, radius: Double) {
            discs.append(Disc(x: x, y: y, radius: radius))
        }

        /// The pixels that it can touch within a picture; nil when it lies outside.
        fileprivate func box(width: Int, height: Int) -> (x: Range<Int>, y: Range<Int>)? {
            var x = 0..<0
            var y = 0..<0
            for disc in discs {
                let (alongX, alongY) = (Self.range(disc.x, disc.radius + 1), Self.range(disc.y, disc.radius + 1))
                x = x.isEmpty ? alongX : min(x.lowerBound, alongX.lowerBound)..<max(x.upperBound, alongX.upperBound)
                y = y.isEmpty ? alongY : min(y.lowerBound, alongY.lowerBound)..<max(y.upperBound, alongY.upperBound)
            }
            (x, y) = (x.clamped(to: 0..<width), y.clamped(to: 0..<height))
            return x.isEmpty || y.isEmpty ? nil : (x, y)
        }

        fileprivate static func range(_ centre: Double, _ reach: Double) -> Range<Int> {
            Int((centre - reach).rounded(.down))..<Int((centre + reach).rounded(.up)) + 1
        }
    }
}
