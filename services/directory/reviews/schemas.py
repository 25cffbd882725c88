"""The review step as it is decided and answered."""

from shared.validation import Answer, Body


class Decision(Body):
    wanted: bool


class PolicyAnswer(Answer):
    wanted: bool
