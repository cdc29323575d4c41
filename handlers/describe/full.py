"""“Xem đầy đủ” — every part of a procedure, nothing shortened."""

from dataclasses import replace

from handlers.describe import channels, conditions, dossier, fee, form, legal, place, result, steps, time
from handlers.describe.asked import Asked
from handlers.describe.wording import UNLIMITED, one_line
from knowledge.entries import SubmissionChannel


def paragraphs(asked: Asked) -> tuple[str, ...]:
    """The whole procedure, part by part; parts the source does not have say so."""
    whole = replace(asked, whole=True, case=None)
    procedure = asked.procedure
    parts = [_head(whole)]
    parts += [part.paragraph(whole, UNLIMITED) for part in (place, time, fee, dossier)]
    if form.exists(whole) and any(document.forms for case in procedure.cases for document in case.documents):
        parts.append(form.paragraph(whole, UNLIMITED))
    parts += [part.paragraph(whole, UNLIMITED) for part in (steps, conditions, result, legal)]
    parts += [tell(whole, UNLIMITED) for channel, tell in _LOCAL if whole.methods(channel) or whole.overlay]
    if whole.overlay and whole.overlay.note:
        parts.append(whole.local(whole.overlay.note))
    return tuple(parts)


_LOCAL = ((SubmissionChannel.ONLINE, channels.online), (SubmissionChannel.POSTAL, channels.postal))


def _head(asked: Asked) -> str:
    procedure = asked.procedure
    lines = [procedure.name]
    if procedure.field:
        lines.append(f"• Lĩnh vực: {one_line(procedure.field)}")
    if procedure.subjects:
        lines.append(f"• Dành cho: {', '.join(procedure.subjects)}")
    if procedure.province:
        lines.append(f"• Thủ tục riêng của {procedure.province}")
    return "\n".join(lines)
