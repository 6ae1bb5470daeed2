from django.urls import path

from linli.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("kinds/", views.kinds, name="kinds"),
    path("silence/", views.silence, name="silence"),
    path("check/", views.check, name="check"),
    path("troubled/", views.troubled, name="troubled"),
    path("troubled/<str:attempt>/resend/", views.resend, name="resend"),
    path("troubled/<str:attempt>/settle/", views.settle, name="settle"),
    path("<str:token>/", views.notice, name="notice"),
    path("<str:token>/read/", views.read, name="read"),
]
