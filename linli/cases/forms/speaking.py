"""The form in which anyone says what is the matter, and the questions that a category asks."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.forms import as_field_error
from linli.cases.rules import LONGEST_TEXT, stopped_by, why_not_filed
from linli.duties.models import Category
from linli.people.rules import phone_number

MOST_PHOTOS = 9
DESPITE = "despite"  # the answer of whoever read "ring this number first" and files on


class Answered(NamedTuple):
    """The category under which to file, and what was answered to its questions by their codes."""

    category: Category | None
    answers: dict[str, Any]


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; each is judged by the attachments domain, one by one, so here only their number counts."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files that were sent, none being fine."""
        files = (
            [one for one in data or [] if one] if isinstance(data, list | tuple) else [data] if data else []
        )
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多 %(n)s 张照片，请留下最要紧的几张。") % {"n": MOST_PHOTOS})
        return files


class WordsField(forms.CharField):
    """Words that a photo or a voice can stand for: a form without any is not taken, so they are not called optional."""

    says_when_needed = True


class ToldForm(forms.Form):
    """A matter that somebody writes down, their own or another's: a form with the fields text, category and phone.

    `categories` are those to choose from.
    """

    def __init__(self, *args: Any, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        # Asked for when the form is drawn: most posts are filed and never drawn again.
        self.fields["category"].choices = partial(grouped, categories)  # type: ignore[attr-defined]
        self.has_attachment = False  # set by the view, which keeps the files before it looks at the words

    def clean_text(self) -> str:
        """A line's end counts as one sign, however the browser sends it."""
        return plain(self.cleaned_data["text"])

    def clean_phone(self) -> str:
        """Return the number as it is kept; refused with the sentence that says what is wrong with it."""
        return phone_typed(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Refuse what is empty or too long, with the sentence that says what to do; `has_attachment` counts."""
        cleaned = super().clean() or {}
        if problem := why_not_filed("", cleaned.get("text", ""), self.has_attachment):
            self.add_error("text", problem)
        return cleaned


class SpeakForm(ToldForm):
    """说一件事: one box is enough. Place, category, photos, voice and telephone all may be left out."""

    text = WordsField(
        label=gettext_lazy("什么事？"),
        help_text=gettext_lazy("像平时说话一样写就行。不想打字，可以只拍照或只说话。"),
        required=False,
        max_length=None,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": LONGEST_TEXT}),
    )
    photos = PhotosField(
        label=gettext_lazy("照片"),
        help_text=gettext_lazy("每张不超过 25 MB；照片里的时间、地点等信息会被去掉，公开前有人把关。"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*", "data-photos": "#previews"}),
    )
    voice = forms.FileField(
        label=gettext_lazy("说一段话"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": True, "data-record": True}),
    )
    where = forms.CharField(
        label=gettext_lazy("具体位置"),
        help_text=gettext_lazy("比如：3幢2单元门口。"),
        required=False,
        max_length=200,
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("哪一类？"),
        help_text=gettext_lazy("拿不准就空着，社区会归类。"),
        queryset=Category.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("拿不准，请社区归类"),
    )
    name = forms.CharField(label=gettext_lazy("怎么称呼您？"), required=False, max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        help_text=gettext_lazy("只有办理的人看得到，用来告诉您进展。"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    is_private = forms.BooleanField(label=gettext_lazy("不要公开这件事"), required=False)
    latitude = forms.CharField(required=False, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_contact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_contact = asks_contact
        self.fields["once"].initial = secrets.token_urlsafe(24)
        if not asks_contact:
            del self.fields["name"], self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        """Say also where the telephone was."""
        cleaned = super().clean()
        cleaned["position"] = position_in(cleaned)
        return cleaned


def plain(text: str) -> str:
    """Return `text` with the line ends that people count."""
    return text.replace("\r\n", "\n")


def phone_typed(typed: str) -> str:
    """Return the number as it is kept, "" where none was typed."""
    with as_field_error():
        return phone_number(typed)


def position_in(data: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return (latitude, longitude) in WGS-84 degrees as a telephone filled it in, None where it did not."""
    try:
        latitude, longitude = float(data.get("latitude") or ""), float(data.get("longitude") or "")
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def grouped(categories: Any) -> list[tuple[str, Any]]:
    """Return the leaves under the names of their groups, as a select shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        group = category.parent.spoken_name if category.parent else _("其他")
        groups.setdefault(group, []).append((category.code, category.spoken_name))
    return [("", _("拿不准，请社区归类")), *groups.items()]


def answers_in(data: Mapping[str, Any], chosen: Category | None, guessed: Category | None) -> Answered:
    """Return the category under which to file and what was answered; the fields are named `ask-<code>`.

    A category that nobody chose but whose words called for its questions on safety is filed under only where an
    answer showed the danger: no gas smelt, no gas leak.
    """
    category = chosen or guessed
    if category is None:
        return Answered(None, {})
    codes = [question["code"] for question in category.questions]
    given = {code: data[f"ask-{code}"] for code in codes if data.get(f"ask-{code}")}
    is_danger = bool(stopped_by(category.questions, given))
    if data.get("despite"):
        given[DESPITE] = "1"
    return Answered(chosen or (category if is_danger else None), given)


def stopping(category: Category) -> list[dict[str, Any]]:
    """Return the questions an answer to which may stop the form: they come before anything is filed."""
    return [question for question in category.questions if question.get("stops")]


def unanswered(category: Category, data: Mapping[str, Any], *, is_chosen: bool) -> list[dict[str, Any]]:
    """Return what is still to be asked: all of a chosen category once, of a guessed one what bears on safety.

    `data` says in `asked` for which category the questions stood on the page; what bears on safety is asked
    until it is answered, the rest may be left out.
    """
    were_shown = data.get("asked") == category.code
    questions = category.questions if is_chosen and not were_shown else stopping(category)
    return [question for question in questions if not data.get(f"ask-{question['code']}")]
