"""Many requests to EXAMPLE_URL, a task of asyncio for each, no more than a limit at once.

EXAMPLE_URL=http://127.0.0.1:8000 python3 requests.py 1000 10

Without aiohttp, which need not be installed: on asyncio's own streams, with connections that are
used again.
"""

import asyncio
import os
import sys
from urllib.parse import urlsplit

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def get(url, idle: list[Connection], permits: asyncio.Semaphore) -> None:
    async with permits:
        if idle:
            reader, writer = idle.pop()
        else:
            reader, writer = await asyncio.open_connection(url.hostname, url.port or 80)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        status, *headers = head.decode().split("\r\n")
        if " 200 " not in status:
            sys.exit(f"{url.geturl()} answers {status}")
        lengths = [line for line in headers if line.lower().startswith("content-length:")]
        await reader.readexactly(int(lengths[0].split(":")[1]))
        idle.append((reader, writer))


async def main(count: int, limit: int) -> None:
    url = urlsplit(os.environ["EXAMPLE_URL"])
    permits = asyncio.Semaphore(limit)
    idle: list[Connection] = []
    await asyncio.gather(*(get(url, idle, permits) for _ in range(count)))
    for _, writer in idle:
        writer.close()
    print(count, "requested")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(arg.isdecimal() for arg in sys.argv[1:]):
        sys.exit("usage: requests.py REQUESTS LIMIT")
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
