from django.apps import AppConfig


class WinsConfig(AppConfig):
    name = "smallwins.wins"
    label = "wins"

    def ready(self) -> None:
        from smallwins.book.actions import checks
        from smallwins.book.memory import shelves
        from smallwins.wins.draft import WIN, from_parts
        from smallwins.wins.shelf import WinShelf
        from smallwins.wins.taps import TAP, TapShelf

        shelves[WIN] = WinShelf
        checks[WIN] = from_parts
        shelves[TAP] = TapShelf
