"""The search index: one row of opaque words for each person, in the full-text index of whichever database.

Every word is a keyed hash that begins with its community, so that a search reads only the posting lists of the
searcher's communities and costs the same whether the register holds ten thousand people or a million; and the
table says nothing to whoever gets hold of it without the key.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Lookup, Model
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from linli.base.crypto import Blinded, blind_index
from linli.people.models import Person
from linli.register.rules.words import Word

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField

Groups = Sequence[Sequence[str]]  # any of the groups, of a group all words
SQLITE = (
    # The virtual table, which keeps no copy of the words; then what keeps it as the table of words is.
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS register_words USING fts5(words, content='register_personwords', "
        "content_rowid='person_id', tokenize='ascii', detail='none', columnsize=0)",
        "DROP TABLE IF EXISTS register_words",
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS register_words_added AFTER INSERT ON register_personwords BEGIN "
        "INSERT INTO register_words(rowid, words) VALUES (new.person_id, new.words); END",
        "DROP TRIGGER IF EXISTS register_words_added",
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS register_words_gone AFTER DELETE ON register_personwords BEGIN "
        "INSERT INTO register_words(register_words, rowid, words) "
        "VALUES ('delete', old.person_id, old.words); END",
        "DROP TRIGGER IF EXISTS register_words_gone",
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS register_words_changed AFTER UPDATE ON register_personwords BEGIN "
        "INSERT INTO register_words(register_words, rowid, words) "
        "VALUES ('delete', old.person_id, old.words); "
        "INSERT INTO register_words(rowid, words) VALUES (new.person_id, new.words); END",
        "DROP TRIGGER IF EXISTS register_words_changed",
    ),
)
NOTHING = "SELECT 1"  # the other database needs no statement here


class WordsField(TextField):
    """Words apart by spaces: a tsvector on PostgreSQL, text beside a full-text table on SQLite."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "tsvector" if connection.vendor == "postgresql" else "text"


@WordsField.register_lookup
class HasWords(Lookup):
    """`words__has=[["a", "b"], ["c"]]`: has a and b, or c. Words are plain letters and digits."""

    lookup_name = "has"
    prepare_rhs = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Match the tsvector."""
        column, params = self.process_lhs(compiler, connection)
        query = " | ".join("(" + " & ".join(group) + ")" for group in self.rhs)
        return f"{column} @@ %s::tsquery", [*params, query]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Ask the full-text table for the rows."""
        query = " OR ".join("(" + " AND ".join(group) + ")" for group in self.rhs)
        table = compiler.quote_name_unless_alias(self.lhs.alias)
        rows = "SELECT rowid FROM register_words WHERE register_words MATCH %s"
        return f"{table}.person_id IN ({rows})", [query]


class FullText(models.Index):
    """The part of the full-text index that is number `part`: GIN on PostgreSQL (part 0), FTS5 and its three
    triggers on SQLite, each a statement of its own, so that migrations and a bare `--run-syncdb` both make it.
    """

    def __init__(self, *, part: int, name: str) -> None:
        self.part = part
        super().__init__(fields=["words"], name=name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Tell migrations how to make it again."""
        path = f"{self.__class__.__module__}.{self.__class__.__name__}"
        return path, (), {"part": self.part, "name": self.name}

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **options: Any
    ) -> Any:
        """Return the statement that makes it."""
        if schema_editor.connection.vendor == "sqlite":
            return SQLITE[self.part][0]
        if self.part:
            return NOTHING
        return f"CREATE INDEX {self.name} ON {model._meta.db_table} USING gin (words)"

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, **options: Any) -> Any:
        """Return the statement that takes it away."""
        if schema_editor.connection.vendor == "sqlite":
            return SQLITE[self.part][1]
        return NOTHING if self.part else f"DROP INDEX IF EXISTS {self.name}"


def word_keys() -> list[bytes]:
    """Return the keys of the words, the newest first: as many as there are keys of the blind index."""
    index = blind_index("register.PersonWords")
    forms = [str(index), *(index.older if isinstance(index, Blinded) else ())]
    return [form.encode() for form in forms]


def opaque(words: Iterable[Word], community: int, key: bytes) -> list[str]:
    """Return words as the index keeps them: keyed hashes of community and word, letters and digits alone."""
    return [
        "w" + hashlib.blake2b(f"{community}/{kind}/{text}".encode(), key=key[:64], digest_size=8).hexdigest()
        for kind, text in words
    ]


class PersonWords(models.Model):
    """The words by which one person is found, and when they were last put together."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="search_words")
    words = WordsField()
    indexed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("检索词")
        indexes = [FullText(part=part, name=f"register_words_{part}") for part in range(len(SQLITE))]

    def __str__(self) -> str:
        return str(self.person_id)
