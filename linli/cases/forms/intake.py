"""What a worker types for somebody else, and which voices of a chat were chosen."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.speaking import ManyFiles, PhotosField, ToldForm, WordsField
from linli.cases.rules import LONGEST_TEXT, Channel
from linli.duties.models import Category

WAYS = (Channel.TELEPHONE, Channel.COUNTER, Channel.VISIT, Channel.PATROL)


class IntakeForm(ToldForm):
    """Telephone, counter, visit and patrol; photos are optional and never a defect when absent (G06)."""

    channel = forms.ChoiceField(
        label=_("怎么来的"), choices=[(way.value, way.label) for way in WAYS], widget=forms.RadioSelect
    )
    text = WordsField(
        label=_("什么事"),
        required=False,
        max_length=None,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": LONGEST_TEXT}),
    )
    where = forms.CharField(label=_("具体位置"), required=False, max_length=200)
    category = forms.ModelChoiceField(
        label=_("类别"),
        queryset=Category.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("先不归类"),
    )
    name = forms.CharField(label=_("对方怎么称呼"), required=False, max_length=60)
    phone = forms.CharField(
        label=_("对方电话"),
        help_text=_("没有手机也行：给对方报编号和查询码，回访打电话或上门。"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    photos = PhotosField(
        label=_("照片"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*", "data-photos": "#previews"}),
    )
    is_private = forms.BooleanField(label=_("对方不要公开"), required=False)
    done = forms.CharField(label=_("当场怎么解决的"), required=False, max_length=200)
    once = forms.CharField(required=False, widget=forms.HiddenInput)


class ChatForm(forms.Form):
    """A group chat as it was forwarded."""

    chat = forms.CharField(
        label=_("聊天记录"),
        help_text=_("在群里多选、转发到这里粘贴。会自动分成一件一件，由您勾选。"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def chosen_voices(data: Mapping[str, Any], count: int) -> list[tuple[int, str]]:
    """Return (number, words) of the voices that were ticked; the words may have been mended in the form."""
    return [
        (number, str(data.get(f"text-{number}", "")).strip())
        for number in range(count)
        if data.get(f"take-{number}")
    ]
