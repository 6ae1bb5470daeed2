"""Linli's pages, Django's hello, and each measured page without its template."""

from django.http import HttpResponse
from django.urls import path

from bench.plain import plain_pages
from linli.config.urls import urlpatterns as pages


def hello(request):
    return HttpResponse("hello")


urlpatterns = [path("bench/hello/", hello), *plain_pages(), *pages]
