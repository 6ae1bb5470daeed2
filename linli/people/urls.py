from django.urls import path

from linli.people.views import devices, homes, own, proxies, sign_in, who, workers

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/again/", sign_in.sign_in_again, name="sign_in_again"),
    path("sign-in/paper/", sign_in.sign_in_paper, name="sign_in_paper"),
    path("sign-in/staff/", workers.sign_in_staff, name="sign_in_staff"),
    path("sign-in/staff/password/", workers.new_password, name="new_password"),
    path("sign-in/staff/code/", workers.second_factor, name="second_factor"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("who/", who.who, name="who"),
    path("who/add/", who.add_person, name="add_person"),
    path("who/<str:token>/", who.choose, name="choose"),
    path("who/<str:token>/not-me/", who.not_me, name="not_me"),
    path("me/", who.me, name="me"),
    path("me/phone/", own.phone, name="phone"),
    path("me/phone/code/", own.phone_code, name="phone_code"),
    path("me/password/", own.password, name="password"),
    path("devices/", devices.devices, name="devices"),
    path("devices/others/end/", devices.end_other_devices, name="end_other_devices"),
    path("devices/<str:token>/end/", devices.end_device, name="end_device"),
    path("homes/", homes.homes, name="homes"),
    path("homes/code/", homes.use_code, name="use_code"),
    path("homes/claim/", homes.claim, name="claim"),
    path("homes/<str:token>/confirm/", homes.confirm_family, name="confirm_family"),
    path("homes/<str:token>/left/", homes.move_out, name="move_out"),
    path("proxies/", proxies.proxies, name="proxies"),
    path("proxies/stop/", proxies.stop_acting, name="stop_acting"),
    path("proxies/<str:token>/revoke/", proxies.revoke_proxy, name="revoke_proxy"),
    path("proxies/<str:token>/act/", proxies.act_for, name="act_for"),
]
