"""What every part of a plan file has in common: nothing unknown is swallowed, and nothing changes afterwards."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# As far as an observation goes: beyond, a float and a database no longer say the same number.
MOST = 10**12
Amount = Annotated[float, Field(ge=-MOST, le=MOST)]
Target = Annotated[float, Field(gt=0, le=MOST)]
AtLeast = Annotated[int, Field(ge=1, le=MOST)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
