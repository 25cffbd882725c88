"""What was found lately stays found, as long as there is room."""

from services.directory.search.remembered import Remembered


def test_what_is_asked_again_is_not_looked_for_again_and_what_nobody_asks_for_makes_room() -> None:
    looked: list[str] = []
    remembered = Remembered[int](2)

    def look(word: str) -> int:
        looked.append(word)
        return len(looked)

    def ask(word: str) -> int:
        return remembered.get(word, lambda: look(word))

    assert [ask(word) for word in ("kor", "mad", "kor", "spil", "kor", "mad")] == [1, 2, 1, 3, 1, 4]
    assert looked == ["kor", "mad", "spil", "mad"]
    remembered.forget()
    assert ask("mad") == 5
