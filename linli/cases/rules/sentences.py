"""Where a case stands, as a neighbour says it: to anyone, to the person who asked, and step by step."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.clockwords import length_words
from linli.cases.rules.states import State, Verb

# State → (words, tone); translated when they are said. "%(took)s" is how long it took.
ENDS: dict[str, tuple[Promise, str]] = {
    State.CONFIRMED: (gettext_lazy("提出人说解决了，用了 %(took)s"), "done"),
    State.PARTLY: (gettext_lazy("提出人说解决了一部分"), "soon"),
    State.CHECKED: (gettext_lazy("核查属实，用了 %(took)s"), "done"),
    State.ON_SPOT: (gettext_lazy("当场解决"), "done"),
    State.UNCONFIRMED: (gettext_lazy("办结了，提出人没有回音"), "calm"),
    State.DECLINED: (gettext_lazy("不归这里办，已说明该找谁"), "calm"),
    State.RESOLVED: (gettext_lazy("办结了，等提出人确认"), "calm"),
    State.PAUSED: (gettext_lazy("先挂着，原因写在里面"), "soon"),
    State.FILED: (gettext_lazy("已收到，等社区受理"), "calm"),
    State.ACCEPTED: (gettext_lazy("已受理，正在找负责的单位"), "calm"),
    State.WITHDRAWN: (gettext_lazy("提出人撤回了"), "calm"),
    State.MERGED: (gettext_lazy("和另一件相同的事并在一起办"), "calm"),
}
WORKING: dict[str, Promise] = {
    State.ASSIGNED: gettext_lazy("已交给%(lead)s，"),
    State.UNDER_WAY: gettext_lazy("正在办，%(lead)s负责，"),
}
YOURS: dict[str, tuple[Promise, str]] = {
    State.RESOLVED: (gettext_lazy("说是办好了，请您看看是不是解决了"), "soon"),
    State.CONFIRMED: (gettext_lazy("您说解决了"), "done"),
    State.PARTLY: (gettext_lazy("您说解决了一部分"), "soon"),
    State.UNCONFIRMED: (gettext_lazy("办结了，您还可以说解决没解决"), "calm"),
    State.WITHDRAWN: (gettext_lazy("您已撤回"), "calm"),
    State.MERGED: (gettext_lazy("和邻居说的同一件事并在一起办"), "calm"),
}


@dataclass(frozen=True)
class Story:
    """What the public may know of one case's course; times are aware."""

    state: str
    lead: str
    filed_at: datetime
    resolved_at: datetime | None
    due: datetime | None


@dataclass(frozen=True)
class Sentence:
    """A state as a neighbour says it. `due` is set where the words go on with "…前"."""

    words: str
    tone: str
    due: datetime | None = None


def sentence(story: Story, now: datetime) -> Sentence:
    """Say where a public case stands: who works on it and until when, or how it ended."""
    if story.state in ENDS:
        words, tone = ENDS[story.state]
        took = length_words(story.resolved_at - story.filed_at) if story.resolved_at else ""
        return Sentence(str(words) % {"took": took}, tone)
    doing = str(WORKING[story.state]) % {"lead": story.lead}
    if story.due is None:
        return Sentence(doing.rstrip("，, "), "calm")
    return Sentence(doing, "late" if story.due < now else "calm", story.due)


def own_sentence(story: Story, now: datetime) -> Sentence:
    """Say it to the person who asked: what waits for them is said as a request to them."""
    if story.state in YOURS:
        words, tone = YOURS[story.state]
        return Sentence(str(words), tone)
    return sentence(story, now)


def step_words(verb: str, body: str) -> str:
    """Say one step of the timeline as a sentence with the body that acted; "" where nobody did."""
    with_body = {
        Verb.DISPATCHED: _("请%(body)s办理"),
        Verb.TRANSFERRED: _("转给%(body)s办理"),
        Verb.ASSIST_ADDED: _("请%(body)s协办"),
        Verb.RECALLED: _("从%(body)s收回"),
        Verb.SIGNED: _("%(body)s签收"),
        Verb.LAPSED: _("%(body)s逾期未签，视为签收"),
        Verb.STARTED: _("%(body)s开始办理"),
        Verb.REPLIED: _("%(body)s答复进展"),
        Verb.UNIT_ANSWERED: _("%(body)s答复"),
        Verb.RETURNED: _("%(body)s的退单得到同意"),
        Verb.HELP_ASKED: _("%(body)s请求支援"),
        Verb.HELPED: _("%(body)s到场支援"),
        Verb.RESOLVED: _("%(body)s说办好了"),
        Verb.CHECK_ASKED: _("请%(body)s核查"),
        Verb.CHECKED: _("%(body)s核查"),
        Verb.PRESSED: _("到期未办结，催办%(body)s"),
        Verb.SUPERVISED: _("仍未办结，督办%(body)s"),
        Verb.WHISTLED: _("吹哨上报，交%(body)s"),
    }
    if body and verb in with_body:
        return with_body[Verb(verb)] % {"body": body}
    return str(Verb(verb).label) if verb in Verb.values else verb
