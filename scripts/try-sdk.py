"""The conversation of scripts/try-sdk: two clients of the SDK, a server, and a wire between them that is cut."""

import asyncio
import json
import socket
import subprocess
import sys
import time
import urllib.request

from centrifuge import Client, ClientEventHandler, SubscriptionEventHandler

MESSAGES = 200


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Wire:
    """A TCP proxy whose connections can be cut."""

    def __init__(self, target):
        self.target = target
        self.writers = set()
        self.relays = []
        self.connections = 0

    async def start(self):
        self.server = await asyncio.start_server(self.relay, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def relay(self, reader, writer):
        self.connections += 1
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self.writers |= {writer, there_writer}
        pumps = asyncio.gather(self.pump(reader, there_writer), self.pump(there_reader, writer))
        self.relays.append(pumps)
        await pumps

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def stop(self):
        self.server.close()
        self.cut()
        await asyncio.gather(*self.relays)

    def cut(self):
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()


class Connection(ClientEventHandler):
    def __init__(self):
        self.times_connected = 0

    async def on_connected(self, context):
        self.times_connected += 1


class Reader(SubscriptionEventHandler):
    def __init__(self):
        self.received = []
        self.joined = set()
        self.left = set()
        self.recovered = []
        self.complete = asyncio.Event()

    async def on_subscribed(self, context):
        self.recovered.append((context.was_recovering, context.recovered))

    async def on_publication(self, context):
        self.received.append((context.pub.offset, context.pub.data))
        if len(self.received) == MESSAGES:
            self.complete.set()

    async def on_join(self, context):
        self.joined.add(context.info.client)

    async def on_leave(self, context):
        self.left.add(context.info.client)


def post(port, text):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/channels/news", text.encode(), {"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201


def check(what, condition):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok      {what}")


async def wait_until(what, condition):
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)
    check(what, True)


async def converse(port, use_protobuf):
    print("Protobuf:" if use_protobuf else "JSON:")
    # In the Protobuf form the SDK hands the application bytes.
    def data(value):
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        return text.encode() if use_protobuf else value

    wire = Wire(port)
    through = await wire.start()
    connection, reader = Connection(), Reader()
    client = Client(
        f"ws://127.0.0.1:{through}/connection/websocket",
        events=connection,
        use_protobuf=use_protobuf,
        min_reconnect_delay=0.05,
        max_reconnect_delay=0.2,
    )
    subscription = client.new_subscription("news", events=reader, join_leave=True)
    await client.connect()
    await subscription.subscribe()
    await subscription.ready()
    check("connect and subscribe", connection.times_connected == 1)

    other = Client(f"ws://127.0.0.1:{port}/connection/websocket", use_protobuf=use_protobuf)
    theirs = other.new_subscription("news")
    await other.connect()
    await theirs.subscribe()
    await theirs.ready()
    presence = await subscription.presence()
    check("presence names both", len(presence.clients) == 2)
    stats = await subscription.presence_stats()
    check("presence statistics count both", stats.num_clients == 2)

    loop = asyncio.get_running_loop()
    for number in range(1, MESSAGES + 1):
        if number % 50 == 0:
            wire.cut()
        if number % 2:
            await theirs.publish(data({"number": number}))
        else:
            await loop.run_in_executor(None, post, port, f"number {number}")
    async with asyncio.timeout(20):
        await reader.complete.wait()
    check(f"the wire was cut {wire.connections - 1} times", wire.connections > 2)
    check("every recovery succeeded", all(recovered for was, recovered in reader.recovered if was))
    first = reader.received[0][0]
    offsets = [offset for offset, _ in reader.received]
    check("messages come in order, once each", offsets == list(range(first, first + MESSAGES)))
    expected = [data({"number": n} if n % 2 else f"number {n}") for n in range(1, MESSAGES + 1)]
    check("JSON and text arrive as such", [d for _, d in reader.received] == expected)
    history = await subscription.history(limit=5, reverse=True)
    check("history, newest first", [p.offset for p in history.publications] == offsets[:-6:-1])
    name = other.client_id
    await other.disconnect()
    await wait_until("leaving is told", lambda: name in reader.left)
    check("joining was told", name in reader.joined)
    await client.disconnect()
    await wire.stop()
    counts = {
        "messages": MESSAGES,
        "lost": MESSAGES - len(set(offsets)),
        "doubled": len(offsets) - len(set(offsets)),
        "connections": connection.times_connected,
    }
    print(json.dumps(counts))


def main():
    port = free_port()
    server = subprocess.Popen([sys.argv[1], "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if server.poll() is not None:
                    sys.exit("the server ended")
                time.sleep(0.05)
        for use_protobuf in (False, True):
            asyncio.run(converse(port, use_protobuf))
    finally:
        server.terminate()
        server.wait(10)


main()
