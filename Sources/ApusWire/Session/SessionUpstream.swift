package import NIOCore

/// What a client of a one-way transport sends by a request of its own: commands, and for which session (`spec/session.md` §5).
package struct SessionUpstream: Hashable, Sendable {
    package let session: String
    /// Which server holds it; empty where the client does not say.
    package let node: String
    /// A batch of commands; empty for a poll that sends nothing.
    package let commands: ByteBuffer

    /// Reads `{"session":"…","node":"…","data":"…"}`; `data` is the batch as a string, or one command as it stands.
    package init(_ body: ByteBuffer) throws(SessionViolation) {
        do throws(JSONError) {
            let members = try JSONScanner.members(of: body)
            guard let session = members["session"]?.string, !session.isEmpty else { throw .expected(.string) }
            self.session = session
            node = members["node"]?.string ?? ""
            guard let data = members["data"], data.kind != .null else {
                commands = ByteBuffer()
                return
            }
            commands = data.utf8 ?? data.raw
        } catch {
            throw .malformed
        }
    }

    /// Reads an `EmulationRequest`: node, session, data.
    package init(protobuf body: ByteBuffer) throws(SessionViolation) {
        do throws(ProtobufField.Violation) {
            var texts: [Int: ByteBuffer] = [:]
            for field in try ProtobufField.all(in: body, limit: 64) {
                if case .bytes(let bytes) = field.value { texts[field.number] = bytes }
            }
            guard let session = texts[2], session.readableBytes > 0 else { throw .malformed }
            self.session = String(buffer: session)
            node = texts[1].map { String(buffer: $0) } ?? ""
            commands = texts[3] ?? ByteBuffer()
        } catch {
            throw .malformed
        }
    }
}
