"""Keys: are the ones that this database needs there, and how every sealed value comes to a new one."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from linli.base.crypto import (
    Blinded,
    blind_index,
    current_key,
    index_key_of,
    is_sealed_file,
    key_of,
    key_of_file,
    reseal,
    reseal_file,
    unseal,
)
from linli.base.fields import BlindIndexField, SealedField, sealed_fields
from linli.base.keys import (
    KeyMissing,
    first_keys,
    index_ids,
    name_of_index,
    next_index_key,
    next_key,
    sealing_ids,
    secret_key,
)
from linli.privacy import told
from linli.privacy.models import KeyInUse, Rotation

FILES = "MEDIA_ROOT"  # what sealed files are called among what is left over
STEP = 500  # rows re-sealed in one transaction


def fingerprint(key: bytes) -> str:
    """Return what tells a key from another without telling the key."""
    return hashlib.sha256(b"linli key" + key).hexdigest()


def check_keys(at: datetime) -> None:
    """Make sure that every key this database needs is here; register those that are new.

    Raises KeyMissing with one sentence where one is lost or is another: then nothing must start. Three queries.
    """
    folder = settings.FIELD_KEYS
    registered = list(KeyInUse.objects.filter(retired_at=None))
    if not registered and not _holds_sealed():
        first_keys(folder)
    here = _keys_here(folder)
    for row in registered:
        name = _name(row.kind, row.key_id)
        if (row.kind, row.key_id) not in here:
            raise KeyMissing(_lost(folder / name))
        if fingerprint(here[row.kind, row.key_id]) != row.fingerprint:
            raise KeyMissing(
                _("密钥 %(path)s 不是这个数据库用的那一把。请从密钥备份中恢复原来的文件，再启动。")
                % {"path": folder / name}
            )
    if not registered and not here:
        raise KeyMissing(_lost(folder / "1"))
    _register(here, at)


def _lost(path: Path) -> str:
    return _("找不到密钥 %(path)s，没有启动。请从密钥备份中把它放回原处：没有它，已加密的信息打不开。") % {
        "path": path
    }


def _name(kind: str, key_id: int) -> str:
    return name_of_index(key_id) if kind == KeyInUse.Kind.INDEX else str(key_id)


def _keys_here(folder: Path) -> dict[tuple[str, int], bytes]:
    found = {
        (str(KeyInUse.Kind.SEALING), key_id): secret_key(folder, str(key_id))
        for key_id in sealing_ids(folder)
    }
    index = {
        (str(KeyInUse.Kind.INDEX), key_id): secret_key(folder, name_of_index(key_id))
        for key_id in index_ids(folder)
    }
    return found | index


def _register(here: dict[tuple[str, int], bytes], at: datetime) -> None:
    known = set(KeyInUse.objects.values_list("kind", "key_id"))
    fresh = [
        KeyInUse(kind=kind, key_id=key_id, fingerprint=fingerprint(key), since=at)
        for (kind, key_id), key in here.items()
        if (kind, key_id) not in known
    ]
    KeyInUse.objects.bulk_create(fresh, ignore_conflicts=True)


def _holds_sealed() -> bool:
    """Whether any sealed value is stored at all: then keys are needed and must not be made anew."""
    return any(
        model._base_manager.exclude(**{field.attname: b""}).exists() for model, field in sealed_fields()
    )


def begin_rotation(at: datetime, *, with_index: bool = False) -> int:
    """Make a new key, seal with it from now on, and plan every column; return the id. What is planned already goes on.

    While a rotation runs, no second one begins: the running one is to be finished first.
    """
    check_keys(at)
    folder = settings.FIELD_KEYS
    if not Rotation.objects.filter(done_at=None).exists():
        next_key(folder)
        if with_index:
            next_index_key(folder)
        _register(_keys_here(folder), at)
        _plan(at)
    return current_key()


@transaction.atomic
def _plan(at: datetime) -> None:
    index_id = max(index_ids(settings.FIELD_KEYS))
    rows = [
        Rotation(
            table=model._meta.label, column=field.name, key_id=current_key(), index_id=index_id, started_at=at
        )
        for model, field in sealed_fields()
    ]
    Rotation.objects.bulk_create(rows, ignore_conflicts=True)


def rotate_step(at: datetime) -> int | None:
    """Re-seal the next 500 rows of the first unfinished column, in one transaction; None where all is done.

    Resumable: killed in the middle, the next call begins where the last finished transaction ended.
    """
    with transaction.atomic():
        rotation = Rotation.objects.select_for_update().filter(done_at=None).order_by("pk").first()
        if rotation is None:
            return None
        model = apps.get_model(rotation.table)
        field = cast("SealedField", model._meta.get_field(rotation.column))
        rows = _next_rows(model, rotation)
        changed = [row for row in rows if _reseal_row(row, field)]
        columns = [field.name, *([field.index] if field.index else [])]
        if changed:
            model._base_manager.bulk_update(changed, columns, batch_size=100)
        rotation.count += len(changed)
        if rows:
            rotation.last_pk = str(rows[-1].pk)
        else:
            rotation.done_at = at
        rotation.save(update_fields=["count", "last_pk", "done_at"])
        return len(rows)


def _next_rows(model: type[models.Model], rotation: Rotation) -> list[models.Model]:
    rows = model._base_manager.select_for_update().order_by("pk")
    if rotation.last_pk:
        rows = rows.filter(pk__gt=rotation.last_pk)
    return list(rows[:STEP])


def _reseal_row(row: models.Model, field: SealedField) -> bool:
    """Bring one value to the present keys; False where it is there already, or is empty.

    A value that does not open (it was pasted from elsewhere) stays as it is: rotation must not bless it.
    """
    stored = getattr(row, field.attname)
    if not stored:
        return False
    try:
        sealed = reseal(stored, bound_to=field.bound_to(row))
        is_indexed = _index_row(row, field, stored)
    except InvalidTag:
        return False
    if sealed is not None:
        setattr(row, field.attname, sealed)
    return sealed is not None or is_indexed


def _index_row(row: models.Model, field: SealedField, stored: bytes) -> bool:
    held = getattr(row, field.index) if field.index else ""
    if not held or index_key_of(held) == max(index_ids(settings.FIELD_KEYS)):
        return False
    index = cast("Blinded", blind_index(unseal(stored, bound_to=field.bound_to(row))))
    if held not in index.older:
        return False  # made from something else than this value; only its owner can make it anew
    setattr(row, field.index, str(index))
    return True


def rotate_files() -> int:
    """Seal the own key of every sealed file among the uploads anew; return how many needed it."""
    return sum(reseal_file(path) for path in _sealed_files())


def _sealed_files() -> Iterator[Path]:
    files = (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    return (path for path in files if is_sealed_file(path))


def rotate_rest(at: datetime) -> int:
    """Bring to the present keys what is no column: copies in what can be undone, words made with an index key.

    Each domain does its own part (told.rotators), resumable and again without effect; returns how many changed.
    """
    since = (
        KeyInUse.objects.filter(kind=KeyInUse.Kind.INDEX).order_by("-key_id").values_list("since", flat=True)
    )
    newest = since.first()
    return sum(rotate(newest or at, at) for rotate in told.rotators())


def leftovers() -> dict[str, int]:
    """Return how many values still need an older key, by column ("people.Account.phone_sealed"); {} lets it go."""
    found: dict[str, int] = dict(told.leftovers())
    newest, newest_index = current_key(), max(index_ids(settings.FIELD_KEYS), default=1)
    _count(found, FILES, sum(key_of_file(path) != newest for path in _sealed_files()))
    for model, field in sealed_fields():
        values = model._base_manager.exclude(**{field.attname: b""}).values_list(field.attname, flat=True)
        _count(
            found,
            f"{model._meta.label}.{field.name}",
            sum(key_of(value) != newest for value in values.iterator()),
        )
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, BlindIndexField):
                values = model._base_manager.exclude(**{column.attname: ""}).exclude(**{column.attname: None})
                old = values.values_list(column.attname, flat=True).iterator()
                _count(
                    found,
                    f"{model._meta.label}.{column.name}",
                    sum(index_key_of(value) != newest_index for value in old),
                )
    return found


def _count(found: dict[str, int], name: str, count: int) -> None:
    if count:
        found[name] = count


def retire_old_keys(at: datetime) -> list[Path]:
    """Say that the older sealing keys are needed no more and return their files, to be moved to the archive.

    Raises KeyMissing while any value needs one. The files themselves are the keeper's: nothing here deletes a key.
    """
    newest = current_key()
    sealed = (*told.leftovers(), FILES)
    waiting = {
        name: count for name, count in leftovers().items() if name.endswith("_sealed") or name in sealed
    }
    if waiting or Rotation.objects.filter(done_at=None).exists():
        raise KeyMissing(
            _("还有 %(count)s 条内容在用旧密钥，请先把 linli rotate-keys 做完。")
            % {"count": sum(waiting.values())}
        )
    old = KeyInUse.objects.filter(kind=KeyInUse.Kind.SEALING, key_id__lt=newest, retired_at=None)
    paths = [
        settings.FIELD_KEYS / str(key_id)
        for key_id in old.order_by("key_id").values_list("key_id", flat=True)
    ]
    old.update(retired_at=at)
    return paths
