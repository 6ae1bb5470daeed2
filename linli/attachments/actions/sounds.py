"""Voice messages as bytes: told apart by content; what a container says besides the sound is taken out.

Without an audio decoder nothing is encoded anew. Each container has its own way to lose title, place, device
and time; a container that cannot be read through, or that carries moving pictures, is refused. What is inside
the sound itself (a voice, a name said aloud) stays.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.attachments.actions.ebml import clean_webm
from linli.attachments.actions.frames import clean_amr, clean_mp3, clean_wav
from linli.attachments.actions.mpeg4 import clean_mpeg4
from linli.attachments.actions.ogg import clean_ogg
from linli.base.errors import Refused


@dataclass(frozen=True)
class Sound:
    """A voice message as it is kept; `seconds` is 0 where the file does not say."""

    content: bytes
    ending: str
    seconds: int


# (first bytes, how far in, ending, what cleans it); a cleaner raises ValueError where the file is broken.
Cleaner = Callable[[bytes], tuple[bytes, float]]
_KINDS: tuple[tuple[bytes, int, str, Cleaner], ...] = (
    (b"\x1a\x45\xdf\xa3", 0, "webm", clean_webm),
    (b"OggS", 0, "ogg", clean_ogg),
    (b"ftyp3g", 4, "3gp", clean_mpeg4),
    (b"ftyp", 4, "m4a", clean_mpeg4),
    (b"RIFF", 0, "wav", clean_wav),
    (b"#!AMR", 0, "amr", clean_amr),
    (b"ID3", 0, "mp3", clean_mp3),
    (b"\xff", 0, "mp3", clean_mp3),
)


def clean(content: bytes) -> Sound:
    """Take the tags out of a WebM, Ogg (Opus), MP4/M4A/3GP, MP3, WAV or AMR recording; refuse all else."""
    for signs, at, ending, cleaner in _KINDS:
        if content[at : at + len(signs)] == signs:
            try:
                cleaned, seconds = cleaner(content)
            except (ValueError, IndexError, struct.error) as broken:
                sentence = _("这段录音没有传完整，或者不是能放的录音。请重新录一遍。")
                raise Refused(sentence) from broken
            return Sound(cleaned, ending, round(seconds))
    raise Refused(_("这个文件不是能放的录音。请按录音键重新说一遍，或者把事情写下来。"))
