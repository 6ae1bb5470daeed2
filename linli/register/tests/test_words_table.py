import pytest
from django.utils import timezone

from linli.people import actions as people
from linli.register.models import PersonWords


@pytest.mark.django_db
def test_the_full_text_index_follows_the_table_of_words() -> None:
    now = timezone.now()
    li, wang = (people.register(name, "", now) for name in ("李", "王"))
    PersonWords.objects.bulk_create(
        [
            PersonWords(person=li, words="aa bb", indexed_at=now),
            PersonWords(person=wang, words="bb cc", indexed_at=now),
        ]
    )

    def found(*groups: list[str]) -> set[int]:
        return set(PersonWords.objects.filter(words__has=groups).values_list("pk", flat=True))

    assert found(["bb"]) == {li.pk, wang.pk}
    assert found(["aa", "bb"]) == {li.pk}
    assert found(["aa", "cc"]) == set()
    assert found(["aa"], ["cc"]) == {li.pk, wang.pk}
    PersonWords.objects.filter(pk=li.pk).update(words="dd")
    assert found(["aa"]) == set()
    assert found(["dd"]) == {li.pk}
    PersonWords.objects.filter(pk=wang.pk).delete()
    assert found(["cc"]) == set()
