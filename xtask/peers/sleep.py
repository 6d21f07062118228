"""Many tasks of asyncio that sleep.

python3 sleep.py 1000 2000
"""

import asyncio
import sys


async def main(count: int, seconds: float) -> None:
    tasks = [asyncio.create_task(asyncio.sleep(seconds)) for _ in range(count)]
    await asyncio.gather(*tasks)
    print(count, "slept")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(arg.isdecimal() for arg in sys.argv[1:]):
        sys.exit("usage: sleep.py TASKS MILLISECONDS")
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) / 1000))
