"""The echo server of listing 3.8 in Python: a task for each connection.

    python3 echo.py 127.0.0.1:8000 [uvloop]
"""
import asyncio
import socket
import sys


async def echo(connection, loop):
    with connection:
        try:
            while data := await loop.sock_recv(connection, 1024):
                await loop.sock_sendall(connection, data)
        except OSError:
            pass  # the client is gone


async def main(address):
    loop = asyncio.get_running_loop()
    host, port = address.rsplit(":", 1)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, int(port)))
    listener.listen(4096)
    listener.setblocking(False)
    print("Listening on {}:{}".format(*listener.getsockname()), flush=True)

    tasks = set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.create_task(echo(connection, loop))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    if sys.argv[2:] == ["uvloop"]:
        import uvloop

        uvloop.install()
    try:
        asyncio.run(main(sys.argv[1]))
    except KeyboardInterrupt:
        pass
