"""MapReduce over a word file with a process pool and an event loop, as listing 6.8 of the book does
it: partitions of 60,000 lines, mapped in processes, merged in this one.

Usage: mapreduce.py [FILE]        (default: the file that NGRAMS_FILE names)
"""
import asyncio
import concurrent.futures
import functools
import os
import sys
import time


def partition(data, size):
    for start in range(0, len(data), size):
        yield data[start:start + size]


def map_frequencies(lines):
    counter = {}
    for line in lines:
        word, _, count, _ = line.split("\t")
        counter[word] = counter.get(word, 0) + int(count)
    return counter


def merge_dictionaries(first, second):
    for word, count in second.items():
        first[word] = first.get(word, 0) + count
    return first


async def main(path):
    with open(path, encoding="utf-8") as file:
        contents = file.readlines()
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        maps = [
            loop.run_in_executor(pool, map_frequencies, lines)
            for lines in partition(contents, 60_000)
        ]
        counters = await asyncio.gather(*maps)
        result = functools.reduce(merge_dictionaries, counters, {})
    print(f"Aardvark has appeared {result.get('Aardvark', 0)} times.")
    print(f"MapReduce took: {time.perf_counter() - start:.4f} seconds")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else os.environ["NGRAMS_FILE"]))
