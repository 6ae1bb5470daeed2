"""Where a file that comes with a form is laid down first: a full disk costs the file, never the words beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from linli.attachments.actions.files import FULL, no_room


class UploadHandler(TemporaryFileUploadHandler):
    """Lay a file down in the folder for temporary files; where there is no room, say so and read on without it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        with self._room():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write what came."""
        with self._room():
            return super().receive_data_chunk(raw_data, start)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as failed:
            if failed.errno not in FULL:
                raise
            if self.request is not None:
                messages.warning(self.request, no_room(), fail_silently=True)
            raise SkipFile from failed
