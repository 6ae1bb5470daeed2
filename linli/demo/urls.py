from django.urls import path

from linli.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.cast, name="cast"),
    path("<slug:key>/", views.walk_in, name="walk_in"),
]
