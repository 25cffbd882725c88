"""An end that was foreseen: one sentence about what is wrong, and what to do about it."""


class Stop(Exception):
    """`code` 1: it did not work out. 2: it was asked for in a way that cannot work."""

    def __init__(self, sentence: str, remedy: str = "", *, code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence, self.remedy, self.code = sentence, remedy, code
