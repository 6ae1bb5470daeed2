from django.urls import path

from linli.base import views

app_name = "base"
urlpatterns = [path("face/", views.set_face, name="set_face")]
