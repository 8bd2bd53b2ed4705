from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "smallwins.web"
    label = "web"
