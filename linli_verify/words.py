"""What linli-verify says, in two languages."""

import os

ZH, EN = "zh", "en"
SENTENCES: dict[str, tuple[str, str]] = {
    "receipt_holds": (
        "核对通过：这是 {origin} 账本的第 {index} 条（从 0 数起，账本当时共 {size} 条），记下以后没有改过。",
        "Verified: entry {index} of {origin} (from 0; the log then had {size}), unchanged since it was recorded.",
    ),
    "checkpoint_holds": (
        "核对通过：{origin} 的检查点，{size} 条，签名是真的。",
        "Verified: checkpoint of {origin}, {size} entries, the signature is genuine.",
    ),
    "log_holds": (
        "核对通过：{origin} 的全部 {size} 条记录都与签名的检查点一致。",
        "Verified: all {size} entries of {origin} agree with the signed checkpoint.",
    ),
    "consistency_holds": (
        "核对通过：{origin} 的后一个检查点（{new} 条）完整包含前一个（{old} 条），没有改过。",
        "Verified: the later checkpoint of {origin} ({new} entries) contains the earlier one ({old}), unchanged.",
    ),
    "of_nothing": (
        "前一个检查点是空账本，里面没有什么可核对的。",
        "The earlier checkpoint is of an empty log: there is nothing in it to verify.",
    ),
    "said": ("记下的内容：", "What was recorded:"),
    "erased": (
        "内容已依法删去，证明仍然有效。",
        "The content was erased as the law demands; the proof still holds.",
    ),
    "witness": ("见证方 {name} 于 {time} 看过。", "Seen by witness {name} at {time}."),
    "no_witness": (
        "没有见证方签名：只有账本主人自己的签名。",
        "No witness has signed: there is only the signature of the log's owner.",
    ),
    "limits": (
        "核对只说明写下以后没有改，不说明写下的话当时是真的，也不说明没有漏写。",
        "This shows that nothing changed since it was written; not that it was true, nor that nothing was left out.",
    ),
    "too_few": (
        "核对不通过：要求至少 {wanted} 位见证方，只有 {seen} 位。",
        "Not verified: {wanted} witnesses are required, {seen} have signed.",
    ),
    "fails": ("核对不通过：{why}", "Not verified: {why}"),
    "unreadable": ("读不了：{why}", "Cannot read: {why}"),
    "why_unsigned": (
        "没有一个给定的公钥签过它。公钥对不对？",
        "none of the given keys has signed it. Are these the right keys?",
    ),
    "why_signature": (
        "{detail} 的签名是假的，或内容被改过。",
        "the signature of {detail} is false, or the text was altered.",
    ),
    "why_inclusion": (
        "回执写的内容不在签过名的账本里：内容、序号或证明被改过。",
        "what the receipt says is not in the signed log: content, number or proof was altered.",
    ),
    "why_entry": ("第 {detail} 条与树不符。", "entry {detail} does not match the tree."),
    "why_root": (
        "全部记录算出的根与签名的不同。",
        "the root computed from all entries is not the signed one.",
    ),
    "why_consistency": (
        "后一个检查点不是从前一个长出来的：账本被改写过，或者给的是两份不同的账。",
        "the later checkpoint does not follow from the earlier: the log was rewritten, or forked.",
    ),
    "why_other": ("{detail} 与签名的账本不符。", "{detail} does not agree with the signed log."),
    "no_keys": (
        "请用 --key 给出公钥（文件或一行文字）；公告栏、见证方和 /log/<账本>/keys 都有。",
        "Give the public keys with --key (a file or one line); see the notice board, a witness, or /log/<log>/keys.",
    ),
    "format": (
        "这不是要核对的那种文件，或已残缺（{detail}）。",
        "this is not such a file, or it is damaged ({detail}).",
    ),
}


def language_of(chosen: str | None) -> str:
    """Return zh or en: what was chosen, else the machine's own language, else Chinese."""
    if chosen in (ZH, EN):
        return chosen
    machine = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ZH
    return EN if machine.lower().startswith("en") else ZH


def say(language: str, sentence: str, **values: object) -> str:
    """Return one sentence."""
    return SENTENCES[sentence][language == EN].format(**values)


def why(language: str, reason: str) -> str:
    """Return the sentence for a FalseError's reason."""
    word, _gap, detail = reason.partition(" ")
    known = f"why_{word}"
    if known in SENTENCES:
        return say(language, known, detail=detail)
    return say(language, "why_other", detail=reason)
