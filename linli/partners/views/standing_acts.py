"""Acts about admission, papers, suspension, exit, groups and committees."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.partners import actions
from linli.partners.actions import Certified, Profile
from linli.partners.forms import standing as forms
from linli.partners.forms.fields import ActForm
from linli.partners.models import HandoverItem, Partner, Term, TermMember
from linli.partners.rules import Kind, State
from linli.partners.views.acting import CLERK, DECIDER, MEMBER, Act

DESK, HEAD, OWN = frozenset({CLERK}), frozenset({DECIDER}), frozenset({MEMBER})


def _in(*states: str) -> Any:
    return lambda partner, _now: partner.state in states


def _group(partner: Partner, _now: datetime) -> bool:
    return partner.kind == Kind.RESIDENTS_GROUP and partner.state == State.ADMITTED


def _committee(partner: Partner, _now: datetime) -> bool:
    return partner.kind == Kind.OWNERS_COMMITTEE and partner.state in {State.ADMITTED, State.SUSPENDED}


def _admittable(partner: Partner, _now: datetime) -> bool:
    if partner.kind == Kind.RESIDENTS_GROUP:
        return partner.state == State.APPLIED
    return partner.state == State.CHECKED


def _may_go(partner: Partner, _now: datetime) -> bool:
    asked = partner.state == State.ADMITTED and partner.leave_asked_at is not None
    return asked or partner.state == State.SUSPENDED


def _certified(typed: dict[str, Any], kind: str) -> Certified:
    return Certified(kind, typed["number"], typed["issuer"], typed["issued_on"], typed["expires_on"])


def _change(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    profile = Profile(
        partner.kind,
        typed["name"],
        typed["purpose"],
        typed["credit_code"],
        typed["telephone"],
        typed["address"],
    )
    return actions.change_profile(partner, profile, by=request.person, at=now)


def _paper(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    certified = _certified(typed, typed["kind"])
    return actions.add_paper(partner, certified, by=request.person, at=now, scan=typed["scan"])


def _grow(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.grow(partner, typed["credit_code"], _certified(typed, ""), by=request.person, at=now)


def _elect(request: Any, partner: Partner, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.elect(
        partner, typed["elected_on"], typed["years"], typed["seats"], by=request.person, at=now
    )


def _seat(request: Any, term: Term, form: ActForm, now: datetime) -> object:
    typed = form.cleaned_data
    return actions.seat_member(
        term, typed["name"], typed["phone"], typed["post"], typed["since"], by=request.person, at=now
    )


def _papers(partner: Partner) -> Any:
    return partner.papers.filter(replaced_at=None).select_related("partner")


STANDING_ACTS: dict[str, Act] = {
    "change": Act(
        _("改资料"), forms.ChangeForm, _change, OWN, _("改好了。"),
        _("没批准的改好以后会重新送去核对。已经入驻的，名称和代码不能自己改。"),
        lambda partner, _now: partner.state != State.LEFT,
    ),
    "paper": Act(
        _("登记证照"), forms.PaperForm, _paper, OWN | DESK, _("证照登记好了。"),
        _("同一种证照登记新的，旧的就算换掉了。"), lambda partner, _now: partner.state != State.LEFT,
    ),
    "drop-paper": Act(
        _("作废这张证照"), forms.WordsForm,
        lambda request, paper, form, now: actions.drop_paper(
            paper, form.cleaned_data["words"], by=request.person, at=now
        ),
        DESK, _("已记为作废。"), rows=_papers,
    ),
    "check": Act(
        _("核对无误"), forms.NoteForm,
        lambda request, partner, form, now: actions.check(
            partner, by=request.person, at=now, words=form.cleaned_data["words"]
        ),
        DESK, _("核对好了，等另一位批准。"), _("看过证照原件或照片，和申请写的一致。批准要由另一位来办。"),
        lambda partner, _now: partner.state == State.APPLIED and partner.kind != Kind.RESIDENTS_GROUP,
    ),
    "admit": Act(
        _("批准入驻"), forms.AdmitForm,
        lambda request, partner, form, now: actions.admit(
            partner, by=request.person, at=now, function=form.cleaned_data["function"]
        ),
        HEAD, _("批准了。"), _("批准后会出现在公开页上，可以派单、签合同。同名的单位会接上原来的。"), _admittable,
    ),
    "refuse": Act(
        _("不予批准"), forms.WordsForm,
        lambda request, partner, form, now: actions.refuse(
            partner, form.cleaned_data["words"], by=request.person, at=now
        ),
        DESK, _("已说明理由退回，对方补好材料可以再申请。"), _("写清楚缺什么、怎么补。"),
        _in(State.APPLIED, State.CHECKED),
    ),
    "serve": Act(
        _("扩大服务范围"), forms.ServeForm,
        lambda request, partner, form, now: actions.serve(
            partner, form.cleaned_data["serves"], by=request.person, at=now
        ),
        HEAD, _("改好了。"), when=_in(State.ADMITTED),
    ),
    "suspend": Act(
        _("暂停接单"), forms.SuspendForm,
        lambda request, partner, form, now: actions.suspend(
            partner, form.cleaned_data["reason"], form.cleaned_data["basis"], by=request.person, at=now
        ),
        HEAD, _("已暂停，并请它在 10 个工作日内说明情况。"),
        _("从今天起不接新单；手上的要办完。理由公开，本单位可以申辩，最后由另一位负责人决定。"),
        _in(State.ADMITTED),
    ),
    "state-case": Act(
        _("陈述申辩"), forms.StatementForm,
        lambda request, partner, form, now: actions.state_case(
            partner, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("收到了，会和决定一起公开。"), when=_in(State.SUSPENDED),
    ),
    "resume": Act(
        _("恢复接单"), forms.WordsForm,
        lambda request, partner, form, now: actions.resume(
            partner, form.cleaned_data["words"], by=request.person, at=now
        ),
        HEAD, _("恢复了。"), when=_in(State.SUSPENDED),
    ),
    "ask-to-leave": Act(
        _("申请退出"), forms.WordsForm,
        lambda request, partner, form, now: actions.ask_to_leave(
            partner, form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("收到了，社区会来办交接。"),
        when=lambda partner, _now: partner.state in {State.ADMITTED, State.SUSPENDED} and not partner.leave_asked_at,
    ),
    "let-go": Act(
        _("办理退出"), forms.WordsForm,
        lambda request, partner, form, now: actions.let_go(
            partner, form.cleaned_data["words"], by=request.person, at=now
        ),
        HEAD, _("已退出。合同终止、人员权限今天起失效，交接清单列好了。"),
        _("这一步不能撤回：合同今天终止，人员的权限今天失效，开始按清单交接。"), _may_go,
    ),
    "hand-over": Act(
        _("交接好了"), forms.HandOverForm,
        lambda request, item, form, now: actions.hand_over(
            item, form.cleaned_data["received_by"], by=request.person, at=now, note=form.cleaned_data["note"]
        ),
        DESK, _("记下了。"), rows=lambda partner: HandoverItem.objects.filter(partner=partner, done_on=None),
    ),
    "stand-by": Act(
        _("安排联系人和活动室"), forms.MentorForm,
        lambda request, partner, form, now: actions.stand_by(
            partner, form.cleaned_data["mentor"], form.cleaned_data["room_words"], by=request.person, at=now
        ),
        DESK, _("安排好了。"), when=_group,
    ),
    "grant": Act(
        _("拨小额资助"), forms.GrantForm,
        lambda request, partner, form, now: actions.grant(
            partner, form.cleaned_data["purpose"], form.cleaned_data["amount"], by=request.person, at=now
        ),
        HEAD, _("拨付记好了，公开可查。"), when=_group,
    ),
    "account-for": Act(
        _("报账"), forms.AccountForm,
        lambda request, row, form, now: actions.account_for(
            row, form.cleaned_data["spent"], form.cleaned_data["words"], by=request.person, at=now
        ),
        OWN, _("报好了，谢谢。"), rows=lambda partner: partner.grants.filter(accounted_on=None),
    ),
    "grow": Act(
        _("已登记为社会组织"), forms.GrowForm, _grow, HEAD, _("恭喜，小组成为社会组织了。"),
        _("同一份档案，同一段经过，从今天起有了自己的代码和证书。"), _group,
    ),
    "prepare-term": Act(
        _("开始筹备换届"), forms.NoteForm,
        lambda request, partner, form, now: actions.prepare_term(partner, by=request.person, at=now),
        DESK, _("记下了。"), when=_committee,
    ),
    "elect": Act(
        _("登记选举结果"), forms.ElectForm, _elect, DESK, _("登记好了，请在 30 日内备案。"),
        _("上一届从选举那天起卸任，委员的权限今天失效。"), _committee,
    ),
    "file-term": Act(
        _("登记备案"), forms.FileTermForm,
        lambda request, term, form, now: actions.file_term(
            term, form.cleaned_data["filed_on"], form.cleaned_data["number"], by=request.person, at=now
        ),
        DESK, _("备案记好了。"), rows=lambda partner: Term.objects.filter(partner=partner).select_related("partner"),
    ),
    "seat": Act(
        _("登记委员"), forms.MemberForm, _seat, DESK, _("登记好了，也告诉了本人。"),
        _("公开页上姓名不全显示。委员可以看派给业委会的事，任期一到就看不到。"),
        rows=lambda partner: Term.objects.filter(partner=partner, ended_on=None).select_related("partner"),
    ),
    "unseat": Act(
        _("卸任"), forms.DayForm,
        lambda request, member, form, now: actions.unseat_member(
            member, form.cleaned_data["on"], by=request.person, at=now
        ),
        DESK, _("记下了，权限从那天起失效。"),
        rows=lambda partner: TermMember.objects.filter(term__partner=partner, until=None).select_related(
            "term__partner"
        ),
    ),
}  # fmt: skip
PROFILE_ACTS = (
    "check", "admit", "refuse", "change", "serve", "suspend", "state-case", "resume", "ask-to-leave", "let-go",
    "stand-by", "grant", "grow", "prepare-term", "elect",
)  # fmt: skip
