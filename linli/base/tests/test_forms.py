"""A field that has no sentence of its own speaks as the house does, in the reader's language."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

FIELDS = {
    "text": (forms.CharField(), "", "请填写这一项。"),
    "long": (forms.CharField(max_length=2), "三个字", "最多 2 个字，现在有 3 个，请写短一些。"),
    "choice": (forms.ChoiceField(choices=[("a", "甲")]), "", "请选一项。"),
    "gone": (forms.ChoiceField(choices=[("a", "甲")]), "b", "这一项已经不能选了，请重新选。"),
    "number": (forms.IntegerField(), "十二", "请只写数字，例如 12。"),
    "small": (forms.IntegerField(min_value=1), "0", "不能小于 1。"),
    "day": (forms.DateField(), "2026-02-31", "请写成 2026-03-09 这样的日期。"),
    "hour": (forms.TimeField(), "九点半", "请写成 09:30 这样的时间。"),
    "file": (forms.FileField(), None, "请选一个文件。"),
    "empty": (forms.FileField(), SimpleUploadedFile("a.csv", b""), "这个文件是空的，请换一个。"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_missing_or_odd_is_said_plainly(name: str) -> None:
    field, typed, sentence = FIELDS[name]
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]


def test_it_is_said_in_the_readers_language() -> None:
    form = forms.Form({})
    form.fields["name"] = forms.CharField()
    with override("en"):
        assert form.errors["name"] == ["Please fill this in."]
