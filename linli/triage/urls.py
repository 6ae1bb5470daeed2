from django.urls import path

from linli.triage import views

app_name = "triage"
urlpatterns = [path("", views.card, name="card")]
