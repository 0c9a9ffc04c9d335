"""The readings as a Django application, for the pages."""

from django.apps import AppConfig


class Readings(AppConfig):
    name = "comuna.readings"
    label = "readings"
