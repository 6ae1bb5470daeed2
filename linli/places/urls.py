from django.urls import path

from linli.places.views import codes, finding, moving, tree

app_name = "places"
urlpatterns = [
    path("", tree.tree, name="tree"),
    path("find/", finding.find, name="find"),
    path("codes/<str:token>.svg", codes.picture, name="picture"),
    path("<str:token>/", tree.place, name="place"),
    path("<str:token>/change/", tree.change, name="change"),
    path("<str:token>/add/", tree.add, name="add"),
    path("<str:token>/move/", moving.move, name="move"),
    path("<str:token>/retire/", tree.retire, name="retire"),
    path("<str:token>/grid/", tree.grid, name="grid"),
    path("<str:token>/grid/lay/", tree.lay, name="lay"),
    path("<str:token>/code/", codes.code, name="code"),
    path("<str:token>/code/<str:verb>/", codes.change_code, name="change_code"),
    path("<str:token>/sheet/", codes.sheet, name="sheet"),
]
