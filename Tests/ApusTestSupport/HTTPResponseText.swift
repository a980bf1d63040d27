/// An HTTP/1.1 response as it stands on the wire, taken apart for tests, independently of the server's own code.
package struct HTTPResponseText: Sendable {
    package var version: String
    package var status: Int
    package var reason: String
    /// Names as they were sent, in the order in which they were sent.
    package var fields: [(name: String, value: String)]
    /// The body, its chunks joined.
    package var body: [UInt8] = []
    /// The chunks of a chunked body, one by one; nil for other bodies.
    package var chunks: [[UInt8]]?

    /// The body as text; bytes that are not UTF-8 are replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field, several joined as RFC 9110 §5.3 allows; nil when there is none.
    package subscript(_ name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// What is wrong with a response.
    package struct Malformed: Error, CustomStringConvertible {
        package let reason: String
        package let text: String

        package var description: String { "\(reason) in \(text.debugDescription)" }
    }

    /// Takes a head apart, which ends with an empty line.
    package init(head: String) throws {
        guard head.hasSuffix("\r\n\r\n") else { throw Malformed(reason: "no empty line after the head", text: head) }
        // CRLF is one Character, so the empty line and the line end before it are two.
        var lines = head.dropLast(2).split(separator: "\r\n", omittingEmptySubsequences: false)
        let statusLine = lines.removeFirst().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard statusLine.count == 3, statusLine[0].hasPrefix("HTTP/1."), statusLine[1].utf8.count == 3,
            let status = Int(statusLine[1])
        else { throw Malformed(reason: "no status line", text: head) }
        version = String(statusLine[0])
        self.status = status
        reason = String(statusLine[2])
        fields = try lines.map { line in
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                !line[..<colon].contains(where: { $0 == " " || $0 == "\t" }), !line.contains("\n")
            else { throw Malformed(reason: "a line that is no field", text: String(line)) }
            var value = line[line.index(after: colon)...]
            while let first = value.first, first == " " || first == "\t" { value.removeFirst() }
            while let last = value.last, last == " " || last == "\t" { value.removeLast() }
            return (String(line[..<colon]), String(value))
        }
    }

    /// Takes a whole response apart, with nothing after it, as after `Connection: close`.
    package init(whole bytes: [UInt8], toHead: Bool = false) throws {
        guard let (response, consumed) = try Self.parse(bytes, toHead: toHead, isEnd: true), consumed == bytes.count
        else {
            throw Malformed(reason: "not exactly one response", text: String(decoding: bytes, as: UTF8.self))
        }
        self = response
    }

    /// The response at the beginning of the bytes, and how many of them it has; nil while more is needed.
    ///
    /// `isEnd` says that no more will come, which ends a body without a length (RFC 9112 §6.3).
    package static func parse(
        _ bytes: [UInt8],
        toHead: Bool = false,
        isEnd: Bool
    ) throws -> (response: HTTPResponseText, consumed: Int)? {
        guard let headEnd = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        var response = try HTTPResponseText(head: String(decoding: bytes[..<headEnd], as: UTF8.self))
        let rest = bytes[headEnd...]
        if toHead || response.status < 200 || response.status == 204 || response.status == 304 {
            return (response, headEnd)
        }
        if let coding = response["Transfer-Encoding"] {
            guard coding.lowercased() == "chunked", response["Content-Length"] == nil else {
                throw Malformed(reason: "a body of two lengths or an unknown coding", text: coding)
            }
            guard let body = try ChunkedText.parse(rest) else { return nil }
            response.chunks = body.chunks
            response.body = Array(body.chunks.joined())
            return (response, headEnd + body.consumed)
        }
        if let length = response["Content-Length"] {
            guard let count = Int(length), count >= 0 else {
                throw Malformed(reason: "no length", text: length)
            }
            guard rest.count >= count else { return nil }
            response.body = Array(rest.prefix(count))
            return (response, headEnd + count)
        }
        guard isEnd else { return nil }
        response.body = Array(rest)
        return (response, bytes.count)
    }
}
