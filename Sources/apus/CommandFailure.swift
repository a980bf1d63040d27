import ApusClient
import ApusCore

/// Why a command came to nothing, in the words that are printed. Its exit code is 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ error: any Error) {
        description =
            switch error {
            case let error as ClientError: error.message
            case let error as ApusError: error.message
            default: "\(error)"
            }
    }
}
