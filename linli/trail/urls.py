from django.urls import path

from linli.trail import views

app_name = "trail"
urlpatterns = [path("mine/", views.mine, name="mine")]
