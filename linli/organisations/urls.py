from django.urls import path

from linli.organisations.views import bodies, homes, residents, slips

app_name = "organisations"
urlpatterns = [
    path("", bodies.organisations, name="list"),
    path("new/", bodies.create, name="create"),
    path("slip/", slips.slip, name="slip"),
    path("assist/", residents.assist_start, name="assist_start"),
    path("assist/end/", residents.end_assist, name="end_assist"),
    path("home-code/", homes.home_code, name="home_code"),
    path("residents/new/", residents.register_resident, name="register_resident"),
    path("residents/<str:token>/", residents.resident, name="resident"),
    path("residents/<str:token>/clear/", residents.resident_in_clear, name="resident_in_clear"),
    path("residents/<str:token>/reveal/", residents.reveal, name="reveal"),
    path("residents/<str:token>/assist/", residents.assist, name="assist"),
    path("residents/<str:token>/paper/", residents.issue_paper_code, name="issue_paper_code"),
    path("residents/<str:token>/paper/revoke/", residents.revoke_paper_code, name="revoke_paper_code"),
    path("residents/<str:token>/home/", homes.settle, name="settle"),
    path("residents/<str:token>/homes/<str:residency>/verify/", homes.verify, name="verify"),
    path("residents/<str:token>/homes/<str:residency>/left/", homes.move_out, name="move_out"),
    path("roles/<str:token>/dismiss/", bodies.dismiss, name="dismiss"),
    path("roles/<str:token>/recover/", bodies.recover, name="recover"),
    path("<str:token>/", bodies.organisation, name="organisation"),
    path("<str:token>/appoint/", bodies.appoint, name="appoint"),
    path("<str:token>/retire/", bodies.retire, name="retire"),
]
