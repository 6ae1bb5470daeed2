"""Linli's own settings, with the comparison views beside its pages."""

from linli.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
