"""Hashes random passwords with OpenSSL's scrypt through hashlib, on as many threads as there are
cores: hashlib lets go of the GIL while it computes.

Usage: scrypt.py COUNT
"""
import hashlib
import os
import random
import string
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def random_password(length):
    return "".join(random.choices(string.ascii_lowercase, k=length)).encode()


def hash(password):
    return hashlib.scrypt(password, salt=os.urandom(16), n=2048, p=1, r=8)


count = int(sys.argv[1])
passwords = [random_password(10) for _ in range(count)]
start = time.perf_counter()
with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
    for _ in pool.map(hash, passwords):
        pass
print(f"Hashed {count} passwords in {time.perf_counter() - start:.4f} seconds")
