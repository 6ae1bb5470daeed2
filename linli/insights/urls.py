from django.urls import path, re_path

from linli.insights import views

app_name = "insights"
urlpatterns = [
    path("rates/", views.rates, name="rates"),
    path("rates/<str:measure>/", views.rows, name="rows"),
    path("open/<str:token>/", views.open_data, name="open_data"),
    re_path(r"^open/(?P<token>\w+)/cases\.(?P<form>csv|json)$", views.open_file, name="open_file"),
]
