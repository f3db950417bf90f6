"""Which writing puts what a request asked for into the scene."""

from __future__ import annotations

from typing import Protocol

from .describing import DescriptionRequest, DescriptionWriting
from .direct_request import DirectedRequest
from .direct_writing import DirectedWriting
from .edit_request import EditRequest
from .edit_writing import EditWriting
from .in_between import BetweenRequest, BetweenWriting
from .loop_request import ActionLoopRequest, LoopRequest, LoopWriting
from .pin_edit import PinRequest, PinWriting
from .request import Request
from .steps import Work
from .stretch_anew import StretchRequest, StretchWriting
from .style_request import BlendRequest, RestyleRequest, RestyleWriting, StyledRequest
from .timeline_request import TimelineRequest
from .whole_action import ChangeRequest, ChangeWriting
from .writing import Writing


class Writes(Protocol):
    """As :class:`writing.Writing`: work in steps, which can be taken back."""

    def work(self) -> Work[tuple[str, str]]: ...

    def take_back(self) -> None: ...


_WRITINGS = {
    Request: Writing,
    TimelineRequest: Writing,
    LoopRequest: Writing,
    StyledRequest: Writing,
    DirectedRequest: DirectedWriting,
    EditRequest: EditWriting,
    BetweenRequest: BetweenWriting,
    PinRequest: PinWriting,
    RestyleRequest: RestyleWriting,
    BlendRequest: RestyleWriting,
    StretchRequest: StretchWriting,
    ActionLoopRequest: LoopWriting,
    DescriptionRequest: DescriptionWriting,
    ChangeRequest: ChangeWriting,
}


def writing_of(context, request: Request, made: tuple) -> Writes:
    """The writing that fits a request."""
    return _WRITINGS[type(request)](context, request, made)
