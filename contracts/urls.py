"""Every address of this app."""

from django.urls import URLPattern

app_name = "contracts"
urlpatterns: list[URLPattern] = []
