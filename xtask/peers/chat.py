"""A chat server on asyncio streams, as listing 8.13 of the book does it: `CONNECT name`, then
lines, each written to one client after the other.

Usage: chat.py ADDRESS
"""
import asyncio
import sys


class ChatServer:
    def __init__(self):
        self.writers = {}

    async def serve(self, host, port):
        server = await asyncio.start_server(self.connected, host, port, backlog=4096)
        host, port = server.sockets[0].getsockname()
        print(f"Listening on {host}:{port}", flush=True)
        async with server:
            await server.serve_forever()

    async def connected(self, reader, writer):
        command, _, name = (await reader.readline()).decode().strip().partition(" ")
        if command == "CONNECT" and name:
            self.writers[name] = writer
            asyncio.create_task(self.listen(name, reader))
            writer.write(f"Welcome! {len(self.writers)} user(s) are online!\n".encode())
            await writer.drain()
            await self.notify_all(f"{name} connected!\n")
        else:
            writer.close()

    async def listen(self, name, reader):
        try:
            while line := await asyncio.wait_for(reader.readline(), 60):
                await self.notify_all(f"{name}: {line.decode()}")
        except (ConnectionError, asyncio.TimeoutError, UnicodeDecodeError):
            pass
        self.writers.pop(name).close()
        await self.notify_all(f"{name} has left the chat\n")

    async def notify_all(self, message):
        for name, writer in list(self.writers.items()):
            try:
                writer.write(message.encode())
                await writer.drain()
            except ConnectionError:
                self.writers.pop(name, None)


host, port = sys.argv[1].rsplit(":", 1)
try:
    asyncio.run(ChatServer().serve(host, int(port)))
except KeyboardInterrupt:
    pass
