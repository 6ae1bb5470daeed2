"""The form in which anyone says what is the matter, and the questions that a category asks."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.rules import LONGEST_TEXT, why_not_filed
from linli.duties.models import Category

MOST_PHOTOS = 9


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; each is judged by the attachments domain, one by one, so here only their number counts."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that were sent, none being fine."""
        files = (
            [one for one in data or [] if one] if isinstance(data, list | tuple) else [data] if data else []
        )
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多 %(n)s 张照片，请留下最要紧的几张。") % {"n": MOST_PHOTOS})
        return files


class SpeakForm(forms.Form):
    """说一件事: one box is enough. Place, category, photos, voice and telephone all may be left out."""

    text = forms.CharField(
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
        label=gettext_lazy("在哪里？"),
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
        help_text=gettext_lazy("只有办理的人看得到，用来告诉您进展；可以不留。"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    is_private = forms.BooleanField(label=gettext_lazy("不要公开这件事"), required=False)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, categories: Any, asks_contact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        self.fields["category"].choices = grouped(categories)  # type: ignore[attr-defined]
        self.has_attachment = False  # set by the view, which keeps the files before it looks at the words
        self.fields["once"].initial = secrets.token_urlsafe(24)
        if not asks_contact:
            del self.fields["name"], self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        """Refuse what is empty or too long, with the sentence that says what to do; `has_attachment` counts."""
        cleaned = super().clean() or {}
        if problem := why_not_filed("", cleaned.get("text", ""), self.has_attachment):
            self.add_error("text", problem)
        return cleaned


def grouped(categories: Any) -> list[tuple[str, Any]]:
    """Return the leaves under the names of their groups, as a select shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        groups.setdefault(str(category.parent or _("其他")), []).append((category.code, str(category)))
    return [("", _("拿不准，请社区归类")), *groups.items()]


def answers_in(
    data: Mapping[str, Any] | MultiValueDict[str, Any], category: Category | None
) -> dict[str, Any]:
    """Return what was answered to the category's questions; the fields are named `ask-<code>`."""
    if category is None:
        return {}
    given = {question["code"]: data.get(f"ask-{question['code']}", "") for question in category.questions}
    return {code: answer for code, answer in given.items() if answer}


def asked(category: Category) -> list[dict[str, Any]]:
    """Return the questions an answer to which may stop the form: they come before anything is filed."""
    return [question for question in category.questions if question.get("stops")]
