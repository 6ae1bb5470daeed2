"""What a form says of itself, so that what the system filled in is not counted as typed."""

from typing import Any

from django import template
from django.core import signing
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linli.burden.middleware import SALT
from linli.burden.rules import likeness

register = template.Library()


@register.simple_tag
def filled_in(form: BaseForm) -> SafeString | str:
    """Write which fields of `form` arrive filled in, as one signed hidden field: `{% filled_in form %}`.

    Of each value only a mark goes along. "" for a form in which nothing was filled in.
    """
    held = {name: likeness(text) for name, text in _initial(form).items() if text}
    if not held:
        return ""
    return format_html('<input type="hidden" name="filled_in" value="{}">', signing.dumps(held, salt=SALT))


def _initial(form: BaseForm) -> dict[str, str]:
    return {
        form.add_prefix(name): _as_sent(form, name)
        for name, field in form.fields.items()
        if not field.widget.is_hidden
    }


def _as_sent(form: BaseForm, name: str) -> str:
    """Return the initial value as the browser would send it back."""
    field = form.fields[name]
    value: Any = field.prepare_value(form.get_initial_for_field(field, name))
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    shown = field.widget.format_value(value)
    return "\n".join(map(str, shown)) if isinstance(shown, list | tuple) else str(shown or "")
