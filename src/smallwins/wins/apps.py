from django.apps import AppConfig


class WinsConfig(AppConfig):
    name = "smallwins.wins"
    label = "wins"

    def ready(self) -> None:
        from smallwins.book.actions import letters_of
        from smallwins.book.memory import shelves
        from smallwins.wins.draft import WIN, from_letter
        from smallwins.wins.shelf import WinShelf
        from smallwins.wins.taps import TAP, TapShelf

        shelves[WIN] = WinShelf
        letters_of[WIN] = from_letter
        shelves[TAP] = TapShelf
