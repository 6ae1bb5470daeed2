"""Every domain's pages under its address (domains.py), and the read-only tables."""

from django.contrib import admin
from django.urls import include, path

from linli.config.domains import DOMAINS

urlpatterns = [
    path("", include("linli.base.urls")),
    path("tables/", admin.site.urls),
    path("v2/", include("linli.trail.tracker_urls")),
    *(path(address, include(f"linli.{name}.urls")) for name, address, _floor in DOMAINS),
]
