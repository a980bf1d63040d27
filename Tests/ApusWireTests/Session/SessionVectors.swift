import ApusWire
import Foundation
import NIOCore

/// `spec/vectors/session.json`, which other languages' tests read too.
struct SessionVectors {
    struct Vector {
        let name: String
        let wire: String
        let members: [JSONMember]

        /// The Protobuf form with its length before it.
        var protobuf: ByteBuffer {
            var bytes: [UInt8] = []
            var digits = (text("protobuf") ?? "")[...]
            while let byte = UInt8(digits.prefix(2), radix: 16) {
                bytes.append(byte)
                digits = digits.dropFirst(2)
            }
            var buffer = ByteBuffer()
            ProtobufWriter.append(varint: UInt64(bytes.count), to: &buffer)
            buffer.writeBytes(bytes)
            return buffer
        }

        func text(_ name: String) -> String? { members[name]?.string }
        func number(_ name: String) -> Int64? { members[name]?.integer }
    }

    private let members: [JSONMember]

    init() throws {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let data = try Data(contentsOf: folder.appending(path: "spec/vectors/session.json"))
        members = try JSONScanner.members(of: ByteBuffer(bytes: data))
    }

    func all(_ section: String) throws -> [Vector] {
        guard let section = members[section] else { return [] }
        return try section.elements(limit: 1_000).map { element in
            let members = try element.members()
            return Vector(
                name: members["name"]?.string ?? "",
                wire: members["wire"]?.string ?? "",
                members: members
            )
        }
    }
}
