from django.urls import path

from linli.burden import views

app_name = "burden"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("sums/", views.sums, name="sums"),
]
