import Foundation

extension Page {
    /// A key that is more than a character.
    enum Key: String, Sendable {
        case enter = "Enter"
        case tab = "Tab"
        case escape = "Escape"
        case backspace = "Backspace"
        case up = "ArrowUp"
        case down = "ArrowDown"

        fileprivate var code: JSONValue {
            switch self {
            case .enter: 13
            case .tab: 9
            case .escape: 27
            case .backspace: 8
            case .up: 38
            case .down: 40
            }
        }
    }

    private struct Point: Decodable {
        let x: Double
        let y: Double
    }

    /// Clicks in the middle of the first element that the selector finds, as soon as there is one that a click would reach.
    func click(_ selector: String, deadline: Duration = .seconds(10)) async throws {
        let name = try literal(selector)
        // What a user sees is what is clicked: an element without a size, or under another one, is not ready.
        try await wait(
            until: """
                (() => {
                    const element = document.querySelector(\(name));
                    if (!element) throw new Error("there is no " + \(name));
                    if (element.disabled) throw new Error(\(name) + " is disabled");
                    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
                    const box = element.getBoundingClientRect();
                    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                    const hit = document.elementFromPoint(x, y);
                    if (!box.width || !box.height || !hit) throw new Error(\(name) + " is not visible");
                    if (hit !== element && !element.contains(hit) && !hit.contains(element))
                        throw new Error(\(name) + " is covered by " + hit.outerHTML.slice(0, 100));
                    return true;
                })()
                """,
            deadline: deadline
        )
        let point: Point = try await evaluate(
            """
            (() => {
                const box = document.querySelector(\(name)).getBoundingClientRect();
                return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            })()
            """
        )
        for type in ["mouseMoved", "mousePressed", "mouseReleased"] {
            try await call(
                "Input.dispatchMouseEvent",
                [
                    "type": .string(type), "x": .number(point.x), "y": .number(point.y),
                    "button": type == "mouseMoved" ? "none" : "left", "clickCount": 1,
                ]
            )
        }
    }

    /// Clicks into a field and types: what stood in it is replaced.
    func type(_ selector: String, _ text: String, deadline: Duration = .seconds(10)) async throws {
        try await click(selector, deadline: deadline)
        let name = try literal(selector)
        try await run("const field = document.querySelector(\(name)); field.focus(); field.select?.();")
        try await call("Input.insertText", ["text": .string(text)])
    }

    /// Presses and releases a key, where the focus is.
    func press(_ key: Key) async throws {
        for type in ["keyDown", "keyUp"] {
            var event: [String: JSONValue] = [
                "type": .string(type), "key": .string(key.rawValue), "code": .string(key.rawValue),
                "windowsVirtualKeyCode": key.code,
            ]
            // Only with its character does Enter submit a form.
            if key == .enter, type == "keyDown" { event["text"] = "\r" }
            try await call("Input.dispatchKeyEvent", .object(event))
        }
    }

    /// A string as JavaScript writes it.
    private func literal(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
