"""A photo and a voice message on every way in. Policy rules: G08 (no personal data in what is public)."""

import errno
import hashlib
import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image

from linli.attachments import actions
from linli.attachments.models import Attachment
from linli.attachments.rules import Box
from linli.attachments.tests.material import (
    MATERIAL,
    SECRET,
    SOUNDS,
    bomb,
    encoded,
    m4a,
    photo,
    picture,
    upload,
    webm,
)
from linli.base.errors import Refused
from linli.people.models import Person

pytestmark = pytest.mark.django_db
CASE = "cases.Case:7"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def keep(content: bytes, name: str = "照片.jpg", role: str = "before", subject: str = CASE) -> Attachment:
    return actions.attach(upload(content, name), subject, role, NOW, "people.Person:1")


def opened(file) -> Image.Image:
    return Image.open(io.BytesIO(Path(file.path).read_bytes()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_nothing_of_the_camera_survives_but_its_place_is_kept_for_the_handlers(form: str) -> None:
    original = photo(form)
    assert SECRET in original
    row = keep(original)
    for copy in (row.file, row.thumbnail):
        content = Path(copy.path).read_bytes()
        assert SECRET not in content
        assert b"Exif" not in content
        assert b"xmpmeta" not in content
        with opened(copy) as image:
            assert image.format == "JPEG"
            assert not image.getexif()
            assert not {"icc_profile", "comment", "exif"} & image.info.keys()
    assert row.latitude == pytest.approx(28.01)
    assert row.longitude == pytest.approx(120.7)
    assert row.digest == hashlib.sha256(Path(row.file.path).read_bytes()).hexdigest()
    assert row.size == Path(row.file.path).stat().st_size + Path(row.thumbnail.path).stat().st_size


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_taken_sideways_stands_upright_before_the_note_of_it_goes(form: str) -> None:
    row = keep(photo(form, orientation=6))  # turn a quarter clockwise: what was left is now above
    with opened(row.file) as image:
        assert image.size == (row.width, row.height) == (48, 64)
        assert image.getpixel((24, 5))[2] > 150 > image.getpixel((24, 58))[2]


@pytest.mark.parametrize("name", ["phone.heic", "photo.heic"])
def test_a_heic_stands_upright_once_whether_the_container_or_only_exif_says_how_it_was_held(
    name: str,
) -> None:
    with opened(keep((MATERIAL / name).read_bytes()).file) as image:
        assert image.size == (48, 64)
        assert image.getpixel((24, 5))[2] > 150 > image.getpixel((24, 58))[2]


@pytest.mark.parametrize(
    ("image", "form", "colour"),
    [
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG", (255, 0, 0)),
        (Image.new("I;16", (40, 30), 65535), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (40, 30), (9, 9, 9, 0)), "PNG", (255, 255, 255)),
        (Image.new("1", (40, 30), 1), "PNG", (255, 255, 255)),
        (Image.new("LA", (40, 30), (128, 255)), "PNG", (128, 128, 128)),
    ],
)
def test_every_kind_of_colour_arrives(image: Image.Image, form: str, colour: tuple[int, int, int]) -> None:
    with opened(keep(encoded(form, image)).file) as kept:
        assert all(abs(a - b) < 12 for a, b in zip(kept.getpixel((20, 15)), colour, strict=True))


def test_a_large_photo_shrinks_to_2048_pixels_and_a_thumbnail_of_15_kilobytes() -> None:
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    row = keep(encoded("JPEG", noise, quality=95))
    assert (row.width, row.height) == (2048, 1536)
    assert Path(row.thumbnail.path).stat().st_size <= 15 * 1024


def test_a_moving_picture_gives_its_first_frame() -> None:
    red, blue = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    content = encoded("WEBP", red, save_all=True, append_images=[blue], duration=100)
    with opened(keep(content).file) as image:
        assert image.getpixel((20, 15))[0] > 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 a document", "不是能打开的照片"),
        (b"<html><script>alert(1)</script>", "不是能打开的照片"),
        (encoded("GIF"), "不是能打开的照片"),
        (encoded("JPEG", picture(900, 900))[:-2000], "没有传完整"),
        (photo("PNG")[:-60], "没有传完整"),
        (photo("HEIC")[:-80], "没有传完整"),
        (bomb(), "像素"),
    ],
    ids=["empty", "pdf", "html", "gif", "cut jpeg", "cut png", "cut heic", "bomb"],
)
def test_what_is_no_photo_is_refused_by_content_with_a_sentence(
    content: bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        keep(content, "楼道.jpg")
    assert words in str(refused.value.reason)
    assert "楼道.jpg" in str(refused.value.reason)
    assert not Attachment.objects.exists()
    assert not stored(tmp_path)


def test_thirty_megabytes_are_refused_with_both_figures() -> None:
    with pytest.raises(Refused, match=r"30 MB，最多 25 MB"):
        keep(bytes(30 * 1024 * 1024))


def test_a_file_is_judged_by_content_not_by_name() -> None:
    assert keep(photo("PNG"), "a.pdf").is_photo


def test_the_same_photo_sent_twice_is_kept_once() -> None:
    assert keep(photo("JPEG")) == keep(photo("JPEG"))
    assert keep(photo("JPEG"), role="after") != keep(photo("JPEG"))
    assert Attachment.objects.count() == 2


def test_a_refused_photo_takes_no_other_with_it() -> None:
    kept = actions.attach_all(
        [upload(photo("JPEG"), "好.jpg"), upload(b"%PDF", "坏.jpg")], CASE, "before", NOW, ""
    )
    assert [row.role for row in kept.attachments] == ["before"]
    assert len(kept.refusals) == 1
    assert "坏.jpg" in kept.refusals[0]


def test_nobody_hangs_a_hundred_photos_on_one_matter() -> None:
    for shade in range(40):
        keep(encoded("JPEG", Image.new("RGB", (16, 16), (shade * 6, 0, 0))))
    with pytest.raises(Refused, match="已经有 40 个文件"):
        keep(photo("JPEG"))


def test_a_full_quota_says_that_nothing_typed_is_lost(settings, tmp_path: Path) -> None:
    settings.UPLOAD_QUOTA = 100
    with pytest.raises(Refused, match="您写的文字都还在"):
        keep(photo("JPEG"))
    assert not stored(tmp_path)
    settings.UPLOAD_QUOTA = 10**6
    assert keep(photo("JPEG")).pk


def test_a_full_disk_says_the_same_and_leaves_no_half_file(monkeypatch, tmp_path: Path) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="您写的文字都还在"):
        keep(photo("JPEG"))
    assert not stored(tmp_path)
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_transaction_commits_and_go_when_it_does_not(tmp_path: Path) -> None:
    keep(photo("JPEG"))
    assert len(stored(tmp_path)) == 2

    def file_and_fail() -> None:
        with transaction.atomic():
            keep(photo("PNG"), role="after")
            assert len(stored(tmp_path)) == 4
            raise RuntimeError

    with pytest.raises(RuntimeError):
        file_and_fail()
    assert len(stored(tmp_path)) == 2
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_process_left_is_swept_after_a_day_and_known_files_stay(tmp_path: Path) -> None:
    row = keep(photo("JPEG"))
    orphan = tmp_path / "uploads" / "zz" / "orphan.jpg"
    orphan.parent.mkdir()
    orphan.write_bytes(b"left")
    assert actions.sweep(NOW) == 0
    assert actions.sweep(NOW + timedelta(days=2)) == 1
    assert not orphan.exists()
    assert default_storage.exists(row.file.name)
    assert actions.sweep(NOW + timedelta(days=2)) == 0


