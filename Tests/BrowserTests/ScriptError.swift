/// An exception that a script in the page threw.
struct ScriptError: Error, CustomStringConvertible {
    /// What was thrown, as the page would print it, with where.
    let description: String

    init(description: String) {
        self.description = description
    }

    /// From the protocol's `Runtime.ExceptionDetails`.
    init(_ details: JSONValue) {
        let exception = details["exception"]
        let thrown = exception?["description"]?.string ?? exception?["value"].map { "\($0.string ?? "\($0)")" }
        description = thrown ?? details["text"]?.string ?? "an exception without a description"
    }
}
