from django.urls import path, re_path

from linli.imports.views import conflicts, ledgers, lists

app_name = "imports"
urlpatterns = [
    path("", ledgers.ledgers, name="list"),
    path("new/", ledgers.receive, name="receive"),
    path("export/", lists.export, name="export"),
    path("export/<slug:token>/", lists.exported, name="exported"),
    path("export/<slug:token>/file/", lists.download, name="download"),
    path("conflicts/<slug:token>/decide/", conflicts.decide, name="decide"),
    path("<slug:token>/", ledgers.run, name="run"),
    path("<slug:token>/columns/", ledgers.columns, name="columns"),
    path("<slug:token>/sheet/", ledgers.sheet, name="sheet"),
    path("<slug:token>/conflicts/", conflicts.conflicts, name="conflicts"),
    re_path(r"^(?P<token>[-\w]+)/broken\.(?P<kind>csv|xlsx)$", ledgers.broken, name="broken"),
    re_path(r"^(?P<token>[-\w]+)/(?P<verb>check|load|stop)/$", ledgers.act, name="act"),
]
