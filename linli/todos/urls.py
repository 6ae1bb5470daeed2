from django.urls import path

from linli.todos import api, views

app_name = "todos"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("pointless/", views.statements, name="statements"),
    path("pointless/<str:token>/", views.statement, name="statement"),
    path("admissions/", views.admissions, name="admissions"),
    path("admissions/<str:token>/end/", views.end_admission, name="end_admission"),
    path("systems/", views.systems, name="systems"),
    path("systems/<str:token>/", views.system, name="system"),
    path("systems/<str:token>/renew/", views.renew, name="renew"),
    path("systems/<str:token>/retire/", views.retire, name="retire"),
    path("api/", api.tasks, name="api"),
    path("api/close/", api.close, name="api_close"),
    path("api/reschedule/", api.reschedule, name="api_reschedule"),
    path("api/schema/", api.schema, name="api_schema"),
    path("<str:token>/done/", views.done, name="done"),
    path("<str:token>/pointless/", views.pointless, name="pointless"),
]
