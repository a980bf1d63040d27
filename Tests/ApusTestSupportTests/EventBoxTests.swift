import ApusTestSupport
import Testing

@Suite struct EventBoxTests {
    @Test func valuesComeOutOnceAndInOrder() async throws {
        let box = EventBox<Int>()
        for value in 1...5 { box.send(value) }
        #expect(try await box.next() == 1)
        #expect(try await box.next(3) == [2, 3, 4])
        #expect(box.waiting == [5])
    }

    @Test func aWaitEndsWhenTheLastOfItsValuesComes() async throws {
        let box = EventBox<Int>()
        async let three = box.next(3, "numbers")
        for value in 1...3 { box.send(value) }
        #expect(try await three == [1, 2, 3])
    }

    @Test func aWaitThatIsTooLongTakesNothingAndSaysWhatWasThere() async throws {
        let box = EventBox<String>()
        box.send("one")
        let error = await #expect(throws: DeadlineExceeded.self) {
            try await box.next(2, "greetings", within: .milliseconds(5))
        }
        #expect(error?.description.contains("2 × greetings") == true)
        #expect(error?.description.contains("one") == true)
        box.send("two")
        #expect(try await box.next(2) == ["one", "two"])
    }

    @Test func afterTheEndWaitsFailAndValuesAreIgnored() async throws {
        let box = EventBox<Int>()
        box.send(1)
        box.finish()
        box.send(2)
        #expect(try await box.next() == 1)
        await #expect(throws: EventBoxFinished.self) { try await box.next() }
        #expect(box.isFinished)
    }

    @Test func valuesBeforeTheFittingOneAreDropped() async throws {
        let box = EventBox<Int>()
        for value in 1...4 { box.send(value) }
        #expect(try await box.first { $0 > 2 } == 3)
        #expect(box.waiting == [4])
    }

    @Test func aDeadlineThatRacesWithAValueDoesNotLoseIt() async throws {
        let box = EventBox<Int>()
        for round in 0..<200 {
            async let sent: Void = {
                try await Task.sleep(for: .microseconds(500))
                box.send(round)
            }()
            let first = try? await box.next("a value that may be late", within: .microseconds(500))
            try await sent
            if first == nil {
                #expect(try await box.next() == round)
            } else {
                #expect(first == round)
            }
        }
    }

    @Test func aWaitForLessIsNotHeldUpByOneThatGaveUp() async throws {
        let box = EventBox<Int>()
        box.send(1)
        let many = Task { try await box.next(5, "values", within: .milliseconds(30)) }
        let one = Task { try await box.next("a value") }
        await #expect(throws: DeadlineExceeded.self) { try await many.value }
        #expect(try await one.value == 1)
    }

    @Test func manyThreadsLoseNothing() async throws {
        let box = EventBox<Int>()
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask { for value in 0..<500 { box.send(sender * 500 + value) } }
            }
        }
        #expect(try await box.next(4000).sorted() == Array(0..<4000))
    }
}
