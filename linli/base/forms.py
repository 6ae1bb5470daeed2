"""How every form of Linli looks, what it says of a field that is missing or odd, and how it says a rule's no."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.base.errors import Refused

CHOOSE, GONE, LOST = _("请选一项。"), _("这一项已经不能选了，请重新选。"), _("文件没有传上来，请再选一次。")
DAY = _("请写成 2026-03-09 这样的日期。")
# What a field says that has no sentence of its own: (kind of field, what is wrong) → the sentence.
SENTENCES: dict[tuple[type[forms.Field], str], Promise] = {
    (forms.Field, "required"): _("请填写这一项。"),
    (forms.ChoiceField, "required"): CHOOSE,
    (forms.ModelChoiceField, "required"): CHOOSE,
    (forms.ChoiceField, "invalid_choice"): GONE,
    (forms.MultipleChoiceField, "invalid_choice"): GONE,
    (forms.ModelChoiceField, "invalid_choice"): GONE,
    (forms.ModelMultipleChoiceField, "invalid_choice"): GONE,
    (forms.FileField, "required"): _("请选一个文件。"),
    (forms.FileField, "invalid"): LOST,
    (forms.FileField, "missing"): LOST,
    (forms.FileField, "empty"): _("这个文件是空的，请换一个。"),
    (forms.IntegerField, "invalid"): _("请只写数字，例如 12。"),
    (forms.FloatField, "invalid"): _("请只写数字，例如 12.5。"),
    (forms.DecimalField, "invalid"): _("请只写数字，例如 12.5。"),
    (forms.DateField, "invalid"): DAY,
    (forms.SlugField, "invalid"): _("只能写字母、数字、短横和下划线。"),
    (forms.TimeField, "invalid"): _("请写成 09:30 这样的时间。"),
    (forms.DateTimeField, "invalid"): _("请写成 2026-03-09 09:30 这样的时间。"),
}
LIMITS: dict[type[validators.BaseValidator], Promise] = {
    validators.MaxLengthValidator: _("最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请写短一些。"),
    validators.MinValueValidator: _("不能小于 %(limit_value)s。"),
    validators.MaxValueValidator: _("不能大于 %(limit_value)s。"),
}


def speak_plainly() -> None:
    """Let Django's fields speak as a neighbour does; called once, before any form is made."""
    for (kind, what), sentence in SENTENCES.items():
        told = vars(kind).get("default_error_messages", {}) | {what: sentence}
        kind.default_error_messages = told
    for validator, sentence in LIMITS.items():
        validator.message = sentence  # type: ignore[assignment]


@contextmanager
def as_field_error() -> Iterator[None]:
    """Let what a rule refuses stand beside the field: `with as_field_error(): return phone_number(typed)`."""
    try:
        yield
    except Refused as refused:
        raise ValidationError(str(refused.reason)) from None


class Renderer(DjangoTemplates):
    """Fields render through `linli/base/templates/linli/field.html`: label, help, input, error tied by id.

    Django ties help and error to the input itself (aria-describedby names `<id>_helptext` and `<id>_error`).
    """

    field_template_name = "linli/field.html"
    form_template_name = "linli/form.html"
