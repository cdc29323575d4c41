"""How each kind of message is answered: one file per kind, message in, reply out."""

from handlers import complaint, emergency, fallback, faq, feedback, greeting, out_of_scope, procedure
from handlers.messages import Handler

HANDLERS: tuple[Handler, ...] = (
    emergency.answer,  # danger to people before anything else
    greeting.answer,
    complaint.answer,  # before feedback: it must not be taken in or stored
    feedback.answer,
    out_of_scope.answer,
    faq.answer,
    procedure.answer,
    fallback.answer,
)
"""In the order they are tried; the first reply is given."""
