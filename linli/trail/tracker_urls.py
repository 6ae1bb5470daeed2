"""The data tracker at the addresses of its protocol, at the root of the site."""

from django.urls import path

from linli.trail import api

app_name = "tracker"
urlpatterns = [
    path("findUsage", api.find_usage, name="find_usage"),
    path("usagePeriod", api.usage_period, name="usage_period"),
    path("heartbeat", api.heartbeat, name="heartbeat"),
    path("openapi.json", api.schema, name="schema"),
]
