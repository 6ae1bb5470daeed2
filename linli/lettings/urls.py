from django.urls import path

from linli.lettings.views import arrivals, desk, letting, offers

app_name = "lettings"
urlpatterns = [
    path("", letting.mine, name="mine"),
    path("here/<str:code>/", arrivals.register, name="register"),
    path("receipts/<str:token>/", arrivals.receipt, name="receipt"),
    path("receipts/<str:token>/withdraw/", arrivals.withdraw, name="withdraw_arrival"),
    path("arrivals/<str:token>/", arrivals.arrival, name="arrival"),
    path("arrivals/<str:token>/agree/", arrivals.agree, name="agree_at_home"),
    path("arrivals/<str:token>/refuse/", arrivals.refuse, name="refuse_at_home"),
    path("let/<str:home>/", letting.register, name="let"),
    path("lettings/<str:token>/", letting.letting, name="letting"),
    path("lettings/<str:token>/<str:verb>/", letting.act, name="act"),
    path("offers/", offers.listed, name="offers"),
    path("offers/<str:token>/", offers.one, name="offer"),
    path("offers/<str:token>/ask/", offers.ask, name="ask"),
    path("offers/<str:token>/<str:verb>/", offers.act, name="act_on_offer"),
    path("vacant/<str:home>/", offers.put, name="vacant"),
    path("inquiries/<str:token>/", offers.inquiry, name="inquiry"),
    path("desk/", desk.desk, name="desk"),
    path("desk/arrivals/<str:token>/", desk.newcomer, name="newcomer"),
    path("desk/arrivals/<str:token>/agree/", desk.agree, name="agree"),
    path("desk/arrivals/<str:token>/refuse/", desk.refuse, name="refuse"),
]
