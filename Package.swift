// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "apus",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ApusCore", targets: ["ApusCore"]),
        .library(name: "ApusHub", targets: ["ApusHub"]),
        .library(name: "ApusServer", targets: ["ApusServer"]),
        .library(name: "ApusClient", targets: ["ApusClient"]),
        .executable(name: "apus", targets: ["apus"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "ApusCore", dependencies: [nioCore], swiftSettings: settings),
        .target(name: "ApusWire", dependencies: ["ApusCore", "CZlib", nioCore], swiftSettings: settings),
        .target(
            name: "ApusHub",
            dependencies: [
                "ApusCore", "ApusWire", nioCore, logging,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ApusServer",
            dependencies: [
                "ApusCore", "ApusWire", "ApusHub", "CZlib", nioCore, nioPosix, nioHTTP1, nioHTTP2, nioHPACK, nioSSL,
                httpTypes, logging,
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ApusClient",
            dependencies: ["ApusCore", "ApusWire", nioCore, nioPosix, nioHTTP1],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "apus",
            dependencies: [
                "ApusCore", "ApusWire", "ApusHub", "ApusServer", "ApusClient", nioCore, nioPosix, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ApusTestSupport",
            dependencies: ["ApusCore", "ApusWire", nioCore, nioPosix],
            path: "Tests/ApusTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ApusTestSupportTests",
            dependencies: ["ApusTestSupport", nioCore, nioPosix],
            swiftSettings: settings
        ),
        .testTarget(name: "ApusCoreTests", dependencies: ["ApusCore", "ApusTestSupport"], swiftSettings: settings),
        .testTarget(
            name: "ApusWireTests",
            dependencies: ["ApusWire", "ApusCore", "ApusTestSupport", nioCore],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ApusHubTests",
            dependencies: [
                "ApusHub", "ApusWire", "ApusCore", "ApusTestSupport", nioCore, nioPosix,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ApusServerTests",
            dependencies: [
                "ApusServer", "ApusHub", "ApusWire", "ApusCore", "ApusTestSupport", nioCore, nioHTTP1, httpTypes,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ApusClientTests",
            dependencies: [
                "ApusClient", "ApusServer", "ApusHub", "ApusWire", "ApusCore", "ApusTestSupport", nioCore, nioPosix,
                nioHTTP1,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "ApusClient", "ApusServer", "ApusHub", "ApusWire", "ApusCore", "ApusTestSupport", nioCore, nioPosix,
                nioHTTP1, nioHTTP2, nioHPACK, nioSSL, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["ApusServer", "ApusHub", "ApusCore", "ApusTestSupport", nioCore],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BrowserTests",
            dependencies: ["ApusServer", "ApusHub", "ApusCore", "ApusTestSupport", nioCore, nioPosix],
            swiftSettings: settings
        ),
    ]
)
