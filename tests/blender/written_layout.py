"""A layout that writes down what it is to show."""


class WrittenLayout:
    """``labels``: icons and texts, whatever is nested in whatever."""

    def __init__(self):
        self.labels, self.alert, self.enabled = [], False, True

    def label(self, text="", icon="NONE", translate=True):
        self.labels.append((icon, text))

    def row(self, **_):
        return self

    column = split = row

    def __getattr__(self, name):
        return lambda *_, **__: self


def written(panel: type, context) -> str:
    """All labels of a panel, drawn anew, one after the other."""
    shown = WrittenLayout()
    panel.draw(type("Panel", (), {"layout": shown})(), context)
    return plain(" ".join(text for _, text in shown.labels))


def plain(text: str) -> str:
    """As a search finds it: no matter where lines may break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
