from django.urls import path, register_converter

from linli.privacy.views import breaches, desk, glass, own, public


class OneOf:
    """A part of an address that is one of a few words."""

    regex = "json|pdf"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    to_url = to_python


class Verb(OneOf):
    """What may be done about an incident."""

    regex = "report|tell|close"


register_converter(OneOf, "copy_form")
register_converter(Verb, "incident_verb")

app_name = "privacy"
urlpatterns = [
    path("fields/", public.fields, name="fields"),
    path("fields/<str:code>/", desk.field, name="field"),
    path("duplicates/", public.duplicates, name="duplicates"),
    path("purges/", public.purges, name="purges"),
    path("findings/", public.findings, name="findings"),
    path("findings/new/", breaches.open_finding, name="open_finding"),
    path("findings/<slug:token>/", breaches.finding, name="finding"),
    path("texts/<slug:token>/", public.notice, name="notice"),
    path("mine/", own.mine, name="mine"),
    path("mine/copy.<copy_form:form>", own.export, name="export"),
    path("mine/ask/", own.ask, name="ask"),
    path("mine/asked/<slug:token>/", own.asked, name="asked"),
    path("consents/", own.consents, name="consents"),
    path("consents/<slug:token>/agree/", own.agree, name="agree"),
    path("consents/<slug:token>/withdraw/", own.withdraw, name="withdraw"),
    path("glass/", glass.break_glass, name="break_glass"),
    path("glass/<slug:token>/", glass.grant, name="grant"),
    path("glass/<slug:token>/review/", desk.review, name="review"),
    path("glass/<slug:token>/<slug:person>/", glass.reveal, name="reveal"),
    path("desk/", desk.desk, name="desk"),
    path("requests/<slug:token>/", desk.answer, name="answer"),
    path("assessments/", desk.assessments, name="assessments"),
    path("assessments/new/", desk.assess, name="assess"),
    path("assessments/<slug:token>/approve/", desk.approve, name="approve"),
    path("assessments/<slug:token>/end/", desk.end_assessment, name="end_assessment"),
    path("texts/", desk.notices, name="notices"),
    path("texts/<slug:token>/end/", desk.end_notice, name="end_notice"),
    path("holds/", desk.holds, name="holds"),
    path("holds/<slug:token>/lift/", desk.lift, name="lift"),
    path("incidents/new/", breaches.record, name="record"),
    path("incidents/<slug:token>/", breaches.incident, name="incident"),
    path("incidents/<slug:token>/contacts.csv", breaches.contacts, name="contacts"),
    path("incidents/<slug:token>/<incident_verb:verb>/", breaches.handle, name="handle"),
    path("security/", breaches.security, name="security"),
]
