from django.urls import path

from linli.trail.views import audit, disclosure, mine, queries, reveals

app_name = "trail"
urlpatterns = [
    path("mine/", mine.mine, name="mine"),
    path("mine/export/", mine.export, name="export"),
    path("mine/ask/<str:line>/", mine.ask, name="ask"),
    path("reveal/", reveals.reveal, name="reveal"),
    path("totals/", audit.totals, name="totals"),
    path("audit/", audit.search, name="audit"),
    path("audit/<str:act>/", audit.act, name="act"),
    path("queries/", queries.waiting, name="queries"),
    path("queries/<str:token>/", queries.query, name="query"),
    path("disclosure/", disclosure.overview, name="disclosure"),
    path("disclosure/rule/", disclosure.rule, name="rule"),
    path("disclosure/ask/", disclosure.ask, name="ask_to_withhold"),
    path("disclosure/<str:token>/approve/", disclosure.approve, name="approve"),
    path("disclosure/<str:token>/end/", disclosure.end, name="end_withholding"),
]
