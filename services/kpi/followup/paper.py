"""From data to paper: PDF/UA, so that it can be read aloud as well."""

import json
from collections.abc import Mapping

import typst


def print_out(template: bytes, report: Mapping[str, object]) -> bytes:
    """What somebody wrote reaches the template as data, never as markup."""
    inputs = {"report": json.dumps(report)}
    try:
        return typst.compile(template, format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs)
    except typst.TypstError:
        # A sign that no font here can draw, such as an emoji in somebody's reason, forbids the claim, not the paper.
        return typst.compile(template, format="pdf", sys_inputs=inputs)
