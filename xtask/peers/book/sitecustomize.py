"""Imported by Python before any program: the book's requests to https://www.example.com go to the
site that EXAMPLE_URL names, the same that the Rust listings use.
"""

import importlib.abc
import os
import sys
from functools import wraps
from urllib.parse import urlsplit

BOOK_HOSTS = {"example.com", "www.example.com"}
HERE = os.environ.get("EXAMPLE_URL")


def redirected(url):
    """The example site for the book's, any other URL as it is."""
    return HERE if urlsplit(str(url)).hostname in BOOK_HOSTS else url


def patch_aiohttp(module):
    original = module.ClientSession._request

    @wraps(original)
    async def request(self, method, url, **options):
        return await original(self, method, redirected(url), **options)

    module.ClientSession._request = request


def patch_requests(module):
    original = module.Session.request

    @wraps(original)
    def request(self, method, url, *args, **options):
        return original(self, method, redirected(url), *args, **options)

    module.Session.request = request


class Patches(importlib.abc.MetaPathFinder):
    """Changes a module when a program imports it: others do not pay for it."""

    patches = {"aiohttp": patch_aiohttp, "requests": patch_requests}

    def find_spec(self, name, path, target=None):
        patch = self.patches.pop(name, None)
        if patch is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


if HERE:
    import importlib.util

    sys.meta_path.insert(0, Patches())
