from django.urls import path

from linli.facilities.views import keeping, public

app_name = "facilities"
urlpatterns = [
    path("", keeping.facilities, name="list"),
    path("due/", keeping.due, name="due"),
    path("plans/", keeping.plans, name="plans"),
    path("plans/new/", keeping.new_plan, name="new_plan"),
    path("plans/<str:token>/", keeping.plan, name="plan"),
    path("import/", keeping.bring, name="import"),
    path("around/<str:token>/", public.around, name="around"),
    path("<str:token>/", public.facility, name="facility"),
    path("<str:token>/inspect/", public.inspect, name="inspect"),
    path("<str:token>/condition/", public.condition, name="condition"),
    path("<str:token>/edit/", keeping.edit, name="edit"),
]
