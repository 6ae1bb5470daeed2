"""What workers and residents type about people; values are checked by the rules, sentences come from there."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused
from linli.base.forms import as_field_error
from linli.base.text import in_chinese
from linli.people.rules import Tenure, phone_number
from linli.register.actions import Report
from linli.register.models import Profile, TagKind
from linli.register.rules import (
    FIELDS,
    IdentityKind,
    Sensitivity,
    Source,
    Value,
    ValueKind,
    checked_identity,
    checked_name,
    clean_value,
    codes,
    masked,
)

DATE_ERRORS = {
    "required": gettext_lazy("请写日期。"),
    "invalid": gettext_lazy("请写成 2026-03-09 这样的日期。"),
}
MOST_AT_ONCE = 10
IN_CHINESE = {"lang": "zh-Hans"}  # lists of national standards and names of tags are rows, not words of ours
TOLD_BY = [choice for choice in Source.choices if choice[0] not in {Source.NUMBER, Source.IMPORT}]


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DATE_ERRORS,
    )


def choices_of(code: str) -> list[tuple[str, str]]:
    """Return what a fact may be, with "not known" first."""
    name = FIELDS[code].codes
    listed = list(IdentityKind.choices) if name == "identity_kind" else list(codes(name).items())
    return [("", _("不清楚")), *((value, str(label)) for value, label in listed)]


def field_of(code: str, help_text: str = "") -> forms.Field:
    """Return the form field of a fact."""
    fact = FIELDS[code]
    words: dict[str, Any] = {"label": fact.label, "required": False, "help_text": help_text}
    if fact.kind == ValueKind.CODE:
        widget = forms.Select(attrs={} if fact.codes == "identity_kind" else IN_CHINESE)
        return forms.ChoiceField(choices=choices_of(code), widget=widget, **words)
    attrs = {"autocomplete": "off"}
    if fact.kind == ValueKind.DATE:  # text, so that 31 June is answered by a sentence of ours
        attrs |= {"inputmode": "numeric", "placeholder": "1990-06-01"}
    if fact.kind == ValueKind.PHONE:
        attrs |= {"type": "tel", "inputmode": "tel"}
    return forms.CharField(max_length=fact.length, widget=forms.TextInput(attrs=attrs), **words)


class SearchForm(forms.Form):
    """Words to find somebody by."""

    wanted = forms.CharField(
        label=gettext_lazy("姓名、门牌、电话后四位或证件号"),
        max_length=60,
        help_text=gettext_lazy(
            "例如：张伟；3幢301；杨柳苑 张；0017；低保。每次查找都会留下记录，本人看得到。"
        ),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请写要找的姓名、住址、电话后四位或证件号。")},
    )


class FactsForm(forms.Form):
    """Facts of one person, filled with what is held; what is masked stays empty and is left alone when empty."""

    def __init__(
        self,
        *args: Any,
        profile: Profile,
        wanted: Collection[str],
        hidden: Collection[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.profile, self.hidden, self.wanted = profile, set(hidden), list(wanted)
        for code in reversed(self.wanted):
            value = profile.value(code)
            is_hidden = code in self.hidden and bool(value)
            help_text = (
                _("已有：%(value)s。不改请留空。") % {"value": masked(code, value)} if is_hidden else ""
            )
            self.fields = {code: field_of(code, help_text)} | self.fields
            if not is_hidden:
                self.initial[code] = value.isoformat() if isinstance(value, date) else value

    def clean(self) -> dict[str, Any]:
        """Let what a rule refuses of one fact stand beside that fact; what contradicts another is said on top."""
        cleaned = super().clean() or {}
        kind = str(cleaned.get("identity_kind") or self.profile.identity_kind or IdentityKind.RESIDENT)
        for code, typed in self.changed_values().items():
            try:
                if code == "identity":
                    checked_identity(kind, str(typed), localdate())
                else:
                    clean_value(code, typed, localdate())
            except Refused as refused:
                self.add_error(code, refused.reason)
        return cleaned

    def changed_values(self) -> dict[str, Value]:
        """Return what was changed: a masked fact left empty is not, any other left empty is no longer known."""
        changed: dict[str, Value] = {}
        for code in self.wanted:
            typed = self.cleaned_data.get(code, "").strip()
            if code in self.hidden and not typed:
                continue
            held = self.profile.value(code)
            if typed != (held.isoformat() if isinstance(held, date) else held):
                changed[code] = typed
        return changed


class StatementForm(FactsForm):
    """A worker writes down what somebody said."""

    is_certain = forms.BooleanField(label=gettext_lazy("两处不一致我核对过，就按写的记"), required=False)
    rest_is_right = forms.BooleanField(label=gettext_lazy("其余都问过，没有变"), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("怎么知道的"),
        choices=TOLD_BY,
    )
    source_words = forms.CharField(
        label=gettext_lazy("来源说明"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("例如：看了户口簿；上门时女儿说的。"),
    )


class ProposalForm(FactsForm):
    """A resident proposes what is right."""

    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=200, help_text=gettext_lazy("社区核实时会看。")
    )


class FamilyForm(forms.Form):
    """Somebody of the family to be added."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=60,
        error_messages={"required": gettext_lazy("请写家人的姓名。")},
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("与户主的关系"),
        widget=forms.Select(attrs=IN_CHINESE),
        error_messages={"required": gettext_lazy("请选是户主的什么人。")},
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    identity_kind = forms.ChoiceField(label=gettext_lazy("证件种类"), required=False)
    identity = forms.CharField(label=gettext_lazy("证件号码"), max_length=40, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("请选择")), *codes("relation").items()]
        self.fields["relation"].choices = choices  # type: ignore[attr-defined]
        self.fields["identity_kind"].choices = choices_of("identity_kind")  # type: ignore[attr-defined]


