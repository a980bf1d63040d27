/// Why an object is neither a message nor a gap in its JSON form.
package enum MessageFormError: Error, Hashable, CustomStringConvertible {
    /// It is no JSON, or none of the right kind.
    case json(JSONError)
    /// A member that must be there is not.
    case missing(String)
    /// A member has a value that it can't have.
    case invalid(String)

    package var description: String {
        switch self {
        case .json(let error): error.description
        case .missing(let member): "the member '\(member)' is missing"
        case .invalid(let member): "the member '\(member)' has a value that it can't have"
        }
    }
}
