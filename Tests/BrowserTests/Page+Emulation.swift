import Foundation

extension Page {
    /// Takes the page off the network, or back.
    ///
    /// Offline, new requests and WebSockets fail at once. What stands already is another matter: HTTP streams go on, and
    /// what WebSockets receive is held back until the page is online again. To break those, the test ends them on the
    /// server's side.
    func setOffline(_ isOffline: Bool) async throws {
        try await call(
            "Network.emulateNetworkConditions",
            [
                "offline": .bool(isOffline), "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
            ]
        )
    }

    /// The size of the window in CSS pixels, and which colours its user prefers.
    ///
    /// Below 600 pixels it is a phone's, on which a page without a `viewport` has a width of 980 all the same.
    func emulate(width: Int, height: Int, dark: Bool = false) async throws {
        try await call(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1,
                "mobile": .bool(width < 600),
            ]
        )
        try await call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]]]
        )
    }

    /// Writes what the window shows, or the whole page, to a PNG file.
    func screenshot(_ path: String, wholePage: Bool = false) async throws {
        var parameters: [String: JSONValue] = ["format": "png"]
        if wholePage {
            let metrics = try await call("Page.getLayoutMetrics")
            guard let size = metrics["cssContentSize"], let width = size["width"], let height = size["height"] else {
                throw DevToolsError(method: "Page.getLayoutMetrics", message: "no size in \(metrics)")
            }
            parameters["captureBeyondViewport"] = true
            parameters["clip"] = ["x": 0, "y": 0, "width": width, "height": height, "scale": 1]
        }
        let answer = try await call("Page.captureScreenshot", .object(parameters), within: .seconds(30))
        guard let picture = answer["data"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
            throw DevToolsError(method: "Page.captureScreenshot", message: "no picture")
        }
        try picture.write(to: URL(fileURLWithPath: path))
    }
}