class NewbornForm(forms.Form):
    """A child without papers yet."""

    name = forms.CharField(
        label=gettext_lazy("孩子的姓名"),
        max_length=60,
        help_text=gettext_lazy("还没取名，可以先写“李某之子”。"),
        error_messages={"required": gettext_lazy("请写孩子的姓名。")},
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"),
        choices=[("1", gettext_lazy("男")), ("2", gettext_lazy("女"))],
        widget=forms.RadioSelect(),
        error_messages={"required": gettext_lazy("请选择性别。")},
    )
    birth_date = day_field(gettext_lazy("出生日期"))


class ResidentForm(forms.Form):
    """A new resident of a home."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, error_messages={"required": gettext_lazy("请写姓名。")}
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    identity_kind = forms.ChoiceField(label=gettext_lazy("证件种类"), required=False)
    identity = forms.CharField(label=gettext_lazy("证件号码"), max_length=40, required=False)
    tenure = forms.ChoiceField(label=gettext_lazy("身份"), choices=Tenure.choices)
    lives_there = forms.BooleanField(label=gettext_lazy("住在这里"), required=False, initial=True)
    in_both = forms.BooleanField(label=gettext_lazy("两处都住"), required=False)
    since = day_field(gettext_lazy("从哪天起"))
    source = forms.ChoiceField(label=gettext_lazy("怎么知道的"), choices=TOLD_BY)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["identity_kind"].choices = choices_of("identity_kind")  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Return the name in order, or say which sign cannot be in one."""
        with as_field_error():
            return checked_name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Return the number as stored, or say what to correct."""
        with as_field_error():
            return phone_number(self.cleaned_data["phone"])


class TagForm(forms.Form):
    """A tag to be put on somebody."""

    kind = forms.ModelChoiceField(
        empty_label=gettext_lazy("请选择"),
        label=gettext_lazy("标签"),
        queryset=TagKind.objects.none(),
        widget=forms.Select(attrs=IN_CHINESE),
        error_messages={"required": gettext_lazy("请选择标签。")},
    )
    since = day_field(gettext_lazy("从哪天起"))
    detail = forms.CharField(
        label=gettext_lazy("等级、证号等"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("加密保存。"),
    )
    source = forms.ChoiceField(label=gettext_lazy("怎么知道的"), choices=Source.choices)
    source_words = forms.CharField(label=gettext_lazy("来源说明"), required=False, max_length=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].queryset = TagKind.objects.filter(retired_at=None)  # type: ignore[attr-defined]


class TagKindForm(forms.Form):
    """A row of the table of tags."""

    name = forms.CharField(label=gettext_lazy("标签名称"), max_length=20)
    purpose = forms.CharField(label=gettext_lazy("用途：为什么要知道"), max_length=200)
    legal_basis = forms.CharField(label=gettext_lazy("法律依据，或“本人同意”"), max_length=200)
    sensitivity = forms.ChoiceField(label=gettext_lazy("敏感程度"), choices=Sensitivity.choices)
    shelf_life_days = forms.IntegerField(
        label=gettext_lazy("多少天后再确认"), required=False, min_value=1, max_value=3650
    )


class ReasonForm(forms.Form):
    """Why."""

    because = forms.CharField(
        label=gettext_lazy("为什么"),
        max_length=120,
        error_messages={"required": gettext_lazy("请写明原因。")},
    )


class RelationForm(forms.Form):
    """What a member of a household is to its head."""

    relation = forms.ChoiceField(label=gettext_lazy("与户主的关系"), widget=forms.Select(attrs=IN_CHINESE))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["relation"].choices = list(codes("relation").items())  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """Of an act: the day, how we know, the paper."""

    on = day_field(gettext_lazy("哪天"))
    source = forms.ChoiceField(label=gettext_lazy("怎么知道的"), choices=Source.choices, initial=Source.PAPER)
    paper = forms.CharField(
        label=gettext_lazy("证明材料的编号"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("合同、不动产权证、出生或死亡证明的编号，加密保存。"),
    )
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def report(self, by: Any, at: Any) -> Report:
        """Return what was typed as the actions take it."""
        typed = self.cleaned_data
        return Report(typed["on"], typed["source"], by, at, typed["paper"], typed["note"])


class WhoForm(ReportForm):
    """An act of some of those who live in a home."""

    persons = forms.MultipleChoiceField(
        label=gettext_lazy("谁"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": gettext_lazy("请选择是谁。")},
    )
    field_order: tuple[str, ...] = ("persons",)

    def __init__(self, *args: Any, persons: Collection[Any] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(person.token, in_chinese(person.masked)) for person in persons]
        self.fields["persons"].choices = choices  # type: ignore[attr-defined]


class MoveForm(WhoForm):
    """A move into another home."""

    tenure = forms.ChoiceField(label=gettext_lazy("在新住处是"), choices=Tenure.choices)
    field_order = ("persons", "tenure")


class BirthForm(WhoForm):
    """A birth: who the parents are, and the child."""

    name = NewbornForm.base_fields["name"]
    sex = NewbornForm.base_fields["sex"]
    relation = forms.ChoiceField(
        label=gettext_lazy("与户主的关系"), required=False, widget=forms.Select(attrs=IN_CHINESE)
    )
    field_order = ("name", "sex", "on", "persons", "relation")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["persons"].label = _("父母")
        self.fields["on"].label = _("出生日期")
        choices = [("", _("按性别：子或女")), *codes("relation").items()]
        self.fields["relation"].choices = choices  # type: ignore[attr-defined]


class NamesForm(ReportForm):
    """An act of people who come: names and telephones, one person a line."""

    people = forms.CharField(
        label=gettext_lazy("是哪几位"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=600,
        help_text=gettext_lazy("每行一位，先写姓名再写手机号，例如：李小明 13800138000。"),
        error_messages={"required": gettext_lazy("请写姓名和手机号。")},
    )
    lives_there = forms.BooleanField(label=gettext_lazy("新业主住进来"), required=False)
    field_order = ("people",)

    def __init__(self, *args: Any, asks_living: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_living:
            del self.fields["lives_there"]

    def clean_people(self) -> list[tuple[str, str]]:
        """Return [(name, number as stored or "")], or say which line to correct."""
        with as_field_error():
            return _lines(self.cleaned_data["people"])


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        parts = line.replace("，", " ").replace(",", " ").split()
        if not parts:
            continue
        phone = parts[-1] if any(sign.isdigit() for sign in parts[-1]) else ""
        name = checked_name(" ".join(parts[:-1] if phone else parts))
        if not name:
            raise Refused(_("“%(line)s”这一行没有姓名。") % {"line": line.strip()[:20]})
        found.append((name, phone_number(phone)))
    if len(found) > MOST_AT_ONCE:
        raise Refused(_("一次最多写 %(count)s 位。") % {"count": MOST_AT_ONCE})
    return found
