import ApusTestSupport
import Foundation

extension Page {
    /// The value of a JavaScript expression; of a promise, what it comes to. An exception becomes a ``ScriptError``.
    ///
    ///     let title: String = try await page.evaluate("document.title")
    func evaluate<Value: Decodable & Sendable>(
        _ expression: String,
        as type: Value.Type = Value.self,
        within duration: Duration = .seconds(10)
    ) async throws -> Value {
        let answer = try await call(
            "Runtime.evaluate",
            [
                "expression": .string(expression), "awaitPromise": true, "returnByValue": true, "userGesture": true,
            ],
            within: duration
        )
        if let details = answer["exceptionDetails"] { throw ScriptError(details) }
        let result = answer["result"] ?? .null
        if let other = result["unserializableValue"]?.string {
            throw ScriptError(description: "\(expression) is \(other), which JSON cannot say")
        }
        // `undefined` has no value, and reads as null.
        let value = result["value"] ?? .null
        do {
            return try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
        } catch {
            throw ScriptError(description: "\(expression) is \(value), not \(Value.self)")
        }
    }

    /// Runs statements or an expression, whatever they come to.
    func run(_ script: String, within duration: Duration = .seconds(10)) async throws {
        let _: JSONValue = try await evaluate("(async () => { \(script)\n })().then(() => null)", within: duration)
    }

    /// Waits until an expression is true (or what JavaScript takes for it). Exceptions in it count as not yet.
    ///
    /// The page itself looks again and again, every 20 ms; a navigation meanwhile is no harm.
    func wait(until condition: String, deadline: Duration = .seconds(10)) async throws {
        let start = ContinuousClock.now
        while true {
            let left = deadline - (ContinuousClock.now - start)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            let script = """
                new Promise((resolve) => {
                    const end = performance.now() + \(max(0, milliseconds));
                    let last;
                    const look = async () => {
                        try {
                            last = await (\(condition));
                            if (last) return resolve(null);
                        } catch (error) {
                            last = error;
                        }
                        if (performance.now() < end) return setTimeout(look, 20);
                        resolve(`it was last: ${last}`);
                    };
                    look();
                })
                """
            let failure: String?
            do {
                // The page keeps the time; ours is for a page that hangs or a promise that never comes to anything.
                failure = try await evaluate(script, within: max(.zero, left) + .seconds(10))
            } catch let error as DevToolsError where error.isNavigation && left > .zero {
                // The next document has the same question.
                continue
            } catch is DeadlineExceeded {
                failure = "the page did not answer"
            }
            guard let failure else { return }
            throw DeadlineExceeded(awaited: condition, duration: deadline, observed: failure)
        }
    }
}

extension DevToolsError {
    /// Whether a script was lost because its document was replaced.
    fileprivate var isNavigation: Bool {
        message.contains("navigated or closed") || message.contains("context was destroyed")
            || message.contains("Cannot find") && message.contains("context")
    }
}
