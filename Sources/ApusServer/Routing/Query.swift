package import ApusCore

/// A request's query: decoded names and values in their order.
package struct Query: Hashable, Sendable {
    /// The most parameters that a query may have.
    package static let maximumCount = 64

    /// A parameter that this server knows. Others are ignored, so that clients can add what makes a URL unique.
    package enum Parameter: String, CaseIterable, Sendable {
        case transport
        case since
        case lastEventIDHeader = "Last-Event-ID"
        case lastEventID = "lastEventId"
        case timeout
        case callback
        case format
        case envelope
        case type
        case event
        case id
        case limit
        case reverse
    }

    /// One name and its value.
    package struct Item: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// All of them, known or not.
    package let items: [Item]

    /// Reads what follows the `?` of a target; nil is an empty query.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` for bad percent-encoding, or for more than `maximumCount`.
    package init(_ text: Substring?) throws(ApusError) {
        guard let text else {
            items = []
            return
        }
        var items: [Item] = []
        for pair in text.split(atByte: UInt8(ascii: "&")) where !pair.isEmpty {
            guard items.count < Self.maximumCount else {
                throw ApusError(.invalidParameter, "The query has more than \(Self.maximumCount) parameters.")
            }
            let parts = pair.split(atByte: UInt8(ascii: "="), maxSplits: 1)
            guard let name = PercentDecoding.decodeForm(parts[0]),
                let value = parts.count == 2 ? PercentDecoding.decodeForm(parts[1]) : ""
            else {
                throw ApusError(
                    .invalidParameter,
                    "'\(pair.prefix(64))' in the query is not percent-encoded UTF-8; write '%' as %25."
                )
            }
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    /// A known parameter's value, or nil without it.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` when it is given twice: which one counts is nobody's guess.
    package func value(_ parameter: Parameter) throws(ApusError) -> String? {
        var found: String?
        for item in items where item.name == parameter.rawValue {
            guard found == nil else {
                throw ApusError(.invalidParameter, "'\(parameter.rawValue)' is given twice; give it once.")
            }
            found = item.value
        }
        return found
    }

    /// A parameter that is `true` or `false`.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` for any other value.
    package func flag(_ parameter: Parameter) throws(ApusError) -> Bool {
        switch try value(parameter) {
        case nil, "false"?: return false
        case "true"?: return true
        case let other?:
            throw ApusError(
                .invalidParameter,
                "'\(parameter.rawValue)' is 'true' or 'false', not '\(other.prefix(64))'."
            )
        }
    }

    /// A parameter that is a whole number within a range, written without sign.
    ///
    /// - Throws: `ApusError` with code `invalidParameter` for any other value.
    package func number(_ parameter: Parameter, in range: ClosedRange<Int>) throws(ApusError) -> Int? {
        guard let text = try value(parameter) else { return nil }
        guard let number = DecimalNumber.read(text), range.contains(number) else {
            throw ApusError(
                .invalidParameter,
                "'\(parameter.rawValue)' is a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(text.prefix(64))'."
            )
        }
        return number
    }
}
