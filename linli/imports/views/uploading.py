"""Taking a large upload in: sealed while it arrives, never whole in memory and never in clear on disk."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from linli.imports import actions
from linli.imports.rules.tables import IN_THE_PAGE

if TYPE_CHECKING:
    AnyUpload = UploadedFile[bytes]
else:
    AnyUpload = UploadedFile

FORM_ROOM = 1024 * 1024  # bytes of a request beside its file


class SealedUpload(AnyUpload):
    """An uploaded file that lies sealed under the name `sealed_as`; `is_too_large` where it was broken off."""

    def __init__(self, sealed_as: str, name: str, size: int) -> None:
        super().__init__(file=None, name=name, content_type="application/octet-stream", size=size)
        self.sealed_as = sealed_as


class SealingHandler(FileUploadHandler):
    """Seals each piece of an upload as it arrives; more than the limit is broken off and leaves nothing."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self.sealed_as = actions.new_file_name()
        self.sealer = actions.sealer(self.sealed_as)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal a piece; nobody after us gets it."""
        self.received += len(raw_data)
        if self.received > IN_THE_PAGE:
            self.upload_interrupted()
            raise StopUpload(connection_reset=True)
        self.sealer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """Close the file and hand it on."""
        self.sealer.close()
        return SealedUpload(self.sealed_as, self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        """Leave nothing of a broken connection."""
        if getattr(self, "sealer", None) is not None:
            self.sealer.failed = True
            self.sealer.close()
            actions.drop(self.sealed_as)
