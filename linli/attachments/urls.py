from django.urls import path

from linli.attachments import views

app_name = "attachments"
urlpatterns = [
    path("<slug:token>/", views.show, name="show"),
    path("<slug:token>/small/", views.thumbnail, name="thumbnail"),
    path("<slug:token>/cover/", views.cover, name="cover"),
    path("<slug:token>/uncover/", views.uncover, name="uncover"),
]
