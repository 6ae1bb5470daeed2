from django.urls import path

from linli.front.views import home, own, public, searching

app_name = "front"
urlpatterns = [
    path("", home.home, name="home"),
    path("around/", home.around, name="around"),
    path("work/", home.work, name="work"),
    path("mine/", own.mine, name="mine"),
    path("search/", searching.search, name="search"),
    path("about/", own.about, name="about"),
    path("about/platforms/", own.platforms, name="platforms"),
    path("about/platforms/<str:token>/end/", own.end, name="end_platform"),
    path("q/<str:token>/", public.code, name="code"),
    path("c/<str:token>/", public.community, name="community"),
    path("e/<str:token>/", public.estate, name="estate"),
]
