"""How each kind of message is answered: one file per kind, message in, reply out."""

from handlers import (
    both,
    complaint,
    earlier,
    emergency,
    errand,
    fallback,
    faq,
    feedback,
    greeting,
    guide,
    out_of_scope,
    person,
    procedure,
    subscription,
    swindle,
    voting,
)
from handlers.messages import Handler

HANDLERS: tuple[Handler, ...] = (
    person.go_on,  # while a person talks to the citizen the machine is silent
    voting.answer,  # only its own two buttons
    guide.answer,  # only its own buttons, and the bare word for a menu
    emergency.answer,  # danger to people before anything else
    subscription.answer,  # its own words, and before the errand: “HỦY” ends it at once, whatever was just asked
    errand.go_on,  # a button of its own, or the answer to the question it has just asked
    person.answer,  # before small talk, which "I want no machine" also is
    greeting.answer,
    complaint.answer,  # before feedback: it must not be taken in or stored
    earlier.answer,  # "the other one", "back to ...": what this talk already knows
    feedback.answer,
    out_of_scope.answer,
    swindle.answer,  # before the base: whatever papers the swindlers name
    both.answer,  # two subjects in one message
    faq.answer,
    errand.answer,
    procedure.answer,
    fallback.answer,
)
"""In the order they are tried; the first reply is given."""
