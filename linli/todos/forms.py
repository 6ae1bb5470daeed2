"""What people and other systems send, made into clean values."""

import json
from typing import Any

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _

from linli.organisations.models import Organisation
from linli.todos.actions.outside import Line, Task

LONGEST_BODY = 64 * 1024  # bytes of one request


class AwareField(forms.Field):
    """A time with its offset, "2026-03-20T17:00:00+08:00": without one nobody knows which noon is meant."""

    def to_python(self, value: Any) -> Any:
        """Return an aware datetime, or None where nothing was sent."""
        if value in self.empty_values:
            return None
        try:
            parsed = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if parsed is None or is_naive(parsed):
            raise forms.ValidationError(_("请写带时区的时间，例如 2026-03-20T17:00:00+08:00。"))
        return parsed


class TaskForm(forms.Form):
    """A task as another system posts it (docs/todo-api.md)."""

    id = forms.CharField(max_length=60, validators=[RegexValidator(r"^[A-Za-z0-9._-]+$")])
    task = forms.CharField(max_length=60)
    title = forms.CharField(max_length=100, required=False)
    due = AwareField()
    place = forms.CharField(validators=[RegexValidator(r"^\d{12}$", _("请写 12 位区划代码。"))])
    function = forms.CharField(max_length=40)
    address = forms.CharField(max_length=300, validators=[URLValidator(schemes=["https"])])

    def task_value(self) -> Task:
        """Return what `post_from_outside` takes."""
        return Task(**self.cleaned_data)


class CloseForm(forms.Form):
    """Which task is done or no longer wanted."""

    id = forms.CharField(max_length=60)


class RescheduleForm(CloseForm):
    """Until when now."""

    due = AwareField()


def json_of(body: bytes) -> dict[str, Any]:
    """Read a JSON object of at most 64 KB. Raises ValueError with a sentence."""
    if len(body) > LONGEST_BODY:
        raise ValueError(_("一次请求最多 64 KB。"))
    try:
        values = json.loads(body)
    except ValueError as error:
        raise ValueError(_("请求正文要是 UTF-8 的 JSON 对象。")) from error
    if not isinstance(values, dict):
        raise ValueError(_("请求正文要是 UTF-8 的 JSON 对象。"))
    return values


class SystemForm(forms.Form):
    """A system that is to be let in."""

    name = forms.CharField(label=_("系统名称"), max_length=60)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        empty_label=_("请选择"),
        label=_("归口单位"),
        help_text=_("谁要社区做这些事，就写谁；减负意见由它答复。"),
        widget=forms.Select(attrs={"lang": "zh-Hans"}),
    )


class AdmissionForm(forms.Form):
    """基层减负的准入: four things without which a task goes back."""

    task = forms.CharField(label=_("任务名称"), max_length=60, help_text=_("对方派任务时要写同样的名称。"))
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("哪一份文件的哪一条。"))
    hours = forms.DecimalField(label=_("每月每社区用时（小时）"), min_value=0, max_digits=6, decimal_places=1)
    money = forms.DecimalField(label=_("每月每社区经费（元）"), min_value=0, max_digits=10, decimal_places=2)
    until = forms.DateField(
        label=_("准入到期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def line(self) -> Line:
        """Return what `admit` takes."""
        return Line(**self.cleaned_data)
