"""What somebody brings to have it checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 256 * 1024


class BroughtForm(forms.Form):
    """A receipt file, or its text, or the text of a checkpoint from the notice board."""

    receipt = forms.FileField(
        label=_("回执文件"),
        help_text=_("文件名以 .tlog-proof 结尾，是当初下载的那一个。"),
        required=False,
    )
    text = forms.CharField(
        label=_("或者粘贴文字"),
        help_text=_("回执的全部文字，或公告栏二维码里的检查点。"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Give `brought`, the bytes to judge."""
        cleaned = super().clean() or {}
        upload, text = cleaned.get("receipt"), cleaned.get("text") or ""
        if upload is None and not text.strip():
            raise forms.ValidationError(_("请选一个回执文件，或粘贴文字。"))
        if upload is not None and upload.size > MOST_BYTES:
            raise forms.ValidationError(_("这个文件太大，不是回执。请选以 .tlog-proof 结尾的文件。"))
        pasted = text.replace("\r\n", "\n").strip("\n") + "\n"
        cleaned["brought"] = upload.read() if upload is not None else pasted.encode("utf-8", "replace")
        return cleaned
