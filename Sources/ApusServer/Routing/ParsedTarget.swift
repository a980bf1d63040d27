import ApusCore

/// A request's target, understood as far as that needs no other part of the request.
struct ParsedTarget: Sendable {
    let target: RequestTarget
    /// What the path names, or why it names nothing.
    let route: Result<Route, ApusError>
    /// The parameters, or what is wrong with them.
    let query: Result<Query, ApusError>

    /// - Throws: `ApusError` with code `badRequest` for what is no target at all.
    init(_ text: String, channelLimit: Int) throws(ApusError) {
        let target = try RequestTarget(text)
        self.target = target
        route = Result { () throws(ApusError) in try Route(target, limit: channelLimit) }
        query = Result { () throws(ApusError) in try Query(target.query) }
    }
}
