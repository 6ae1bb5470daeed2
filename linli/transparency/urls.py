from django.urls import path

from linli.transparency import views

app_name = "transparency"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("entry/<str:token>/", views.entry, name="entry"),
    path("receipt/<str:name>.tlog-proof", views.receipt, name="receipt"),
    path("<str:log>/", views.log, name="log"),
    path("<str:log>/paper/", views.paper, name="paper"),
    path("<str:log>/checkpoint", views.checkpoint, name="checkpoint"),
    path("<str:log>/keys", views.keys, name="keys"),
    path("<str:log>/tile/entries/<path:path>", views.entries, name="entries"),
    path("<str:log>/tile/<int:level>/<path:path>", views.tile, name="tile"),
]
