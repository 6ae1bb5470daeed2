"""The unified social credit code of bodies (统一社会信用代码), GB 32100-2015."""

import re
import unicodedata

from django.utils.translation import gettext as _

from linli.base.errors import Refused

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are read as digits
LENGTH = 18
MODULUS = 31
RULE = "GB 32100-2015"
READ_AS = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


def credit_code(typed: str) -> str:
    """Return the code as it is kept: 18 capital signs, blanks, dashes and full-width signs understood.

    Refused with a sentence that names the place and, where letters stand for digits (O for 0), the code
    that is probably meant.
    """
    code = re.sub(r"[\s\-‐－—]", "", unicodedata.normalize("NFKC", typed)).upper()
    if len(code) != LENGTH:
        raise Refused(_("统一社会信用代码是 18 位，这里是 %(n)s 位，请核对。") % {"n": len(code)}, rule=RULE)
    wrong = next((place for place, sign in enumerate(code) if sign not in SIGNS), None)
    if wrong is not None:
        raise Refused(_wrong_sign(code, wrong), rule=RULE)
    if not code[2:8].isdigit():
        raise Refused(_("统一社会信用代码第 3 到第 8 位是区划代码，只能是数字，请核对。"), rule=RULE)
    if code[-1] != check_sign(code[:-1]):
        raise Refused(_("这个统一社会信用代码的校验码对不上，多半是抄错了一位，请照证照核对。"), rule=RULE)
    return code


def check_sign(first: str) -> str:
    """Return the 18th sign of a code: 31 less the sum of value × 3^i modulo 31 (31 counts as 0)."""
    total = sum(SIGNS.index(sign) * pow(3, place, MODULUS) for place, sign in enumerate(first))
    return SIGNS[-total % MODULUS]


def _wrong_sign(code: str, place: int) -> str:
    sign = code[place]
    words = {"place": place + 1, "sign": sign}
    meant = "".join(READ_AS.get(one, one) for one in code)
    if sign not in READ_AS:
        return _("统一社会信用代码第 %(place)s 位不能是“%(sign)s”，请照证照核对。") % words
    if all(one in SIGNS for one in meant) and meant[-1] == check_sign(meant[:-1]):
        return _(
            "统一社会信用代码里没有字母 %(sign)s（第 %(place)s 位），是不是 %(meant)s？请照证照核对。"
        ) % (words | {"meant": meant})
    return (
        _("统一社会信用代码里没有字母 I、O、S、V、Z；第 %(place)s 位的“%(sign)s”请照证照核对，常和数字看混。")
        % words
    )
