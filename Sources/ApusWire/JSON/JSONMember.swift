/// A name and its value in an object.
package struct JSONMember: Hashable, Sendable {
    package let key: String
    package let value: JSONValue
}

extension [JSONMember] {
    /// The value of the last member with this name, as JavaScript has it; nil where there is none.
    package subscript(key: String) -> JSONValue? {
        last { $0.key == key }?.value
    }
}
