"""Addresses of the app."""

from django.urls import URLPattern

app_name = "qualification"
urlpatterns: list[URLPattern] = []
