"""The suite's settings: the same house, with its own folder, fast password hashing and no file manifest."""

import os
import tempfile

os.environ.setdefault("LINLI_DATA", tempfile.mkdtemp(prefix="linli-test-"))

from linli.config.settings import *  # noqa: F403

DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
SMS_GATEWAY = "linli.base.gateways.memory"
Q_CLUSTER["sync"] = False  # noqa: F405
WHITENOISE_AUTOREFRESH = True
