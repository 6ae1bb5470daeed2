from django.urls import path

from linli.reports.views import asking, demands, filling, mapping, months, templates

app_name = "reports"
urlpatterns = [
    path("", templates.templates, name="templates"),
    path("new/", templates.new, name="new"),
    path("ship/", templates.ship, name="ship"),
    path("demands/", demands.demands, name="demands"),
    path("wanted/", asking.wanted, name="wanted"),
    path("wanted/<str:token>/", asking.answer, name="answer"),
    path("wanted/<str:token>/leave/", asking.leave, name="leave"),
    path("months/", months.months, name="months"),
    path("months/<str:token>/", months.month, name="month"),
    path("months/<str:token>/docx/", months.as_docx, name="month_docx"),
    path("months/<str:token>/pdf/", months.as_pdf, name="month_pdf"),
    path("fillings/<str:token>/", filling.filling, name="filling"),
    path("fillings/<str:token>/book/", filling.book, name="book"),
    path("fillings/<str:token>/missing/", filling.missing, name="missing"),
    path("fillings/<str:token>/ask/", filling.ask, name="ask"),
    path("fillings/<str:token>/compare/", filling.compare, name="compare"),
    path("fillings/<str:token>/held/", filling.answer_held, name="answer_held"),
    path("<str:token>/", templates.template, name="template"),
    path("<str:token>/blank/", templates.blank, name="blank"),
    path("<str:token>/columns/", mapping.columns, name="columns"),
    path("<str:token>/layout/", mapping.layout, name="layout"),
    path("<str:token>/fill/", filling.fill, name="fill"),
    path("<str:token>/demand/", templates.demand, name="demand"),
    path("<str:token>/retire/", templates.retire, name="retire"),
]
