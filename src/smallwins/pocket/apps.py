from django.apps import AppConfig


class PocketConfig(AppConfig):
    name = "smallwins.pocket"
    label = "pocket"
