from django.apps import AppConfig


class HardMomentConfig(AppConfig):
    name = "smallwins.hard_moment"
    label = "hard_moment"
