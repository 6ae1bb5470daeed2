"""Input of the front's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.front.models import Relation


class PlatformForm(forms.Form):
    """Another platform that staff here must use."""

    name = forms.CharField(label=_("平台名称"), max_length=80)
    owner = forms.CharField(label=_("主管单位"), max_length=80)
    used_for = forms.CharField(label=_("用来做什么"), max_length=200)
    relation = forms.ChoiceField(label=_("与邻里的关系"), choices=Relation.choices, widget=forms.RadioSelect)
