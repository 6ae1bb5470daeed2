"""Documents on paper and as PDF/A: a Typst template and values, which reach it as data and never as markup.

A template is a file among the templates of a domain ("privacy/held.typ"); it finds the values in `v` and begins after
the common head: A4, a Chinese serif, selectable text. Nothing is fetched from anywhere; the fonts are the machine's.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import typst
from django.template import TemplateDoesNotExist
from django.template.utils import get_app_template_dirs
from django.utils.translation import gettext as _

from linli.base.errors import Refused

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "Source Han Sans SC")
HEAD = """
#let v = json(bytes(sys.inputs.at("values")))
#let day = v.at("on", default: "").split("-").filter(part => part != "").map(int)
#set document(
  title: v.at("title", default: ""),
  date: if day.len() == 3 { datetime(year: day.at(0), month: day.at(1), day: day.at(2)) } else { auto },
)
#set page(paper: "a4", margin: (x: 22mm, y: 20mm), numbering: "1 / 1")
// No gap beside figures: whoever copies 2026年3月 would get blanks in it.
#set text(font: "{font}", size: 11pt, lang: "zh", region: "cn", cjk-latin-spacing: none)
#set par(leading: 0.9em)
#set heading(numbering: none)
#set table(stroke: 0.4pt + luma(150), inset: 5pt)
"""
UNSHOWN = re.compile(r"the text `?\"?([^`\"]+)\"?`? could not be displayed")
SPELLED_AT_MOST = 200  # different signs that no font of the machine has


def pdf(template: str, values: Mapping[str, Any], *, spell_unshown: bool = False) -> bytes:
    """Return the PDF/A-2b of `template` filled with `values` (what JSON can hold).

    `values["title"]` names the document, `values["on"]` ("2026-11-22") dates it, otherwise the present moment does.

    Raises Refused with a sentence where the machine has no Chinese font, and where a sign is in none of its fonts;
    with `spell_unshown` such a sign is printed as its code instead, 〔U+32000〕.
    """
    text = json.dumps(values, ensure_ascii=False)
    source = (HEAD.replace("{font}", chinese_font()) + source_of(template)).encode()
    for _try in range(SPELLED_AT_MOST):
        try:
            return bytes(
                typst.compile(source, sys_inputs={"values": text}, format="pdf", pdf_standards=["a-2b"])
            )
        except typst.TypstError as error:
            unshown = UNSHOWN.search(str(error))
            if unshown is None:
                raise
            signs = unshown.group(1)
            if not spell_unshown:
                raise Refused(
                    _("这台服务器的字体里没有“%(signs)s”（%(codes)s），请管理员补装字体后再试。")
                    % {"signs": signs, "codes": _codes(signs)}
                ) from error
            text = text.replace(signs, f"〔{_codes(signs)}〕")
    raise Refused(_("这份文件里字体没有的字太多了，请管理员补装字体后再试。"))


def _codes(signs: str) -> str:
    return " ".join(f"U+{ord(sign):04X}" for sign in signs)


@lru_cache
def chinese_font() -> str:
    """Return the name of the machine's Chinese font. Raises Refused where it has none."""
    families = set(typst.Fonts(include_system_fonts=True).families())
    found = next((name for name in FONTS if name in families), "")
    if not found:
        raise Refused(_("这台服务器没有中文字体，做不出 PDF。请管理员安装 fonts-noto-cjk 后再试。"))
    return found


@lru_cache
def source_of(template: str) -> str:
    """Return the text of a template file of a domain. Raises TemplateDoesNotExist."""
    for folder in get_app_template_dirs("templates"):
        path = folder / template
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise TemplateDoesNotExist(template)
