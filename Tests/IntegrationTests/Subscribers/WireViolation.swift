/// The server wrote what the contract does not allow.
struct WireViolation: Error, CustomStringConvertible {
    let reason: String
    let text: String

    var description: String { "\(reason): \(text.debugDescription)" }
}
