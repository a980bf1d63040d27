import ApusTestSupport
import Foundation
import Synchronization

/// A page in the browser.
final class Page: Sendable {
    /// What went wrong in the page without a test asking.
    struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, Sendable {
            /// An exception that nobody caught, or a rejected promise.
            case exception
            /// `console.error` and `console.assert`.
            case console
            /// What the browser itself logs as an error: requests that failed, blocked content.
            case browser
            /// `alert`, `confirm`, `prompt`: accepted at once, since they would hold everything up.
            case dialog
            /// The page's process died.
            case crash
        }

        let kind: Kind
        let text: String

        var description: String { "\(kind): \(text)" }
    }

    let connection: DevToolsConnection
    let session: String
    /// The browser context: the profile that this page lives in.
    let context: String
    private let target: JSONValue
    /// Whether the profile goes when this page does.
    private let ownsContext: Bool
    private let problems = Mutex<[Problem]>([])
    /// Gets a value whenever a document of the main frame is parsed.
    private let documents = EventBox<Void>()

    init(connection: DevToolsConnection, session: String, target: JSONValue, context: String, ownsContext: Bool) {
        self.connection = connection
        self.session = session
        self.target = target
        self.context = context
        self.ownsContext = ownsContext
    }

    /// What went wrong so far, oldest first.
    var errors: [Problem] {
        problems.withLock { $0 }
    }

    /// Takes what went wrong so far out, for a test that provokes errors.
    func takeErrors() -> [Problem] {
        problems.withLock { problems in
            defer { problems = [] }
            return problems
        }
    }

    /// Sends a command of the DevTools protocol for this page.
    @discardableResult
    func call(
        _ method: String,
        _ parameters: JSONValue = [:],
        within duration: Duration = .seconds(10)
    ) async throws -> JSONValue {
        do {
            return try await connection.call(method, parameters, session: session, within: duration)
        } catch let error as DevToolsError {
            throw DevToolsError(method: method, message: error.message)
        }
    }

    /// Subscribes to what the page tells of itself.
    func prepare() async throws {
        connection.listen(to: session) { [self] event in receive(event) }
        for domain in ["Page", "Runtime", "Log", "Network", "Inspector"] { try await call("\(domain).enable") }
        try await call("Emulation.setFocusEmulationEnabled", ["enabled": true])
    }

    /// Goes to an address and waits until its document is there.
    func open(_ url: String, within duration: Duration = .seconds(20)) async throws {
        // A document that was parsed before is not the one that is awaited.
        while !documents.waiting.isEmpty { _ = try await documents.next() }
        let answer = try await call("Page.navigate", ["url": .string(url)], within: duration)
        if let reason = answer["errorText"]?.string, !reason.isEmpty {
            throw DevToolsError(method: "Page.navigate", message: "\(reason) for \(url)")
        }
        _ = try await documents.next("document of \(url)", within: duration)
    }

    /// Loads the same address again.
    func reload(within duration: Duration = .seconds(20)) async throws {
        while !documents.waiting.isEmpty { _ = try await documents.next() }
        try await call("Page.reload")
        _ = try await documents.next("reloaded document", within: duration)
    }

    /// Closes the page, and its profile too, with all other pages in it, unless that is borrowed from another page.
    func close() async {
        connection.forget(session: session, because: "the page was closed")
        _ = try? await connection.call("Target.closeTarget", ["targetId": target])
        // A browser keeps the profiles of closed pages, and grows slower with each.
        guard ownsContext else { return }
        _ = try? await connection.call("Target.disposeBrowserContext", ["browserContextId": .string(context)])
    }

    private func receive(_ event: DevToolsConnection.Event) {
        switch event.method {
        case "Page.domContentEventFired":
            documents.send(())
        case "Page.javascriptDialogOpening":
            record(.dialog, event.parameters["message"]?.string ?? "")
            connection.post("Page.handleJavaScriptDialog", ["accept": true], session: session)
        case "Runtime.exceptionThrown":
            record(.exception, ScriptError(event.parameters["exceptionDetails"] ?? .null).description)
        case "Runtime.consoleAPICalled":
            guard let type = event.parameters["type"]?.string, type == "error" || type == "assert" else { return }
            let arguments = event.parameters["args"]?.array ?? []
            record(.console, arguments.map(Self.text(of:)).joined(separator: " "))
        case "Log.entryAdded":
            guard let entry = event.parameters["entry"], entry["level"]?.string == "error" else { return }
            record(.browser, [entry["text"]?.string, entry["url"]?.string].compactMap { $0 }.joined(separator: " "))
        case "Inspector.targetCrashed":
            record(.crash, "the page's process died")
            connection.forget(session: session, because: "the page's process died")
        default:
            // Everything else that these domains tell is of no interest.
            break
        }
    }

    private func record(_ kind: Problem.Kind, _ text: String) {
        problems.withLock { $0.append(Problem(kind: kind, text: text)) }
    }

    /// A value of the page as text, as its console would show it.
    private static func text(of object: JSONValue) -> String {
        object["value"]?.string ?? object["description"]?.string ?? object["type"]?.string ?? ""
    }
}
