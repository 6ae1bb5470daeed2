from django.urls import path

from linli.partners.views import files, public, visits

app_name = "partners"
urlpatterns = [
    path("", public.partners, name="list"),
    path("desk/", files.desk, name="desk"),
    path("mine/", files.mine, name="mine"),
    path("apply/", files.apply, name="apply"),
    path("group/", files.group, name="group"),
    path("standards/", public.standards, name="standards"),
    path("standards/new/", files.standard, name="standard"),
    path("contracts/<str:token>/", public.contract, name="contract"),
    path("evaluations/<str:token>/", public.evaluation, name="evaluation"),
    path("slots/<str:token>/book/", visits.book, name="book"),
    path("slots/<str:token>/", visits.bookings, name="bookings"),
    path("bookings/<str:token>/cancel/", visits.cancel, name="cancel"),
    path("rounds/<str:token>/", visits.walk, name="walk"),
    path("<str:token>/", public.partner, name="partner"),
    path("<str:token>/file/", files.file, name="file"),
    path("<str:token>/people/", files.people, name="people"),
    path("<str:token>/slots/", visits.slots, name="slots"),
    path("<str:token>/do/<str:verb>/", files.act, name="act"),
]
