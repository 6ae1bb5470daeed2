"""What every test may ask for: the small named cast of 柳树社区, and a browser."""

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread

pytest_plugins = ["tests.cast", "tests.browser"]
