from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    name = "smallwins.portability"
    label = "portability"
