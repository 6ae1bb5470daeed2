from django.urls import URLPattern, URLResolver

app_name = "lettings"
urlpatterns: list[URLPattern | URLResolver] = []