@pytest.mark.django_db(transaction=True)
def test_photos_of_a_form_that_was_never_sent_go_after_a_week(tmp_path: Path) -> None:
    keep(photo("JPEG"), subject="cases.Draft:abc")
    kept = keep(photo("JPEG"))
    assert actions.sweep(NOW + timedelta(days=6)) == 0
    assert actions.sweep(NOW + timedelta(days=8)) == 1
    assert Attachment.objects.get() == kept
    assert len(stored(tmp_path)) == 2


def test_photos_follow_a_merged_case() -> None:
    row = keep(photo("JPEG"), subject="cases.Case:8")
    assert actions.move("cases.Case:8", CASE) == 1
    assert list(actions.of(CASE)) == [row]


def test_a_photo_is_public_only_once_released_and_can_be_withheld_again() -> None:
    row = keep(photo("JPEG"))
    assert not actions.of(CASE).released()
    actions.release(row, NOW)
    actions.release(row, NOW + timedelta(days=1))
    row.refresh_from_db()
    assert row.public_at == NOW
    actions.withhold(row)
    assert not actions.of(CASE).released()


@pytest.mark.django_db(transaction=True)
def test_black_boxes_are_burnt_into_both_public_copies_and_can_be_taken_back(tmp_path: Path) -> None:
    li = Person.objects.create(name="李网格员", created_at=NOW)
    row = keep(encoded("JPEG", picture(400, 300)))
    actions.mask(row, [Box(0, 0, 0.5, 1)], by=li, at=NOW)
    row.refresh_from_db()
    for copy in (row.masked, row.masked_thumbnail):
        with opened(copy) as image:
            assert max(image.getpixel((image.width // 4, image.height // 2))) < 10
            assert image.getpixel((image.width * 3 // 4, image.height // 2))[0] > 150
    with opened(row.file) as image:
        assert image.getpixel((100, 150))[2] > 150
    assert (row.masked_by, row.masked_at) == (f"people.Person:{li.pk}", NOW)
    assert row.size == sum(path.stat().st_size for path in stored(tmp_path))
    actions.mask(row, [], by=li, at=NOW)
    row.refresh_from_db()
    assert not row.masked
    assert not row.masked_thumbnail
    assert len(stored(tmp_path)) == 2
    with pytest.raises(Refused):
        actions.mask(row, [Box(0, 0, 2, 1)], by=li, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_an_erased_photo_leaves_no_copy(tmp_path: Path) -> None:
    row = keep(photo("JPEG"))
    actions.erase(row)
    actions.erase(row)
    assert not stored(tmp_path)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("ending", "seconds"), [("wav", 2), ("mp3", 2), ("amr", 2), ("m4a", 3), ("webm", 2), ("ogg", 2)]
)
def test_a_voice_message_loses_its_tags_and_keeps_its_sound(ending: str, seconds: int) -> None:
    original = SOUNDS[ending]()
    assert SECRET in original
    row = keep(original, "语音", role=actions.VOICE)
    content = Path(row.file.path).read_bytes()
    assert SECRET not in content
    assert b"120.7" not in content
    assert row.form == Attachment.Form.VOICE
    assert row.file.name.endswith(ending)
    assert row.seconds == seconds
    if ending in {"m4a", "webm", "ogg"}:
        assert b"sound" in content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "不是能放的录音"),
        (photo("JPEG"), "不是能放的录音"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "没有传完整"),
        (m4a(b"vide"), "不是能放的录音"),
        (webm(1), "不是能放的录音"),
        (SOUNDS["ogg"]()[:60], "没有传完整"),
        (SOUNDS["m4a"]()[:80], "没有传完整"),
        (b"RIFF\x04\0\0\0WAVE", "没有传完整"),
        (b"ID3\x04\0\0\0\0\0\x0b" + SECRET, "没有传完整"),
    ],
)
def test_what_is_no_sound_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        keep(content, "a.webm", role=actions.VOICE)


def test_a_voice_message_of_eleven_megabytes_is_refused() -> None:
    with pytest.raises(Refused, match="最多 10 MB"):
        keep(bytes(11 * 1024 * 1024), role=actions.VOICE)


def test_the_time_of_adding_is_the_callers(settings) -> None:
    at = datetime.fromisoformat("2026-03-09T10:00:00+08:00")
    assert actions.attach(upload(photo("JPEG")), CASE, "before", at, "").added_at == at
