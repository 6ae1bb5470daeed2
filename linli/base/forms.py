"""How every form of Linli looks, and how it says a rule's no."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates

from linli.base.errors import Refused


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
